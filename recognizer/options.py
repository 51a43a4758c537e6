"""What the command can be asked: its options, their help and what makes one wrong."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from recognizer import __version__
from recognizer.formats import BadFormat, Format
from recognizer.inputs import STANDARD_INPUT
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
  recognizer --format phone form.png        the likeliest phone number; says so where the ink speaks against it
  recognizer --max-error 0.01 forms/        numbers of which one in a hundred at most is wrong
  recognizer --explain why/ form.png        a picture of how it was read: pieces, candidates, path, rivals
  recognizer --unsure mark form.png         67?9012345: a ? for each digit that is not sure
  recognizer --alternatives 3 form.png      the three likeliest numbers and how likely each is
  some-scanner | recognizer -               a picture or drawing on standard input
  recognizer --region 40,300,600,90 form/   one field of each page
  recognizer --csv --output all.csv scans/  a table of a folder; the same with --resume goes on after an interruption
  find . -print0 | recognizer -0 --files-from -

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
        "paths", nargs="*", metavar="PATH", help="picture, drawing, PDF, folder of them, pattern, or - (standard input)"
    )
    _add_forms(parser)
    _add_pages(parser)
    _add_trust(parser)
    _add_model(parser)
    _add_many(parser)
    parser.add_argument("--version", action="version", version=f"recognizer {__version__}")
    return parser


def options_of(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Return what `arguments`, those of the process by default, ask for; end it with status 2 where they disagree."""
    asked = parser()
    options = asked.parse_args(with_regions(sys.argv[1:] if arguments is None else arguments))
    if not options.paths and not options.files_from:
        asked.error("the following arguments are required: PATH")
    if options.resume and not options.output:
        asked.error("--resume needs --output, the file to go on with")
    if options.null and not options.files_from:
        asked.error("--null needs --files-from, the list that it is about")
    if options.files_from == STANDARD_INPUT and STANDARD_INPUT in options.paths:
        asked.error("standard input cannot be both a list of files and a picture")
    return options


def with_regions(arguments: Sequence[str]) -> list[str]:
    """Return `arguments`, each `--region` in one with its value: one that begins with - would be an option."""
    told: list[str] = []
    for argument in arguments:
        if told[-1:] == ["--region"] and "--" not in told:
            told[-1] = f"--region={argument}"
        else:
            told.append(argument)
    return told


def _add_forms(parser: argparse.ArgumentParser) -> None:
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object a line for each input")
    form.add_argument("--csv", action="store_true", help="print a table: a heading, then a row for each input")
    parser.add_argument("--lines", action="store_true", help="tell each number of a page by itself, with its box")


def _add_pages(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--region",
        type=region_of,
        metavar="X,Y,W,H",
        help="read this field of each page alone, pixels from its top left",
    )
    parser.add_argument(
        "--annotate", type=Path, metavar="FOLDER", help="save copies with boxes and labels there, as PNG"
    )
    parser.add_argument(
        "--explain", type=Path, metavar="FOLDER", help="save pictures of how each page was read there, as PNG"
    )
    parser.add_argument(
        "--format",
        type=format_of,
        metavar="F",
        help="read every line as the likeliest text of a format: phone, date, amount, time, digits:N, digits:N-M, "
        r"or a regular expression over symbols, as \d{4}-\d{4}",
    )


def _add_trust(parser: argparse.ArgumentParser) -> None:
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


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--engine", default="litert", metavar="NAME", help="what runs the model: litert (default) or keras"
    )
    parser.add_argument("--model", type=Path, metavar="PATH", help="model file or folder (default: the shipped model)")


def _add_many(parser: argparse.ArgumentParser) -> None:
    many = parser.add_argument_group("many files")
    many.add_argument(
        "--workers",
        type=positive_of,
        metavar="N",
        help="read with N processes (default: one a core where there is much)",
    )
    many.add_argument(
        "--files-from", metavar="LIST", help="read the files that LIST names, one a line; - is standard input"
    )
    many.add_argument("-0", "--null", action="store_true", help="names in LIST are parted by NUL, as by find -print0")
    many.add_argument(
        "--output", type=Path, metavar="FILE", help="write the results to FILE, each as soon as it is known"
    )
    many.add_argument("--resume", action="store_true", help="go on with FILE: leave out the inputs that it tells of")
    many.add_argument(
        "--max-failures",
        type=_whole,
        metavar="N",
        help="stop when more than N inputs could not be read",
    )


def _whole(text: str) -> int:
    """Return a whole number, or tell argparse what was expected."""
    if not (text.isdecimal() and text.isascii() and len(text) < 10):
        raise argparse.ArgumentTypeError(f"expected a whole number, got {text!r}")
    return int(text)


def positive_of(text: str) -> int:
    """Return a whole number from 1 on, or tell argparse what was expected."""
    if not _whole(text):
        raise argparse.ArgumentTypeError(f"expected at least 1, got {text!r}")
    return _whole(text)


def region_of(text: str) -> tuple[int, int, int, int]:
    """Return x, y, width and height, or tell argparse what was expected."""
    try:
        x, y, width, height = (int(side) for side in text.split(","))
        if width < 1 or height < 1 or max(abs(x), abs(y), width, height) > 1_000_000_000:
            raise ValueError
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected x,y,width,height in whole pixels, got {text!r}") from None
    return x, y, width, height


def _share(text: str) -> float:
    """Return a share from 0 to 1, or tell argparse what was expected."""
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0.0 <= share <= 1.0:
        raise argparse.ArgumentTypeError(f"expected a number from 0 to 1, got {text!r}")
    return share


def format_of(text: str) -> Format:
    """Return the format called `text`, or tell argparse what was expected."""
    try:
        return Format.of(text)
    except BadFormat as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


def _several(text: str) -> int:
    """Return a whole number from 1 to `MOST_ALTERNATIVES`, or tell argparse what was expected."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST_ALTERNATIVES:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 to {MOST_ALTERNATIVES}, got {text!r}")
    return int(text)


def terms_of(options: argparse.Namespace) -> Terms:
    """Return how `options` want readings told."""
    mark = options.unsure == "mark"
    least = options.min_confidence
    least = (SURE if mark else 0.0) if least is None else least
    return Terms(least, mark, options.alternatives, options.format is not None)
