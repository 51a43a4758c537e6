"""Rubbing out: whole strokes that the eraser touches, or only the ink under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer.drawing import Stroke

SPACING = 2.0
"""Pixels between the points of a stroke that the eraser is tried against; below a thin pen's width."""


@dataclass(frozen=True)
class _Dense:
    """Strokes as close points (m, 2), and for each the index of its stroke."""

    strokes: tuple[Stroke, ...]
    points: NDArray[np.float64]
    owner: NDArray[np.intp]


_last = _Dense((), np.empty((0, 2)), np.empty(0, np.intp))


def erase_strokes(
    strokes: tuple[Stroke, ...], path: Sequence[tuple[float, float]], radius: float
) -> tuple[Stroke, ...]:
    """Return `strokes` without those that come within `radius` pixels of `path`; the same tuple if none does."""
    dense = _dense(strokes)
    gone = set(dense.owner[_under(dense.points, path, radius)].tolist())
    return tuple(stroke for k, stroke in enumerate(strokes) if k not in gone) if gone else strokes


def erase_area(strokes: tuple[Stroke, ...], path: Sequence[tuple[float, float]], radius: float) -> tuple[Stroke, ...]:
    """Return `strokes` without the ink within `radius` pixels of `path`; a stroke cut through becomes several."""
    dense = _dense(strokes)
    under = _under(dense.points, path, radius)
    hit = set(dense.owner[under].tolist())
    if not hit:
        return strokes
    left: list[Stroke] = []
    for k, stroke in enumerate(strokes):
        mine = dense.owner == k if k in hit else None
        left += [stroke] if mine is None else _runs(stroke, dense.points[mine], ~under[mine])
    return tuple(left)


def _runs(stroke: Stroke, points: NDArray[np.float64], kept: NDArray[np.bool_]) -> list[Stroke]:
    """Return what is left of `stroke`: each unbroken run of its close `points` (m, 2) that is `kept` (m)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], kept, [False]]).astype(np.int8)))
    runs = [points[start:end].tolist() for start, end in zip(edges[::2], edges[1::2], strict=True)]
    return [Stroke(tuple((x, y) for x, y in run), stroke.width) for run in runs]


def _dense(strokes: tuple[Stroke, ...]) -> _Dense:
    """Return `strokes` as close points; asked again for the same strokes, the same answer comes at once."""
    global _last  # one gesture asks at every movement, and a page of many strokes takes a while
    if _last.strokes is not strokes or not strokes:
        lines = [_filled(np.asarray(stroke.points, float).reshape(-1, 2)) for stroke in strokes]
        owner = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
        _last = _Dense(strokes, np.concatenate([np.empty((0, 2)), *lines]), owner.astype(np.intp))
    return _last


def _filled(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return `line` (n, 2) with points put in between until none is further than `SPACING` from the next."""
    if len(line) < 2:
        return line
    way = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    at = np.union1d(way, np.arange(0, way[-1], SPACING))
    return np.stack([np.interp(at, way, line[:, 0]), np.interp(at, way, line[:, 1])], axis=1)


def _under(points: NDArray[np.float64], path: Sequence[tuple[float, float]], radius: float) -> NDArray[np.bool_]:
    """Return which of `points` (m, 2) lie within `radius` of the line through `path`."""
    under = np.zeros(len(points), bool)
    for (ax, ay), (bx, by) in zip(path[:-1] or path, path[1:] or path, strict=True):
        along = np.array([bx - ax, by - ay])
        part = (points - (ax, ay)) @ along / max(1e-9, float(along @ along))
        nearest = np.clip(part, 0, 1)[:, None] * along + (ax, ay)
        under |= np.hypot(*(points - nearest).T) <= radius
    return under
