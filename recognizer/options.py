"""What the command can be asked: its options, their help and what makes one wrong."""

from __future__ import annotations

import argparse
from pathlib import Path

from recognizer import __version__
from recognizer.reading import SURE
from recognizer.report import Terms

MOST_ALTERNATIVES = 50

EXAMPLES = """\
examples:
  recognizer phone.png                      the number in a picture
  recognizer scan.tif notes.inkml photos/   several inputs: a line "path: number" for each
  recognizer --json cheque.jpg              text, boxes, confidences and alternatives
  recognizer --annotate seen/ photos/       copies with a box and a label for each digit
  recognizer --min-confidence 0.95 form.png nothing but numbers that are surely right
  recognizer --max-error 0.01 forms/        numbers of which one in a hundred at most is wrong
  recognizer --explain why/ form.png        a picture of how it was read: pieces, candidates, path, rivals
  recognizer --unsure mark form.png         67?9012345: a ? for each digit that is not sure
  recognizer --alternatives 3 form.png      the three likeliest numbers and how likely each is
  some-scanner | recognizer -               a picture or drawing on standard input

A page of several lines gives their numbers parted by spaces (--json: by line feeds); a page without ink gives an
empty number. Exit status: 0 everything was read, 1 some input could not be read, 2 the command was wrong.
"""


def parser() -> argparse.ArgumentParser:
    """Return what takes the command's arguments apart; a wrong one ends the process with status 2."""
    parser = argparse.ArgumentParser(
        prog="recognizer",
        description="Reads handwritten numbers from pictures and from drawings (InkML), one line for each.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "paths", nargs="+", metavar="PATH", help="picture, drawing, folder of them, or - (standard input)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object a line for each input")
    parser.add_argument(
        "--annotate", type=Path, metavar="FOLDER", help="save copies with boxes and labels there, as PNG"
    )
    parser.add_argument(
        "--explain", type=Path, metavar="FOLDER", help="save pictures of how each page was read there, as PNG"
    )
    threshold = parser.add_mutually_exclusive_group()
    threshold.add_argument(
        "--min-confidence",
        type=_share,
        metavar="P",
        help="accept numbers that are right with probability P (0 to 1); others are left empty (JSON: not accepted)",
    )
    threshold.add_argument(
        "--max-error",
        type=_share,
        metavar="E",
        help="accept numbers so sure that at most the share E of those accepted is wrong, as measured for the model",
    )
    parser.add_argument(
        "--unsure",
        choices=("empty", "mark"),
        default="empty",
        help="a number that is not accepted: left empty, or with ? for its unsure digits (P is then 0.95 by default)",
    )
    parser.add_argument(
        "--alternatives",
        type=_several,
        default=0,
        metavar="N",
        help="tell the N likeliest numbers of each input and how likely each is (JSON: readings, with marks)",
    )
    parser.add_argument(
        "--engine", default="litert", metavar="NAME", help="what runs the model: litert (default) or keras"
    )
    parser.add_argument("--model", type=Path, metavar="PATH", help="model file or folder (default: the shipped model)")
    parser.add_argument("--version", action="version", version=f"recognizer {__version__}")
    return parser


def _share(text: str) -> float:
    """Return a share from 0 to 1, or tell argparse what was expected."""
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0.0 <= share <= 1.0:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to 1, got {text!r}")
    return share


def _several(text: str) -> int:
    """Return a whole number from 1 to `MOST_ALTERNATIVES`, or tell argparse what was expected."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST_ALTERNATIVES:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 to {MOST_ALTERNATIVES}, got {text!r}")
    return int(text)


def terms_of(options: argparse.Namespace) -> Terms:
    """Return how `options` want readings told."""
    mark = options.unsure == "mark"
    least = options.min_confidence
    return Terms((SURE if mark else 0.0) if least is None else least, mark, options.alternatives)
