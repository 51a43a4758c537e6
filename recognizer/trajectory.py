"""Strokes -> trajectory: the way of the pen through one symbol, which drawings tell and pictures do not.

Places at equal distances along the pen's way, each with the direction that it takes there and
whether it touches the paper, tell symbols apart that look alike and differ in how they are made
(I. Guyon et al., Design of a neural network character recognizer for a touch terminal, Pattern
Recognition 24, 1991).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.classify import Classifier
from recognizer.engine import network_from
from recognizer.ink import Mark, Trace

POINTS = 64  # places along the pen's way
CHANNELS = 5  # of each: x, y, its direction to the right and downwards, whether the pen is down

_SHARES = np.linspace(0, 1, POINTS)

Trajectory = NDArray[np.uint8]  # (POINTS, CHANNELS): each from -1 to 1, as 0 to 255


def trajectory(strokes: Sequence[Trace]) -> Trajectory:
    """Return the way of the pen along `strokes`, one after the other, fitted into one square."""
    points = np.concatenate([stroke if len(stroke) > 1 else np.repeat(stroke, 2, 0) for stroke in strokes])
    low, high = points.min(0), points.max(0)
    points = (points - (low + high) / 2) * (2 / max(float((high - low).max()), 1e-9))
    steps = points[1:] - points[:-1]
    way = np.concatenate([[0.0], np.cumsum(np.hypot(steps[:, 0], steps[:, 1]))])
    at = way[-1] * _SHARES
    channels = np.empty((POINTS, CHANNELS))
    places, directions = channels[:, :2], channels[:, 2:4]
    for axis in (0, 1):
        places[:, axis] = np.interp(at, way, points[:, axis])
    around = np.concatenate([places[:1], places, places[-1:]])
    directions[:] = around[2:] - around[:-2]
    directions /= np.maximum(np.hypot(directions[:, :1], directions[:, 1:]), 1e-6)
    step = np.minimum(np.maximum(np.searchsorted(way, at), 1), len(steps))
    lands = np.cumsum([max(2, len(stroke)) for stroke in strokes])[:-1]  # points to which the pen went lifted
    channels[:, 4] = np.where((step[:, None] == lands).any(1), -1.0, 1.0)
    return np.round(127.5 + 127.5 * channels).astype(np.uint8)


def trajectory_of(marks: tuple[Mark, ...]) -> Trajectory:
    """Return the trajectory of strokes."""
    return trajectory([mark.trace for mark in marks if mark.trace is not None])


def load_trajectory_model(path: Path, labels: Sequence[str]) -> Classifier:
    """Open the model in `path` (.tflite or .keras) that tells `labels` by trajectories (n, POINTS, CHANNELS).

    Raises
    ------
    ModelUnavailable
        Where the file is missing or no such model, or what runs it is not installed.
    """
    run = network_from(path, (POINTS, CHANNELS, 1), (len(labels),), "trajectories")
    return Classifier(run, {"labels": list(labels)})
