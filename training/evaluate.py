"""What a model is worth on writers it does not know: counts, intervals and curves, from its probabilities."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognizer.classify import Classifier, load_classifier
from training import mix
from training.calibrate import calibration_error, softened
from training.data import BadData, are_known
from training.mix import Corpus, Glyphs

BINS = 15  # of the reliability diagram
COVERAGES = (1.0, 0.99, 0.95, 0.9)  # shares of the digits that are answered, the surest first
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75)  # of the writers, from the one who is read worst
_NORMAL = 1.959964  # standard deviations that hold 95 % of a normal distribution
_BATCH = 256


@dataclass(frozen=True, eq=False)
class Trial:
    """Glyphs (n, 28, 28) of writers that no model was trained on, with the label and the writer of each."""

    name: str
    glyphs: Glyphs
    labels: NDArray[np.str_]
    writers: NDArray[np.str_]


@dataclass(frozen=True, eq=False)
class Answers:
    """What a model says of a trial: `raw` and calibrated probabilities (n, labels) and the labels that these mean."""

    trial: Trial
    labels: tuple[str, ...]
    raw: NDArray[np.floating]
    likely: NDArray[np.floating]

    @property
    def read(self) -> NDArray[np.str_]:
        """The label that is likeliest for each glyph."""
        return np.asarray(np.array(self.labels)[self.likely.argmax(1)])

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether each glyph is read as what it is."""
        return np.asarray(self.read == self.trial.labels)

    @property
    def right_among(self) -> NDArray[np.bool_]:
        """Whether each glyph is read as what it is, if no label may be read that the trial does not hold.

        So a model that knows marks and rejects compares with those that know the ten digits alone.
        """
        there = sorted(set(self.trial.labels.tolist()))
        columns = self.likely[:, [self.labels.index(label) for label in there]]
        return np.asarray(np.array(there)[columns.argmax(1)] == self.trial.labels)

    @property
    def confidence(self) -> NDArray[np.floating]:
        """The probability of the likeliest label."""
        return np.asarray(self.likely.max(1))


def trials(corpus: Corpus, limit: int | None = None) -> list[Trial]:
    """Return the digits and marks of `corpus` as trials, each as it was written; at most `limit` of each."""
    rng = np.random.default_rng(0)
    found = []
    if len(corpus.mnist.labels):
        part = corpus.mnist.some(limit or len(corpus.mnist.labels))
        found.append(Trial("mnist", part.images, part.labels.astype(np.str_), part.writers))
    if len(corpus.scans.labels):
        part = corpus.scans.some(limit or len(corpus.scans.labels))
        found.append(Trial("scans", part.images, part.labels.astype(np.str_), part.writers))
    for name, wanted in (("pen digits", mix.DIGITS), ("pen marks", mix.MARKS)):
        samples = [s for s in corpus.characters if s.label in wanted][:limit]
        glyphs = [mix.pen_glyph(s.traces, corpus.hands[s.writer].height, rng, 0) for s in samples]
        if samples:
            labels, writers = np.array([s.label for s in samples]), np.array([s.writer for s in samples])
            found.append(Trial(name, np.stack(glyphs), labels, writers))
    return found


def answers(classifier: Classifier, trial: Trial) -> Answers:
    """Ask `classifier` for every glyph of `trial`."""
    glyphs = trial.glyphs.astype(np.float32)[..., None]
    raw = np.concatenate([classifier.run(glyphs[i : i + _BATCH]) for i in range(0, len(glyphs), _BATCH)])
    return Answers(trial, classifier.labels, raw, softened(raw, float(classifier.card.get("temperature", 1.0))))


def wilson(right: int, count: int) -> tuple[float, float]:
    """Return the interval that holds the true share with 95 % (E. Wilson, 1927), for `right` out of `count`."""
    if not count:
        return 0.0, 1.0
    share, square = right / count, _NORMAL**2 / count
    middle = (share + square / 2) / (1 + square)
    half = _NORMAL * np.sqrt(share * (1 - share) / count + square / (4 * count)) / (1 + square)
    return min(share, max(0.0, float(middle - half))), max(share, min(1.0, float(middle + half)))


