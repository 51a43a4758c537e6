"""A drawing: the strokes of a pen, read from and written as InkML.

InkML is the W3C's format for digital ink (https://www.w3.org/TR/InkML/): each `trace` is one
stroke, a list of points "x y" with y downwards.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stroke:
    """The trace of the pen from touching the paper to lifting off: ((x, y), ...), y downwards.

    One point alone is a dot. `width` is the pen's width in the same unit, None where unknown.
    """

    points: tuple[tuple[float, float], ...]
    width: float | None = None


@dataclass(frozen=True)
class Drawing:
    """Strokes in the order they were drawn, on a page of `size` (width, height), if it has one."""

    strokes: tuple[Stroke, ...] = ()
    size: tuple[int, int] | None = None
