"""Ink on paper: strokes become smooth antialiased pixels, once, and stay painted.

Drawing a page anew at every movement of the pen is what makes canvases slow. Here a stroke is
painted when it appears, one segment at a time, and taken off again when it is undone or erased.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import pygame
from numpy.typing import NDArray

from recognizer.drawing import Stroke

NOWHERE = pygame.Rect(0, 0, 0, 0)

Points: TypeAlias = Sequence[tuple[float, float]]

PEN_WIDTH = 6.0
"""Pixels; the width of a stroke that does not say its own."""

FINE = 4
"""Fine pixels to a side of one on the screen, when ink is drawn."""

FRACTION_BITS = 4
"""OpenCV draws between pixels in fixed point: sixteenths."""

LARGEST_KEPT = 1 << 16
"""Pixels of a stroke's area up to which they are kept, to be laid again when its neighbour is erased."""

STEP = 5.0
"""Pixels between points of the smoothed line: at this length chords and curve look alike."""


def smooth(points: Points) -> NDArray[np.float64]:
    """Return points (m, 2) of a curve through `points`: a centripetal Catmull-Rom spline.

    Of that family it alone makes no loops and cusps, however unevenly the pointer was seen
    (Yuksel, Schaefer, Keyser 2011). Two points or fewer come back as they are.
    """
    line = np.asarray(points, float).reshape(-1, 2)
    moved = np.ones(len(line), bool)
    moved[1:] = np.any(line[1:] != line[:-1], axis=1)
    line = line[moved]
    return line if len(line) < 3 else np.concatenate([_spline(line, 0, len(line) - 1), line[-1:]])


def _spline(line: NDArray[np.float64], first: int, last: int) -> NDArray[np.float64]:
    """Return points (m, 2) of the curve from knot `first` of `line` (n, 2) to before knot `last`.

    No point of `line` may repeat the one before: the spline divides by their distances.
    """
    padded = np.concatenate([2 * line[:1] - line[1:2], line, 2 * line[-1:] - line[-2:-1]])
    gaps = np.hypot(*np.diff(padded, axis=0).T)
    counts = np.maximum(1, (gaps[first + 1 : last + 1] / STEP).astype(int))
    piece = np.repeat(np.arange(first, last), counts)
    part = (np.arange(len(piece)) - np.repeat(np.cumsum(counts) - counts, counts)) / np.repeat(counts, counts)
    d1, d2, d3 = (np.sqrt(gaps[piece + k])[:, None] for k in range(3))
    p0, p1, p2, p3 = (padded[piece + k] for k in range(4))
    t = part[:, None] * d2
    a1 = p1 + (p1 - p0) * (t / d1)
    a2 = p1 + (p2 - p1) * (t / d2)
    a3 = p2 + (p3 - p2) * ((t - d2) / d3)
    b1 = a1 + (a2 - a1) * ((t + d1) / (d1 + d2))
    b2 = a2 + (a3 - a2) * (t / (d2 + d3))
    curve: NDArray[np.float64] = b1 + (b2 - b1) * (t / d2)
    return curve


def together(*areas: pygame.Rect) -> pygame.Rect:
    """Return the area that holds all of `areas`; empty ones, wherever they are said to be, count for nothing."""
    some = [area for area in areas if area.width and area.height]
    return some[0].unionall(some[1:]) if some else NOWHERE.copy()


def bounds(points: NDArray[np.float64], width: float) -> pygame.Rect:
    """Return the whole pixels that a line through `points` (n, 2), `width` wide, can touch."""
    margin = width / 2 + 2
    left, top = np.floor(points.min(axis=0) - margin).astype(int)
    right, bottom = np.ceil(points.max(axis=0) + margin).astype(int)
    return pygame.Rect(int(left), int(top), int(right - left), int(bottom - top))


