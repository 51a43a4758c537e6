"""Makes any model by its name, from handwriting to files that the reader opens."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import keras

from training import svc
from training.card import fitted_temperature, scores, weight, write_model
from training.data import BadData
from training.mix import KINDS, Corpus, Maker, Mix, held_out
from training.models import MODELS, ensemble, with_softmax
from training.sources import VALIDATION, Sources
from training.teacher import Teacher
from training.train import Checks, Recipe, checks, train

VECTORS = 20_000  # glyphs that a support vector machine is fitted on at most: its cost grows with their square
NAMES = (*MODELS, "ensemble", *svc.SIDES)
FOR_NETWORKS = frozenset({"epochs", "batch", "rate", "patience", "precision", "teacher"})
FOR_ENSEMBLES = frozenset({"members", "of"})
FOR_PUPILS = frozenset({"teacher_share", "softness"})
"""Options of the command that say something only to networks, only to ensembles, only to who has a teacher."""


@dataclass(frozen=True)
class Order:
    """What is to be made: the recipe's model by name; an ensemble of so many `members`, each `of` one design.

    Networks may have a `teacher` to learn from besides the labels.
    """

    recipe: Recipe
    mix: Mix
    members: int = 3
    of: str = "advanced"
    teacher: Teacher | None = None


def idle(name: str, given: Collection[str]) -> list[str]:
    """Return those of the options `given` that change nothing in the model called `name`."""
    networks = frozenset[str]() if name in svc.SIDES else FOR_NETWORKS
    used = networks | (FOR_ENSEMBLES if name == "ensemble" else frozenset())
    used |= FOR_PUPILS if "teacher" in networks & frozenset(given) else frozenset()
    return [option for option in given if option in (FOR_NETWORKS | FOR_ENSEMBLES | FOR_PUPILS) - used]


def make(order: Order, found: Sources, out: Path, command: str) -> Path:
    """Make what `order` asks for from `found`; return the path of its files in `out`, less their endings.

    Raises
    ------
    BadData
        Where the data lacks what the mix asks for, or no writer is left to validate on.
    """
    name, labels = f"{order.recipe.model}-{order.recipe.seed}", order.mix.labels
    corpus = found.load(lambda w: not held_out(w, 0, VALIDATION))
    _check(order.mix, corpus)
    validation = checks(found.load(lambda w: held_out(w, 0, VALIDATION)), labels=labels)
    if not validation:
        raise BadData("No writer is left to validate on: add data of more writers.")
    tests = checks(found.load(lambda _: True, "test"), 20_000, labels)  # what it lacks is told before hours of training
    network, log = _networks(order, corpus, validation, out / name)
    card = {"command": command, "data": found.told(), "credit": found.credit(), "history": log}
    write_model(network, _card(order, network, validation, tests) | card, out / name)
    return out / name


def _card(order: Order, network: keras.Model, validation: Checks, tests: Checks) -> dict[str, Any]:
    """Return what the card of `network` says of it: what was asked for, and what it is worth."""
    warmth, recipe = fitted_temperature(network, validation), order.recipe
    card: dict[str, Any] = {
        "labels": list(order.mix.labels),
        "temperature": warmth,
        "name": recipe.model,
        "seed": recipe.seed,
        "recipe": _told(recipe),
        "mix": asdict(order.mix),
        **weight(network),
        "validation": scores(network, validation, warmth),
        "scores": scores(network, tests, warmth),
    }
    if recipe.model not in svc.SIDES:
        card["epoch"] = "best on validation writers" if recipe.patience else "last"
    if order.teacher:
        card["teacher"] = order.teacher.settings
    if recipe.model == "ensemble":
        card |= {"members": order.members, "of": order.of}
    return card


def _told(recipe: Recipe) -> dict[str, Any]:
    """Return what decided the result: of a support vector machine's recipe, how many glyphs it saw, and its seed."""
    decided = ("model", "scale", "seed") if recipe.model in svc.SIDES else vars(recipe)
    return {name: value for name, value in asdict(recipe).items() if name in decided}


def _check(mix: Mix, corpus: Corpus) -> None:
    """Raise BadData where `mix` asks for what `corpus` has not."""
    groups = Maker(corpus).groups
    there = {"mnist": len(corpus.mnist.labels), "scans": len(corpus.scans.labels)}
    there |= {kind: len(groups.get(kind, ())) for kind in ("digits", "marks", "others")}
    there["rejects"] = there["digits"]
    wanting = [kind for kind in KINDS if getattr(mix, kind) and not there[kind]]
    if wanting:
        raise BadData(f"The data holds nothing for {', '.join(wanting)}: add data, or choose another --mix.")


def _networks(order: Order, corpus: Corpus, validation: Checks, folder: Path) -> tuple[keras.Model, list[Any]]:
    """Return the network with softmax that `order` asks for, and what its training logged."""
    recipe = order.recipe
    if recipe.model in svc.SIDES:
        return _machine(recipe, order.mix, corpus), []
    if recipe.model != "ensemble":
        return _trained(order, recipe, corpus, validation, folder)
    made = [
        _trained(
            order, replace(recipe, model=order.of, seed=100 * recipe.seed + member),
            corpus, validation, folder / f"member{member}",
        )
        for member in range(1, order.members + 1)
    ]  # fmt: skip
    return ensemble([network for network, _ in made]), [log for _, log in made]


def _trained(
    order: Order, recipe: Recipe, corpus: Corpus, validation: Checks, folder: Path
) -> tuple[keras.Model, list[Any]]:
    network = train(recipe, corpus, validation, folder, order.mix, teacher=order.teacher)
    return network, list(json.loads((folder / "history.json").read_text()))


def _machine(recipe: Recipe, mix: Mix, corpus: Corpus) -> keras.Model:
    size = Maker(corpus, 1.0, mix).size()
    glyphs, classes = Maker(corpus, min(recipe.scale, VECTORS / size), mix).epoch(recipe.seed * 10_000)
    side = svc.SIDES[recipe.model]
    return with_softmax(svc.network(svc.fitted(glyphs, classes, side, recipe.seed), side, len(mix.labels)))


def described() -> list[tuple[str, str, str, str]]:
    """Return name, what it is, parameters and multiply-adds of every model that can be made."""
    rows = []
    for name, design in MODELS.items():
        size = weight(design.build(len(Mix().labels)))
        rows.append((name, _first_line(design.build), f"{size['parameters']:,}", f"{size['multiply-adds']:,}"))
    rows.append(("ensemble", "Several networks, their probabilities averaged, in one file.", "all its", "all its"))
    for name, side in svc.SIDES.items():
        about = f"Support vector classifier on {side} x {side} digits, by scikit-learn."
        rows.append((name, about, f"vectors x {side * side}", f"vectors x {side * side}"))
    return rows


def _first_line(function: Callable[..., object]) -> str:
    return (function.__doc__ or "").splitlines()[0]
