"""The card of a model: what it reads, what it was made of and how, what it is worth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from recognizer.file import write_file
from training.calibrate import calibration_error, softened, temperature
from training.card_page import page
from training.export import export, save_network
from training.mix import Glyphs
from training.models import multiply_adds
from training.together import together
from training.train import Checks

Likely = NDArray[np.floating]


def predicted(network: keras.Model, glyphs: Glyphs) -> Likely:
    """Return the probabilities (n, labels) that `network` gives to `glyphs` (n, 28, 28)."""
    return np.asarray(network.predict(glyphs[..., None], batch_size=512, verbose=0))


def fitted_temperature(network: keras.Model, validation: Checks) -> float:
    """Return the temperature that suits `network` on what the held-out writers wrote; 1 where there is nothing."""
    if not validation:
        return 1.0
    glyphs, classes = (np.concatenate(parts) for parts in zip(*validation.values(), strict=True))
    return round(temperature(predicted(network, glyphs), classes), 4)


def scores(network: keras.Model, tests: Checks, warmth: float) -> dict[str, dict[str, float]]:
    """Return what is told of `network` on each of `tests`."""
    return {name: worth(predicted(network, glyphs), truth, warmth) for name, (glyphs, truth) in tests.items()}


def worth(raw: Likely, truth: NDArray[np.integer], warmth: float) -> dict[str, float]:
    """Return the accuracy of probabilities (n, labels), and their calibration error before and after the temperature.

    `truth` (n,) says which label is right.
    """
    right = raw.argmax(1) == truth
    return {
        "glyphs": len(truth),
        "accuracy": round(float(right.mean()), 5),
        "calibration error": round(calibration_error(softened(raw, warmth).max(1), right), 5),
        "calibration error before": round(calibration_error(raw.max(1), right), 5),
    }


def weight(network: keras.Model) -> dict[str, int]:
    """Return how large `network` is."""
    return {"parameters": int(network.count_params()), "multiply-adds": multiply_adds(network)}


def write_model(
    network: keras.Model, card: dict[str, Any], path: Path, readable: str | None = None, precision: str = "float32"
) -> None:
    """Write `network` as `path`.keras and .tflite, its `card` as .json, and the card as a page beside them.

    The page is called `readable`, by default like the others (.md); the numbers in the .tflite file have this
    `precision`. Nothing that stands there is touched before all four are written.
    """
    with together(path.parent) as folder:
        made = folder / path.name
        save_network(network, made.with_name(f"{path.name}.keras"))
        export(network, made.with_name(f"{path.name}.tflite"), precision)
        write_file(made.with_name(f"{path.name}.json"), (json.dumps(card, indent=1) + "\n").encode())
        write_file(made.with_name(readable or f"{path.name}.md"), page(card, path.name).encode())