def raster(line: NDArray[np.float64], width: float, area: pygame.Rect) -> NDArray[np.uint8]:
    """Return the coverage (h, w), 0 paper .. 255 ink, of a round pen along `line` (n, 2) within `area`.

    Drawn `FINE` times as large and shrunk by averages. OpenCV's own antialiased lines are thicker at
    their ends than between, so that a curve of many points looks like a string of beads.
    """
    fine = np.zeros((area.height * FINE, area.width * FINE), np.uint8)
    middle = (line - area.topleft + 0.5) * FINE - 0.5
    fixed = np.round(middle * (1 << FRACTION_BITS)).astype(np.int32)
    if len(fixed) == 1:
        radius = round(width * FINE / 2 * (1 << FRACTION_BITS))
        cv2.circle(fine, fixed[0].tolist(), radius, 255, -1, cv2.LINE_8, FRACTION_BITS)
    else:
        cv2.polylines(fine, [fixed[:, None]], False, 255, max(1, round(width * FINE)), cv2.LINE_8, FRACTION_BITS)
    return np.asarray(cv2.resize(fine, area.size, interpolation=cv2.INTER_AREA), np.uint8)


def lay(page: NDArray[np.uint8], origin: tuple[int, int], coverage: NDArray[np.uint8], area: pygame.Rect) -> None:
    """Lay `coverage` (h, w) of `area` on `page` (H, W), whose first pixel is at `origin`, in place.

    Ink on ink stays ink: the darker of both is kept, so that where two pieces of a stroke meet, or
    two strokes cross, the soft edges do not add up.
    """
    both = area.clip(pygame.Rect(origin, (page.shape[1], page.shape[0])))
    if both.width and both.height:
        x, y = both.left - origin[0], both.top - origin[1]
        under = page[y : y + both.height, x : x + both.width]
        x, y = both.left - area.left, both.top - area.top
        np.maximum(under, coverage[y : y + both.height, x : x + both.width], out=under)


@dataclass(frozen=True)
class _Inked:
    """A stroke's smoothed points (n, 2), the area that they ink and, unless that is large, its pixels (h, w).

    The stroke is kept with them: as long as it lives, no other can have its `id`.
    """

    stroke: Stroke
    line: NDArray[np.float64]
    area: pygame.Rect
    pixels: NDArray[np.uint8] | None

    @classmethod
    def of(cls, stroke: Stroke) -> _Inked:
        line = smooth(stroke.points)
        area = bounds(line, stroke.width or PEN_WIDTH)
        small = area.width * area.height <= LARGEST_KEPT
        return cls(stroke, line, area, raster(line, stroke.width or PEN_WIDTH, area) if small else None)

    def lay_on(self, page: NDArray[np.uint8], origin: tuple[int, int]) -> None:
        """Lay the stroke on `page` (H, W), whose first pixel is at `origin`."""
        if self.pixels is not None:
            lay(page, origin, self.pixels, self.area)
            return
        both = self.area.clip(pygame.Rect(origin, (page.shape[1], page.shape[0])))
        if both.width and both.height:
            lay(page, origin, raster(self.line, self.stroke.width or PEN_WIDTH, both), both)


