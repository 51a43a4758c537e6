"""Ink -> lines of pieces: cut where digits may touch, gathered into lines, in reading order.

A piece is the least part that a symbol can be made of. Wide marks are cut along the paths on
which a drop of water would pass with the least ink in its way (G. Congedo et al., Segmentation of
numeric strings, ICDAR 1995), found for all starting points at once by dynamic programming.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.ink import Gray, Ink, Mark, writing_height

_CUT_FROM = 0.5  # widths under this share of the writing's height hold one symbol at most
_CROSSING_NARROW = 1.4  # most ink, in pen widths, that a cut may cross in a mark as wide as a digit
_CROSSING_WIDE = 2.4  # the same in a mark wider than any digit
_WIDE = 0.85  # widths from this share of the writing's height on may hold two digits
_LINE_SPACING = 0.8  # middles of lines lie at least this many heights of the writing apart
_LINE_GAP = 0.05  # and are this many heights of free paper apart
_APART = 0.18  # cuts lie at least this share of the writing's height apart


@dataclass(frozen=True, eq=False)
class Piece:
    """A part of one line's ink: `mark` itself or a part of it, cut off on the sides named.

    `source` numbers the mark that it came from: pieces of one source were connected.
    """

    mark: Mark
    source: int
    cut_left: bool = False
    cut_right: bool = False

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
    """Return the lines of `ink`, top to bottom; none where there is no ink."""
    if not ink.marks:
        return ()
    height = writing_height([(m.width, m.height) for m in ink.marks])
    groups = gathered(ink.marks, height)
    return tuple(_line([(i, ink.marks[i]) for i in group], ink.pen) for group in groups)


def gathered(marks: Sequence[Mark], height: float) -> list[list[int]]:
    """Return the numbers of the `marks` of each line, lines top to bottom.

    Tall marks are strung from left to right, each to the line whose latest marks it overlaps
    most, so slanted and curved lines hold together; small ones join the line nearest to them.
    """
    order = sorted(range(len(marks)), key=lambda i: marks[i].x)
    tall = [i for i in order if marks[i].height >= 0.5 * height] or order
    lines: list[list[int]] = []
    for i in tall:
        best = max(lines, key=lambda line: _overlap(marks, line, marks[i]), default=None)
        if best is not None and _overlap(marks, best, marks[i]) > 0.25:
            best.append(i)
        else:
            lines.append([i])
    lines = _rejoined(marks, lines, height)
    for i in sorted(set(order) - set(tall)):
        min(lines, key=lambda line: _distance(marks, line, marks[i])).append(i)
    return sorted(lines, key=lambda line: float(np.mean([marks[i].y + marks[i].height / 2 for i in line])))


def _rejoined(marks: Sequence[Mark], lines: list[list[int]], height: float) -> list[list[int]]:
    """Join lines that lie closer to each other than lines of writing can: halves of tall symbols."""
    out: list[list[int]] = []
    for line in sorted(lines, key=len, reverse=True):
        near = next((o for o in out if not _apart(marks, o, line, height)), None)
        if near is None:
            out.append(line)
        else:
            near += line
            near.sort(key=lambda i: marks[i].x)
    return out


def _apart(marks: Sequence[Mark], line: list[int], other: list[int], height: float) -> bool:
    """Say whether the marks of `other` stand clear above or below those of `line` nearest in x."""
    x = np.array([marks[i].x + marks[i].width / 2 for i in line])
    spacings, gaps = [], []
    for mark in (marks[i] for i in other):
        near = marks[line[int(np.abs(x - mark.x - mark.width / 2).argmin())]]
        spacings.append(abs(near.y + near.height / 2 - mark.y - mark.height / 2))
        gaps.append(max(near.y - mark.y - mark.height, mark.y - near.y - near.height))
    return float(np.median(spacings)) > _LINE_SPACING * height and float(np.median(gaps)) > _LINE_GAP * height


def _overlap(marks: Sequence[Mark], line: list[int], mark: Mark) -> float:
    """Return the share of the lower of both that `mark` and the latest marks of `line` have in common."""
    latest = [marks[i] for i in line[-3:]]
    top = float(np.mean([m.y for m in latest]))
    bottom = float(np.mean([m.y + m.height for m in latest]))
    common = min(bottom, mark.y + mark.height) - max(top, mark.y)
    return common / max(1.0, min(bottom - top, mark.height))


def _distance(marks: Sequence[Mark], line: list[int], mark: Mark) -> float:
    """Return how far `mark` lies from the nearest mark of `line`, height counting three times."""
    x, y = mark.x + mark.width / 2, mark.y + mark.height / 2
    best = np.inf
    for i in line:
        m = marks[i]
        dx = max(m.x - x, x - m.x - m.width, 0.0)
        dy = max(m.y - y, y - m.y - m.height, 0.0)
        best = min(best, dx + 3 * dy)
    return best


def _line(numbered: list[tuple[int, Mark]], pen: float) -> Line:
    marks = [m for _, m in numbered]
    height = writing_height([(m.width, m.height) for m in marks])
    tall = [m for m in marks if m.height >= 0.6 * height] or marks
    x = np.array([m.x + m.width / 2 for m in tall])
    y = np.array([m.y + m.height / 2 for m in tall])
    slope = 0.0
    if len(tall) > 2 and np.ptp(x) > 2 * height:
        slope = float(np.clip(np.polyfit(x, y, 1)[0], -1, 1))
    offset = float(np.median(y - slope * x))
    pieces = [p for number, m in numbered for p in cut(m, number, height, pen)]
    return Line(tuple(sorted(pieces, key=lambda p: p.middle)), height, offset, slope)


def cut(mark: Mark, source: int, height: float, pen: float) -> list[Piece]:
    """Return the pieces of `mark`, left to right: several where it is wide enough for two symbols."""
    if mark.width < _CUT_FROM * height or mark.height < 0.35 * height:
        return [Piece(mark, source)]
    wide = mark.width >= _WIDE * height
    limit = (_CROSSING_WIDE if wide else _CROSSING_NARROW) * pen
    paths = seams(mark.gray, limit, _APART * height)
    if not paths:
        return [Piece(mark, source)]
    bounds = [np.zeros(mark.height, int), *paths, np.full(mark.height, mark.width)]
    columns = np.arange(mark.width)
    parts: list[Piece] = []
    for left, right in pairwise(bounds):
        inside = (columns >= left[:, None]) & (columns < right[:, None])
        gray = np.where(inside, mark.gray, 0).astype(np.uint8)
        x, y, w, h = cv2.boundingRect(gray)
        if w and h:
            part = Mark(mark.x + x, mark.y + y, gray[y : y + h, x : x + w])
            parts.append(Piece(part, source, cut_left=bool(left.any()), cut_right=right[0] < mark.width))
    return parts


def seams(gray: Gray, limit: float, apart: float) -> list[NDArray[np.int_]]:
    """Return the paths from top to bottom of `gray` that cross at most `limit` px of ink, left to right.

    Each is the column (H,) at which every row is cut: ink left of it goes to the left. A path
    moves at most one column a row. Of paths nearer than `apart` px the cheapest stays; ties go left.
    """
    rows, columns = gray.shape
    cost = gray.astype(np.float32) / 255
    total = cost[0].copy()
    steps = np.zeros((rows, columns), np.int8)
    slant = np.float32(0.03)
    wall = np.full(1, np.inf, np.float32)
    for row in range(1, rows):
        moves = np.stack([np.r_[wall, total[:-1]] + slant, total, np.r_[total[1:], wall] + slant])
        steps[row] = moves.argmin(0) - 1
        total = moves.min(0) + cost[row]
    ends = np.flatnonzero(total <= limit)
    paths = np.empty((rows, len(ends)), int)
    place = ends
    for row in range(rows - 1, -1, -1):
        paths[row] = place
        place = place + steps[row, place]
    middles = paths.mean(0)
    inked = np.cumsum(cost, axis=1)
    left = np.take_along_axis(inked, np.maximum(paths - 1, 0), axis=1).sum(0)
    share = left / inked[:, -1].sum()
    apt = (middles > 0.6 * apart) & (middles < columns - 0.6 * apart) & (share > 0.04) & (share < 0.96)
    chosen: list[NDArray[np.int_]] = []
    for i in np.argsort(total[ends], kind="stable"):
        path = paths[:, i]
        if apt[i] and all(abs(middles[i] - p.mean()) >= apart for p in chosen) and not _crosses(path, chosen):
            chosen.append(path)
    return sorted(chosen, key=lambda p: float(p.mean()))


def _crosses(path: NDArray[np.int_], others: Sequence[NDArray[np.int_]]) -> bool:
    return any((path < other).any() and (path > other).any() for other in others)
