"""Where labels go: near their boxes, never over ink, over each other or off the paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from heapq import heappop, heappush
from itertools import pairwise
from typing import TypeAlias, TypeVar

import cv2
import numpy as np
import pygame
from numpy.typing import NDArray

from ui.page import Box

GAP = 5
"""Pixels between a box and its label: the frame is drawn three pixels outside the box."""

TIERS = 4
"""How many label heights above or below its box a label may move before any free place round about will do."""

SHIFTS = (0, -1 / 3, 1 / 3, -2 / 3, 2 / 3)
"""Label widths by which a label may move to the side there."""

GRID = 8
"""Pixels between the places tried then."""

SURROUNDINGS = 120
"""Pixels round a box in which a place is looked for: nobody could tell what a label further away belongs to."""

HIDDEN: Box = (0, 0, 0, 0)

NOWHERE = pygame.Rect(HIDDEN)

_Kind = TypeVar("_Kind", bound=np.generic)

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
        self._ink = np.zeros((0, 0), np.bool_)
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
        else is `written` is in the way, higher, then below, then to the nearest free place round about.
        Where none is left, or the box itself lies off the paper, it is `HIDDEN`. `inked` is the area in
        which the coverage may have changed since the last call, None for all of it.
        """
        room = pygame.Rect(paper).clip(pygame.Rect((0, 0), coverage.shape[::-1]))
        seen = room.collidelistall(list(boxes))
        spots = self._spots([(boxes[k], sizes[k]) for k in seen], coverage, room, written, inked)
        labels = [HIDDEN] * len(boxes)
        for k, spot in zip(seen, spots, strict=True):
            if spot:
                labels[k] = (*spot.topleft, *spot.size)
        return tuple(labels)

    def _spots(
        self,
        keys: Sequence[_Key],
        coverage: NDArray[np.uint8],
        room: pygame.Rect,
        written: Sequence[Box],
        inked: pygame.Rect | None,
    ) -> list[pygame.Rect | None]:
        """Return the area of each label, None where it is hidden, given those whose boxes reach into `room`."""
        boxes = [box for box, _ in keys]
        known = self._places if inked is not None and room == self._room and self._in_order(keys) else {}
        obstacles, present = {*boxes, *written}, set(keys)
        gone, come = _differences(self._obstacles - obstacles, obstacles - self._obstacles)
        gone += [place.spot for key, place in known.items() if place.spot and key not in present]
        if self._has_lost_ink(coverage, inked):
            gone.append(room if inked is None else inked)
        come += [inked] if inked else []
        taken = [pygame.Rect(box) for box in (*boxes, *written)]
        paper = partial(_Paper, keys, coverage, room, taken)
        places = _placed(keys, [known.get(key) for key in keys], gone, come, paper)
        self._room, self._obstacles = room, obstacles
        self._places = dict(zip(keys, places, strict=True)) if len(present) == len(keys) else {}
        return [place.spot for place in places]

    def _has_lost_ink(self, coverage: NDArray[np.uint8], inked: pygame.Rect | None) -> bool:
        """Return whether ink of the last call has gone from the area `inked`, and remember what is there now."""
        if self._ink.shape != coverage.shape or inked is None:
            self._ink = coverage > 0
            return True
        area = inked.clip(pygame.Rect((0, 0), coverage.shape[::-1]))
        before, now = _part(self._ink, area), _part(coverage, area) > 0
        lost = bool((before & ~now).any())
        before[:] = now
        return lost

    def _in_order(self, keys: Sequence[_Key]) -> bool:
        """Return whether those of `keys` that have a place follow each other as they did: first come, first served."""
        order = {key: number for number, key in enumerate(self._places)}
        numbers = [order[key] for key in keys if key in order]
        return all(one < other for one, other in pairwise(numbers))


class _Paper:
    """Where labels may stand: in `room`, but neither on ink nor in boxes that are `taken`.

    Of the page, given by its `coverage` (H, W), it knows the part round the boxes of `keys`.
    """

    def __init__(
        self, keys: Sequence[_Key], coverage: NDArray[np.uint8], room: pygame.Rect, taken: Sequence[pygame.Rect]
    ) -> None:
        self.room = room
        reach = max(_reach(size) for _, size in keys)
        boxes = pygame.Rect(keys[0][0]).unionall([box for box, _ in keys])
        self._known = boxes.inflate(2 * reach, 2 * reach).clip(room)
        self._full = np.minimum(_part(coverage, self._known), 1)
        self.take(taken)

    def take(self, boxes: Sequence[pygame.Rect]) -> None:
        """Let no label stand in these `boxes` any more."""
        left, top = self._known.topleft
        for box in boxes:
            part = box.clip(self._known)
            self._full[part.top - top : part.bottom - top, part.left - left : part.right - left] = 1

    def full(self, area: pygame.Rect) -> NDArray[np.uint8]:
        """Return where in `area`, in the room and round a box, something is (h, w): 1 there, elsewhere 0."""
        return _part(self._full, area.move(-self._known.left, -self._known.top))


