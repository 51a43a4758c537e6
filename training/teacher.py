"""Distillation: a network learns from what a finished model thinks of each glyph, as well as from its label.

What the teacher thinks of the wrong labels tells more than the right one alone: how like a 7 this 1
is (G. Hinton, O. Vinyals and J. Dean, *Distilling the knowledge in a neural network*, 2015).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from recognizer.classify import found_model, load_classifier
from training.calibrate import softened
from training.data import BadData
from training.mix import Glyphs

SHARE = 0.7  # of the teacher in the loss, the labels have the rest: usual, not tuned
TEMPERATURE = 3.0  # softens what both think, or next to nothing would be left of the wrong labels: usual, not tuned
_BATCH = 512  # glyphs that the teacher is asked about at a time

Likely = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Teacher:
    """A finished model: `run` gives the probabilities (n, labels) of glyphs (n, 28, 28, 1).

    `about` tells which it is, for the card and for checkpoints: the same for the same teacher.
    """

    run: Callable[[NDArray[np.float32]], NDArray[np.floating]]
    labels: tuple[str, ...]
    about: str
    share: float = SHARE
    temperature: float = TEMPERATURE

    def of(self, labels: Sequence[str]) -> Teacher:
        """Return this teacher for a network that has to tell `labels` apart, and no others.

        Raises
        ------
        BadData
            Where it does not know one of them.
        """
        if strange := [repr(label) for label in labels if label not in self.labels]:
            raise BadData(f"The teacher does not know {', '.join(strange)}: choose another, or a --mix without.")
        places = [self.labels.index(label) for label in labels]

        def run(glyphs: NDArray[np.float32]) -> NDArray[np.floating]:
            return np.asarray(self.run(glyphs))[:, places] + 1e-12  # never none at all, so that shares of it exist

        return Teacher(run, tuple(labels), self.about, self.share, self.temperature)

    def opinions(self, glyphs: Glyphs) -> Likely:
        """Return the probabilities (n, labels) of `glyphs` (n, 28, 28), softened."""
        parts = [glyphs[i : i + _BATCH].astype(np.float32)[..., None] for i in range(0, len(glyphs), _BATCH)]
        return softened(np.concatenate([self.run(part) for part in parts]), self.temperature).astype(np.float32)

    def targets(self, glyphs: Glyphs, right: Likely) -> Likely:
        """Return what a network is to learn of `glyphs`: `right` (n, labels) and the opinions, side by side."""
        return np.concatenate([right, self.opinions(glyphs)], axis=1)

    @property
    def settings(self) -> dict[str, Any]:
        """What decides a training by this teacher."""
        return {"model": self.about, "share": self.share, "temperature": self.temperature}


def panel(networks: Sequence[keras.Model], labels: Sequence[str], about: str) -> Teacher:
    """Return a teacher that thinks what `networks`, of one mind on `labels` and with softmax, think together.

    That is the geometric mean of their probabilities.
    """

    def run(glyphs: NDArray[np.float32]) -> NDArray[np.floating]:
        merits = np.mean([np.log(network.predict_on_batch(glyphs) + 1e-9) for network in networks], axis=0)
        likely = np.exp(merits - merits.max(1, keepdims=True))
        return np.asarray(likely / likely.sum(1, keepdims=True))

    return Teacher(run, tuple(labels), about)


def load_teacher(model: Path, share: float = SHARE, temperature: float = TEMPERATURE) -> Teacher:
    """Open `model` (a file or a folder) as a teacher.

    Raises
    ------
    ModelUnavailable
        Where the file is missing or no model.
    """
    whole = model.is_dir() or model.with_suffix(".keras").exists()
    path = found_model(model, "keras" if whole else "litert")
    classifier = load_classifier(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return Teacher(classifier.run, classifier.labels, f"{path.stem} (sha256 {digest})", share, temperature)


@keras.saving.register_keras_serializable("training")
class Distillation(keras.losses.Loss):  # type: ignore[misc]
    """Cross entropy with the labels, smoothed, and with a teacher's opinions, both at the teacher's temperature.

    The second is weighed with the square of the temperature, since its gradients shrink by that.
    """

    def __init__(self, share: float, temperature: float, smoothing: float, **more: Any) -> None:
        super().__init__(**more)
        self.share, self.temperature, self.smoothing = share, temperature, smoothing

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Return the loss (n,) of the logits `y_pred` (n, labels), given targets as `Teacher.targets` makes them."""
        right, opinion = ops.split(y_true, 2, axis=-1)
        right = right * (1 - self.smoothing) + self.smoothing / right.shape[-1]
        by_label = ops.categorical_crossentropy(right, y_pred, from_logits=True)
        by_teacher = ops.categorical_crossentropy(opinion, y_pred / self.temperature, from_logits=True)
        return (1 - self.share) * by_label + self.share * self.temperature**2 * by_teacher

    def get_config(self) -> dict[str, Any]:
        """Return what makes this loss again."""
        own = {"share": self.share, "temperature": self.temperature, "smoothing": self.smoothing}
        return dict(super().get_config()) | own
