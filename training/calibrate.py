"""Calibration: probabilities that mean what they say (C. Guo et al., ICML 2017)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

Probabilities = NDArray[np.floating]
Classes = NDArray[np.integer]


def temperature(probabilities: Probabilities, classes: Classes) -> float:
    """Return the temperature that makes `probabilities` (n, labels) likeliest for the true `classes` (n,)."""
    logs = np.log(np.maximum(probabilities.astype(np.float64), 1e-12))

    def surprise(log_temperature: float) -> float:
        warm = logs / np.exp(log_temperature)
        total = np.logaddexp.reduce(warm, axis=1)
        return float(np.mean(total - warm[np.arange(len(classes)), classes]))

    return float(np.exp(minimize_scalar(surprise, bounds=(-2, 2), method="bounded").x))


def softened(probabilities: Probabilities, by: float) -> Probabilities:
    """Return `probabilities` (n, labels) at the temperature `by`."""
    warm = np.log(np.maximum(probabilities.astype(np.float64), 1e-12)) / by
    return np.asarray(np.exp(warm - np.logaddexp.reduce(warm, axis=1, keepdims=True)))


def calibration_error(confidences: Probabilities, right: NDArray[np.bool_], bins: int = 15) -> float:
    """Return the expected calibration error of `confidences` (n,): |accuracy - confidence| over equal bins."""
    place = np.minimum((confidences * bins).astype(int), bins - 1)
    gaps = [
        abs(float(right[place == b].mean()) - float(confidences[place == b].mean())) * float(np.mean(place == b))
        for b in range(bins)
        if (place == b).any()
    ]
    return float(np.sum(gaps))