def _differences(gone: set[Box], come: set[Box]) -> tuple[list[pygame.Rect], list[pygame.Rect]]:
    """Return the areas of boxes that are `gone`, and of those that have `come`; of one that grew or shrank, its end."""
    before = {box[:2] + box[3:]: box for box in gone}
    lost: list[pygame.Rect] = []
    won: list[pygame.Rect] = []
    for box in come:
        was = before.get(box[:2] + box[3:])
        if was is None:
            won.append(pygame.Rect(box))
            continue
        gone = gone - {was}
        ends = sorted((box[0] + box[2], was[0] + was[2]))
        (won if box[2] > was[2] else lost).append(pygame.Rect(ends[0], box[1], ends[1] - ends[0], box[3]))
    return lost + [pygame.Rect(box) for box in gone], won


def _placed(
    keys: Sequence[_Key],
    known: Sequence[_Place | None],
    gone: list[pygame.Rect],
    come: list[pygame.Rect],
    paper: Callable[[], _Paper],
) -> list[_Place]:
    """Return the place of each label, first come, first served.

    It is the `known` one if nothing has `come` there, and nothing is `gone` that was in the way of a better one.
    The `paper` is made only where it is not.
    """
    places = [place or _Place(None, NOWHERE) for place in known]
    spots = [place.spot or NOWHERE for place in places]
    seen = [place.seen for place in places]
    new = [k for k, place in enumerate(known) if place is None]
    freed = (k for area in gone for k in area.collidelistall(seen))
    todo = sorted({*new, *freed, *(k for area in come for k in area.collidelistall(spots))})
    if not todo:
        return places
    on, done = paper(), -1
    while todo:
        k = heappop(todo)
        if k == done:
            continue
        on.take(spots[max(0, done) : k])
        done, before = k, spots[k]
        places[k] = _place(pygame.Rect(keys[k][0]), keys[k][1], on)
        spots[k] = places[k].spot or NOWHERE
        if spots[k] != before:
            for other in (*before.collidelistall(seen), *spots[k].collidelistall(spots)):
                if other > k:
                    heappush(todo, other)
    return places


def _part(page: NDArray[_Kind], area: pygame.Rect) -> NDArray[_Kind]:
    return page[area.top : area.bottom, area.left : area.right]


def _reach(size: tuple[int, int]) -> int:
    """Return how far round its box a place is looked for, for a label of this `size`."""
    return max(SURROUNDINGS, (TIERS + 1) * size[1], 2 * size[0])


def _place(box: pygame.Rect, size: tuple[int, int], on: _Paper) -> _Place:
    """Return the first free place of those beside `box`, else the nearest round about, if there is one."""
    if not on.room.collidepoint(box.left + box.width // 2, box.top + box.height // 2):
        return _Place(None, box)
    beside = _beside(box, size, on)
    if beside:
        return beside
    near = box.inflate(2 * _reach(size), 2 * _reach(size)).clip(on.room)
    return _Place(free_place((box.left, box.top - size[1]), size, on.full(near), near), box.union(near))


def _beside(box: pygame.Rect, size: tuple[int, int], on: _Paper) -> _Place | None:
    """Return the first free place: above, tier by tier, in the box's middle, then shifted; then below."""
    (width, height), room = size, on.room
    middle = box.left + (box.width - width) // 2
    above, below = box.top - GAP - height, box.bottom + GAP
    lefts = [middle + round(shift * width) for shift in SHIFTS]
    tops = [above - tier * height for tier in range(TIERS)] + [below + tier * height for tier in range(TIERS)]
    lefts = [left for left in lefts if room.left <= left <= room.right - width]
    tops = [top for top in tops if room.top <= top <= room.bottom - height]
    if not lefts or not tops:
        return None
    tried = _round(lefts, tops, size)
    sums = cv2.integral(on.full(tried))
    x, y = np.array(lefts) - tried.left, np.array(tops) - tried.top
    rows = sums[y + height] - sums[y]
    places = np.flatnonzero(rows[:, x + width] == rows[:, x])
    if not len(places):
        return None
    row, column = divmod(int(places[0]), len(lefts))
    seen = _round(lefts if row else lefts[: column + 1], tops[: row + 1], size)
    return _Place(pygame.Rect((lefts[column], tops[row]), size), box.union(seen))


def _round(lefts: Sequence[int], tops: Sequence[int], size: tuple[int, int]) -> pygame.Rect:
    """Return the area of all labels of this `size` whose left top corners are at these `lefts` and `tops`."""
    left, top = min(lefts), min(tops)
    return pygame.Rect(left, top, max(lefts) + size[0] - left, max(tops) + size[1] - top)


def free_place(
    wanted: tuple[int, int], size: tuple[int, int], full: NDArray[np.uint8], near: pygame.Rect
) -> pygame.Rect | None:
    """Return the place of a grid in `near`, free where `full` (h, w) is 0, whose left top is nearest to `wanted`.

    All are tried at once, by sums over windows.
    """
    width, height = size
    if width > near.width or height > near.height:
        return None
    sums = cv2.integral(full)
    low, high = sums[:-height:GRID], sums[height::GRID]
    windows = high[:, width::GRID] - low[:, width::GRID] - high[:, :-width:GRID] + low[:, :-width:GRID]
    ys, xs = np.nonzero(windows == 0)
    if not len(xs):
        return None
    left, top = near.left + xs * GRID, near.top + ys * GRID
    best = int(np.hypot(left - wanted[0], top - wanted[1]).argmin())
    return pygame.Rect((int(left[best]), int(top[best])), size)
