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
_COARSE = 40  # writing from this many pixels on is searched for cuts at half its size
_LEANING = 0.03  # what a step to the side costs a cut, in pixels of ink
_EDGE = 0.6  # cuts keep this share of their distance from the ends of a mark
_LEAST_SHARE = 0.04  # of a mark's ink must lie on either side of a cut
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
    pieces = []
    for (number, _), parts in zip(numbered, cut(marks, height, pen), strict=True):
        last = len(parts) - 1
        pieces += [Piece(part, number, i > 0, i < last) for i, part in enumerate(parts)]
    return Line(tuple(sorted(pieces, key=lambda p: p.middle)), height, offset, slope)


def cut(marks: Sequence[Mark], height: float, pen: float) -> list[list[Mark]]:
    """Return the parts of each of `marks`, left to right: several where it is wide enough for two symbols.

    `height` is that of the writing and `pen` the width of its strokes, ink pixels.
    """
    wide = [i for i, m in enumerate(marks) if m.width >= _CUT_FROM * height and m.height >= 0.35 * height]
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


def seams(
    costs: Sequence[NDArray[np.float32]], limits: Sequence[float], apart: float
) -> list[list[NDArray[np.int_]]]:
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
    ends = place = np.flatnonzero(total <= limit)
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
