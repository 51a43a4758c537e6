"""The command `python -m training`: makes the models that the recogniser reads with."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from training.data import BadData

EXAMPLES = """\
examples:
  python -m training shipped --data DATA --work runs     make the model that ships, as it was made
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command with `arguments` (the process's own by default) and return its exit status."""
    parser = argparse.ArgumentParser(
        prog="recognizer-train", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    shipped = commands.add_parser("shipped", help="make the model that ships: classifier, score of the lattice, card")
    shipped.add_argument("--data", type=Path, required=True, help="the folder that holds mnist, pen and cheques")
    shipped.add_argument("--work", type=Path, default=Path("runs"), help="keeps what is finished, so a run can go on")
    shipped.add_argument("--models", type=Path, default=Path("recognizer/models"), help="where the model goes")
    options = parser.parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from training.shipped import make

    try:
        make(options.data, options.work, options.models)
    except (BadData, OSError) as error:
        print(f"recognizer-train: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
