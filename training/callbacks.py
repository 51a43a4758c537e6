"""What looks over a training's shoulder: a bar that tells the time left, and a memory for its weights."""

from __future__ import annotations

import sys
from typing import Any

import keras
import numpy as np
from tqdm import tqdm


class Bar(keras.callbacks.Callback):  # type: ignore[misc]
    """How far a training has come and how long it still takes, on a terminal."""

    def __init__(self, steps: int, done: int) -> None:
        super().__init__()
        self._bar = tqdm(total=steps, initial=done, unit=" batches", disable=None, file=sys.stderr)

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Count one batch."""
        self._bar.update()

    def close(self) -> None:
        """Leave the line as it is."""
        self._bar.close()


class Unaveraged(keras.callbacks.Callback):  # type: ignore[misc]
    """Lets a training go on from its own weights: Keras puts their averages in their place after every `fit`."""

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Remember the weights, which are not replaced yet."""
        self._weights = [np.array(variable) for variable in self.model.trainable_variables]

    def restore(self) -> None:
        """Give the weights back."""
        for variable, value in zip(self.model.trainable_variables, self._weights, strict=True):
            variable.assign(value)
