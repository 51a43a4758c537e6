"""The networks that ship, and those of the folds that stand in for them: each trained, or found where it was kept.

What is kept from whom is decided here: one writer in twelve from all networks that ship, a third of the writers
from those of each fold, one cheque in five from everything.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np

from recognizer.classify import Classifier, load_classifier
from recognizer.ink_model import InkModel, load_ink_model
from recognizer.trajectory import load_trajectory_model
from training import ink_model as inks
from training import mix, trajectories
from training.card import fitted_temperature, write_model
from training.cheques import amount_digits, amount_pages, amount_scans
from training.data import fold
from training.export import export
from training.ink_model import InkRecipe
from training.line_model import LineRecipe, deepened
from training.line_model import train as train_lines
from training.mix import Corpus, Mix
from training.pages import pages
from training.patterned import PatternedMaker, papers
from training.strips import StripMaker, seen
from training.teacher import Teacher, panel
from training.train import Checks, Recipe, checks, train

FOLDS = 3
VALIDATION = 12  # one writer in so many is kept from the classifier that ships
CHEQUES_HELD_OUT = 5  # one cheque in so many is kept from everything
FOLD_RECIPE = Recipe(epochs=6, scale=0.7)
RECIPE = Recipe(epochs=22, scale=1.0, seed=1)
SETTLE_RECIPE = Recipe(epochs=5, rate=5e-4, seed=2)
FOLD_SETTLE_RECIPE = Recipe(epochs=2, scale=0.7, rate=5e-4)
LINE_RECIPES = {  # one after the other, each in a folder of its own
    "first": LineRecipe(),
    "settled": LineRecipe(epochs=14, rate=1e-3, seed=2),
    "deep": LineRecipe(deep=True, epochs=36, rate=1.5e-3, seed=3),
    "patterned": LineRecipe(deep=True, epochs=18, rate=1e-3, seed=4),
    "last": LineRecipe(deep=True, epochs=14, rate=6e-4, seed=5),
}
LINE_PAGES = 6_000  # on patterned paper that the line model learns from
LINE_CHECKS = 400  # and by writers and on paper that validate it
INK_RECIPE = InkRecipe()
INK_CHECKS = 400  # pages by writers and on paper that validate the ink model
TRAJECTORY_RECIPE = Recipe("trajectory", epochs=20, batch=128, rate=3e-3, decay=2e-2, smoothing=0.0)
FOLD_TRAJECTORY_RECIPE = replace(TRAJECTORY_RECIPE, epochs=10, scale=0.7)
TRAJECTORY_MIX = Mix(mnist=0, scans=0, digits=30_000, marks=12_000, others=6_000, rejects=12_000)
MIX = Mix(others=6_000, rejects=12_000)
SETTLE_MIX = replace(MIX, plain=0.5, strength=0.5)
TAUGHT_RECIPE = Recipe(epochs=22, rate=1.2e-3, decay=5e-2, smoothing=0.02, seed=5)
TAUGHT_MIX = replace(MIX, plain=0.3, strength=0.75)


def cheque_held_out(name: str) -> bool:
    """Say whether the cheque of this file `name` is kept from all training."""
    return fold(name, CHEQUES_HELD_OUT) == 0


def classifier(data: Path, work: Path, ink: InkModel | None = None) -> keras.Model:
    """Return the classifier that ships, trained on all writers but those that validate it, or found in `work`.

    It is trained twice: the second time also on what it thought after the first, together with the
    classifier of the first fold, which knows those writers no better (a network taught by its like: T. Furlanello
    et al., Born again neural networks, ICML 2018).
    """
    folder = work / "shipped"
    scans = amount_digits(data / "cheques", lambda name: not cheque_held_out(name), ink)
    corpus = mix.load(data, lambda w: not mix.held_out(w, 0, VALIDATION), scans=scans)
    unseen = checks(mix.load(data, lambda w: mix.held_out(w, 0, VALIDATION)))
    first = _settled(lambda: train(RECIPE, corpus, unseen, folder, MIX), SETTLE_RECIPE, corpus, unseen, folder)
    other = keras.saving.load_model(work / "fold0/settled/digits.keras", compile=False)
    teacher = panel([other, first], mix.LABELS, "itself and the classifier of the first fold")
    taught = folder / "taught"
    return _settled(
        lambda: train(TAUGHT_RECIPE, corpus, unseen, taught, TAUGHT_MIX, first, teacher),
        replace(SETTLE_RECIPE, seed=6),
        corpus,
        unseen,
        taught,
        teacher,
    )


def _is_learnt_from(name: str) -> bool:
    """Say whether a cheque is neither kept from all training nor among those that validate."""
    return not cheque_held_out(name) and not mix.held_out(name, 0, VALIDATION)


def validates(name: str) -> bool:
    """Say whether a cheque is among those that validate."""
    return not cheque_held_out(name) and mix.held_out(name, 0, VALIDATION)


def patterned(data: Path, count: int, validating: bool = False) -> PatternedMaker:
    """Return what makes `count` pages of the writers and the paper that are learnt from, or of those `validating`."""
    corpus = mix.load(data, lambda w: mix.held_out(w, 0, VALIDATION) == validating)
    return PatternedMaker(corpus, papers(data / "cheques", validates if validating else _is_learnt_from), count)


def ink_model(data: Path, folder: Path) -> InkModel:
    """Return the ink model that ships, of writers and paper that do not validate, or found in `folder`."""
    made = folder / "ink.tflite"
    if not made.exists():
        watched = patterned(data, INK_CHECKS, validating=True).epoch(0)
        export(inks.train(INK_RECIPE, patterned(data, INK_RECIPE.pages), watched, folder), made, "float16")
    return load_ink_model(made)


def trajectory_model(data: Path, folder: Path, part: int = 0, folds: int = VALIDATION) -> Classifier:
    """Return a model of trajectories that knows nobody in fold `part` of `folds`, or found in `folder`.

    By default it is the one that ships, and knows the same writers as the classifier that does.
    """
    made = folder / "trajectory.tflite"
    if not made.exists():
        corpus = mix.load(data, lambda w: not mix.held_out(w, part, folds))
        unseen = trajectories.checks(mix.load(data, lambda w: mix.held_out(w, part, folds)))
        recipe = TRAJECTORY_RECIPE if folds == VALIDATION else replace(FOLD_TRAJECTORY_RECIPE, seed=part + 1)
        network = train(recipe, corpus, unseen, folder, TRAJECTORY_MIX, design=trajectories.DESIGN)
        export(network, made, "int8")
    return load_trajectory_model(made, mix.LABELS)


def fold_classifier(data: Path, folder: Path, part: int, ink: InkModel | None = None) -> Classifier:
    """Return a classifier that knows nobody in fold `part`, calibrated on that fold, or found in `folder`."""
    corpus = mix.load(data, lambda w: not mix.held_out(w, part, FOLDS))
    scans = amount_digits(data / "cheques", lambda n: not cheque_held_out(n) and not mix.held_out(n, part, FOLDS), ink)
    unseen = checks(mix.load(data, lambda w: mix.held_out(w, part, FOLDS)))
    network = _settled(
        lambda: train(replace(FOLD_RECIPE, seed=part + 1), corpus, unseen, folder, MIX),
        replace(FOLD_SETTLE_RECIPE, seed=part + 11),
        replace(corpus, scans=scans),
        unseen,
        folder,
    )
    card = {"labels": list(mix.LABELS), "temperature": fitted_temperature(network, unseen)}
    write_model(network, card, folder / "fold")
    return load_classifier(folder / "fold.tflite")


def line_model(data: Path, folder: Path, ink: InkModel | None = None) -> keras.Model:
    """Return the line model that ships, trained on all writers but those that validate it, or found in `folder`."""
    done = {name: folder / name / "line.keras" for name in LINE_RECIPES}
    *_, last = done.values()
    if last.exists():
        return keras.saving.load_model(last, compile=False)
    known, others = patterned(data, LINE_PAGES), patterned(data, LINE_CHECKS, validating=True)
    scans = amount_scans(data / "cheques", _is_learnt_from, ink)
    unseen = pages(others.corpus, np.random.default_rng(0), 0, 300, 250)
    watched = seen(itertools.chain(amount_pages(data / "cheques", validates), unseen, others.lines(0)), ink)
    on_paper = seen(known.lines(1), ink).get("patterned", [])
    model: keras.Model | None = None
    for name, recipe in LINE_RECIPES.items():
        if done[name].exists():
            model = keras.saving.load_model(done[name], compile=False)
        else:
            start = deepened(model) if model and recipe.deep else model
            maker = StripMaker(known.corpus, scans, recipe.strips, on_paper)
            model = train_lines(recipe, maker, watched, done[name].parent, start)
    return model


def _settled(
    begin: Callable[[], keras.Model],
    recipe: Recipe,
    corpus: Corpus,
    unseen: Checks,
    folder: Path,
    teacher: Teacher | None = None,
) -> keras.Model:
    """Let a network that `begin` trains settle on ink as it is written, with fewer rejects among it."""
    settled = folder / "settled" / "digits.keras"
    if not settled.exists():
        if not (folder / "digits.keras").exists():
            begin()
        start = keras.saving.load_model(folder / "digits.keras", compile=False)
        train(recipe, corpus, unseen, settled.parent, SETTLE_MIX, start, teacher)
    return keras.saving.load_model(settled, compile=False)


def recipes() -> dict[str, Any]:
    """Return how the networks that ship are trained, as their card tells it."""
    return {
        "recipe": asdict(RECIPE),
        "settling": asdict(SETTLE_RECIPE) | asdict(SETTLE_MIX),
        "taught by itself": asdict(TAUGHT_RECIPE) | asdict(TAUGHT_MIX),
        "line model": {name: asdict(recipe) for name, recipe in LINE_RECIPES.items()},
        "ink model": asdict(INK_RECIPE),
        "trajectory model": asdict(TRAJECTORY_RECIPE) | asdict(TRAJECTORY_MIX),
    }
