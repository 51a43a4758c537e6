"""The pen that writes by itself, with which tests and samples are written."""

from __future__ import annotations

from recognizer.drawing import Drawing, Stroke
from training.scripted_pen import FONT, Hand, write

__all__ = ["FONT", "Hand", "one_stroke_of", "write"]


def one_stroke_of(joined: str, beside: str) -> Drawing:
    """A number whose first digits, `joined`, are written without lifting the pen; then those `beside`."""
    drawing = write(joined + beside, Hand(3))
    own = len(write(joined, Hand(3)).strokes)
    first = Stroke(tuple(p for s in drawing.strokes[:own] for p in s.points))
    return Drawing((first, *drawing.strokes[own:]), drawing.size)
