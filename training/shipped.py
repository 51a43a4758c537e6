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
from pathlib import Path
from typing import Any, TypeVar

import keras
import numpy as np
from tqdm import tqdm

from recognizer.file import write_file
from recognizer.ink_model import InkModel
from recognizer.line_model import LineModel, load_line_model
from recognizer.looks import Sight
from recognizer.strip import WRITING
from training import lattice, mix, opinion, rescore, trajectories
from training.card import fitted_temperature, scores, weight, write_model
from training.cheques import amount_pages
from training.data import WRITERS, BadData, fold, knows_writers
from training.export import export, halved
from training.false_digits import alone, in_lines
from training.networks import (
    FOLDS,
    VALIDATION,
    cheque_held_out,
    classifier,
    fold_classifier,
    ink_model,
    line_model,
    patterned,
    recipes,
    trajectory_model,
    validates,
)
from training.opinion import Hearing
from training.pages import Page, pages
from training.together import together
from training.train import checks

SCORE_EPOCHS = 10
HEARD_ON_PAPER = 1_500  # lines on patterned paper that tell what the line model's opinion is worth there
_STRANGERS = 3  # one letter or sign in so many is shown alone
_QUANTIZING = 12  # one line in so many tells the ranges of the line model's numbers
CREDIT = (
    "Pen digits, marks and numbers: UNIPEN train_r01_v07 (I. Guyon, L. Schomaker, R. Plamondon, M. Liberman, S. Janet, "
    "ICPR 1994), doi:10.5281/zenodo.1195803, CC BY 4.0. Digits: MNIST (Y. LeCun, C. Cortes, C. Burges), writers from "
    "QMNIST (C. Yadav, L. Bottou). Cheque amounts: ORAND-CAR-A (ICFHR 2014), boxes by the Labeled_ORAND-CAR-A project."
)

Judged = TypeVar("Judged")


def make(data: Path, work: Path, models: Path) -> None:
    """Make all files of the reader in `models` from `data`.

    These are `digits.keras`, `.tflite` and `.json`, README.md, `lattice.npz`, `line.tflite`, `ink.tflite`,
    `trajectory.tflite` and `readings.json`; the sources of the models of lines, of ink and of trajectories
    stay in `work`, since together they would be too large to install.

    What is finished in the folder `work` is not made again, so an interrupted run goes on. In `models`
    nothing changes until all is made.

    Raises
    ------
    BadData
        Where something is missing in `data`, or broken; where QMNIST does not say who wrote MNIST's digits, so that
        no writer could be held out.
    """
    if not knows_writers(data / "mnist"):
        raise BadData(
            f"{data / 'mnist' / WRITERS.format('train')}.gz is missing: the model that ships is made with writers held "
            "out, so add QMNIST's file to MNIST's."
        )
    ink = ink_model(data, work / "ink")
    sights = fold_sights(data, work, ink)
    found = [fold_examples(data, part, sight, ink) for part, sight in enumerate(sights)]
    network = halved(classifier(data, work, ink))
    made = work / "models"
    made.mkdir(parents=True, exist_ok=True)
    write_model(network, _card(data, work / "shipped", network), made / "digits", "README.md", "float16")
    trajectory_model(data, work / "trajectory")
    for each in ("ink", "trajectory"):
        write_file(made / f"{each}.tflite", (work / each / f"{each}.tflite").read_bytes())
    heard, silent = validation_examples(data, sights[0], ink)
    lines = save_lines(line_model(data, work / "line", ink), heard, made)
    score, weights = _score(found, heard, silent, lines)
    lattice.save_score(score, made / "lattice.npz")
    rescore.save_weights({**weights, **sights[0].weights}, made / "readings.json")
    put(made, models)


def put(made: Path, models: Path) -> None:
    """Copy the files of the reader from `made` to `models`, all or none; what an interrupted run left is no part."""
    models.mkdir(parents=True, exist_ok=True)
    with together(models) as folder:
        for part in sorted(made.glob("[!.]*")):
            write_file(folder / part.name, part.read_bytes())


def save_lines(network: keras.Model, heard: Sequence[lattice.Example], models: Path) -> LineModel:
    """Write the line model, in int8, as `line.tflite`; return it as it will run.

    The ranges of its numbers are those on one in `_QUANTIZING` of the lines `heard`.
    """
    strips = [e.strip for e in heard if e.strip.shape[1] > 2 * WRITING]
    export(network, models / "line.tflite", "int8", strips[::_QUANTIZING])
    return load_line_model(models / "line.tflite", mix.LABELS)


def fold_sights(data: Path, work: Path, ink: InkModel | None = None) -> list[Sight]:
    """Return what sees the candidates of each fold and knows nobody in it.

    How much glyph and trajectory weigh beside each other is fitted on the first, and the same for all.
    """
    seen = [
        (
            fold_classifier(data, work / f"fold{k}", k, ink),
            trajectory_model(data, work / f"fold{k}/trajectory", k, FOLDS),
        )
        for k in range(FOLDS)
    ]
    weights = trajectories.weights(mix.load(data, lambda w: mix.held_out(w, 0, FOLDS)), *seen[0])
    return [Sight(*models, weights) for models in seen]


def validation_examples(
    data: Path, sight: Sight, ink: InkModel | None = None
) -> tuple[list[lattice.Example], list[lattice.Example]]:
    """Return lines with digits, and lines of letters and signs, by the writers that validate, seen by `sight`."""
    others = patterned(data, HEARD_ON_PAPER, validating=True)
    unseen, cheques = others.corpus, amount_pages(data / "cheques", validates)
    heard = itertools.chain(pages(unseen, np.random.default_rng(FOLDS), 2, 500, 500), cheques, others.lines(FOLDS))
    some = [c for c in unseen.characters if c.label not in {*mix.DIGITS, *mix.MARKS, *mix.AMBIGUOUS}]
    strangers = itertools.chain(alone(some[::_STRANGERS]), in_lines(some))
    silent = (Page(stranger.page, "", stranger.writer, stranger.kind) for stranger in strangers)
    return lattice.examples(heard, sight, ink), lattice.examples(silent, sight, ink)


def fold_examples(data: Path, part: int, sight: Sight, ink: InkModel | None = None) -> list[lattice.Example]:
    """Return the examples of one fold, by a `sight` that knows none of its writers."""
    unseen = mix.load(data, lambda w: mix.held_out(w, part, FOLDS))
    cheques = amount_pages(data / "cheques", lambda n: mix.held_out(n, part, FOLDS) and not cheque_held_out(n))
    made = itertools.chain(pages(unseen, np.random.default_rng(part), 2, 1000, 5000), cheques)
    return lattice.examples(tqdm(made, desc=f"pages of fold {part + 1}", unit=" pages"), sight, ink)


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
        **recipes(),
        "data": "MNIST train, pen digits, letters, symbols and numbers train, cheque amounts; writers held out by hash",
        "scores on test writers": scores(network, tests, warmth),
        "history": [json.loads((each / "history.json").read_text()) for each in _trainings(folder)],
        "credit": CREDIT,
    } | weight(network)


def _trainings(folder: Path) -> tuple[Path, ...]:
    return folder, folder / "settled", folder / "taught", folder / "taught/settled"
