"""How one page lies on another, and what comes from elsewhere on the paper."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, floor

import numpy as np
import pygame

from recognizer.drawing import Drawing, Stroke
from recognizer.reading import Reading
from ui.canvas import PEN_WIDTH, bounds
from ui.corrections import corrections_by, truths_of
from ui.page import Box, Page, Picture

FILL = 0.8
"""Share of the paper that a drawing from elsewhere takes at most."""

MARGIN = 8
"""Pixels round a page that is moved onto the paper: frames reach beyond its ink."""


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

    def picture(self, picture: Picture) -> Picture:
        """Return a picture on the one page as it lies on the other, to the nearest pixel."""
        x, y = (round(each * self.scale + shift) for each, shift in zip(picture.at, (self.x, self.y), strict=True))
        return replace(picture, scale=picture.scale * self.scale, at=(x, y))

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


def on_paper(page: Page, room: tuple[int, int], top: int = 0) -> Page:
    """Return `page`, if all of it is on the paper, else moved no further than it must be, shrunk if it is larger.

    The paper reaches down to the end of `room` (width, height), which begins at `top`. What was said
    of the ink goes with it.
    """
    areas = [bounds(np.asarray(stroke.points), stroke.width or PEN_WIDTH) for stroke in page.strokes]
    areas += [pygame.Rect(own.at, own.shown_size) for own in (page.picture,) if own is not None]
    paper = pygame.Rect(0, 0, room[0], top + room[1])
    if not areas or paper.contains(whole := areas[0].unionall(areas[1:])):
        return page
    whole = whole.inflate(2 * MARGIN, 2 * MARGIN)
    scale = min(1.0, room[0] / whole.width, room[1] / whole.height)
    low = np.array(whole.topleft) * scale
    corner = np.clip(low, (0, top), np.array((0, top)) + room - np.array(whole.size) * scale)
    return _moved_page(page, Frame(scale, *(corner - low).tolist()))


def _moved_page(page: Page, frame: Frame) -> Page:
    """Return `page` as it lies on another."""
    strokes = tuple(map(frame.stroke, page.strokes))
    said = [replace(truth, box=frame.box(truth.box)) for truth in truths_of(page)]
    picture = None if page.picture is None else frame.picture(page.picture)
    return Page(strokes, picture, corrections_by(said, strokes))
