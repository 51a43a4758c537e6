"""What `python -m benchmarks` can be asked."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SPEED = ("stages", "growth", "rivals", "starts", "many", "canvas")
PARTS = (*SPEED, "accuracy", "distortions")

EXAMPLES = f"""\
parts:
  stages        every stage of a reading, and the whole of 1, 10 and 20 digits
  growth        pages of 1 to 200 digits
  rivals        the same ten digits by Keras and LiteRT as scripts usually call them
  starts        whole processes: this reader, importing TensorFlow, Tesseract; time and memory
  many          pictures a second with one worker and with all cores; memory over ten times as many
  canvas        from letting go of the mouse to the labels, moving, undoing, opening, idling
  accuracy      every set at hand: exact matches with 95 % intervals
  distortions   pages spoilt by light, paper, pen, camera and scanner
  speed         {", ".join(SPEED)}

examples:
  python -m benchmarks                                all of it, in about half an hour
  python -m benchmarks --only accuracy,starts         these parts anew; what is known of the others stays
  python -m benchmarks --out /tmp                     without touching the repository's own figures
  python -m benchmarks --readme                       write README's figures anew from those that are kept

A part is kept as soon as it is measured, so what is interrupted goes on with --resume. Exit status: 0 all was measured,
1 some part failed, 2 the command was wrong.
"""


@dataclass(frozen=True)
class Settings:
    """How to measure: times that everything is timed, pictures for the part `many`, where the handwriting lies."""

    rounds: int = 20
    files: int = 1000
    data: Path = ROOT.parent / "shared"


def parser() -> argparse.ArgumentParser:
    """Return what takes the command's arguments apart; a wrong one ends the process with status 2."""
    made = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measures speed and accuracy, beside what one would otherwise use, and writes BENCHMARKS.md.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--only", type=_parts, default=PARTS, metavar="PART,…", help="measure these parts alone")
    made.add_argument("--rounds", type=_count, default=20, metavar="N", help="times that everything is timed (20)")
    made.add_argument("--files", type=_count, default=1000, metavar="N", help="pictures for the part many (1000)")
    made.add_argument(
        "--data", type=Path, default=Settings.data, metavar="FOLDER", help="holds data and score (default: ../shared)"
    )
    made.add_argument(
        "--out", type=Path, default=ROOT, metavar="FOLDER", help="of BENCHMARKS.md and benchmarks.json (the repository)"
    )
    made.add_argument(
        "--resume", action="store_true", help="leave out the parts that are measured already, of this commit and models"
    )
    made.add_argument("--readme", action="store_true", help="measure nothing; write README's figures and BENCHMARKS.md")
    return made


def _parts(text: str) -> tuple[str, ...]:
    """Return the parts that are named, in their usual order, or tell argparse which there are."""
    named = {part for name in text.split(",") for part in (SPEED if name == "speed" else (name,))}
    if strange := named - set(PARTS):
        names = ", ".join(sorted(map(repr, strange)))
        raise argparse.ArgumentTypeError(f"expected some of speed, {', '.join(PARTS)}, got {names}")
    return tuple(part for part in PARTS if part in named)


def _count(text: str) -> int:
    """Return a whole number from 1 on, or tell argparse what was expected."""
    if not (text.isdecimal() and text.isascii() and 0 < int(text) < 10**6):
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, got {text!r}")
    return int(text)
