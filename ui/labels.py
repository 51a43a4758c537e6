"""Where labels go: near their boxes, never over ink, over each other or off the paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import pygame
from numpy.typing import NDArray

from ui.page import Box

GAP = 5
"""Pixels between a box and its label: the frame is drawn three pixels outside the box."""

TIERS = 4
"""How many label heights above or below its box a label may move before any free place will do."""

SHIFTS = (0, -1 / 3, 1 / 3, -2 / 3, 2 / 3)
"""Label widths by which a label may move to the side there."""

GRID = 8
"""Pixels between the places tried then."""

SURROUNDINGS = 120
"""Pixels round a box in which a place is looked for first: looking through the whole page takes milliseconds."""

HIDDEN: Box = (0, 0, 0, 0)


def place_labels(
    boxes: Sequence[Box],
    sizes: Sequence[tuple[int, int]],
    coverage: NDArray[np.uint8],
    paper: Box,
    written: Sequence[Box] = (),
) -> tuple[Box, ...]:
    """Return a box for each label of `sizes` (width, height), near its of `boxes`, whole within `paper`.

    A label goes above its box; where ink, given by `coverage` (H, W), a box, another label or what
    else is `written` is in the way, higher, then below, then to the nearest free place. Where none is
    left, or the box itself lies off the paper, it is `HIDDEN`.
    """
    room = pygame.Rect(paper).clip(pygame.Rect((0, 0), coverage.shape[::-1]))
    full = _Full(coverage, [pygame.Rect(box) for box in (*boxes, *written)])
    placed = []
    for box, size in zip(boxes, sizes, strict=True):
        seen_at_all = room.collidepoint(box[0] + box[2] // 2, box[1] + box[3] // 2)
        spot = _free_spot(pygame.Rect(box), size, full, room) if seen_at_all else None
        if spot is None:
            placed.append(HIDDEN)
            continue
        full.taken.append(spot)
        placed.append((*spot.topleft, *size))
    return tuple(placed)


@dataclass(frozen=True)
class _Full:
    """What labels keep clear of: ink, where `coverage` (H, W) is not 0, and boxes that are `taken`."""

    coverage: NDArray[np.uint8]
    taken: list[pygame.Rect]

    def is_free(self, area: pygame.Rect) -> bool:
        """Return whether there is nothing in `area`."""
        return area.collidelist(self.taken) < 0 and not self._ink(area).any()

    def within(self, room: pygame.Rect) -> NDArray[np.uint8]:
        """Return which pixels (h, w) of `room` are not free, as 1."""
        full = np.minimum(self._ink(room), 1)
        for k in room.collidelistall(self.taken):
            both = self.taken[k].clip(room).move(-room.left, -room.top)
            full[both.top : both.bottom, both.left : both.right] = 1
        return full

    def _ink(self, area: pygame.Rect) -> NDArray[np.uint8]:
        return self.coverage[area.top : area.bottom, area.left : area.right]


def _free_spot(box: pygame.Rect, size: tuple[int, int], full: _Full, room: pygame.Rect) -> pygame.Rect | None:
    """Return the first free place of those beside `box`, else the nearest round about, else of all, else None."""
    for spot in _near(box, size):
        if room.contains(spot) and full.is_free(spot):
            return spot
    near = box.inflate(2 * SURROUNDINGS, 2 * SURROUNDINGS).clip(room)
    return _nearest(box, size, full, near) or _nearest(box, size, full, room)


def _near(box: pygame.Rect, size: tuple[int, int]) -> Iterator[pygame.Rect]:
    """Yield places for a label, best first: above, tier by tier, in the box's middle, then shifted; then below."""
    middle = box.left + (box.width - size[0]) // 2
    above, below = box.top - GAP - size[1], box.bottom + GAP
    for y in (*(above - tier * size[1] for tier in range(TIERS)), *(below + tier * size[1] for tier in range(TIERS))):
        for shift in SHIFTS:
            yield pygame.Rect((middle + round(shift * size[0]), y), size)


def _nearest(box: pygame.Rect, size: tuple[int, int], full: _Full, room: pygame.Rect) -> pygame.Rect | None:
    """Return the free place of a grid in `room` that is nearest to above `box`, by sums over all windows at once."""
    width, height = size
    if width > room.width or height > room.height:
        return None
    sums = cv2.integral(full.within(room))
    low, high = sums[:-height:GRID], sums[height::GRID]
    windows = high[:, width::GRID] - low[:, width::GRID] - high[:, :-width:GRID] + low[:, :-width:GRID]
    ys, xs = np.nonzero(windows == 0)
    if not len(xs):
        return None
    left, top = room.left + xs * GRID, room.top + ys * GRID
    best = int(np.hypot(left - box.left, top - (box.top - height)).argmin())
    return pygame.Rect((int(left[best]), int(top[best])), size)
