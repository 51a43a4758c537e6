"""Marks -> parts: cut where two symbols may touch.

Wide marks are cut along the paths on which a drop of water would pass with the least ink in its
way (G. Congedo et al., Segmentation of numeric strings, ICDAR 1995), found for all starting points
at once by dynamic programming.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple
from weakref import WeakKeyDictionary

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.contrast import Gray
from recognizer.ink import Mark

_CUT_FROM = 0.5  # widths under this share of the writing's height hold one symbol at most
_LOWEST = 0.35  # and so do heights under this share
_CROSSING_NARROW = 1.4  # most ink, in pen widths, that a cut may cross in a mark as wide as a digit
_CROSSING_WIDE = 2.4  # the same in a mark wider than any digit
_WIDE = 0.85  # widths from this share of the writing's height on may hold two digits
_BETWEEN = 0.4  # heights of the writing that the strokes between two cuts are long at least, laid end to end
_OUTSIDE = 0.9  # the same of the strokes left and right of a cut: no digit has less
_NARROWEST = 0.35  # share of the writing's height: no more cuts than symbols of this width
_PROBED = (0.2, 0.35, 0.5, 0.65, 0.8)  # shares of its height at which a mark is searched for ways through it
_COARSE = 40  # writing from this many pixels on is searched for cuts at half its size
_LEANING = 0.03  # what a step to the side costs a cut, in pixels of ink
_HEIGHT_STEP = 4  # ink pixels

Ways = tuple[NDArray[np.float32], NDArray[np.int8]]  # what each place costs to reach, and the last step to it


class Part(NamedTuple):
    """A part of a mark, and how much ink the cuts on its `left` and `right` go through, in widths of the pen."""

    mark: Mark
    left: float = 0.0
    right: float = 0.0


_known: WeakKeyDictionary[Mark, dict[tuple[float, float], list[Part]]] = WeakKeyDictionary()


def cut(marks: Sequence[Mark], height: float, pen: float) -> list[list[Part]]:
    """Return the parts of each of `marks`, left to right: several where it is wide enough for two symbols.

    `height` is that of the writing and `pen` the width of its strokes, ink pixels. Heights go by
    steps, and how a mark was cut at one is remembered as long as the mark is there.
    """
    height = max(_HEIGHT_STEP, _HEIGHT_STEP * round(height / _HEIGHT_STEP))
    new = [m for m in marks if (height, pen) not in _known.get(m, {})]
    for mark, parts in zip(new, _cut(new, height, pen), strict=True):
        _known.setdefault(mark, {})[height, pen] = parts if len(parts) > 1 else []  # not to keep the mark alive
    return [_known[m][height, pen] or [Part(m)] for m in marks]


def _cut(marks: Sequence[Mark], height: float, pen: float) -> list[list[Part]]:
    wide = [i for i, m in enumerate(marks) if m.width >= _CUT_FROM * height and m.height >= _LOWEST * height]
    shrink = 2 if height > _COARSE else 1
    costs = [_shrunk(marks[i].gray, shrink) for i in wide]
    stroke = pen / shrink * height / shrink  # the ink of a stroke as long as the writing is high
    bounds = [
        Bounds(
            (_CROSSING_WIDE if marks[i].width >= _WIDE * height else _CROSSING_NARROW) * pen / shrink,
            _BETWEEN * stroke,
            _OUTSIDE * stroke,
            round(marks[i].width / (_NARROWEST * height)),
        )
        for i in wide
    ]
    parts = [[Part(m)] for m in marks]
    for i, cost, paths in zip(wide, costs, seams(costs, bounds), strict=True):
        rows = np.arange(len(cost))
        crossings = [float(cost[rows, np.minimum(p, cost.shape[1] - 1)].sum()) * shrink / pen for p in paths]
        whole = [np.repeat(p * shrink, shrink)[: marks[i].height] for p in paths]
        parts[i] = _parted(marks[i], whole, crossings)
    return parts


def _shrunk(gray: Gray, times: int) -> NDArray[np.float32]:
    size = -(-gray.shape[1] // times), -(-gray.shape[0] // times)
    small = gray if times == 1 else cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small / np.float32(255), np.float32)


def _parted(mark: Mark, paths: Sequence[NDArray[np.int_]], crossings: Sequence[float]) -> list[Part]:
    """Return `mark` cut along `paths`, each the column (H,) where every row is cut, that go through `crossings`."""
    bounds = [np.zeros(mark.height, int), *paths, np.full(mark.height, mark.width)]
    columns = np.arange(mark.width)
    parts = []
    for sides, crossed in zip(pairwise(bounds), pairwise([0.0, *crossings, 0.0]), strict=True):
        left, right = (side[:, None] for side in sides)
        gray = np.where((columns >= left) & (columns < right), mark.gray, 0).astype(np.uint8)
        x, y, w, h = cv2.boundingRect(gray)
        if w and h:
            parts.append(Part(Mark(mark.x + x, mark.y + y, gray[y : y + h, x : x + w]), *crossed))
    return parts


class Bounds(NamedTuple):
    """What cuts a mark must keep to, in pixels of ink.

    Each crosses at most `crossing`; between two lie at least `between`, on either side of each `outside`; they are
    at most `most`.
    """

    crossing: float
    between: float
    outside: float
    most: int


def seams(costs: Sequence[NDArray[np.float32]], bounds: Sequence[Bounds]) -> list[list[NDArray[np.int_]]]:
    """Return, for each of `costs` (H, W), the cheapest paths from top to bottom within its bounds, left to right.

    A path gives the column (H,) at which every row is cut: what is left of it goes to the left. It
    moves at most one column a row. Wherever the cheapest way through a place of a row is cheaper
    than through those beside it, that way is a path; of paths that cross or lie too close, the
    cheapest stays. All costs are searched side by side.
    """
    if not costs:
        return []
    rows, columns = (max(c.shape[k] for c in costs) for k in (0, 1))
    padded = np.full((rows, 2 * len(costs), columns + 2), np.inf, np.float32)
    for i, c in enumerate(costs):
        for k, cost in ((2 * i, c), (2 * i + 1, c[::-1])):
            padded[: len(c), k, 1 : c.shape[1] + 1] = cost
            padded[len(c) :, k, 1 : c.shape[1] + 1] = 0
    totals, steps = _ways(padded)
    ways = [(totals[:, k], steps[:, k]) for k in range(2 * len(costs))]
    return [
        _chosen(c, _through(c, ways[2 * i], ways[2 * i + 1], bound.crossing), bound)
        for i, (c, bound) in enumerate(zip(costs, bounds, strict=True))
    ]


def _ways(costs: NDArray[np.float32]) -> Ways:
    """Return what the cheapest way from the first row to each place of `costs` (H, C, W) takes, and its last step."""
    totals = costs.copy()
    for above, row in pairwise(totals):
        aside = np.minimum(above[:, :-2], above[:, 2:]) + np.float32(_LEANING)
        row[:, 1:-1] += np.minimum(above[:, 1:-1], aside)
    level, left, right = totals[:-1, :, 1:-1], totals[:-1, :, :-2] + np.float32(_LEANING), totals[:-1, :, 2:]
    steps = np.zeros((len(costs), costs.shape[1], costs.shape[2] - 2), np.int8)
    steps[1:] -= left < level
    steps[1:][right + np.float32(_LEANING) < np.minimum(level, left)] = 1
    return totals[..., 1:-1], steps


def _through(cost: NDArray[np.float32], down: Ways, up: Ways, crossing: float) -> list[NDArray[np.int_]]:
    """Return the ways from top to bottom of one `cost` through the valleys of a few of its rows, cheapest first."""
    height, width = cost.shape
    found: list[tuple[float, NDArray[np.int_]]] = []
    beside = np.full(width + 2, np.inf, np.float32)
    onward, back = down[1][:height].tolist(), up[1][:height].tolist()
    for row in {round(share * (height - 1)) for share in _PROBED}:
        total = down[0][row, :width] + up[0][height - 1 - row, :width] - cost[row]
        beside[1:-1] = total
        valley = (total < beside[:-2]) & (total <= beside[2:]) & (total <= crossing)
        at = np.flatnonzero(valley).tolist()
        if not at:
            continue
        above, below = _followed(onward, row, at), _followed(back, height - 1 - row, at)
        paths = np.concatenate([above[:-1], below[::-1]])
        found += [(float(total[k]), paths[:, i]) for i, k in enumerate(at)]
    return [path for _, path in sorted(found, key=lambda f: f[0])]


def _chosen(cost: NDArray[np.float32], paths: Sequence[NDArray[np.int_]], bounds: Bounds) -> list[NDArray[np.int_]]:
    """Return those of `paths`, the first before the others, that part the ink of `cost` as `bounds` say."""
    inked = np.cumsum(np.pad(cost, ((0, 0), (1, 0))), axis=1)
    rows, whole = np.arange(len(cost)), float(inked[:, -1].sum())
    chosen: list[tuple[float, NDArray[np.int_]]] = []
    for path in paths:
        left = float(inked[rows, path].sum())
        apart = all(abs(left - other) >= bounds.between and not _cross(path, p) for other, p in chosen)
        if apart and min(left, whole - left) >= bounds.outside and len(chosen) < bounds.most:
            chosen.append((left, path))
    return [path for _, path in sorted(chosen, key=lambda c: c[0])]


def _followed(steps: Sequence[Sequence[int]], row: int, at: Sequence[int]) -> NDArray[np.int_]:
    """Return the columns (row + 1, len(at)) of the ways that lead to the columns `at` of `row`."""
    rows = [list(at)]
    for step in reversed(steps[1 : row + 1]):
        rows.append([column + step[column] for column in rows[-1]])
    return np.array(rows[::-1])


def _cross(path: NDArray[np.int_], other: NDArray[np.int_]) -> bool:
    return bool((path < other).any() and (path > other).any())