def risk_at(confidence: NDArray[np.floating], right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the share of errors among the surest 1, 2, … n answers."""
    order = np.argsort(-confidence, kind="stable")
    return np.asarray(np.cumsum(~right[order]) / np.arange(1, len(right) + 1))


def per_writer(found: Answers) -> NDArray[np.float64]:
    """Return the accuracy of each writer of the trial, the worst first."""
    _, owner = np.unique(found.trial.writers, return_inverse=True)
    return np.asarray(np.sort(np.bincount(owner, found.right) / np.bincount(owner)))


def confusion(found: Answers) -> tuple[list[str], NDArray[np.int64]]:
    """Return the labels that were written or read, and how often each (row) was read as each (column)."""
    names = sorted({*found.trial.labels.tolist(), *found.read.tolist()})
    place = {name: i for i, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)), np.int64)
    for truth, read in zip(found.trial.labels.tolist(), found.read.tolist(), strict=True):
        counts[place[truth], place[read]] += 1
    return names, counts


def reliability(found: Answers) -> list[dict[str, float]]:
    """Return, for each bin of confidence with answers in it, their mean confidence, accuracy and number."""
    place = np.minimum((found.confidence * BINS).astype(int), BINS - 1)
    return [
        {
            "confidence": float(found.confidence[place == b].mean()),
            "accuracy": float(found.right[place == b].mean()),
            "glyphs": int((place == b).sum()),
        }
        for b in range(BINS)
        if (place == b).any()
    ]


def measures(found: Answers) -> dict[str, Any]:
    """Return all that is told of a model on one trial; of writers, nothing where they are not known."""
    count, right = len(found.right), int(found.right.sum())
    risk = risk_at(found.confidence, found.right)
    writers = per_writer(found) if are_known(found.trial.writers) else np.zeros(0)
    raw_right = np.array(found.labels)[found.raw.argmax(1)] == found.trial.labels
    classes = {}
    for label in sorted(set(found.trial.labels.tolist())):
        here = found.trial.labels == label
        hit, all_of = int(found.right[here].sum()), int(here.sum())
        classes[label] = {"glyphs": all_of, "accuracy": hit / all_of, "interval": wilson(hit, all_of)}
    return {
        "glyphs": count,
        "writers": len(writers),
        "errors": count - right,
        "accuracy": right / count,
        "interval": wilson(right, count),
        "accuracy among its labels": float(found.right_among.mean()),
        "classes": classes,
        "writer quantiles": {str(q): float(np.quantile(writers, q)) for q in QUANTILES if len(writers)},
        "calibration error": calibration_error(found.confidence, found.right, BINS),
        "calibration error before": calibration_error(found.raw.max(1), raw_right, BINS),
        "reliability": reliability(found),
        "risk at coverage": {str(c): float(risk[max(0, round(c * count) - 1)]) for c in COVERAGES},
    }


def time_per_digit(classifier: Classifier, glyphs: Glyphs, batch: int, seconds: float = 0.5) -> float:
    """Return the milliseconds that one of `batch` glyphs takes at a time: the median of runs for `seconds`."""
    inlet = np.resize(glyphs, (batch, 28, 28)).astype(np.float32)[..., None]
    classifier.run(inlet)
    taken: list[float] = []
    while sum(taken) < seconds or len(taken) < 5:
        begun = time.perf_counter()
        classifier.run(inlet)
        taken.append(time.perf_counter() - begun)
    return 1000 * float(np.median(taken)) / batch


@dataclass(frozen=True, eq=False)
class Evaluation:
    """One model and what came of it: its answers to each trial, the numbers, its speed and size."""

    title: str
    card: dict[str, Any]
    answers: tuple[Answers, ...]
    numbers: dict[str, Any]


def evaluate(title: str, path: Path, over: Sequence[Trial]) -> Evaluation:
    """Measure the model at `path` on each trial whose labels it all knows, by the engine that runs such files."""
    classifier = load_classifier(path)
    known = [t for t in over if set(t.labels.tolist()) <= set(classifier.labels)]
    found = tuple(answers(classifier, trial) for trial in known)
    numbers = {
        "trials": {a.trial.name: measures(a) for a in found},
        "engine": "LiteRT" if path.suffix == ".tflite" else "Keras",
        "milliseconds a digit": time_per_digit(classifier, over[0].glyphs, 1),
        "milliseconds a digit, 64 at a time": time_per_digit(classifier, over[0].glyphs, 64),
        "bytes": path.stat().st_size,
        "parameters": classifier.card.get("parameters"),
        "multiply-adds": classifier.card.get("multiply-adds"),
        "temperature": classifier.card.get("temperature", 1.0),
    }
    return Evaluation(title, classifier.card | {"history": history_of(path, classifier.card)}, found, numbers)


def history_of(path: Path, card: dict[str, Any]) -> list[Any]:
    """Return what the training of the model at `path` logged: by its `card`, else by a history.json beside it.

    Raises
    ------
    BadData
        Where that file is broken.
    """
    beside = (path.with_name("history.json"), path.with_suffix("") / "history.json")
    place = next((p for p in beside if p.exists()), None)
    if card.get("history") or place is None:
        return list(card.get("history") or ())
    try:
        log = list(json.loads(place.read_text(encoding="utf-8")))
        if not all(isinstance(row, dict) and {"epoch", "loss"} < set(row) for row in log):
            raise ValueError("expected a row with epoch, loss and accuracies for each epoch")
    except (ValueError, TypeError) as error:
        raise BadData(f"{place} is no history of a training ({error}): delete it.") from error
    return log
