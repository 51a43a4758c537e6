"""Marks -> lines: which marks stand side by side on a page, in reading order.

A page may hold thousands of marks and be read anew at every stroke. So marks are looked at all at
once, as arrays, and what takes a look at each by itself is remembered as long as nothing near it changes.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from recognizer.ink import Mark, height_of_many
from recognizer.memory import Table

_TALL = 0.5  # marks from this share of the writing's height on say where a line runs
_SAME_LINE = 0.25  # share of their height that neighbours on a line have in common at least
_LATEST = 3  # marks that tell where a line has got to
_LINE_SPACING = 0.8  # middles of lines lie at least this many heights of the writing apart
_LINE_GAP = 0.05  # and are this many heights of free paper apart
LONE_GAP = 0.35
"""Or so many, where each has one mark only: more than part the circles of an 8."""
_GUTTER = 3.0  # heights of the writing that the white between columns is wide at least, over the whole page
_COLUMN = 2  # lines that a column has at least
_NUMBER = 3.0  # tall marks that stand on a line of a column at least, on average: fewer make rows of a table
_AT_ONCE = 32  # small marks whose nearest tall ones are looked for together

Boxes = NDArray[np.float64]  # (marks, 4): left, top, right, bottom
Numbers = NDArray[np.intp]  # of marks

_BOX = attrgetter("box")
_boxes: Table[Mark] = Table()


def gathered(marks: Sequence[Mark]) -> list[list[int]]:
    """Return the numbers of the `marks` of each line, left to right, in reading order.

    That is from top to bottom, and column after column where a page plainly has columns: a gutter
    three heights of the writing wide from its top to its bottom, with two or more lines on either
    side and numbers on these. Anything less may be rows of a table, each of which stays one line.
    """
    if not marks:
        return []
    boxes = _boxes.values(tuple(marks), _BOX, 4)
    height = height_of_many(*(boxes[:, 2:] - boxes[:, :2]).T)
    order = boxes[:, 0].argsort(kind="stable")
    lines = _of_one_column(boxes, order, height)
    parts = _beside(boxes, order, height) if len(lines) >= _COLUMN else [order]
    if len(parts) > 1:
        columns = [_of_one_column(boxes, part, height) for part in parts]
        tall = [np.count_nonzero(_is_tall(boxes[part], height)) for part in parts]
        if all(len(c) >= _COLUMN and count >= _NUMBER * len(c) for c, count in zip(columns, tall, strict=True)):
            lines = [line for column in columns for line in column]
    return [line.tolist() for line in lines]


def _is_tall(boxes: Boxes, height: float) -> NDArray[np.bool_]:
    return boxes[:, 3] - boxes[:, 1] >= _TALL * height


def _beside(boxes: Boxes, order: Numbers, height: float) -> list[Numbers]:
    """Return the marks, in `order` from left to right, parted wherever a gutter runs between them."""
    left, _, right, _ = boxes[order].T
    gaps = left[1:] - np.maximum.accumulate(right)[:-1]
    return _split(order, np.flatnonzero(gaps >= _GUTTER * height) + 1)


def _split(marks: Numbers, places: Numbers) -> list[Numbers]:
    """Return `marks` split at `places`: what `np.split` does, in a fifth of the time."""
    return [marks[start:stop] for start, stop in pairwise([0, *places.tolist(), len(marks)])]


def _of_one_column(boxes: Boxes, order: Numbers, height: float) -> list[Numbers]:
    """Return the lines of those marks that `order` names from left to right, top to bottom.

    Tall marks are strung from left to right, each to the line whose latest marks it overlaps
    most, so slanted and curved lines hold together; small ones join the tall mark nearest to them.
    """
    is_tall = _is_tall(boxes[order], height)
    tall, small = (order[is_tall], np.sort(order[~is_tall])) if is_tall.any() else (order, order[:0])
    lines = _rejoined(boxes, _lines(boxes, tall), height)
    owner = np.zeros(len(boxes), np.intp)
    for number, line in enumerate(lines[1:], 1):
        owner[line] = number
    if len(lines) > 1 and len(small):
        owner[small] = owner[tall[_nearest(boxes[tall], boxes[small], height)]]
    marks = np.concatenate([*lines, small])
    marks = marks[np.lexsort((boxes[marks, 0], owner[marks]))]
    counts = np.bincount(owner[marks])
    ends = counts.cumsum()
    middles = np.add.reduceat(boxes[marks, 1] + boxes[marks, 3], ends - counts) / counts
    ordered = _split(marks, ends[:-1])
    return [ordered[n] for n in middles.argsort(kind="stable").tolist()]


def _lines(boxes: Boxes, tall: Numbers) -> list[Numbers]:
    """Return the `tall` marks, given from left to right, of each line; lines by where they begin.

    No line crosses a level on which there is no ink: what lies between two such levels is strung by
    itself, and known while nothing is written there.
    """
    sides = boxes[tall][:, 1::2]
    down = sides[:, 0].argsort(kind="stable")
    tops, bottoms = sides[down].T
    lines = []
    for band in _split(down, np.flatnonzero(tops[1:] >= np.maximum.accumulate(bottoms)[:-1]) + 1):
        band.sort()
        lines += [band[line] for line in _strung(sides[band].tobytes())]
    return [tall[line] for line in sorted(lines, key=lambda line: int(line[0]))]


@lru_cache(maxsize=1024)
def _strung(sides: bytes) -> tuple[Numbers, ...]:
    """Return the numbers of the marks of each line, given the (top, bottom) `sides` of each from left to right."""
    lines: list[list[int]] = []
    spans: list[tuple[float, float]] = []  # top and bottom of each line's latest marks
    each = np.frombuffer(sides, np.float64).reshape(-1, 2).tolist()
    for i, (top, bottom) in enumerate(each):
        common = [(min(b, bottom) - max(t, top)) / max(1.0, min(b - t, bottom - top)) for t, b in spans]
        best = common.index(max(common)) if common else 0
        if common and common[best] > _SAME_LINE:
            lines[best].append(i)
        else:
            best = len(lines)
            lines.append([i])
            spans.append((top, bottom))
        latest = [each[k] for k in lines[best][-_LATEST:]]
        spans[best] = sum(t for t, _ in latest) / len(latest), sum(b for _, b in latest) / len(latest)
    return tuple(np.array(line, np.intp) for line in lines)


def _rejoined(boxes: Boxes, lines: list[Numbers], height: float) -> list[Numbers]:
    """Join lines that lie closer to each other than lines of writing can: halves of tall symbols."""
    near = _near(boxes, lines, height) if len(lines) > 1 else {}
    out: list[Numbers] = []
    place: dict[int, int] = {}  # of each line, in `out`
    for n in sorted(range(len(lines)), key=lambda n: -len(lines[n])):
        beside = sorted({place[other] for other in near[n] if other in place}) if n in near else ()
        place[n] = next((k for k in beside if not _apart(boxes[out[k]], boxes[lines[n]], height)), len(out))
        if place[n] == len(out):
            out.append(lines[n])
        else:
            out[place[n]] = np.concatenate([out[place[n]], lines[n]])
    return out


def _near(boxes: Boxes, lines: list[Numbers], height: float) -> dict[int, set[int]]:
    """Return the others, if any, that do not stand clear of each of `lines` with all of their marks."""
    near: dict[int, set[int]] = defaultdict(set)
    tops, bottoms = boxes[np.concatenate(lines)][:, 1::2].T
    middles = (tops + bottoms) / 2
    starts = np.cumsum([0, *map(len, lines[:-1])])
    one, other = _beside_each_other(np.minimum.reduceat(tops, starts), np.maximum.reduceat(bottoms, starts), height)
    gap, spacing = (
        _between(np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts), one, other)
        for low, high in ((tops, bottoms), (middles, middles))
    )
    found = (gap <= LONE_GAP * height) | (spacing <= _LINE_SPACING * height)
    for n, k in zip(one[found].tolist(), other[found].tolist(), strict=True):
        near[n].add(k)
        near[k].add(n)
    return near


def _beside_each_other(low: NDArray[np.float64], high: NDArray[np.float64], reach: float) -> tuple[Numbers, Numbers]:
    """Return the numbers of each two of the intervals from `low` to `high` with no more than `reach` between them."""
    order = low.argsort(kind="stable")
    counts = low[order].searchsorted(high[order] + reach, "right") - np.arange(1, len(low) + 1)
    one = np.repeat(np.arange(len(low)), counts)
    other = np.arange(len(one)) - np.repeat(counts.cumsum() - counts, counts) + one + 1
    return order[one], order[other]


def _between(low: NDArray[np.float64], high: NDArray[np.float64], one: Numbers, other: Numbers) -> NDArray[np.float64]:
    """Return how far apart the intervals of each pair are, (pairs,); negative where they overlap."""
    return np.asarray(np.maximum(low[one] - high[other], low[other] - high[one]))


def _apart(line: Boxes, other: Boxes, height: float) -> bool:
    """Say whether the marks of `other` stand clear above or below those of `line` nearest in x."""
    spacing, gap = _distance(line.tobytes(), other.tobytes())
    least = _LINE_GAP if max(len(line), len(other)) > 1 else LONE_GAP
    return spacing > _LINE_SPACING * height and gap > least * height


@lru_cache(maxsize=1024)
def _distance(line: bytes, other: bytes) -> tuple[float, float]:
    """Return how far the middles of the boxes of `other` lie from those of `line` nearest in x, and how much is free.

    Both are medians, of differences in height.
    """
    some, others = (np.frombuffer(each, np.float64).reshape(-1, 4) for each in (line, other))
    middles = some[:, 0] + some[:, 2]
    near = some[np.abs(middles - (others[:, 0] + others[:, 2])[:, None]).argmin(1)]
    spacing = np.abs(near[:, 1] + near[:, 3] - others[:, 1] - others[:, 3]) / 2
    gap = np.maximum(near[:, 1] - others[:, 3], others[:, 1] - near[:, 3])
    return float(np.median(spacing)), float(np.median(gap))


def _nearest(tall: Boxes, small: Boxes, height: float) -> Numbers:
    """Return which of `tall` lies nearest to the middle of each of `small`, height counting three times.

    Those that lie above each other are looked for together, among what lies so near above and below
    them that nothing else is nearer.
    """
    places = (small[:, :2] + small[:, 2:]) / 2
    y = places[:, 1]
    found, down = np.empty(len(small), np.intp), tall[:, 1].argsort(kind="stable")
    tops, bottoms = tall[down, 1], np.maximum.accumulate(tall[down, 3])
    for some in _split(y.argsort(kind="stable"), np.arange(_AT_ONCE, len(small), _AT_ONCE)):
        low, high, reach, least = y[some[0]], y[some[-1]], 0, math.inf
        while least > 3 * reach:
            reach = math.ceil(2 * height + (least / 3 if least < math.inf else 2 * reach))
            beside = np.sort(down[bottoms.searchsorted(low - reach) : tops.searchsorted(high + reach, "right")])
            nearest, least = _nearest_of(tall[beside].tobytes(), places[some].tobytes())
        found[some] = beside[nearest]
    return found


@lru_cache(maxsize=128)
def _nearest_of(tall: bytes, places: bytes) -> tuple[Numbers, float]:
    """Return the number of the box of `tall` nearest to each of `places`, and how far the farthest of them is."""
    if not tall:
        return np.zeros(0, np.intp), math.inf
    x, y = np.frombuffer(places, np.float64).reshape(-1, 2).T[:, :, None]
    far = _distances(np.frombuffer(tall, np.float64).reshape(-1, 4), x, y)
    return far.argmin(1), float(far.min(1).max())


def _distances(tall: Boxes, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far each of `tall` (n, 4) lies from each place (m, 1), (m, n)."""
    left, top, right, bottom = tall.T
    aside, above = (np.maximum(np.maximum(a - p, p - b), 0) for p, a, b in ((x, left, right), (y, top, bottom)))
    return np.asarray(aside + 3 * above)
