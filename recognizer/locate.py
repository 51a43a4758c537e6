"""Ink -> lines of pieces: gathered into lines, cut where digits may touch, in reading order.

A piece is the least part that a symbol can be made of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    """Return the lines of `ink`, top to bottom; none where there is no ink."""
    return tuple(line_of(own) for own in parted(ink))


def parted(ink: Ink) -> tuple[Ink, ...]:
    """Return the ink of each line of `ink` by itself, its marks from left to right; lines top to bottom.

    What is read of a line depends on nothing else on the page.
    """
    if not ink.marks:
        return ()
    return tuple(replace(ink, marks=tuple(ink.marks[i] for i in group)) for group in gathered(ink.marks))


def gathered(marks: Sequence[Mark]) -> list[list[int]]:
    """Return the numbers of the `marks` of each line, left to right, lines top to bottom.

    Tall marks are strung from left to right, each to the line whose latest marks it overlaps
    most, so slanted and curved lines hold together; small ones join the tall mark nearest to them.
    """
    boxes = np.array([(m.x, m.y, m.x + m.width, m.y + m.height) for m in marks], np.float64)
    height = writing_height([(m.width, m.height) for m in marks])
    order = sorted(range(len(marks)), key=lambda i: marks[i].x)
    tall = [i for i in order if marks[i].height >= _TALL * height] or order
    lines = _rejoined(boxes, _strung(boxes, tall), height)
    owner = {i: line for line in lines for i in line}
    for i in sorted(set(order) - set(tall)):
        owner[_nearest(boxes, tall, i)].append(i)
    ordered = [sorted(line, key=lambda i: marks[i].x) for line in lines]
    return sorted(ordered, key=lambda line: fmean(2 * marks[i].y + marks[i].height for i in line))


def _strung(boxes: Boxes, order: Sequence[int]) -> list[list[int]]:
    lines: list[list[int]] = []
    spans: list[tuple[float, float]] = []  # top and bottom of each line's latest marks
    tops, bottoms = boxes[:, 1].tolist(), boxes[:, 3].tolist()
    for i in order:
        top, bottom = tops[i], bottoms[i]
        common = [(min(b, bottom) - max(t, top)) / max(1.0, min(b - t, bottom - top)) for t, b in spans]
        best = common.index(max(common)) if common else 0
        if common and common[best] > _SAME_LINE:
            lines[best].append(i)
        else:
            best = len(lines)
            lines.append([i])
            spans.append((top, bottom))
        latest = lines[best][-_LATEST:]
        spans[best] = sum(tops[k] for k in latest) / len(latest), sum(bottoms[k] for k in latest) / len(latest)
    return lines


def _rejoined(boxes: Boxes, lines: Sequence[list[int]], height: float) -> list[list[int]]:
    """Join lines that lie closer to each other than lines of writing can: halves of tall symbols."""
    out: list[list[int]] = []
    for line in sorted(lines, key=len, reverse=True):
        near = next((o for o in out if not _apart(boxes[o], boxes[line], height)), None)
        if near is None:
            out.append(line)
        else:
            near += line
    return out


def _apart(line: Boxes, other: Boxes, height: float) -> bool:
    """Say whether the marks of `other` stand clear above or below those of `line` nearest in x."""
    middles = line[:, [0, 2]].mean(1)
    near = line[np.abs(middles[None] - other[:, [0, 2]].mean(1)[:, None]).argmin(1)]
    spacing = np.abs(near[:, [1, 3]].mean(1) - other[:, [1, 3]].mean(1))
    gap = np.maximum(near[:, 1] - other[:, 3], other[:, 1] - near[:, 3])
    least = _LINE_GAP if max(len(line), len(other)) > 1 else _LONE_GAP
    return float(np.median(spacing)) > _LINE_SPACING * height and float(np.median(gap)) > least * height


def _nearest(boxes: Boxes, tall: Sequence[int], i: int) -> int:
    """Return which of the `tall` marks lies nearest to mark `i`, height counting three times."""
    x, y = boxes[i, [0, 2]].mean(), boxes[i, [1, 3]].mean()
    others = boxes[tall]
    dx = np.maximum(np.maximum(others[:, 0] - x, x - others[:, 2]), 0)
    dy = np.maximum(np.maximum(others[:, 1] - y, y - others[:, 3]), 0)
    return tall[int((dx + 3 * dy).argmin())]


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
