"""What the training command takes, and what it says of itself."""

from __future__ import annotations

import argparse
from pathlib import Path

from recognizer import __version__
from training import commands

EXAMPLES = """\
examples:
  python -m training list                                        what there is to train
  python -m training train simple --data keras --out models      a first model in a minute, on MNIST alone
  python -m training train advanced --data DATA --seeds 1,2,3 --report report
                                                                 the same three times, and how results vary
  python -m training train simple --data DATA --teacher models/advanced-1.keras
                                                                 learn from a larger model's opinions too
  python -m training train shipped --data DATA --mix mnist,digits=20000
  python -m recognizer --model models picture.png                read with the newest of them
  python -m training evaluate models/*.tflite --data DATA         what they are worth, side by side
  python -m training adapt INK --out adapted                     learn your hand from corrections kept by the canvas
  python -m training sheet --data DATA --out sheets              look at the data and at what augmentation does
  python -m training export models --precision int8 --data DATA  a quarter of the size, and what that costs
  python -m training shipped --data DATA --work runs             make the model that ships, as it was made
  python -m training segmentation --data DATA --errors wrong     which numbers are parted wrong, which misread
  python -m training risk --data DATA                            what recognizer --max-error can promise
  python -m training distortions --out distortions.md            how well bad pages are read, by kind and strength
  python -m training false-digits --data DATA                    how much of what is no digit is read as one
  python -m training cheques --data DATA --held-out FOLDER       the cheques that it was not trained on, to score it

DATA is a folder with MNIST's files, with pen data, with labelled cheques, with UNIPEN's distribution (data and
include), with drawings that the canvas kept, or one that holds such folders as mnist, pen and cheques; several can be
named, each after its own --data. --mix names what an epoch holds: mnist and scans (how often each picture comes),
digits, marks, others and rejects (how many glyphs are drawn). Digits alone make a model with ten labels.
Pen data are digits.train.jsonl.gz, letters, symbols and numbers, the same for test, or some of these, unpacked too:
for each drawing a line {"label": "7", "writer": "who", "strokes": [[[x, y], ...], ...]}, y downwards.
INK is where the canvas keeps corrected ink: ink beside its settings (on Linux ~/.local/share/recognizer/canvas/ink),
or what --keep-in says.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; each command's function is in `run`."""
    made = argparse.ArgumentParser(
        prog="recognizer-train",
        description="Makes the models that the recogniser reads with.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    names = made.add_subparsers(dest="command", required=True)
    listing = names.add_parser("list", help="what can be trained, its parameters and multiply-adds")
    listing.set_defaults(run=commands.describe)
    _add_train(names.add_parser("train", help="train a model by its name"))
    _add_adapt(names.add_parser("adapt", help="let a model learn its user's hand, from ink that the canvas kept"))
    _add_evaluate(names.add_parser("evaluate", help="tell what models are worth: report.md, JSON and plots"))
    _add_sheet(names.add_parser("sheet", help="draw the data with its labels, and what augmentation does to it"))
    _add_export(names.add_parser("export", help="make a smaller export of a model, and measure it against the model"))
    _add_cheques(names.add_parser("cheques", help="copy the cheques that no training sees, to score a reader on"))
    _add_segmentation(names.add_parser("segmentation", help="score the parting of numbers and their reading apart"))
    _add_risk(names.add_parser("risk", help="measure how often a model errs where it is sure, for --max-error"))
    _add_distortions(names.add_parser("distortions", help="score the reader on our own drawings, distorted"))
    _add_false_digits(names.add_parser("false-digits", help="count the digits read on pages that hold none"))
    shipped = names.add_parser("shipped", help="make the model that ships: classifier, score of the lattice, card")
    shipped.add_argument("--data", type=Path, required=True, help="the folder that holds mnist, pen and cheques")
    shipped.add_argument("--work", type=Path, default=Path("runs"), help="keeps what is finished, so a run can go on")
    shipped.add_argument("--models", type=Path, default=Path("recognizer/models"), help="where the model goes")
    shipped.set_defaults(run=commands.ship)
    return made


def _add_train(train: argparse.ArgumentParser) -> None:
    train.add_argument("name", metavar="NAME", help="one of those that `list` tells")
    _add_data(train)
    train.add_argument("--out", type=Path, default=Path("models"), metavar="FOLDER", help="where the model goes")
    train.add_argument("--mix", metavar="KIND[=COUNT],…", help="what an epoch holds (default: all that the data has)")
    train.add_argument("--strength", type=_positive, default=1.0, metavar="X", help="of augmentation, 1 as usual")
    train.add_argument("--epochs", type=_count, metavar="N", help="times through the mix (default: the model's own)")
    train.add_argument("--scale", type=_positive, default=1.0, metavar="X", help="how much of the mix an epoch holds")
    train.add_argument("--seeds", type=_seeds, default=(1,), metavar="1,2,…", help="train once with each seed")
    train.add_argument("--batch", type=_count, metavar="N", help="glyphs to a step (256)")
    train.add_argument("--rate", type=_positive, metavar="X", help="learning rate (default: the model's own)")
    train.add_argument("--patience", type=_natural, metavar="N", help="stop after N epochs that did no better")
    train.add_argument(
        "--precision",
        choices=("float32", "bfloat16"),
        help="float32 if not said; bfloat16 pays where the processor has it",
    )
    train.add_argument("--members", type=_count, metavar="N", help="networks in an ensemble (3)")
    train.add_argument("--of", metavar="NAME", help="what an ensemble's members are (advanced)")
    train.add_argument("--teacher", type=Path, metavar="MODEL", help="a model whose opinions are learnt too")
    train.add_argument("--teacher-share", type=_share, metavar="X", help="of a --teacher in the loss, 0 to 1 (0.7)")
    train.add_argument("--softness", type=_positive, metavar="X", help="temperature of a --teacher (3)")
    train.add_argument("--report", type=Path, metavar="FOLDER", help="then tell what all seeds are worth, and spread")
    train.set_defaults(run=commands.train, refuse=train.error)


def _add_adapt(adapt: argparse.ArgumentParser) -> None:
    adapt.add_argument("folder", type=Path, metavar="FOLDER", help="where the canvas keeps corrected ink (its K key)")
    adapt.add_argument("--model", type=Path, metavar="MODEL", help="what to begin with (default: the shipped)")
    adapt.add_argument("--out", type=Path, default=Path("adapted"), metavar="FOLDER", help="where the model goes")
    adapt.add_argument(
        "--data",
        action="append",
        metavar="PLACE",
        help="other handwriting to go over: a folder, or keras; repeatable",
    )
    adapt.add_argument("--epochs", type=_count, default=6, metavar="N", help="times through the drawings")
    adapt.add_argument("--rate", type=_positive, default=3e-4, metavar="X", help="learning rate")
    adapt.add_argument("--seed", type=_count, default=1, metavar="N", help="another seed draws other glyphs")
    adapt.add_argument(
        "--tolerance", type=_positive, default=0.2, metavar="X", help="percent of other handwriting that may be lost"
    )
    adapt.set_defaults(run=commands.adapt)


def _add_evaluate(evaluate: argparse.ArgumentParser) -> None:
    evaluate.add_argument("models", nargs="*", type=Path, metavar="MODEL", help="file or folder (default: the shipped)")
    _add_data(evaluate)
    evaluate.add_argument("--out", type=Path, default=Path("report"), metavar="FOLDER", help="where the report goes")
    evaluate.add_argument("--split", choices=("test", "validation"), default="test", help="choose by validation alone")
    evaluate.add_argument("--limit", type=_count, metavar="N", help="glyphs of each kind at most")
    evaluate.add_argument("--engine", choices=("litert", "keras"), default="litert", help="what runs the models")
    evaluate.set_defaults(run=commands.evaluate)


def _add_segmentation(segmentation: argparse.ArgumentParser) -> None:
    segmentation.add_argument("model", nargs="?", type=Path, metavar="MODEL", help="default: the shipped one")
    _add_data(segmentation)
    segmentation.add_argument("--split", choices=("test", "validation"), default="test", help="choose by validation")
    segmentation.add_argument("--limit", type=_count, metavar="N", help="numbers at most")
    segmentation.add_argument("--errors", type=Path, metavar="FOLDER", help="draw each number read wrong there")
    segmentation.set_defaults(run=commands.score_numbers)


def _add_risk(risk: argparse.ArgumentParser) -> None:
    risk.add_argument("model", nargs="?", type=Path, metavar="MODEL", help="default: the shipped one")
    _add_data(risk)
    risk.add_argument(
        "--composed", type=_count, default=6000, metavar="N", help="numbers set from single characters (6000)"
    )
    risk.set_defaults(run=commands.measure_risk)


def _add_distortions(distortions: argparse.ArgumentParser) -> None:
    distortions.add_argument("model", nargs="?", type=Path, metavar="MODEL", help="default: the shipped one")
    distortions.add_argument("--count", type=_natural, default=100, metavar="N", help="pages of each kind (100)")
    distortions.add_argument("--kinds", type=_names, metavar="KIND,…", help="some kinds only (default: all)")
    distortions.add_argument("--seed", type=_count, default=1, metavar="N", help="another seed makes other pages")
    distortions.add_argument(
        "--data", action="append", metavar="PLACE", help="distort numbers by held-out writers of this data instead"
    )
    distortions.add_argument(
        "--named", action="append", type=Path, default=[], metavar="FOLDER",
        help="pictures whose names begin with their number, to score as they are; repeatable",
    )  # fmt: skip
    distortions.add_argument("--out", type=Path, metavar="FILE", help="write the table there too")
    distortions.set_defaults(run=commands.measure_distortions)


def _add_false_digits(false_digits: argparse.ArgumentParser) -> None:
    false_digits.add_argument("model", nargs="?", type=Path, metavar="MODEL", help="default: the shipped one")
    _add_data(false_digits)
    false_digits.add_argument("--split", choices=("test", "validation"), default="test", help="choose by validation")
    false_digits.add_argument("--limit", type=_count, metavar="N", help="characters at most, spread over all")
    false_digits.add_argument(
        "--count", type=_count, default=50, metavar="N", help="pages of each thing, form and surrounding (50)"
    )
    false_digits.add_argument("--seed", type=_count, default=1, metavar="N", help="another seed draws others")
    false_digits.set_defaults(run=commands.count_false_digits)


def _add_sheet(sheet: argparse.ArgumentParser) -> None:
    _add_data(sheet)
    sheet.add_argument("--out", type=Path, default=Path("sheets"), metavar="FOLDER", help="where the sheets go")
    sheet.add_argument("--mix", metavar="KIND[=COUNT],…", help="what an epoch holds (default: all that the data has)")
    sheet.add_argument("--strength", type=_positive, default=1.0, metavar="X", help="of augmentation, 1 as usual")
    sheet.add_argument("--seed", type=_count, default=1, metavar="N", help="another seed chooses other glyphs")
    sheet.set_defaults(run=commands.draw_sheets)


def _add_export(export: argparse.ArgumentParser) -> None:
    export.add_argument("model", type=Path, metavar="MODEL", help="file or folder")
    export.add_argument("--precision", choices=("float16", "int8"), required=True, help="of the numbers in the export")
    _add_data(export)
    export.add_argument("--out", type=Path, default=Path("models"), metavar="FOLDER", help="where the export goes")
    export.set_defaults(run=commands.export)


def _add_cheques(cheques: argparse.ArgumentParser) -> None:
    _add_data(cheques)
    cheques.add_argument("--held-out", type=Path, required=True, metavar="FOLDER", help="the data folder to make")
    cheques.set_defaults(run=commands.part_cheques)


def _add_data(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--data", action="append", required=True, metavar="PLACE", help="a folder, or keras; repeatable"
    )


def _count(text: str) -> int:
    """Return a whole number from 1 on, or tell argparse what was expected."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, got {text!r}")
    return int(text)


def _natural(text: str) -> int:
    """Return a whole number from 0 on, or tell argparse what was expected."""
    return 0 if text == "0" else _count(text)


def _share(text: str) -> float:
    """Return a number above 0 and at most 1, or tell argparse what was expected."""
    number = _positive(text)
    if number > 1:
        raise argparse.ArgumentTypeError(f"expected a share above 0 and at most 1, got {text!r}")
    return number


def _positive(text: str) -> float:
    """Return a number above 0, or tell argparse what was expected."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0.0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number above 0, got {text!r}")
    return number


def _seeds(text: str) -> tuple[int, ...]:
    return tuple(_count(part) for part in text.split(","))


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))
