"""Ink -> lines of pieces: gathered into lines, cut where digits may touch, in reading order.

A piece is the least part that a symbol can be made of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import inf
from statistics import fmean, median

import numpy as np
from numpy.typing import NDArray

from recognizer.cut import cut
from recognizer.ink import Ink, Mark, writing_height

_TALL = 0.5  # marks from this share of the writing's height on say where a line runs
_SAME_LINE = 0.25  # share of their height that neighbours on a line have in common at least
_LATEST = 3  # marks that tell where a line has got to
_LINE_SPACING = 0.8  # middles of lines lie at least this many heights of the writing apart
_LINE_GAP = 0.05  # and are this many heights of free paper apart
_LONE_GAP = 0.35  # or this many, where each has one mark only: more than part the circles of an 8
_BROKEN = 6  # marks at most that a single symbol falls apart into
_GUTTER = 3.0  # heights of the writing that the white between columns is wide at least, over the whole page
_COLUMN = 2  # lines that a column has at least
_NUMBER = 3.0  # tall marks that stand on a line of a column at least, on average: fewer make rows of a table
_STRAIGHT_FROM = 2.0  # heights of the writing that a line is long at least, before its slope counts

Boxes = NDArray[np.float64]  # (marks, 4): left, top, right, bottom


@dataclass(frozen=True, eq=False)
class Piece:
    """A part of one line's ink: a whole mark, or what cuts have left of it.

    `source` is the mark that it came from: pieces of one source were connected. `cut_left` and
    `cut_right` say how much ink a cut on that side goes through, in widths of the pen; 0 is none.
    """

    mark: Mark
    source: Mark
    cut_left: float = 0.0
    cut_right: float = 0.0

    @property
    def middle(self) -> float:
        """The x of the middle of its box, ink pixels."""
        return self.mark.x + self.mark.width / 2


@dataclass(frozen=True, eq=False)
class Line:
    """Pieces from left to right, and how they stand.

    `height` is that of the writing, ink pixels; its middle line is y = `offset` + `slope` * x.
    """

    pieces: tuple[Piece, ...]
    height: float
    offset: float
    slope: float


def lines_of(ink: Ink) -> tuple[Line, ...]:
    """Return the lines of `ink` in reading order; none where there is no ink."""
    return tuple(line_of(own) for own in parted(ink))


def parted(ink: Ink) -> tuple[Ink, ...]:
    """Return the ink of each line of `ink` by itself, its marks from left to right; lines in reading order.

    What is read of a line depends on nothing else on the page.
    """
    if not ink.marks:
        return ()
    return tuple(replace(ink, marks=tuple(ink.marks[i] for i in group)) for group in gathered(ink.marks))


def rejoined(lines: Sequence[Ink]) -> tuple[Ink, ...]:
    """Return the ink of two `lines`, in reading order, as one line where it may be a single symbol that fell apart.

    That is where few marks stand closer above each other than lines of writing do; elsewhere there is none.
    """
    if len(lines) != 2 or sum(len(line.marks) for line in lines) > _BROKEN:
        return ()
    marks = [m for line in lines for m in line.marks]
    free = min(m.y for m in lines[1].marks) - max(m.y + m.height for m in lines[0].marks)
    if free > _LONE_GAP * writing_height([(m.width, m.height) for m in marks]):
        return ()
    return (replace(lines[0], marks=tuple(sorted(marks, key=lambda m: m.x))),)


def gathered(marks: Sequence[Mark]) -> list[list[int]]:
    """Return the numbers of the `marks` of each line, left to right, in reading order.

    That is from top to bottom, and column after column where a page plainly has columns: a gutter
    three heights of the writing wide from its top to its bottom, with two or more lines on either
    side and numbers on these. Anything less may be rows of a table, each of which stays one line.
    """
    boxes = np.array([(m.x, m.y, m.x + m.width, m.y + m.height) for m in marks], np.float64)
    height = writing_height([(m.width, m.height) for m in marks])
    order = sorted(range(len(marks)), key=lambda i: marks[i].x)
    lines = _of_one_column(marks, boxes, order, height)
    parts = _beside(marks, order, height) if len(lines) >= _COLUMN else [order]
    if len(parts) == 1:
        return lines
    columns = [_of_one_column(marks, boxes, part, height) for part in parts]
    tall = [sum(marks[i].height >= _TALL * height for i in part) for part in parts]
    if all(len(c) >= _COLUMN and count >= _NUMBER * len(c) for c, count in zip(columns, tall, strict=True)):
        return [line for column in columns for line in column]
    return lines


def _beside(marks: Sequence[Mark], order: Sequence[int], height: float) -> list[list[int]]:
    """Return the marks, in `order` from left to right, parted wherever a gutter runs between them."""
    parts: list[list[int]] = [[]]
    reach = marks[order[0]].x
    for i in order:
        if marks[i].x - reach >= _GUTTER * height:
            parts.append([])
        parts[-1].append(i)
        reach = max(reach, marks[i].x + marks[i].width)
    return parts


def _of_one_column(marks: Sequence[Mark], boxes: Boxes, order: Sequence[int], height: float) -> list[list[int]]:
    """Return the lines of those `marks` that `order` names from left to right, top to bottom.

    Tall marks are strung from left to right, each to the line whose latest marks it overlaps
    most, so slanted and curved lines hold together; small ones join the tall mark nearest to them.
    """
    tall = [i for i in order if marks[i].height >= _TALL * height] or list(order)
    lines = _rejoined(boxes, _lines(marks, tall), height)
    owner = {i: line for line in lines for i in line}
    others = boxes[tall]
    for i in sorted(set(order) - set(tall)):
        owner[tall[_nearest(others, boxes[i])]].append(i)
    ordered = [sorted(line, key=lambda i: marks[i].x) for line in lines]
    return sorted(ordered, key=lambda line: fmean(2 * marks[i].y + marks[i].height for i in line))


def _lines(marks: Sequence[Mark], tall: Sequence[int]) -> list[list[int]]:
    """Return the numbers of the `tall` marks, given from left to right, of each line; lines by where they begin.

    No line crosses a level on which there is no ink: what lies between two such levels is strung by
    itself, and known while nothing is written there.
    """
    bands: list[list[int]] = []
    reach = -inf
    for place in sorted(range(len(tall)), key=lambda place: marks[tall[place]].y):
        mark = marks[tall[place]]
        if mark.y >= reach:
            bands.append([])
        bands[-1].append(place)
        reach = max(reach, mark.y + mark.height)
    lines = []
    for band in map(sorted, bands):
        own = [marks[tall[place]] for place in band]
        lines += [[band[k] for k in line] for line in _strung(tuple((m.y, m.y + m.height) for m in own))]
    return [[tall[place] for place in line] for line in sorted(lines)]


@lru_cache(maxsize=1024)
def _strung(sides: tuple[tuple[int, int], ...]) -> tuple[tuple[int, ...], ...]:
    """Return the numbers of the marks of each line, given the (top, bottom) `sides` of each from left to right."""
    lines: list[list[int]] = []
    spans: list[tuple[float, float]] = []  # top and bottom of each line's latest marks
    for i, (top, bottom) in enumerate(sides):
        common = [(min(b, bottom) - max(t, top)) / max(1.0, min(b - t, bottom - top)) for t, b in spans]
        best = common.index(max(common)) if common else 0
        if common and common[best] > _SAME_LINE:
            lines[best].append(i)
        else:
            best = len(lines)
            lines.append([i])
            spans.append((top, bottom))
        latest = [sides[k] for k in lines[best][-_LATEST:]]
        spans[best] = sum(t for t, _ in latest) / len(latest), sum(b for _, b in latest) / len(latest)
    return tuple(map(tuple, lines))


def _rejoined(boxes: Boxes, lines: Sequence[list[int]], height: float) -> list[list[int]]:
    """Join lines that lie closer to each other than lines of writing can: halves of tall symbols."""
    near = _near(boxes, lines, height) if len(lines) > 1 else [{0}]
    out: list[tuple[list[int], set[int]]] = []  # the marks of a line, and the numbers of those that it was joined from
    for n in sorted(range(len(lines)), key=lambda n: len(lines[n]), reverse=True):
        beside = (o for o in out if not near[n].isdisjoint(o[1])) if len(near[n]) > 1 else ()
        joins = next((o for o in beside if not _apart(boxes[o[0]], boxes[lines[n]], height)), None)
        if joins is None:
            out.append((list(lines[n]), {n}))
        else:
            joins[0].extend(lines[n])
            joins[1].add(n)
    return [marks for marks, _ in out]


def _near(boxes: Boxes, lines: Sequence[list[int]], height: float) -> list[set[int]]:
    """Return, for each of `lines`, the numbers of those that do not stand clear of it with all of their marks."""
    tops, bottoms = boxes[np.concatenate(lines)][:, [1, 3]].T
    middles = (tops + bottoms) / 2
    starts = np.cumsum([0, *map(len, lines[:-1])])
    gap, spacing = (
        _between(np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts))
        for low, high in ((tops, bottoms), (middles, middles))
    )
    close = (gap <= _LONE_GAP * height) | (spacing <= _LINE_SPACING * height)
    return [set(np.flatnonzero(row).tolist()) for row in close]


def _between(low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far apart each two of the intervals from `low` to `high` are, (n, n); negative where they overlap."""
    return np.asarray(np.maximum(low[:, None] - high, low - high[:, None]))


