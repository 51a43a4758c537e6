"""How far ink reaches: the box of a digit that was drawn goes round the way of the pen's middle, a pen is broader."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recognizer.drawing import Stroke
from recognizer.memory import Table
from ui.canvas import PEN_WIDTH, smooth
from ui.corrections import REACH, around
from ui.page import Box

CLEAR = PEN_WIDTH / 2
"""Pixels from the pen's middle within which frames keep clear of ink by themselves; only thicker pens are looked at."""


class Reach:
    """Tells the boxes in which symbols are shown: grown, where a thick pen wrote in them, to hold its ink."""

    def __init__(self) -> None:
        self._table: Table[Stroke] = Table()
        self._strokes: tuple[Stroke, ...] = ()
        self._thick: tuple[Stroke, ...] = ()
        self._ways = np.zeros((0, 4))

    def look_at(self, strokes: tuple[Stroke, ...]) -> None:
        """Take `strokes` for the ink that is on the page now."""
        if strokes is not self._strokes:
            rows = self._table.values(strokes, _row, 5)
            thick = np.flatnonzero(rows[:, 4] > CLEAR)
            self._strokes, self._ways = strokes, rows[thick, :4]
            self._thick = tuple(strokes[k] for k in thick.tolist())

    def box(self, box: Box) -> Box:
        """Return `box`, grown to hold the ink of the strokes in it; where none is whole, of the parts that are."""
        if not self._thick:
            return box
        left, top, right, bottom = self._ways.T
        x, y, end, foot = box[0] - REACH, box[1] - REACH, box[0] + box[2] + REACH, box[1] + box[3] + REACH
        whole = (left >= x) & (right <= end) & (top >= y) & (bottom <= foot)
        near = whole if whole.any() else (left <= end) & (right >= x) & (top <= foot) & (bottom >= y)
        strokes = [self._thick[k] for k in np.flatnonzero(near).tolist()]
        return around([box, *(inked for stroke in strokes if (inked := _inked(stroke, (x, y), (end, foot)))[2])])


def _row(stroke: Stroke) -> Sequence[float]:
    """Return left, top, right and bottom of the way of the pen's middle, and half the pen's width."""
    xs, ys = zip(*stroke.points, strict=True)
    return min(xs), min(ys), max(xs), max(ys), (stroke.width or PEN_WIDTH) / 2


def _inked(stroke: Stroke, low: tuple[int, int], high: tuple[int, int]) -> Box:
    """Return the box round the ink of those points of `stroke` that lie from `low` to `high`, empty without any."""
    points = np.asarray(stroke.points)
    within = ((points >= low) & (points <= high)).all(axis=1)
    if not within.any():
        return 0, 0, 0, 0
    line = smooth(stroke.points) if within.all() else points[within]
    half = (stroke.width or PEN_WIDTH) / 2
    (left, top), (right, bottom) = np.floor(line.min(0) - half).tolist(), np.ceil(line.max(0) + half).tolist()
    return int(left), int(top), int(right - left), int(bottom - top)
