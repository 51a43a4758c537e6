"""Smaller exports of a model, each measured against the model itself."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from recognizer.classify import found_model, load_classifier
from recognizer.engine import load_network
from recognizer.file import write_file
from recognizer.risk import KEY
from training.calibrate import temperature
from training.card import worth
from training.card_page import AGAINST, page
from training.data import BadData
from training.evaluate import Answers, Trial, answers, time_per_digit, trials
from training.export import export
from training.mix import Glyphs, held_out
from training.sources import VALIDATION, Sources
from training.together import together

MEASURED = frozenset({"scores", "scores on test writers", "validation", KEY})
"""What a card tells of how well its model reads: of an export of it, only what is measured anew."""

EXAMPLES = 1000  # glyphs of validation writers that set the ranges of int8


def make_variant(model: Path, precision: str, found: Sources, out: Path, command: str) -> tuple[Path, dict[str, Any]]:
    """Export the `.keras` file of `model` in `precision` to `out`; return its path and its card with what it costs.

    The card stands there as a page to read, too, and tells the `command` that made the export.

    Its temperature is fitted anew on validation writers; on test writers it is scored, and compared with the model.

    Raises
    ------
    BadData, ModelUnavailable
        Where the data has nothing to measure on, or there is no such model.
    """
    source = found_model(model, "keras")
    full = load_classifier(source, "keras")
    over = [t for t in trials(found.load(lambda _: True, "test")) if set(t.labels.tolist()) <= set(full.labels)]
    seen = trials(found.load(lambda w: held_out(w, 0, VALIDATION)))
    seen = [t for t in seen if set(t.labels.tolist()) <= set(full.labels)]
    if not over or not seen:
        raise BadData("The data holds nothing to measure an export on: add data.")
    glyphs = np.concatenate([t.glyphs for t in seen])
    chosen = np.random.default_rng(0).permutation(len(glyphs))[:EXAMPLES]
    examples = glyphs[chosen]
    network = load_network(source)
    with TemporaryDirectory() as folder:
        whole, small = (_written(network, Path(folder) / p, full.card, p, examples) for p in ("float32", precision))
        warmth = _warmth(small, seen)
        card = {key: value for key, value in full.card.items() if key not in MEASURED}
        card |= {"precision": precision, "temperature": warmth, "scores": _scores(small, over, warmth)}
        card |= {"export": command, AGAINST: _compared(small, whole, over)}
        out.mkdir(parents=True, exist_ok=True)
        with together(out) as made:
            path = made / f"{source.stem}-{precision}.tflite"
            write_file(path, small.read_bytes())
            write_file(path.with_suffix(".json"), (json.dumps(card, indent=1) + "\n").encode())
            write_file(path.with_suffix(".md"), page(card, path.stem).encode())
    return out / path.name, card


def _written(network: keras.Model, path: Path, card: dict[str, Any], precision: str, examples: Glyphs) -> Path:
    """Export `network` to `path`.tflite with the `card` of the model it was, and return where it is."""
    write_file(path.with_suffix(".json"), json.dumps(card).encode())
    return export(network, path.with_suffix(".tflite"), precision, examples if precision == "int8" else None)


def _warmth(path: Path, seen: list[Trial]) -> float:
    """Return the temperature that suits the export at `path` on the glyphs `seen`."""
    classifier = load_classifier(path)
    found = [answers(classifier, trial) for trial in seen]
    truth = np.concatenate([_classes(a) for a in found])
    return round(temperature(np.concatenate([a.raw for a in found]), truth), 4)


def _scores(path: Path, over: list[Trial], warmth: float) -> dict[str, dict[str, float]]:
    """Return what the export at `path`, with the temperature `warmth`, is worth on each trial."""
    classifier = load_classifier(path)
    found = [answers(classifier, trial) for trial in over]
    return {a.trial.name: worth(a.raw, _classes(a), warmth) for a in found}


def _classes(found: Answers) -> NDArray[np.int64]:
    """Return the place of each glyph's label among those of the model."""
    return np.array([found.labels.index(label) for label in found.trial.labels.tolist()], np.int64)


def _compared(path: Path, whole: Path, over: list[Trial]) -> dict[str, Any]:
    """Return what the export at `path` costs and saves against that at `whole`."""
    small, full = load_classifier(path), load_classifier(whole)
    told: dict[str, Any] = {"bytes": [path.stat().st_size, whole.stat().st_size]}
    told["milliseconds a digit"] = [round(time_per_digit(c, over[0].glyphs, 1), 4) for c in (small, full)]
    for trial in over:
        told[trial.name] = _differences(answers(small, trial), answers(full, trial))
    return told


def _differences(small: Answers, full: Answers) -> dict[str, float]:
    return {
        "accuracy": round(float(small.right.mean()), 5),
        "accuracy in float32": round(float(full.right.mean()), 5),
        "read the same": round(float((small.read == full.read).mean()), 5),
        "largest difference of a probability": round(float(np.abs(small.raw - full.raw).max()), 5),
    }
