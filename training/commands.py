"""What each part of the training command does; what it needs is loaded only then."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.mix import Mix
    from training.sources import Sources
    from training.train import Recipe


def adapt(options: argparse.Namespace) -> None:
    """Adapt a model to the ink that the canvas kept, and print what was right before and after and where it is."""
    from recognizer.classify import SHIPPED
    from training.adapt import Plan, adapt
    from training.data import BadData

    plan = Plan(options.epochs, options.rate, options.seed, tolerance=options.tolerance / 100)
    found = _sources(options.data) if options.data else None
    done = adapt(options.folder, options.model or SHIPPED, found, options.out, plan, options.line)
    for line in done.told():
        print(line)
    if done.path is None:
        kinds = ", ".join(change.kind for change in done.worse(plan.tolerance))
        raise BadData(f"Not kept, since it became worse at: {kinds}; try a lower --rate, or name --data to go over.")
    print(done.path)


def describe(options: argparse.Namespace) -> None:
    """Print what can be trained."""
    from training.named import described

    for name, about, parameters, work in described():
        print(f"{name:<11} {parameters:>14} parameters {work:>14} multiply-adds\n    {about}")


def train(options: argparse.Namespace) -> None:
    """Train a model by its name, once with each seed, and print where it is."""
    from training.compare import compare
    from training.named import Order, make
    from training.teacher import SHARE, TEMPERATURE, load_teacher

    recipe, found, teacher = _recipe(options), _sources(options.data), None
    options.out.mkdir(parents=True, exist_ok=True)
    if options.teacher:
        teacher = load_teacher(options.teacher, options.teacher_share or SHARE, options.softness or TEMPERATURE)
    blend = replace(mix_of(options.mix, found.holds()), strength=options.strength)
    order = Order(recipe, blend, options.members or Order.members, options.of or Order.of, teacher)
    made: list[Path] = []
    for seed in options.seeds:
        path = make(replace(order, recipe=replace(recipe, seed=seed)), found, options.out, options.line)
        made.append(path.with_name(f"{options.name}-{seed}.tflite"))
        print(made[-1])
    if options.report:
        print(compare(made, found, options.report))


def _recipe(options: argparse.Namespace) -> Recipe:
    """Return the recipe that `options` ask for, having refused what the model makes no use of.

    Raises
    ------
    BadData
        Where no model has this name.
    """
    from training.data import BadData
    from training.models import MODELS
    from training.named import NAMES, Order, idle
    from training.train import Recipe

    member = options.of or Order.of
    for name, known in ((options.name, NAMES), (member, tuple(MODELS))):
        if name not in known:
            raise BadData(f"No model is called {name}; choose one of {', '.join(known)}.")
    if unused := idle(options.name, [key for key, value in vars(options).items() if value is not None]):
        flags = " and ".join(f"--{key.replace('_', '-')}" for key in unused)
        options.refuse(f"{options.name} makes no use of {flags}: leave that out, or train a model that does")
    design = MODELS[member if options.name == "ensemble" else options.name if options.name in MODELS else "simple"]
    asked = {key: getattr(options, key) for key in ("batch", "patience", "precision")}
    given = {key: value for key, value in asked.items() if value is not None}
    return Recipe(
        options.name, options.epochs or design.epochs, options.scale, rate=options.rate or design.rate, **given
    )


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


def evaluate(options: argparse.Namespace) -> None:
    """Write a report on models and print where it is."""
    from recognizer.classify import SHIPPED, found_model
    from training.compare import compare

    paths = [found_model(model, options.engine) for model in options.models or [SHIPPED]]
    print(compare(paths, _sources(options.data), options.out, options.split, options.limit))


def score_numbers(options: argparse.Namespace) -> None:
    """Print how many numbers are parted and read right, and why others are not; draw those where that is asked."""
    from recognizer import Recognizer
    from training.data import BadData
    from training.gallery import Gallery
    from training.mix import held_out
    from training.segmentation import outcomes, table
    from training.sources import VALIDATION, sources

    split = "test" if options.split == "test" else "train"
    recognizer = Recognizer.load(options.model)
    corpus = sources(options.data).load(lambda w: split == "test" or held_out(w, 0, VALIDATION), split)
    gallery = Gallery(options.errors) if options.errors else None
    found = []
    for one, page, explained in outcomes(recognizer, corpus.numbers[: options.limit]):
        found.append(one)
        if gallery and one.kind:
            gallery.hang(one, page.page, explained)
    if not found:
        raise BadData("The data holds no numbers to read: name a folder with pen data or with UNIPEN.")
    print(table(found))


def measure_risk(options: argparse.Namespace) -> None:
    """Measure how often a model is wrong where it is sure, write that into its card, and print it."""
    from recognizer import Recognizer
    from recognizer.classify import SHIPPED, found_model
    from training.cheques import amount_pages
    from training.data import BadData
    from training.mix import held_out
    from training.networks import cheque_held_out
    from training.risk import answers, curve, held_out_pages, store, table
    from training.sources import VALIDATION

    path = found_model(options.model or SHIPPED, "litert")
    places = _sources(options.data)
    corpus = places.load(lambda w: held_out(w, 0, VALIDATION))
    cheques = [page for folder in places.cheques for page in amount_pages(folder, cheque_held_out)]
    found = list(answers(Recognizer.load(path), held_out_pages(corpus, cheques, options.composed)))
    if not found:
        raise BadData("The data holds no numbers by writers who were held out: add data.")
    points = curve(found)
    store(points, found, path.with_suffix(".json"))
    print(table(found, points), path.with_suffix(".json"), sep="\n\n")


def measure_distortions(options: argparse.Namespace) -> None:
    """Print how well pages are read by kind and strength of distortion, then what is in folders of named pictures."""
    from recognizer import Recognizer
    from recognizer.file import write_file
    from training.data import BadData
    from training.distortions import KINDS, misread, named, outcomes, scripted, table, written
    from training.mix import held_out
    from training.sources import VALIDATION, sources

    kinds = options.kinds or tuple(KINDS)
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise BadData(f"No distortion is called {unknown[0]}; choose some of: {', '.join(KINDS)}.")
    originals = scripted(options.count, options.seed)
    if options.data:
        corpus = sources(options.data).load(lambda w: held_out(w, 0, VALIDATION))
        originals = written(corpus.numbers, options.count)
    recognizer = Recognizer.load(options.model)
    found = [o for folder in options.named for o in named(recognizer, folder)]
    if options.count:
        found = [*outcomes(recognizer, originals, kinds, options.seed), *found]
    text = "\n\n".join(part for part in (table(found), misread(found)) if part)
    if options.out:
        write_file(options.out, f"{text}\n".encode())
    print(text)


def count_false_digits(options: argparse.Namespace) -> None:
    """Print how much ink that is no digit is read as one, and how often exactly the number is read that has it around.

    Characters and numbers are by the writers in use; things on paper, forms and what surrounds numbers are drawn.
    """
    from recognizer import Recognizer
    from training.false_digits import alone, in_lines, mistakes, table, things
    from training.forms import filled, form_table, forms
    from training.mix import held_out
    from training.sources import VALIDATION, sources
    from training.surroundings import seen, seen_table, surrounded

    split = "test" if options.split == "test" else "train"
    corpus = sources(options.data).load(lambda w: split == "test" or held_out(w, 0, VALIDATION), split)
    once = [c for c in corpus.characters if c.label and not c.label.isdecimal()]
    chosen = once[:: max(1, len(once) // options.limit)][: options.limit] if options.limit else once
    lines = list(in_lines(once))
    lines = lines[:: max(1, len(lines) * 8 // options.limit)] if options.limit else lines
    pages = [*alone(chosen), *lines, *things(options.count, options.seed)]
    recognizer = Recognizer.load(options.model)
    print(table(list(mistakes(recognizer, pages))))
    if found := list(filled(recognizer, list(forms(corpus.numbers, options.count, options.seed)))):
        print(f"\n{form_table(found)}")
    if around := list(seen(recognizer, list(surrounded(corpus.numbers, options.count, options.seed)))):
        print(f"\n{seen_table(around)}")


def draw_sheets(options: argparse.Namespace) -> None:
    """Draw sheets of the data and of augmentation, and print where they are."""
    from training.sheets import write_sheets
    from training.sources import sources

    found = sources(options.data)
    blend = replace(mix_of(options.mix, found.holds()), strength=options.strength)
    for path in write_sheets(found.load(lambda _: True), blend, options.out, options.seed):
        print(path)


def export(options: argparse.Namespace) -> None:
    """Make a smaller export of a model, and print what it costs and where it is."""
    from training.card_page import costs
    from training.variant import make_variant

    made, card = make_variant(options.model, options.precision, _sources(options.data), options.out, options.line)
    print("\n".join((*costs(card), str(made))))


def ship(options: argparse.Namespace) -> None:
    """Make the model that ships."""
    from training.shipped import make

    make(options.data, options.work, options.models)


def part_cheques(options: argparse.Namespace) -> None:
    """Copy the cheques that no training sees into a data folder of their own, and print where it is."""
    from training.cheques import write_part
    from training.data import BadData
    from training.networks import cheque_held_out
    from training.sources import sources

    found = sources(options.data).cheques
    if len(found) != 1:
        raise BadData(f"{len(found)} folders of cheques are named: name the one that holds them with --data.")
    out = options.held_out / "cheques"
    print(f"{write_part(found[0], cheque_held_out, out)} cheques that no training sees: {out}")


def _sources(places: Sequence[str]) -> Sources:
    """Return what `places` hold, having said on standard error what to know of it."""
    from training.sources import sources

    found = sources(places)
    for caution in found.cautions():
        print(f"recognizer-train: {caution}", file=sys.stderr)
    return found
