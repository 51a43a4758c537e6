"""Strokes that mean something else than ink: a zigzag scratches out, a digit over a digit replaces it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recognizer.drawing import Stroke
from recognizer.reading import Symbol
from ui.corrections import overlap, strokes_in
from ui.page import Box

SCRATCH_LEGS = 6
"""Legs of a zigzag from which it scratches out: 14 of 18,400 strokes of real numbers have as many,
wild 8s and whole words in one stroke, and those would still have to cover older ink."""

LEG_LENGTH = 0.4
"""Of the zigzag's whole length, that a leg must have to count."""

BREADTH = 0.25
"""Of a zigzag's length, that its breadth must be for legs across it to count."""

PAUSE = 1.5
"""Seconds since the last stroke after which a digit is taken to be finished and may be written over.

The bar of a 5 or a 7 and the slash of a 0 follow their first stroke within about half a second.
"""

STRAIGHT = 0.9
"""Chord over length from which a stroke is a bar or a slash, which is added to digits, late ones too."""

WRITTEN_OVER = 0.5
"""Intersection over union of the new stroke's box and the digit's from which the digit is replaced."""


def scratched(points: Sequence[tuple[float, float]], strokes: tuple[Stroke, ...]) -> tuple[Stroke, ...]:
    """Return those of `strokes` that the stroke through `points` scratches out; none where it is no zigzag."""
    if not strokes or legs(points) < SCRATCH_LEGS:
        return ()
    return strokes_in(box_of(points), strokes)


def legs(points: Sequence[tuple[float, float]]) -> int:
    """Return how many times the line through `points` runs to and fro, in the direction in which it does most.

    That is one of the two in which the points spread most and least: over a slim digit people
    scratch across, yet the zigzag is taller than wide. A mere tremble across a line does not count.
    """
    line = np.asarray(points, float)
    if len(line) < SCRATCH_LEGS:
        return 0
    centred = line - line.mean(axis=0)
    across, along = (centred @ np.linalg.eigh(centred.T @ centred)[1]).T
    broad = float(np.ptp(across)) >= BREADTH * float(np.ptp(along))
    return max(_runs(along), _runs(across) if broad else 0)


def _runs(way: NDArray[np.float64]) -> int:
    """Return how many long runs, now up now down, `way` (n) is made of."""
    least = LEG_LENGTH * float(np.ptp(way))
    count, low, high, rising = 0, way[0], way[0], 0
    for value in way.tolist():
        low, high = min(low, value), max(high, value)
        if rising <= 0 and value - low >= least > 0:
            count, rising, high = count + 1, 1, value
        elif rising >= 0 and high - value >= least > 0:
            count, rising, low = count + 1, -1, value
    return count


def written_over(
    points: Sequence[tuple[float, float]], symbols: Sequence[Symbol], strokes: tuple[Stroke, ...]
) -> tuple[Stroke, ...]:
    """Return the strokes of the digit that the stroke through `points` was written over, if it was over one."""
    line = np.asarray(points, float)
    length = float(np.hypot(*np.diff(line, axis=0).T).sum()) if len(line) > 1 else 0.0
    if length == 0 or float(np.hypot(*(line[-1] - line[0]))) > STRAIGHT * length:
        return ()
    box = box_of(points)
    over = [symbol for symbol in symbols if overlap(symbol.box, box) >= WRITTEN_OVER]
    return strokes_in(over[0].box, strokes) if len(over) == 1 else ()


def box_of(points: Sequence[tuple[float, float]]) -> Box:
    """Return the box round `points`, whole pixels."""
    left, top = np.floor(np.min(points, axis=0)).astype(int).tolist()
    right, bottom = np.ceil(np.max(points, axis=0)).astype(int).tolist()
    return left, top, right - left + 1, bottom - top + 1