def _apart(line: Boxes, other: Boxes, height: float) -> bool:
    """Say whether the marks of `other` stand clear above or below those of `line` nearest in x."""
    middles = line[:, [0, 2]].mean(1)
    near = line[np.abs(middles[None] - other[:, [0, 2]].mean(1)[:, None]).argmin(1)]
    spacing = np.abs(near[:, [1, 3]].mean(1) - other[:, [1, 3]].mean(1))
    gap = np.maximum(near[:, 1] - other[:, 3], other[:, 1] - near[:, 3])
    least = _LINE_GAP if max(len(line), len(other)) > 1 else _LONE_GAP
    return float(np.median(spacing)) > _LINE_SPACING * height and float(np.median(gap)) > least * height


def _nearest(others: Boxes, box: NDArray[np.float64]) -> int:
    """Return which of the `others` lies nearest to the middle of `box`, height counting three times."""
    x, y = box[[0, 2]].mean(), box[[1, 3]].mean()
    dx = np.maximum(np.maximum(others[:, 0] - x, x - others[:, 2]), 0)
    dy = np.maximum(np.maximum(others[:, 1] - y, y - others[:, 3]), 0)
    return int((dx + 3 * dy).argmin())


def line_of(ink: Ink) -> Line:
    """Return the line that all of `ink` stands on, its marks given from left to right."""
    marks = ink.marks
    height = writing_height([(m.width, m.height) for m in marks])
    tall = [m for m in marks if m.height >= 0.6 * height] or marks
    x = np.array([m.x + m.width / 2 for m in tall])
    y = np.array([m.y + m.height / 2 for m in tall])
    slope = 0.0
    if len(tall) > 2 and x.max() - x.min() > _STRAIGHT_FROM * height:
        aside = x - x.mean()
        slope = min(1.0, max(-1.0, float(aside @ (y - y.mean()) / (aside @ aside))))
    offset = median((y - slope * x).tolist())
    pieces = []
    for mark, parts in zip(marks, cut(marks, height, ink.pen), strict=True):
        pieces += [Piece(part.mark, mark, part.left, part.right) for part in parts]
    return Line(tuple(sorted(pieces, key=lambda p: p.middle)), height, offset, slope)
