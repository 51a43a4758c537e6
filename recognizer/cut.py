"""Marks -> parts: cut where two symbols may touch.

Wide marks are cut along the paths on which a drop of water would pass with the least ink in its
way (G. Congedo et al., Segmentation of numeric strings, ICDAR 1995), found for all starting points
at once by dynamic programming.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from weakref import WeakKeyDictionary

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.ink import Gray, Mark

_CUT_FROM = 0.5  # widths under this share of the writing's height hold one symbol at most
_LOWEST = 0.35  # and so do heights under this share
_CROSSING_NARROW = 1.4  # most ink, in pen widths, that a cut may cross in a mark as wide as a digit
_CROSSING_WIDE = 2.4  # the same in a mark wider than any digit
_WIDE = 0.85  # widths from this share of the writing's height on may hold two digits
_APART = 0.18  # cuts lie at least this share of the writing's height apart
_COARSE = 40  # writing from this many pixels on is searched for cuts at half its size
_LEANING = 0.03  # what a step to the side costs a cut, in pixels of ink
_EDGE = 0.6  # cuts keep this share of their distance from the ends of a mark
_LEAST_SHARE = 0.04  # of a mark's ink must lie on either side of a cut
_HEIGHT_STEP = 4  # ink pixels

_known: WeakKeyDictionary[Mark, dict[tuple[float, float], list[Mark]]] = WeakKeyDictionary()


def cut(marks: Sequence[Mark], height: float, pen: float) -> list[list[Mark]]:
    """Return the parts of each of `marks`, left to right: several where it is wide enough for two symbols.

    `height` is that of the writing and `pen` the width of its strokes, ink pixels. Heights go by
    steps, and how a mark was cut at one is remembered as long as the mark is there.
    """
    height = max(_HEIGHT_STEP, _HEIGHT_STEP * round(height / _HEIGHT_STEP))
    new = [m for m in marks if (height, pen) not in _known.get(m, {})]
    for mark, parts in zip(new, _cut(new, height, pen), strict=True):
        _known.setdefault(mark, {})[height, pen] = parts if len(parts) > 1 else []  # not to keep the mark alive
    return [_known[m][height, pen] or [m] for m in marks]


def _cut(marks: Sequence[Mark], height: float, pen: float) -> list[list[Mark]]:
    wide = [i for i, m in enumerate(marks) if m.width >= _CUT_FROM * height and m.height >= _LOWEST * height]
    shrink = 2 if height > _COARSE else 1
    costs = [_shrunk(marks[i].gray, shrink) for i in wide]
    crossings = [_CROSSING_WIDE if marks[i].width >= _WIDE * height else _CROSSING_NARROW for i in wide]
    found = seams(costs, [c * pen / shrink for c in crossings], _APART * height / shrink)
    parts = [[m] for m in marks]
    for i, paths in zip(wide, found, strict=True):
        parts[i] = _parted(marks[i], [np.repeat(p * shrink, shrink)[: marks[i].height] for p in paths])
    return parts


def _shrunk(gray: Gray, times: int) -> NDArray[np.float32]:
    size = -(-gray.shape[1] // times), -(-gray.shape[0] // times)
    small = gray if times == 1 else cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small / np.float32(255), np.float32)


def _parted(mark: Mark, paths: Sequence[NDArray[np.int_]]) -> list[Mark]:
    """Return `mark` cut along `paths`, each the column (H,) where every row is cut."""
    bounds = [np.zeros(mark.height, int), *paths, np.full(mark.height, mark.width)]
    columns = np.arange(mark.width)
    parts = []
    for left, right in pairwise(bounds):
        gray = np.where((columns >= left[:, None]) & (columns < right[:, None]), mark.gray, 0).astype(np.uint8)
        x, y, w, h = cv2.boundingRect(gray)
        if w and h:
            parts.append(Mark(mark.x + x, mark.y + y, gray[y : y + h, x : x + w]))
    return parts


def seams(costs: Sequence[NDArray[np.float32]], limits: Sequence[float], apart: float) -> list[list[NDArray[np.int_]]]:
    """Return, for each of `costs` (H, W), the cheapest paths from top to bottom, left to right.

    A path gives the column (H,) at which every row is cut: what is left of it goes to the left. It
    moves at most one column a row and costs no more than its limit. Of paths nearer than `apart`
    columns the cheapest stays; ties go left. All costs are searched side by side.
    """
    if not costs:
        return []
    rows, columns = (max(c.shape[k] for c in costs) for k in (0, 1))
    padded = np.full((rows, len(costs), columns + 2), np.inf, np.float32)
    for i, c in enumerate(costs):
        padded[: c.shape[0], i, 1 : c.shape[1] + 1] = c
        padded[c.shape[0] :, i, 1 : c.shape[1] + 1] = 0
    steps = np.zeros((rows, len(costs), columns + 2), np.int8)
    total = padded[0]
    for row in range(1, rows):
        best = total.copy()
        leaning = total + np.float32(_LEANING)
        for step, come, go in ((-1, slice(None, -1), slice(1, None)), (1, slice(1, None), slice(None, -1))):
            better = leaning[:, come] < best[:, go]
            best[:, go][better] = leaning[:, come][better]
            steps[row][:, go][better] = step
        total = best + padded[row]
    return [
        _distinct(c, steps[:, i, 1:-1], total[i, 1:-1], limit, apart)
        for i, (c, limit) in enumerate(zip(costs, limits, strict=True))
    ]


def _distinct(
    cost: NDArray[np.float32], steps: NDArray[np.int8], total: NDArray[np.float32], limit: float, apart: float
) -> list[NDArray[np.int_]]:
    """Follow back the paths of one cost that end within `limit`; keep those that part its ink and lie apart."""
    valley = (total <= np.r_[np.inf, total[:-1]]) & (total < np.r_[total[1:], np.inf])
    ends = place = np.flatnonzero(valley & (total <= limit))
    if not len(ends):
        return []
    paths = np.empty((len(steps), len(ends)), int)
    for row in range(len(steps) - 1, -1, -1):
        paths[row] = place
        place = place + steps[row, place]
    paths = paths[: len(cost)]
    middles = paths.mean(0)
    inked = np.cumsum(np.pad(cost, ((0, 0), (1, 0))), axis=1)
    share = np.take_along_axis(inked, paths, axis=1).sum(0) / inked[:, -1].sum()
    edge = _EDGE * apart
    apt = (middles > edge) & (middles < cost.shape[1] - edge) & (share > _LEAST_SHARE) & (share < 1 - _LEAST_SHARE)
    chosen: list[NDArray[np.int_]] = []
    for i in np.argsort(total[ends], kind="stable"):
        path = paths[:, i]
        if apt[i] and all(abs(middles[i] - p.mean()) >= apart for p in chosen) and not _crosses(path, chosen):
            chosen.append(path)
    return sorted(chosen, key=lambda p: float(p.mean()))


def _crosses(path: NDArray[np.int_], others: Sequence[NDArray[np.int_]]) -> bool:
    return any((path < other).any() and (path > other).any() for other in others)
