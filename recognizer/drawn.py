"""Drawing -> ink: every stroke drawn once, at a size that the later stages share."""

from __future__ import annotations

import math
from functools import lru_cache, partial
from itertools import compress
from operator import attrgetter

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.decoration import FLAT, Boxes, Outline, decorations
from recognizer.drawing import Drawing, Stroke
from recognizer.ink import LOWEST, PEN, WRITING, Ink, Mark, height_of_many, place_of_height, trimmed
from recognizer.memory import Row, Table, kept_up_to

_PEN = round(PEN * WRITING)  # width of the pen, ink pixels
_LONGEST = 512  # heights of the writing that a line is long at most
_DOT = 1 / 16  # of the tallest stroke's height that a dot is high at most
_ALONG = 64  # points that the outline of a stroke has
_KEPT = 2**23  # bytes of marks that stay known while they stand on no page
_SCALES = 4  # at which the latest page stays drawn: its own, and those that the next stroke is likely to bring
_FRACTION_BITS = 4  # sub-pixel places that OpenCV draws with

_boxes: Table[Stroke] = Table()


def ink_of_drawing(drawing: Drawing) -> Ink:
    """Return the ink of `drawing`, one mark a stroke, in the order they were drawn, without what is drawn around it.

    Scales go by steps of the square root of two, and the pen is the same at each: so the ink of a
    stroke seldom changes when others are added, and what is known of it stays known.
    """
    strokes, boxes = _written(drawing)
    if not strokes:
        return Ink(strokes=True)
    return _ink(strokes, _scale(height_of_many(*_measured(boxes)), boxes))


def inks_to_come(drawing: Drawing) -> tuple[Ink, ...]:
    """Return the ink of `drawing` at each other scale that the next stroke is likely to bring it to.

    Where writing is measured by one of its heights in order, one more height moves the measure to a
    neighbour at most.
    """
    strokes, boxes = _written(drawing)
    if not strokes:
        return ()
    widths, heights = _measured(boxes)
    place = place_of_height(len(heights) + 1)
    least = LOWEST * float(widths.max())
    near = {_scale(max(height, least), boxes) for height in np.sort(heights)[max(0, place - 1) : place + 1].tolist()}
    return tuple(_ink(strokes, scale) for scale in sorted(near - {_scale(height_of_many(widths, heights), boxes)}))


def _written(drawing: Drawing) -> tuple[tuple[Stroke, ...], Boxes]:
    """Return the strokes of `drawing` that are writing, not lines, frames and rings around it, with their boxes."""
    strokes, boxes = drawing.strokes, _boxes.values(drawing.strokes, _box, 4)
    strokes, boxes = _without(np.isnan(boxes[:, 0]), strokes, boxes)
    wide, high = _sizes(boxes)
    drop = decorations(boxes, wide >= FLAT * high, lambda k: _outline(strokes[k]))
    return _without(drop, strokes, boxes)


def _without(drop: NDArray[np.bool_], strokes: tuple[Stroke, ...], boxes: Boxes) -> tuple[tuple[Stroke, ...], Boxes]:
    if not drop.any():
        return strokes, boxes
    return tuple(compress(strokes, (~drop).tolist())), boxes[~drop]


def _sizes(boxes: Boxes) -> NDArray[np.float64]:
    """Return the widths and the heights (2, strokes) of strokes with these `boxes`."""
    return (boxes[:, 2:] - boxes[:, :2]).T


def _measured(boxes: Boxes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the widths of strokes, and the heights by which writing is measured: not of dots, where most are dots.

    At the scale of dots, the digits beside them would fill gigabytes.
    """
    widths, heights = _sizes(boxes)
    place, dot = place_of_height(len(heights)), _DOT * heights.max()
    return widths, heights if np.partition(heights, place)[place] > dot else heights[heights >= dot]


@lru_cache(maxsize=4096)
def _outline(stroke: Stroke) -> Outline:
    """Return points along `stroke`, as far from each other as all others; asked again, the very same ones."""
    points = np.asarray(stroke.points, np.float64)
    steps = np.hypot(*np.diff(points, axis=0).T)
    reached = np.concatenate([[0.0], np.cumsum(steps)])
    at = np.linspace(0, reached[-1], _ALONG)
    return Outline(np.stack([np.interp(at, reached, points[:, 0]), np.interp(at, reached, points[:, 1])], 1))


def _scale(height: float, boxes: Boxes) -> float:
    """Return the scale at which writing of this `height` stands as tall as all other, no line of it being endless."""
    height = max(height, float(boxes[:, 2].max() - boxes[:, 0].min()) / _LONGEST)
    return 2.0 ** (round(2 * math.log2(WRITING / height)) / 2) if height > 0 else 1.0


def _ink(strokes: tuple[Stroke, ...], scale: float) -> Ink:
    marks = _marks(scale).values(strokes, partial(_mark, scale=scale))
    return Ink(marks, scale, pen=float(_PEN), strokes=True)


@lru_cache(maxsize=_SCALES)
def _marks(scale: float) -> Row[Stroke, Mark]:
    """Return the marks of the latest page at this `scale`, to which those of the next are added."""
    return Row()


@lru_cache(maxsize=4096)
def _box(stroke: Stroke) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of the way of the pen; of a stroke without points, no numbers."""
    if not stroke.points:
        return math.nan, math.nan, math.nan, math.nan
    x, y = zip(*stroke.points, strict=True)
    return float(min(x)), float(min(y)), float(max(x)), float(max(y))


@kept_up_to(_KEPT, attrgetter("filled"))
def _mark(stroke: Stroke, scale: float) -> Mark:
    """Return the ink of one stroke; on a canvas, most strokes were there at the last reading too."""
    left, top, right, bottom = (scale * side for side in _box(stroke))
    margin = _PEN // 2 + 2
    x, y = math.floor(left) - margin, math.floor(top) - margin
    gray = np.zeros((math.ceil(bottom) - y + margin + 1, math.ceil(right) - x + margin + 1), np.uint8)
    points = np.asarray(stroke.points, np.float64) * scale
    fixed = np.round((points - (x, y)) * (1 << _FRACTION_BITS)).astype(np.int32)
    if (fixed == fixed[0]).all():
        centre = int(fixed[0][0]), int(fixed[0][1])
        cv2.circle(gray, centre, max(1, (_PEN << _FRACTION_BITS) // 2), 255, -1, cv2.LINE_AA, _FRACTION_BITS)
    else:
        cv2.polylines(gray, [fixed], False, 255, _PEN, cv2.LINE_AA, _FRACTION_BITS)
    return trimmed(Mark(x, y, gray, points))
