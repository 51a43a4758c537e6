"""Adapts a model to its user's hand, on the ink that the canvas kept, without forgetting other hands.

A few drawings are soon learnt by heart, and everything else forgotten (M. McCloskey and N. Cohen,
1989). So most of what the network sees is other handwriting, gone over again; of that it learns
the labels and what it thought of it before (Z. Li and D. Hoiem, *Learning without forgetting*,
ECCV 2016); its normalisation stays as it was, the learning rate is low, and a model that has
become worse at other hands is not kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np

from recognizer.classify import Classifier, found_model, shipped_labels
from recognizer.engine import load_network
from recognizer.normalize import normalize
from recognizer.recognize import Recognizer
from recognizer.render import render_drawing
from training.callbacks import Bar
from training.card import fitted_temperature, predicted, scores, weight, write_model
from training.data import BadData
from training.drawings import Kept
from training.mix import LABELS, Maker
from training.own_hand import own_hand, own_maker
from training.plots import sheet
from training.rehearsal import BUNDLED_CREDIT, Rehearsal, rehearsal
from training.sources import Sources
from training.train import Checks, Schedule, checks

NAME = "adapted"  # of the model's files
REMEMBERED = 0.5  # share of what the model thought before in what is learnt of other hands, the labels have the rest
_TENS = tuple(LABELS[:10])

Read = tuple[Kept, str, str]  # a drawing, what it was read as before, and what after


@dataclass(frozen=True)
class Plan:
    """How a model is adapted: glyphs in an epoch of the user's hand (`own`) and of others' (`others`).

    The model is kept if its errors on each kind of other handwriting are not more by `tolerance`,
    a share of all glyphs, or by one.
    """

    epochs: int = 6
    rate: float = 3e-4
    seed: int = 1
    own: int = 1500
    others: int = 6000
    batch: int = 64
    tolerance: float = 0.002


@dataclass(frozen=True)
class Change:
    """How many of `count` were right before and after, of one kind of handwriting; `own` is the user's."""

    kind: str
    count: int
    before: int
    after: int
    own: bool = False

    def worse(self, tolerance: float) -> bool:
        """Tell whether too many were right before and are no longer: of the user's own, any."""
        return self.before - self.after > (0 if self.own else max(1.0, tolerance * self.count))


@dataclass(frozen=True)
class Adapted:
    """What came of it: the changes, how each drawing that was asked about is read, and where the model is."""

    changes: tuple[Change, ...]
    read: tuple[Read, ...]
    path: Path | None = None

    def worse(self, tolerance: float) -> tuple[Change, ...]:
        """Return the kinds of handwriting at which the model has become worse."""
        return tuple(c for c in self.changes if c.worse(tolerance))

    def told(self) -> Iterator[str]:
        """Yield in lines what was right before and after, and what has changed in the user's own drawings."""
        yield f"{'':<34} {'before':>9} {'after':>9}"
        for c in self.changes:
            shares = (f"{100 * n / c.count:8.2f}%" for n in (c.before, c.after))
            yield f"{f'{c.kind} ({c.count})':<34} {' '.join(shares)}"
        for kept, before, after in self.read:
            if before != after:
                yield f"{kept.name}: {kept.label}, read {before or 'nothing'} before, {after or 'nothing'} now"


def adapt(folder: Path, model: Path, found: Sources | None, out: Path, plan: Plan, command: str) -> Adapted:
    """Adapt `model` to the drawings in `folder`; write it to `out`, with its card, if it is worth keeping.

    What it goes over again is in `found`, besides what the package has. Where the returned path is
    None, the model had become worse and nothing was written.

    Raises
    ------
    BadData, ModelUnavailable
        Where there is too little to learn from, no such model, or one that cannot be adapted.
    """
    path, reader = _opened(model)
    labels = tuple(reader.card["labels"])
    hand = own_hand(folder, labels)
    again = rehearsal(found, labels, plan.seed)
    own = own_maker(hand.learnt, reader, plan.own, labels)
    old, new = tuned(path, own, again.maker(plan.others, labels), plan)
    card = reader.card | {"temperature": _warmth(new, again, float(reader.card.get("temperature", 1.0)))}
    changed = replace(reader, classifier=_classifier(new, card))
    read = tuple((k, _read(reader, k), _read(changed, k)) for k in hand.asked)
    done = Adapted((_own_change(read), *_changes(old, new, again.checks)), read)
    if done.worse(plan.tolerance):
        return done
    about = {"model": path.name, "drawings": len(hand.learnt), "drawings held out": len(hand.asked)}
    about["right before and after"] = {c.kind: f"{c.before} and {c.after} of {c.count}" for c in done.changes}
    out.mkdir(parents=True, exist_ok=True)
    told = {"command": command, "adapted from": about} | _told(card, new, again, found, plan)
    write_model(new, told, out / NAME)
    _draw(read, out / f"{NAME}-held-out.png")
    return replace(done, path=out / f"{NAME}.tflite")


