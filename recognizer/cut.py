"""Marks -> parts: cut where two symbols may touch.

Wide marks are cut along every seam that may lie between two symbols: too many rather than too few,
since the lattice joins again what belongs together.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple
from weakref import WeakKeyDictionary

import cv2
import numpy as np

from recognizer.contrast import Gray
from recognizer.ink import Mark
from recognizer.seam import Bounds, Cost, Path, seams

_CUT_FROM = 0.5  # widths under this share of the writing's height hold one symbol at most
_LOWEST = 0.35  # and so do heights under this share
_CROSSING_NARROW = 1.4  # most ink, in pen widths, that a cut may cross in a mark as wide as a digit
_CROSSING_WIDE = 2.4  # the same in a mark wider than any digit
_WIDE = 0.85  # widths from this share of the writing's height on may hold two digits
_BETWEEN = 0.4  # heights of the writing that the strokes between two cuts are long at least, laid end to end
_OUTSIDE = 0.9  # the same of the strokes left and right of a cut: no digit has less
_NARROWEST = 0.35  # share of the writing's height: no more cuts than symbols of this width
_COARSE = 40  # writing from this many pixels on is searched for cuts at half its size
_HEIGHT_STEP = 4  # ink pixels


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
        if paths:
            rows = np.arange(len(cost))
            crossings = [float(cost[rows, path].sum()) * shrink / pen for path in paths]
            whole = [np.repeat(path * shrink, shrink)[: marks[i].height] for path in paths]
            parts[i] = _parted(marks[i], whole, crossings)
    return parts


def _shrunk(gray: Gray, times: int) -> Cost:
    size = -(-gray.shape[1] // times), -(-gray.shape[0] // times)
    small = gray if times == 1 else cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small / np.float32(255), np.float32)


def _parted(mark: Mark, paths: Sequence[Path], crossings: Sequence[float]) -> list[Part]:
    """Return `mark` cut along `paths`, which go through `crossings`."""
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
