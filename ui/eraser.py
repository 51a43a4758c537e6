"""Rubbing out: whole strokes that the eraser touches, or only the ink under it."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from recognizer.drawing import Stroke
from recognizer.memory import Table, kept_up_to
from ui.canvas import smooth

SPACING = 2.0
"""Pixels between the points of a stroke that the eraser is tried against; below a thin pen's width."""

BULGE = 0.25
"""Of a stroke's width and height together, that its curve runs at most beyond the box round its points."""

_KEPT = 1 << 25  # bytes of close points: a gesture asks for those of the same strokes at every movement

_extents: Table[Stroke] = Table()


def erase_strokes(
    strokes: tuple[Stroke, ...], path: Sequence[tuple[float, float]], radius: float
) -> tuple[Stroke, ...]:
    """Return `strokes` without those that come within `radius` pixels of `path`; the same tuple if none does."""
    touched = _touched(strokes, path, radius)
    return tuple(stroke for k, stroke in enumerate(strokes) if k not in touched) if touched else strokes


def erase_area(strokes: tuple[Stroke, ...], path: Sequence[tuple[float, float]], radius: float) -> tuple[Stroke, ...]:
    """Return `strokes` without the ink within `radius` pixels of `path`; a stroke cut through becomes several."""
    touched = _touched(strokes, path, radius)
    if not touched:
        return strokes
    left: list[Stroke] = []
    for k, stroke in enumerate(strokes):
        left += _runs(stroke, _close(stroke), ~touched[k]) if k in touched else [stroke]
    return tuple(left)


def _touched(
    strokes: tuple[Stroke, ...], path: Sequence[tuple[float, float]], radius: float
) -> dict[int, NDArray[np.bool_]]:
    """Return by its index, for each stroke that comes within `radius` of `path`, which of its close points do."""
    low, high = np.min(path, axis=0) - radius, np.max(path, axis=0) + radius
    ends = _extents.values(strokes, _extent, 4)
    near = np.flatnonzero((ends[:, :2] <= high).all(axis=1) & (ends[:, 2:] >= low).all(axis=1)).tolist()
    if not near:
        return {}
    lines = [_close(strokes[k]) for k in near]
    under = np.split(_under(np.concatenate(lines), path, radius), np.cumsum([len(line) for line in lines])[:-1])
    return {k: part for k, part in zip(near, under, strict=True) if part.any()}


def _extent(stroke: Stroke) -> Sequence[float]:
    """Return left, top, right and bottom of a box that the curve of `stroke` does not leave."""
    xs, ys = zip(*stroke.points, strict=True)
    left, top, right, bottom = min(xs), min(ys), max(xs), max(ys)
    bulge = BULGE * (right - left + bottom - top)
    return left - bulge, top - bulge, right + bulge, bottom + bulge


@kept_up_to(_KEPT, attrgetter("nbytes"))
def _close(stroke: Stroke) -> NDArray[np.float64]:
    """Return close points (n, 2) of the curve that is drawn for `stroke`."""
    return _filled(smooth(stroke.points))


def _runs(stroke: Stroke, points: NDArray[np.float64], kept: NDArray[np.bool_]) -> list[Stroke]:
    """Return what is left of `stroke`: each unbroken run of its close `points` (m, 2) that is `kept` (m)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], kept, [False]]).astype(np.int8)))
    runs = [points[start:end].tolist() for start, end in zip(edges[::2], edges[1::2], strict=True)]
    return [Stroke(tuple((x, y) for x, y in run), stroke.width) for run in runs]


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
