"""How one page lies on another, and what comes from elsewhere on the paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, floor

import numpy as np

from recognizer.drawing import Drawing, Stroke
from recognizer.reading import Reading
from ui.page import Box

FILL = 0.8
"""Share of the paper that a drawing from elsewhere takes at most."""


@dataclass(frozen=True)
class Frame:
    """How one page lies on another: its (0, 0) at (`x`, `y`), `scale` pixels of the other to one of it."""

    scale: float = 1.0
    x: float = 0.0
    y: float = 0.0

    @property
    def inverse(self) -> Frame:
        """How the other page lies on this one."""
        return Frame(1 / self.scale, -self.x / self.scale, -self.y / self.scale)

    def stroke(self, stroke: Stroke) -> Stroke:
        """Return a stroke of the one page as it lies on the other."""
        points = tuple((x * self.scale + self.x, y * self.scale + self.y) for x, y in stroke.points)
        return Stroke(points, None if stroke.width is None else stroke.width * self.scale)

    def box(self, box: Box) -> Box:
        """Return the whole pixels of the other page that a box of the one reaches into."""
        left, right = (self.x + x * self.scale for x in (box[0], box[0] + box[2]))
        top, bottom = (self.y + y * self.scale for y in (box[1], box[1] + box[3]))
        x, y = floor(left + 1e-6), floor(top + 1e-6)
        return x, y, ceil(right - 1e-6) - x, ceil(bottom - 1e-6) - y


def moved(reading: Reading, frame: Frame) -> Reading:
    """Return `reading` of a rendered page with boxes in the page's pixels, outside."""
    if frame == Frame():
        return reading
    return replace(reading, symbols=tuple(replace(symbol, box=frame.box(symbol.box)) for symbol in reading.symbols))


def fitted(drawing: Drawing, room: tuple[int, int], top: int = 0) -> Drawing:
    """Return `drawing` where it was, if that is on the paper, else moved and scaled onto it.

    The paper reaches down to the end of `room` (width, height), which begins at `top`.
    """
    if not drawing.strokes:
        return Drawing()
    points = np.array([point for stroke in drawing.strokes for point in stroke.points])
    low, high = points.min(axis=0), points.max(axis=0)
    if drawing.size is not None and (low >= 0).all() and (high < (room[0], top + room[1])).all():
        return drawing
    scale = float((FILL * np.array(room) / np.maximum(high - low, 1e-9)).min())
    x, y = ((np.array(room) - (high - low) * scale) / 2 - low * scale + (0, top)).tolist()
    frame = Frame(scale, x, y)
    return Drawing(
        tuple(frame.stroke(stroke) for stroke in drawing.strokes),
        truths=tuple(replace(truth, box=frame.box(truth.box)) for truth in drawing.truths),
    )
