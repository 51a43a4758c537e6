"""How well each label fits each candidate: the learnt score of the lattice.

A small network weighs the classifier's log-probabilities together with the candidate's geometry;
`training.lattice` fits it so that the right path through a line outweighs all others
(a semi-Markov conditional random field: S. Sarawagi and W. W. Cohen, NIPS 2004).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from recognizer.classify import Probabilities
from recognizer.engine import ModelUnavailable

FAINTEST = -9.0  # log-probabilities under this all count as this: they say only "certainly not"
SHRINK = 3.0  # brings log-probabilities to the size of the other features

Features = NDArray[np.float32]
Potentials = NDArray[np.float64]


def features(probabilities: Probabilities, geometry: NDArray[np.float32]) -> Features:
    """Return what a score sees of each candidate: (candidates, labels + geometry)."""
    looks = np.maximum(np.log(np.maximum(probabilities, 1e-12)), FAINTEST) / SHRINK
    return np.concatenate([looks.astype(np.float32), geometry], axis=1)


@dataclass(frozen=True, eq=False)
class Score:
    """What geometry adds to the classifier's log-probabilities.

    Dense layers, ReLU between them, with `weights` and `biases` from the features to the labels.
    """

    weights: tuple[NDArray[np.float32], ...]
    biases: tuple[NDArray[np.float32], ...]

    def potentials(self, seen: Features) -> Potentials:
        """Return the score (candidates, labels) of every label for every candidate, in nats."""
        x = seen
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            x = np.maximum(x @ weight + bias, 0)
        correction = x @ self.weights[-1] + self.biases[-1]
        return np.asarray(seen[:, : correction.shape[1]] * SHRINK + correction, np.float64)


def load_score(path: Path) -> Score:
    """Read a score from the .npz file that training wrote.

    Raises
    ------
    ModelUnavailable
        Where the file is missing or holds something else.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            layers = len(arrays.files) // 2
            weights = tuple(arrays[f"weight{i}"].astype(np.float32) for i in range(layers))
            biases = tuple(arrays[f"bias{i}"].astype(np.float32) for i in range(layers))
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise ModelUnavailable(f"{path}: the score of the lattice is missing or broken ({error}).") from error
    return Score(weights, biases)
