"""Smaller exports of a model, each measured against the model itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import keras
import numpy as np

from recognizer.classify import found_model, load_classifier
from recognizer.engine import load_network
from recognizer.file import write_file
from training.calibrate import temperature
from training.data import BadData
from training.evaluate import Answers, Trial, answers, time_per_digit, trials
from training.export import export
from training.mix import Glyphs, held_out
from training.sources import VALIDATION, Sources
from training.together import together

EXAMPLES = 1000  # glyphs of validation writers that set the ranges of int8


def make_variant(model: Path, precision: str, found: Sources, out: Path) -> tuple[Path, dict[str, Any]]:
    """Export the `.keras` file of `model` in `precision` to `out`; return its path and its card with what it costs.

    Its temperature is fitted anew on validation writers, and it is compared on test writers.

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
        card = full.card | {"precision": precision, "temperature": _warmth(small, seen)}
        card["against float32"] = _compared(small, whole, over)
        out.mkdir(parents=True, exist_ok=True)
        with together(out) as made:
            path = made / f"{source.stem}-{precision}.tflite"
            write_file(path, small.read_bytes())
            write_file(path.with_suffix(".json"), (json.dumps(card, indent=1) + "\n").encode())
    return out / path.name, card


def _written(network: keras.Model, path: Path, card: dict[str, Any], precision: str, examples: Glyphs) -> Path:
    """Export `network` to `path`.tflite with the `card` of the model it was, and return where it is."""
    write_file(path.with_suffix(".json"), json.dumps(card).encode())
    return export(network, path.with_suffix(".tflite"), precision, examples if precision == "int8" else None)


def _warmth(path: Path, seen: list[Trial]) -> float:
    """Return the temperature that suits the export at `path` on the glyphs `seen`."""
    classifier = load_classifier(path)
    found = [answers(classifier, trial) for trial in seen]
    places = [[classifier.labels.index(label) for label in a.trial.labels.tolist()] for a in found]
    return round(temperature(np.concatenate([a.raw for a in found]), np.concatenate(places)), 4)


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


def told(card: dict[str, Any]) -> Iterator[str]:
    """Yield in lines what the export with this `card` costs and saves."""
    measured = dict(card["against float32"])
    small, full = measured.pop("bytes")
    yield f"{small / 1000:,.0f} kB instead of {full / 1000:,.0f}"
    quick, slow = measured.pop("milliseconds a digit")
    yield f"{quick:.3f} ms a digit instead of {slow:.3f}"
    for name, numbers in measured.items():
        yield (
            f"{name}: {100 * numbers['accuracy']:.2f} % right instead of {100 * numbers['accuracy in float32']:.2f}, "
            f"{100 * numbers['read the same']:.2f} % read the same, probabilities differ by at most "
            f"{numbers['largest difference of a probability']:.4f}"
        )