class Ink:
    """The painted strokes of a page: `coverage` (H, W), 0 paper .. 255 ink, and a surface that shows it."""

    def __init__(self, size: tuple[int, int], colour: tuple[int, int, int]) -> None:
        self._colour = colour
        self._inked: dict[Stroke, _Inked] = {}
        self.resize(size)

    def resize(self, size: tuple[int, int]) -> None:
        """Take paper of `size` (width, height), without ink until strokes are shown again."""
        self.coverage = np.zeros((size[1], size[0]), np.uint8)
        self.layer = pygame.Surface(size, pygame.SRCALPHA)
        self.layer.fill((*self._colour, 0))
        self._shown: tuple[Stroke, ...] = ()
        self._laid: list[_Inked] = []
        self._areas: list[pygame.Rect] = []
        self._traced: Points = ()
        self._traced_width = 0.0
        self._traced_area = NOWHERE

    def recolour(self, colour: tuple[int, int, int]) -> None:
        """Show the same ink in another colour."""
        self._colour = colour
        self.layer.fill((*colour, 0))
        self._refresh(self.layer.get_rect())

    def show(self, strokes: tuple[Stroke, ...]) -> pygame.Rect:
        """Bring the paper to `strokes` and return the area that changed."""
        shown = self._shown
        if strokes is shown:
            return NOWHERE
        kept = len(shown)
        if strokes[:kept] == shown:
            return self._add(strokes, strokes[kept:])
        if shown[: len(strokes)] == strokes:
            return self._remove(shown[len(strokes) :], strokes)
        present, before = set(strokes), set(shown)
        stay = tuple(stroke for stroke in strokes if stroke in before)
        area = self._remove([stroke for stroke in shown if stroke not in present], stay)
        return together(self._add(strokes, [stroke for stroke in strokes if stroke not in before]), area)

    def trace(self, points: Points, width: float) -> pygame.Rect:
        """Paint what of the stroke under the pen is sure, and return the area: all but its last segment.

        No point repeats the one before. How the last segment bends is known only when the next point
        comes; until then `tail` shows it. Where `width` is another than before, all is painted anew.
        """
        before = NOWHERE if width == self._traced_width else self.end_trace()
        self._traced_width = width
        if points[: len(self._traced)] != self._traced:
            self._traced = ()
        sure = max(0, len(self._traced) - 2)
        start, self._traced = max(0, sure - 1), points
        line = np.asarray(points[start:], float)
        if len(line) < 3:
            return before
        curve = np.concatenate([_spline(line, sure - start, len(line) - 2), line[-2:-1]])
        area = bounds(curve, width).clip(self.layer.get_rect())
        if not area.width or not area.height:
            return before
        lay(self.coverage, (0, 0), raster(curve, width, area), area)
        self._refresh(area)
        self._traced_area = together(self._traced_area, area)
        return together(before, area)

    def tail(self, points: Points, width: float) -> tuple[pygame.Surface, pygame.Rect]:
        """Return the last segment of the stroke under the pen as a small surface, and where it belongs."""
        line = np.asarray(points[-2:], float)
        area = bounds(line, width)
        surface = pygame.Surface(area.size, pygame.SRCALPHA)
        surface.fill((*self._colour, 0))
        _set_alpha(surface, surface.get_rect(), raster(line, width, area))
        return surface, area

    def end_trace(self) -> pygame.Rect:
        """Take off what `trace` painted since the last call, and return the area.

        Called before the finished stroke is shown; a stroke that became a gesture never is.
        """
        area, self._traced_area, self._traced = self._traced_area, NOWHERE, ()
        self._repaint(area)
        return area

    def _add(self, strokes: tuple[Stroke, ...], new: Sequence[Stroke]) -> pygame.Rect:
        self._shown = strokes
        if not new:
            return NOWHERE
        inked = [self._ink(stroke) for stroke in new]
        for one in inked:
            one.lay_on(self.coverage, (0, 0))
        self._laid += inked
        self._areas += (one.area for one in inked)
        area = together(*(one.area for one in inked))
        self._refresh(area)
        return area

    def _remove(self, gone: Sequence[Stroke], rest: tuple[Stroke, ...]) -> pygame.Rect:
        self._shown = rest
        area = together(*(self._ink(stroke).area for stroke in gone))
        for stroke in gone:
            self._inked.pop(stroke, None)
        lost = set(gone)
        while self._laid and self._laid[-1].stroke in lost:
            del self._laid[-1], self._areas[-1]
        if len(self._laid) > len(rest):
            self._laid = [one for one in self._laid if one.stroke not in lost]
            self._areas = [one.area for one in self._laid]
        self._repaint(area)
        return area

    def _repaint(self, area: pygame.Rect) -> None:
        """Paint `area` anew: clear it, then all strokes that reach into it, clipped to it."""
        area = area.clip(self.layer.get_rect())
        if not area.width or not area.height:
            return
        view = self.coverage[area.top : area.bottom, area.left : area.right]
        view[:] = 0
        for k in area.collidelistall(self._areas):
            self._laid[k].lay_on(view, area.topleft)
        self._refresh(area)

    def _ink(self, stroke: Stroke) -> _Inked:
        known = self._inked.get(stroke)
        if known is None:
            known = self._inked[stroke] = _Inked.of(stroke)
        return known

    def _refresh(self, area: pygame.Rect) -> None:
        area = area.clip(self.layer.get_rect())
        _set_alpha(self.layer, area, self.coverage[area.top : area.bottom, area.left : area.right])


def _set_alpha(surface: pygame.Surface, area: pygame.Rect, coverage: NDArray[np.uint8]) -> None:
    """Make `coverage` (h, w) the opacity of `surface` within `area`."""
    if area.width and area.height:
        pygame.surfarray.pixels_alpha(surface)[area.left : area.right, area.top : area.bottom] = coverage.T
