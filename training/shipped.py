"""Makes the models that ship, from the data to the card: every step that decides them, in order.

The score of the lattice must see the classifier as it is with writers it does not know. So the
writers are dealt into folds, a classifier is trained without each fold, and the score is fitted on
what these say of the fold that they have not seen. The classifier that ships learns from all folds
but one writer in twelve, on whom its temperature is set. The models of lines and of trajectories learn
from the same writers, and how much the line model's opinion weighs is fitted on the others.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, TypeVar

import keras
import numpy as np
from tqdm import tqdm

from recognizer.classify import Classifier, load_classifier
from recognizer.file import write_file
from recognizer.line_model import LineModel, load_line_model
from recognizer.looks import Sight
from recognizer.strip import WRITING
from recognizer.trajectory import load_trajectory_model
from training import lattice, mix, opinion, rescore, trajectories
from training.card import fitted_temperature, scores, weight, write_model
from training.cheques import amount_digits, amount_pages, amount_scans
from training.data import fold
from training.export import export, halved
from training.false_digits import alone, in_lines
from training.line_model import LineRecipe, deepened
from training.line_model import train as train_lines
from training.mix import Corpus, Mix
from training.opinion import Hearing
from training.pages import Page, pages
from training.strips import StripMaker, seen
from training.teacher import Teacher, panel
from training.train import Checks, Recipe, checks, train

FOLDS = 3
VALIDATION = 12  # one writer in so many is kept from the classifier that ships
CHEQUES_HELD_OUT = 5  # one cheque in so many is kept from everything
SCORE_EPOCHS = 10
FOLD_RECIPE = Recipe(epochs=6, scale=0.7)
RECIPE = Recipe(epochs=22, scale=1.0, seed=1)
SETTLE_RECIPE = Recipe(epochs=5, rate=5e-4, seed=2)
FOLD_SETTLE_RECIPE = Recipe(epochs=2, scale=0.7, rate=5e-4)
LINE_RECIPES = {  # one after the other, each in a folder of its own
    "first": LineRecipe(),
    "settled": LineRecipe(epochs=14, rate=1e-3, seed=2),
    "deep": LineRecipe(deep=True, epochs=36, rate=1.5e-3, seed=3),
}
TRAJECTORY_RECIPE = Recipe("trajectory", epochs=20, batch=128, rate=3e-3, decay=2e-2, smoothing=0.0)
FOLD_TRAJECTORY_RECIPE = replace(TRAJECTORY_RECIPE, epochs=10, scale=0.7)
TRAJECTORY_MIX = Mix(mnist=0, scans=0, digits=30_000, marks=12_000, others=6_000, rejects=12_000)
MIX = Mix(others=6_000, rejects=12_000)
SETTLE_MIX = replace(MIX, plain=0.5, strength=0.5)
TAUGHT_RECIPE = Recipe(epochs=22, rate=1.2e-3, decay=5e-2, smoothing=0.02, seed=5)
TAUGHT_MIX = replace(MIX, plain=0.3, strength=0.75)
_STRANGERS = 3  # one letter or sign in so many is shown alone
_QUANTIZING = 12  # one line in so many tells the ranges of the line model's numbers
CREDIT = (
    "Pen digits, marks and numbers: UNIPEN train_r01_v07 (I. Guyon, L. Schomaker, R. Plamondon, M. Liberman, S. Janet, "
    "ICPR 1994), doi:10.5281/zenodo.1195803, CC BY 4.0. Digits: MNIST (Y. LeCun, C. Cortes, C. Burges), writers from "
    "QMNIST (C. Yadav, L. Bottou). Cheque amounts: ORAND-CAR-A (ICFHR 2014), boxes by the Labeled_ORAND-CAR-A project."
)

Judged = TypeVar("Judged")


def cheque_held_out(name: str) -> bool:
    """Say whether the cheque of this file `name` is kept from all training."""
    return fold(name, CHEQUES_HELD_OUT) == 0


def make(data: Path, work: Path, models: Path) -> None:
    """Make all files of the reader in `models` from `data`.

    These are `digits.keras`, `.tflite` and `.json`, README.md, `lattice.npz`, `line.tflite`,
    `trajectory.tflite` and `readings.json`; the sources of the models of lines and of trajectories
    stay in `work`, since together they would be too large to install.

    What is finished in the folder `work` is not made again, so an interrupted run goes on. In `models`
    nothing changes until all is made.
    """
    sights = fold_sights(data, work)
    found = [fold_examples(data, part, sight) for part, sight in enumerate(sights)]
    network = halved(classifier(data, work))
    made = work / "models"
    made.mkdir(parents=True, exist_ok=True)
    write_model(network, _card(data, work / "shipped", network), made / "digits", "README.md")
    trajectory_model(data, work / "trajectory")
    write_file(made / "trajectory.tflite", (work / "trajectory/trajectory.tflite").read_bytes())
    heard, silent = validation_examples(data, sights[0])
    lines = save_lines(line_model(data, work / "line"), heard, made)
    score, weights = _score(found, heard, silent, lines)
    lattice.save_score(score, made / "lattice.npz")
    rescore.save_weights({**weights, **sights[0].weights}, made / "readings.json")
    models.mkdir(parents=True, exist_ok=True)
    for part in sorted(made.iterdir()):
        write_file(models / part.name, part.read_bytes())


def save_lines(network: keras.Model, heard: Sequence[lattice.Example], models: Path) -> LineModel:
    """Write the line model, in int8, as `line.tflite`; return it as it will run.

    The ranges of its numbers are those on one in `_QUANTIZING` of the lines `heard`.
    """
    strips = [e.strip for e in heard if e.strip.shape[1] > 2 * WRITING]
    export(network, models / "line.tflite", "int8", strips[::_QUANTIZING])
    return load_line_model(models / "line.tflite", mix.LABELS)


def classifier(data: Path, work: Path) -> keras.Model:
    """Return the classifier that ships, trained on all writers but those that validate it, or found in `work`.

    It is trained twice: the second time also on what it thought after the first, together with the
    classifier of the first fold, which knows those writers no better (a network taught by its like: T. Furlanello
    et al., Born again neural networks, ICML 2018).
    """
    folder = work / "shipped"
    scans = amount_digits(data / "cheques", lambda name: not cheque_held_out(name))
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


def fold_classifier(data: Path, folder: Path, part: int) -> Classifier:
    """Return a classifier that knows nobody in fold `part`, calibrated on that fold, or found in `folder`."""
    corpus = mix.load(data, lambda w: not mix.held_out(w, part, FOLDS))
    scans = amount_digits(data / "cheques", lambda n: not cheque_held_out(n) and not mix.held_out(n, part, FOLDS))
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


def fold_sights(data: Path, work: Path) -> list[Sight]:
    """Return what sees the candidates of each fold and knows nobody in it.

    How much glyph and trajectory weigh beside each other is fitted on the first, and the same for all.
    """
    seen = [
        (fold_classifier(data, work / f"fold{k}", k), trajectory_model(data, work / f"fold{k}/trajectory", k, FOLDS))
        for k in range(FOLDS)
    ]
    weights = trajectories.weights(mix.load(data, lambda w: mix.held_out(w, 0, FOLDS)), *seen[0])
    return [Sight(*models, weights) for models in seen]


def line_model(data: Path, folder: Path) -> keras.Model:
    """Return the line model that ships, trained on all writers but those that validate it, or found in `folder`."""
    done = {name: folder / name / "line.keras" for name in LINE_RECIPES}
    if done["deep"].exists():
        return keras.saving.load_model(done["deep"], compile=False)
    corpus = mix.load(data, lambda w: not mix.held_out(w, 0, VALIDATION))
    known = amount_scans(data / "cheques", lambda n: not cheque_held_out(n) and not mix.held_out(n, 0, VALIDATION))
    unseen = pages(mix.load(data, lambda w: mix.held_out(w, 0, VALIDATION)), np.random.default_rng(0), 0, 300, 250)
    cheques = amount_pages(data / "cheques", lambda n: not cheque_held_out(n) and mix.held_out(n, 0, VALIDATION))
    watched = seen(itertools.chain(cheques, unseen))
    model: keras.Model | None = None
    for name, recipe in LINE_RECIPES.items():
        if done[name].exists():
            model = keras.saving.load_model(done[name], compile=False)
        else:
            start = deepened(model) if model and recipe.deep else model
            maker = StripMaker(corpus, known, recipe.strips)
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


def validation_examples(data: Path, sight: Sight) -> tuple[list[lattice.Example], list[lattice.Example]]:
    """Return lines with digits, and lines of letters and signs, by the writers that validate, seen by `sight`."""
    unseen = mix.load(data, lambda w: mix.held_out(w, 0, VALIDATION))
    cheques = amount_pages(data / "cheques", lambda n: not cheque_held_out(n) and mix.held_out(n, 0, VALIDATION))
    heard = itertools.chain(pages(unseen, np.random.default_rng(FOLDS), 2, 500, 500), cheques)
    some = [c for c in unseen.characters if c.label not in {*mix.DIGITS, *mix.MARKS, *mix.AMBIGUOUS}]
    strangers = itertools.chain(alone(some[::_STRANGERS]), in_lines(some))
    silent = (Page(stranger.page, "", stranger.writer, stranger.kind) for stranger in strangers)
    return lattice.examples(heard, sight), lattice.examples(silent, sight)


def fold_examples(data: Path, part: int, sight: Sight) -> list[lattice.Example]:
    """Return the examples of one fold, by a `sight` that knows none of its writers."""
    unseen = mix.load(data, lambda w: mix.held_out(w, part, FOLDS))
    cheques = amount_pages(data / "cheques", lambda n: mix.held_out(n, part, FOLDS) and not cheque_held_out(n))
    made = itertools.chain(pages(unseen, np.random.default_rng(part), 2, 1000, 5000), cheques)
    return lattice.examples(tqdm(made, desc=f"pages of fold {part + 1}", unit=" pages"), sight)


def _score(
    found: list[list[lattice.Example]], heard: list[lattice.Example], silent: list[lattice.Example], lines: LineModel
) -> tuple[keras.Model, dict[str, float]]:
    """Fit the score on the examples of all folds, and the weights of whole readings on lines that no score has seen.

    How much the line model weighs is fitted on lines `heard` and `silent` of writers whom neither it nor the
    classifier has seen, by the score of the fold that they are in. What all are worth is printed for writers
    who are new to them. The classifier is the fold's, which errs about as often as the one that ships does with
    stranger writers than these few.
    """
    scores = [
        lattice.fit([e for k in range(FOLDS) if k != part for e in found[k]], SCORE_EPOCHS, seed=1)
        for part in range(FOLDS)
    ]
    contests = [c for part in range(FOLDS) for c in rescore.contests(found[part], scores[part], mix.LABELS)]
    for half, other in _halves(contests, lambda c: c.example.writer):
        for kind, read in sorted(rescore.readings(other, rescore.fit(half)).items()):
            texts, numbers, _ = np.mean(read, axis=0)
            tqdm.write(f"{kind}: {texts:.2%} of {len(read)} texts and {numbers:.2%} of their numbers read right")
    weights = rescore.fit(contests)
    both = [list(opinion.hearings(some, scores[0], weights, lines)) for some in (heard, silent)]
    every = [e for each in found for e in each]
    return lattice.fit(every, SCORE_EPOCHS, seed=1), weights | opinion_weights(*both)


def opinion_weights(heard: list[Hearing], silent: list[Hearing]) -> dict[str, float]:
    """Return how much the line model's opinion weighs, fitted on lines with digits and on those without, `silent`.

    What it is worth is printed for each half of the writers, by weights from the other.
    """
    for known, new in _halves([*heard, *silent], lambda h: h.writer):
        fitted = opinion.fit([h for h in known if h in heard], [h for h in known if h in silent])
        before, after = (opinion.texts_right(new, w) for w in ({}, fitted))
        for kind in sorted(after):
            one, two = np.mean(before[kind]), np.mean(after[kind])
            tqdm.write(f"{kind}: {one:.2%} of {len(after[kind])} texts, {two:.2%} with the line model")
    return opinion.fit(heard, silent)


def _halves(found: Sequence[Judged], writer: Callable[[Judged], str]) -> Iterator[tuple[list[Judged], list[Judged]]]:
    """Yield two halves of `found` that have no writer in common, each before the other once."""
    halves = [[x for x in found if fold(f"readings {writer(x)}", 2) == half] for half in range(2)]
    yield halves[0], halves[1]
    yield halves[1], halves[0]


def _card(data: Path, folder: Path, network: keras.Model) -> dict[str, Any]:
    """Return what the model's card says: labels, provenance, temperature, scores on the test writers, credit.

    The history is that of the classifier's trainings below `folder`, each with its settling.
    """
    validation = checks(mix.load(data, lambda w: mix.held_out(w, 0, VALIDATION)), limit=20_000)
    tests = checks(mix.load(data, lambda _: True, "test"), limit=20_000)
    warmth = fitted_temperature(network, validation)
    return {
        "labels": list(mix.LABELS),
        "temperature": warmth,
        "command": "python -m training shipped --data DATA --work WORK",
        "recipe": asdict(RECIPE),
        "settling": asdict(SETTLE_RECIPE) | asdict(SETTLE_MIX),
        "taught by itself": asdict(TAUGHT_RECIPE) | asdict(TAUGHT_MIX),
        "line model": {name: asdict(recipe) for name, recipe in LINE_RECIPES.items()},
        "trajectory model": asdict(TRAJECTORY_RECIPE) | asdict(TRAJECTORY_MIX),
        "data": "MNIST train, pen digits, letters, symbols and numbers train, cheque amounts; writers held out by hash",
        "scores on test writers": scores(network, tests, warmth),
        "history": [json.loads((each / "history.json").read_text()) for each in _trainings(folder)],
        "credit": CREDIT,
    } | weight(network)


def _trainings(folder: Path) -> tuple[Path, ...]:
    return folder, folder / "settled", folder / "taught", folder / "taught/settled"
