"""The command `python -m training`: makes the models that the recogniser reads with."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from recognizer.quiet import quiet_libraries

if TYPE_CHECKING:
    from training.mix import Mix

EXAMPLES = """\
examples:
  python -m training list                                        what there is to train
  python -m training train simple --data keras --out models      a first model in a minute, on MNIST alone
  python -m training train advanced --data DATA --seeds 1,2,3    the same three times, to see how results vary
  python -m training train shipped --data DATA --mix mnist,digits=20000
  python -m recognizer --model models picture.png                read with the newest of them
  python -m training evaluate models/*.tflite --data DATA         what they are worth, side by side
  python -m training sheet --data DATA --out sheets              look at the data and at what augmentation does
  python -m training export models --precision int8 --data DATA  a quarter of the size, and what that costs
  python -m training shipped --data DATA --work runs             make the model that ships, as it was made

DATA is a folder with MNIST's files, with pen data, with labelled cheques, with UNIPEN's distribution (data and
include), with drawings that the canvas kept, or one that holds such folders as mnist, pen and cheques; several can be
named, each after its own --data. --mix names what an epoch holds: mnist and scans (how often each picture comes),
digits, marks, others and rejects (how many glyphs are drawn). Digits alone make a model with ten labels.
"""
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments` (the process's own by default) and return its exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    options = _parser().parse_args(arguments)
    options.line = shlex.join(["python", "-m", "training", *arguments])
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with quiet_libraries():
        return _run(options)


def _run(options: argparse.Namespace) -> int:
    """Do what `options` say and return the exit status."""
    from recognizer.classify import ModelUnavailable
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
    except KeyboardInterrupt:
        return _complain("interrupted; the same command goes on from the last whole epoch.", _INTERRUPTED)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="recognizer-train",
        description="Makes the models that the recogniser reads with.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    listing = commands.add_parser("list", help="what can be trained, its parameters and multiply-adds")
    listing.set_defaults(run=_list)
    _add_train(commands.add_parser("train", help="train a model by its name"))
    _add_evaluate(commands.add_parser("evaluate", help="tell what models are worth: report.md, JSON and plots"))
    _add_sheet(commands.add_parser("sheet", help="draw the data with its labels, and what augmentation does to it"))
    _add_export(
        commands.add_parser("export", help="make a smaller export of a model, and measure it against the model")
    )
    shipped = commands.add_parser("shipped", help="make the model that ships: classifier, score of the lattice, card")
    shipped.add_argument("--data", type=Path, required=True, help="the folder that holds mnist, pen and cheques")
    shipped.add_argument("--work", type=Path, default=Path("runs"), help="keeps what is finished, so a run can go on")
    shipped.add_argument("--models", type=Path, default=Path("recognizer/models"), help="where the model goes")
    shipped.set_defaults(run=_shipped)
    return parser


def _add_train(train: argparse.ArgumentParser) -> None:
    train.add_argument("name", metavar="NAME", help="one of those that `list` tells")
    train.add_argument("--data", action="append", required=True, metavar="PLACE", help="a folder, or keras; repeatable")
    train.add_argument("--out", type=Path, default=Path("models"), metavar="FOLDER", help="where the model goes")
    train.add_argument("--mix", metavar="KIND[=COUNT],…", help="what an epoch holds (default: all that the data has)")
    train.add_argument("--strength", type=_positive, default=1.0, metavar="X", help="of augmentation, 1 as usual")
    train.add_argument("--epochs", type=_count, metavar="N", help="times through the mix (default: the model's own)")
    train.add_argument("--scale", type=_positive, default=1.0, metavar="X", help="how much of the mix an epoch holds")
    train.add_argument("--seeds", type=_seeds, default=(1,), metavar="1,2,…", help="train once with each seed")
    train.add_argument("--batch", type=_count, default=256, metavar="N", help="glyphs to a step")
    train.add_argument("--rate", type=_positive, metavar="X", help="learning rate (default: the model's own)")
    train.add_argument("--patience", type=int, default=0, metavar="N", help="stop after N epochs that did no better")
    train.add_argument(
        "--precision",
        choices=("float32", "bfloat16"),
        default="float32",
        help="bfloat16 pays where the processor has it",
    )
    train.add_argument("--members", type=_count, default=3, metavar="N", help="networks in an ensemble")
    train.add_argument("--of", default="advanced", metavar="NAME", help="what an ensemble's members are")
    train.set_defaults(run=_train)


def _add_evaluate(evaluate: argparse.ArgumentParser) -> None:
    evaluate.add_argument("models", nargs="*", type=Path, metavar="MODEL", help="file or folder (default: the shipped)")
    evaluate.add_argument(
        "--data", action="append", required=True, metavar="PLACE", help="a folder, or keras; repeatable"
    )
    evaluate.add_argument("--out", type=Path, default=Path("report"), metavar="FOLDER", help="where the report goes")
    evaluate.add_argument("--split", choices=("test", "validation"), default="test", help="choose by validation alone")
    evaluate.add_argument("--limit", type=_count, metavar="N", help="glyphs of each kind at most")
    evaluate.add_argument("--engine", choices=("litert", "keras"), default="litert", help="what runs the models")
    evaluate.set_defaults(run=_evaluate)


def _add_sheet(sheet: argparse.ArgumentParser) -> None:
    sheet.add_argument("--data", action="append", required=True, metavar="PLACE", help="a folder, or keras; repeatable")
    sheet.add_argument("--out", type=Path, default=Path("sheets"), metavar="FOLDER", help="where the sheets go")
    sheet.add_argument("--mix", metavar="KIND[=COUNT],…", help="what an epoch holds (default: all that the data has)")
    sheet.add_argument("--strength", type=_positive, default=1.0, metavar="X", help="of augmentation, 1 as usual")
    sheet.add_argument("--seed", type=_count, default=1, metavar="N", help="another seed chooses other glyphs")
    sheet.set_defaults(run=_sheet)


def _add_export(export: argparse.ArgumentParser) -> None:
    export.add_argument("model", type=Path, metavar="MODEL", help="file or folder")
    export.add_argument("--precision", choices=("float16", "int8"), required=True, help="of the numbers in the export")
    export.add_argument(
        "--data", action="append", required=True, metavar="PLACE", help="a folder, or keras; repeatable"
    )
    export.add_argument("--out", type=Path, default=Path("models"), metavar="FOLDER", help="where the export goes")
    export.set_defaults(run=_export)


def _count(text: str) -> int:
    """Return a whole number from 1 on, or tell argparse what was expected."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, got {text!r}")
    return int(text)


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


def _list(options: argparse.Namespace) -> None:
    from training.named import described

    for name, about, parameters, work in described():
        print(f"{name:<11} {parameters:>14} parameters {work:>14} multiply-adds\n    {about}")


def _train(options: argparse.Namespace) -> None:
    from training.data import BadData
    from training.models import MODELS
    from training.named import NAMES, Order, make
    from training.sources import sources
    from training.train import Recipe

    for name, known in ((options.name, NAMES), (options.of, tuple(MODELS))):
        if name not in known:
            raise BadData(f"No model is called {name}; choose one of {', '.join(known)}.")
    design = MODELS[options.of if options.name == "ensemble" else options.name if options.name in MODELS else "simple"]
    found = sources(options.data)
    options.out.mkdir(parents=True, exist_ok=True)
    recipe = Recipe(
        options.name, options.epochs or design.epochs, options.scale, options.batch, options.rate or design.rate,
        patience=options.patience, precision=options.precision,
    )  # fmt: skip
    for seed in options.seeds:
        blend = replace(mix_of(options.mix, found.holds()), strength=options.strength)
        order = Order(replace(recipe, seed=seed), blend, options.members, options.of)
        made = make(order, found, options.out, options.line)
        print(f"{made}.tflite")


def mix_of(text: str | None, holds: Sequence[str]) -> Mix:
    """Return the mix that `text` asks for ("mnist,digits=20000"); without it, the usual one of what the data `holds`.

    Raises
    ------
    BadData
        Where `text` names a kind that there is not, or a count that is no whole number.
    """
    from training.data import BadData
    from training.mix import KINDS, Mix

    usual = {kind: getattr(Mix(), kind) for kind in KINDS}
    asked = dict.fromkeys(holds, "") if text is None else dict(p.partition("=")[::2] for p in text.split(","))
    for kind, count in asked.items():
        if kind not in usual or (count and not count.isdecimal()):
            known = ", ".join(KINDS)
            raise BadData(f"--mix {text}: expected some of {known}, each with =COUNT or without, got {kind!r}.")
    return replace(Mix(), **{kind: int(asked[kind] or usual[kind]) if kind in asked else 0 for kind in KINDS})


def _evaluate(options: argparse.Namespace) -> None:
    from recognizer.classify import SHIPPED, found_model
    from training.data import BadData
    from training.evaluate import evaluate, trials
    from training.mix import held_out
    from training.report import write_report
    from training.sources import VALIDATION, sources

    paths = [found_model(model, options.engine) for model in options.models or [SHIPPED]]
    split = "test" if options.split == "test" else "train"
    found = sources(options.data)
    over = trials(found.load(lambda w: split == "test" or held_out(w, 0, VALIDATION), split), options.limit)
    if not over:
        raise BadData("The data holds nothing to test on: add data.")
    titles = [p.stem if [q.stem for q in paths].count(p.stem) == 1 else f"{p.parent.name}/{p.stem}" for p in paths]
    every = [evaluate(t, p, options.engine, over) for t, p in zip(titles, paths, strict=True)]
    counts = ", ".join(f"{len(trial.labels):,} {trial.name}" for trial in over)
    about = f"Measured on {counts}, all by writers of the {options.split} split, as written and unchanged."
    print(write_report(every, over, options.out, about))


def _sheet(options: argparse.Namespace) -> None:
    from training.sheets import write_sheets
    from training.sources import sources

    found = sources(options.data)
    blend = replace(mix_of(options.mix, found.holds()), strength=options.strength)
    for path in write_sheets(found.load(lambda _: True), blend, options.out, options.seed):
        print(path)


def _export(options: argparse.Namespace) -> None:
    from training.sources import sources
    from training.variant import make_variant, told

    made, card = make_variant(options.model, options.precision, sources(options.data), options.out)
    print("\n".join((*told(card), str(made))))


def _shipped(options: argparse.Namespace) -> None:
    from training.shipped import make

    make(options.data, options.work, options.models)


def _complain(sentence: str, status: int) -> int:
    """Print one line on standard error and return the exit status that goes with it."""
    print(f"recognizer-train: {' '.join(sentence.split())}", file=sys.stderr, flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
