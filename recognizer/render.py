"""A drawing becomes a page: dark ink on white paper, smooth at the edges."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.drawing import Drawing, Stroke
from recognizer.ink import PEN, writing_height

LONGEST_SIDE = 4000
SHORTEST_SIDE = 64
"""The sides, in pixels, of pages that drawings are rendered on; their units are pixels where that fits."""

_WRITING = 90.0  # pixels that writing stands tall where the drawing's own unit is no pixel
_MARGIN = 0.7  # of the writing's height, around ink that has no page of its own: room for labels above it
_FRACTION_BITS = 4  # of a pixel, in the coordinates that OpenCV draws at


@dataclass(frozen=True)
class Sheet:
    """How a drawing lies on its page: the unit at `origin` (x, y) is pixel (0, 0), `scale` pixels a unit."""

    origin: tuple[float, float] = (0.0, 0.0)
    scale: float = 1.0
    width: int = SHORTEST_SIDE
    height: int = SHORTEST_SIDE

    def box(self, box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
        """Return a box [x, y, width, height] of the drawing's units in pixels of the page."""
        x, y, width, height = box
        left, top = (x - self.origin[0]) * self.scale, (y - self.origin[1]) * self.scale
        right, bottom = left + width * self.scale, top + height * self.scale
        return round(left), round(top), max(1, round(right) - round(left)), max(1, round(bottom) - round(top))


def sheet_of(drawing: Drawing) -> Sheet:
    """Return the page that a drawing is rendered on: its own and whatever ink lies beyond, or the ink and a margin."""
    low, high = np.zeros(2), np.asarray(drawing.size or (0, 0), np.float64)
    tall = 0.0
    if drawing.strokes:
        points = np.concatenate([np.asarray(stroke.points, np.float64) for stroke in drawing.strokes])
        sizes = [tuple(np.ptp(np.asarray(stroke.points, np.float64), axis=0)) for stroke in drawing.strokes]
        tall = writing_height(sizes) or 1.0
        edge = _MARGIN * tall
        if drawing.size:
            low, high = np.minimum(low, points.min(0)), np.maximum(high, points.max(0))
        else:
            low, high = points.min(0) - edge, points.max(0) + edge
    longest = float((high - low).max())
    scale = 1.0
    if drawing.strokes and not drawing.size and not SHORTEST_SIDE <= longest <= LONGEST_SIDE:
        scale = _WRITING / tall
    scale = min(scale, LONGEST_SIDE / max(longest, 1e-9))
    width, height = (max(1, int(np.ceil(side * scale))) for side in high - low)
    if not drawing.strokes and not drawing.size:
        width = height = SHORTEST_SIDE
    return Sheet((float(low[0]), float(low[1])), scale, width, height)


def render_drawing(drawing: Drawing, sheet: Sheet | None = None) -> NDArray[np.uint8]:
    """Return `drawing` as a gray page (H, W), black ink on white, on `sheet` or on the one that `sheet_of` gives it.

    A stroke of unknown width gets that of an ordinary pen, by the height of the writing.
    """
    sheet = sheet or sheet_of(drawing)
    page = np.full((sheet.height, sheet.width), 255, np.uint8)
    usual = PEN * writing_height([tuple(np.ptp(np.asarray(s.points), axis=0)) for s in drawing.strokes])
    for stroke in drawing.strokes:
        _draw(page, stroke, sheet, (stroke.width or usual) * sheet.scale)
    return page


def _draw(page: NDArray[np.uint8], stroke: Stroke, sheet: Sheet, width: float) -> None:
    """Draw one stroke on `page`, `width` pixels wide; one point alone is a dot of that width."""
    points = (np.asarray(stroke.points, np.float64) - sheet.origin) * sheet.scale
    fixed = np.round(points * 2**_FRACTION_BITS).astype(np.int32)
    if (fixed == fixed[0]).all():
        centre = int(fixed[0][0]), int(fixed[0][1])
        radius = max(8, round(width / 2 * 2**_FRACTION_BITS))
        cv2.circle(page, centre, radius, 0, -1, cv2.LINE_AA, _FRACTION_BITS)
    else:
        cv2.polylines(page, [fixed], False, 0, max(1, round(width)), cv2.LINE_AA, _FRACTION_BITS)
