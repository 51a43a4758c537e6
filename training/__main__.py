"""The command `python -m training`: makes the models that the recogniser reads with."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor

from recognizer.file import shown
from recognizer.quiet import quiet_libraries
from training.options import parser

_INTERRUPTED = 130
_RESUMED = ("train", "shipped")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments` (the process's own by default) and return its exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    options = parser().parse_args(arguments)
    options.line = shlex.join(["python", "-m", "training", *arguments])
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with quiet_libraries():
        return _run(options)


def _run(options: argparse.Namespace) -> int:
    """Do what `options` say and return the exit status."""
    from recognizer.engine import ModelUnavailable
    from training.data import BadData

    run: Callable[[argparse.Namespace], None] = options.run
    try:
        run(options)
    except (BadData, ModelUnavailable) as error:
        return _complain(str(error), 1)
    except OSError as error:
        return _complain(f"{error.filename or 'A file'} cannot be read or written ({error.strerror or error}).", 1)
    except ModuleNotFoundError as error:
        return _complain(f"training needs {error.name}; install it with: pip install 'recognizer[train]'.", 1)
    except BrokenExecutor:
        return _complain(f"a process was ended from outside, for lack of memory perhaps{_goes_on(options)}.", 1)
    except KeyboardInterrupt:
        return _complain(f"interrupted{_goes_on(options)}.", _INTERRUPTED)
    return 0


def _goes_on(options: argparse.Namespace) -> str:
    return "; the same command goes on from the last whole epoch" if options.command in _RESUMED else ""


def _complain(sentence: str, status: int) -> int:
    """Print one line on standard error and return the exit status that goes with it."""
    print(f"recognizer-train: {shown(' '.join(sentence.split()))}", file=sys.stderr, flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
