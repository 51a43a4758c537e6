"""Where labels go: near their boxes, never over ink, over each other or off the paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

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

_Key: TypeAlias = tuple[Box, tuple[int, int]]
"""What a label is known by: the box that it is for, and its size."""


@dataclass(frozen=True)
class _Place:
    """Where a label stands, None where there was no room for it, and the area that was looked at for that."""

    spot: pygame.Rect | None
    seen: pygame.Rect


class Labels:
    """Places labels, and leaves those where they are that nothing new has come near."""

    def __init__(self) -> None:
        self._places: dict[_Key, _Place] = {}
        self._obstacles: set[Box] = set()
        self._room = pygame.Rect(0, 0, 0, 0)

    def place(
        self,
        boxes: Sequence[Box],
        sizes: Sequence[tuple[int, int]],
        coverage: NDArray[np.uint8],
        paper: Box,
        written: Sequence[Box] = (),
        inked: pygame.Rect | None = None,
    ) -> tuple[Box, ...]:
        """Return a box for each label of `sizes` (width, height), near its of `boxes`, whole within `paper`.

        A label goes above its box; where ink, given by `coverage` (H, W), a box, another label or what
        else is `written` is in the way, higher, then below, then to the nearest free place. Where none is
        left, or the box itself lies off the paper, it is `HIDDEN`. `inked` is the area in which the
        coverage may have changed since the last call, None for all of it.
        """
        room = pygame.Rect(paper).clip(pygame.Rect((0, 0), coverage.shape[::-1]))
        keys = list(zip(boxes, sizes, strict=True))
        known = self._places if inked is not None and room == self._room and self._in_order(keys) else {}
        obstacles, present = {*boxes, *written}, set(keys)
        changed = [inked] if inked else []
        changed += [pygame.Rect(box) for box in obstacles ^ self._obstacles]
        changed += [place.spot for key, place in known.items() if place.spot and key not in present]
        full = _Full(coverage, [pygame.Rect(box) for box in (*boxes, *written)])
        places = [_placed(key, known.get(key), changed, full, room) for key in keys]
        self._room, self._obstacles = room, obstacles
        self._places = dict(zip(keys, places, strict=True)) if len(present) == len(keys) else {}
        return tuple((*place.spot.topleft, *place.spot.size) if place.spot else HIDDEN for place in places)

    def _in_order(self, keys: Sequence[_Key]) -> bool:
        """Return whether those of `keys` that have a place follow each other as they did: first come, first served."""
        order = {key: number for number, key in enumerate(self._places)}
        numbers = [order[key] for key in keys if key in order]
        return all(one < other for one, other in pairwise(numbers))


def _placed(key: _Key, known: _Place | None, changed: list[pygame.Rect], full: _Full, room: pygame.Rect) -> _Place:
    """Return the place of the next label, the `known` one if nothing near it is `changed`; both lists learn of it."""
    place = known
    if place is None or place.seen.collidelist(changed) >= 0:
        place = _place(pygame.Rect(key[0]), key[1], full, room)
        if known is None or known.spot != place.spot:
            changed += [p.spot for p in (known, place) if p and p.spot]
    if place.spot:
        full.take(place.spot)
    return place


class _Full:
    """What labels keep clear of: ink, where `coverage` (H, W) is not 0, and boxes that are `taken`."""

    def __init__(self, coverage: NDArray[np.uint8], taken: Sequence[pygame.Rect]) -> None:
        self._coverage = coverage
        self._taken = list(taken)
        self._map: NDArray[np.uint8] | None = None
        self.hopeless: list[tuple[int, int]] = []  # sizes for which no place was found on the whole paper

    def take(self, spot: pygame.Rect) -> None:
        """Keep `spot` clear as well from now on."""
        self._taken.append(spot)
        if self._map is not None:
            _fill(self._map, spot)

    def is_free(self, area: pygame.Rect) -> bool:
        """Return whether there is nothing in `area`."""
        return area.collidelist(self._taken) < 0 and not _part(self._coverage, area).any()

    def within(self, room: pygame.Rect) -> NDArray[np.uint8]:
        """Return which pixels (h, w) of `room` are not free, as 1."""
        if self._map is None:
            self._map = np.minimum(self._coverage, 1)
            for box in self._taken:
                _fill(self._map, box)
        return _part(self._map, room)


def _part(page: NDArray[np.uint8], area: pygame.Rect) -> NDArray[np.uint8]:
    return page[area.top : area.bottom, area.left : area.right]


def _fill(page: NDArray[np.uint8], area: pygame.Rect) -> None:
    _part(page, area.clip(pygame.Rect((0, 0), page.shape[::-1])))[:] = 1


def _place(box: pygame.Rect, size: tuple[int, int], full: _Full, room: pygame.Rect) -> _Place:
    """Return the first free place of those beside `box`, else the nearest round about, else of all, if there is one."""
    if not room.collidepoint(box.left + box.width // 2, box.top + box.height // 2):
        return _Place(None, box)
    seen = box.copy()
    for spot in _near(box, size):
        seen.union_ip(spot)
        if room.contains(spot) and full.is_free(spot):
            return _Place(spot, seen)
    near = box.inflate(2 * SURROUNDINGS, 2 * SURROUNDINGS).clip(room)
    found = _nearest(box, size, full, near)
    return _Place(found, seen.union(near)) if found else _Place(_anywhere(box, size, full, room), room)


def _anywhere(box: pygame.Rect, size: tuple[int, int], full: _Full, room: pygame.Rect) -> pygame.Rect | None:
    """Return the free place nearest to `box` in all of `room`; where a label no larger had none, none is looked for."""
    if any(width <= size[0] and height <= size[1] for width, height in full.hopeless):
        return None
    found = _nearest(box, size, full, room)
    if found is None:
        full.hopeless.append(size)
    return found


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