def _opened(model: Path) -> tuple[Path, Recognizer]:
    """Return the .keras file of `model`, and the reader with it alone, as an adapted one reads."""
    path = found_model(model, "keras")
    reader = replace(Recognizer.load(path, "keras"), line_model=None)
    if tuple(reader.card["labels"]) not in (LABELS, _TENS):
        raise BadData(f"{path} cannot be adapted: name a .keras model of digits, or of digits and marks.")
    return path, reader


def tuned(path: Path, own: Maker, others: Maker, plan: Plan) -> tuple[keras.Model, keras.Model]:
    """Return the network at `path` as it is, and after epochs of `own` handwriting and of `others`.

    Raises
    ------
    BadData
        Where it has no weights to train, or they grow without bounds.
    """
    keras.utils.set_random_seed(plan.seed)
    old, new, pupil = (load_network(path) for _ in range(3))
    if not pupil.trainable_variables:
        raise BadData(f"{path} cannot be adapted, since it has no weights to train: name a network.")
    still = [x for x in pupil._flatten_layers() if isinstance(x, keras.layers.BatchNormalization) and x.trainable]
    for layer in still:
        layer.trainable = False
    steps = -(-(own.size() + others.size()) // plan.batch)
    schedule = Schedule(plan.rate, steps * plan.epochs)
    pupil.compile(keras.optimizers.Adam(schedule), keras.losses.CategoricalCrossentropy())
    with closing(Bar(steps * plan.epochs, 0)) as bar:
        for epoch in range(plan.epochs):
            glyphs, targets = _epoch(old, own, others, 10_000 * plan.seed + epoch)
            pupil.fit(glyphs[..., None], targets, plan.batch, verbose=0, callbacks=[bar])
    for layer in still:
        layer.trainable = True
    learnt = pupil.get_weights()
    if not all(np.isfinite(w).all() for w in learnt):
        raise BadData(f"Learning at the rate {plan.rate} went astray: choose a lower --rate.")
    new.set_weights(learnt)  # the pupil itself would be saved with its optimiser
    return old, new


def _epoch(old: keras.Model, own: Maker, others: Maker, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the glyphs (n, 28, 28) of one epoch and the probabilities (n, labels) that are to be learnt."""
    ours, classes = own.epoch(seed)
    theirs, known = others.epoch(seed)
    count = old.output.shape[-1]
    thought = predicted(old, theirs)
    right = keras.utils.to_categorical(known, count)
    targets = [keras.utils.to_categorical(classes, count), (1 - REMEMBERED) * right + REMEMBERED * thought]
    return np.concatenate([ours, theirs]), np.concatenate(targets)


def _classifier(network: keras.Model, card: dict[str, Any]) -> Classifier:
    """Return what the reader opens once `network` is saved with its `card`."""
    run = Classifier(lambda glyphs: np.asarray(network(glyphs, training=False), np.float32), card)
    return run.among(shipped_labels())


def _read(reader: Recognizer, kept: Kept) -> str:
    return "".join(reader.read(kept.drawing).text.split())


def _own_change(read: tuple[Read, ...]) -> Change:
    before, after = (sum(row[place] == row[0].label for row in read) for place in (1, 2))
    return Change("your drawings, held out", len(read), before, after, own=True)


def _changes(old: keras.Model, new: keras.Model, asked: Checks) -> Iterator[Change]:
    for kind, (glyphs, classes) in asked.items():
        before, after = (int((predicted(network, glyphs).argmax(1) == classes).sum()) for network in (old, new))
        yield Change(kind, len(classes), before, after)


def _warmth(network: keras.Model, again: Rehearsal, before: float) -> float:
    """Return the temperature that suits `network` on people's handwriting, or that of `before` where there is none."""
    unseen = {kind: part for kind, part in again.checks.items() if kind in again.validating}
    return fitted_temperature(network, unseen) if unseen else before


def _told(
    card: dict[str, Any], network: keras.Model, again: Rehearsal, found: Sources | None, plan: Plan
) -> dict[str, Any]:
    """Return what the card of the adapted `network` says, given that of the model it was, recalibrated."""
    labels, warmth = tuple(card["labels"]), float(card["temperature"])
    tests = checks(found.load(lambda _: True, "test"), 20_000, labels) if found else again.checks
    return {
        "labels": list(labels),
        "temperature": warmth,
        "name": NAME,
        "seed": plan.seed,
        "recipe": asdict(plan),
        "data": f"ink kept by the canvas; gone over again: {again.told}",
        "credit": " ".join(filter(None, (card.get("credit"), BUNDLED_CREDIT, found.credit() if found else ""))),
        "scores": scores(network, tests, warmth),
    } | weight(network)


def _draw(read: tuple[Read, ...], path: Path) -> None:
    """Draw each drawing that was asked about, with what it was read as before and after."""
    glyphs = [normalize(255 - render_drawing(kept.drawing)) for kept, _, _ in read]
    heads = [f"{kept.label}\n{before or 'none'} > {after or 'none'}" for kept, before, after in read]
    sheet(glyphs, heads, "written; read before > now", path)
