"""What is drawn around writing and is no part of it: lines under a number, frames and rings, ticks and lines beside it.

Each part of the ink is judged by its box and its outline against the rest, as in the analysis of connected components
of document pages (L. O'Gorman and R. Kasturi, Document Image Analysis, 1995). It serves the strokes of a drawing and
the patches of a picture alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float64]  # (parts, 4): left, top, right, bottom
Points = NDArray[np.float64]  # (points, 2): x, y, closely along the ink
Mask = NDArray[np.bool_]  # (parts,)

FLAT = 2.5  # times its height that a line is wide at least, and times its width that an upright one is tall
_LONG = (1.0, 1.5)  # heights of the writing that a line is wide at least under two symbols, and under one
_APART = 0.08  # heights of the writing between symbols, at least: parts of one may be nearer
_TALL = 0.5  # heights of the writing that what stands on a line is tall at least
_SUNK = 0.25  # heights of the writing that what stands on a line reaches below it at most
_CLEAR = 0.1  # and that one symbol alone stands above it at least
_BELOW = 1.0  # and that the line lies below it at most
_SIDE = 0.6  # heights of the writing that a line of a frame is wide at least: its sides may count as writing
_CORNER = 0.25  # sides of a frame that their ends miss each other by at most
_LARGEST = 16  # parts that may be rings or lines of frames: a page has few, and they are larger than what they hold
_ROOM = 0.13  # heights of a ring that it is wider and taller than what it holds at least
_HELD = 0.25  # heights of a ring that what it holds is tall at least: a dot in a zero is not
_OPEN = 60.0  # degrees that a ring leaves open at most
_BENT = 0.2  # lengths of it that a digit by itself bends aside at least: a slash in a zero does not
_TALLEST = 8  # parts that may be lines beside writing
_TALLER = (4.0, 12.0)  # times the writing that each of them is tall, at least and at most: a point is no writing
_BEYOND = 0.8  # heights of the writing that they reach above and below it at least, as no 1 beside a comma does
_TICK = (0.5, 2.0)  # times its height that a tick is wide, at least and at most
_ARMS = (0.25, 0.7)  # heights of its long arm that the short one is tall, at least and at most
_LEANING = (0.15, 0.4)  # heights of the long arm that the short and the long one reach to their side at least
_CROOKED = (0.4, 0.2)  # lengths of them that the short and the long arm bend aside at most: their ink is as wide
_FEWEST = 4  # points of an arm
_STRAIGHT = 0.08  # lengths of it that it bends aside at most


@dataclass(frozen=True, eq=False)
class Outline:
    """The `points` along the ink of a part, and what they tell, found once however often the part is judged."""

    points: Points

    @cached_property
    def bend(self) -> float:
        """How far it bends aside of a straight line, as a share of its length."""
        return _bend(self.points)

    @cached_property
    def is_tick(self) -> bool:
        """Whether it runs along the two arms of a tick."""
        return _is_tick(self.points)


Outlines = Callable[[int], Outline]  # of the part of a number


def decorations(boxes: Boxes, flat: Mask, outline: Outlines) -> Mask:
    """Return which parts of the ink are no writing but drawn around it, by their `boxes` and which are `flat` lines.

    `outline` gives the outline of the part of a number; few are asked for.
    """
    gone = np.ones(len(boxes), np.bool_)
    rest = np.arange(len(boxes))
    for kind in (_frames, _underlines, _rings, _tall_lines, _ticks):
        if len(rest) > 1 and (found := kind(boxes, flat, _outline_among(rest, outline))).any():
            rest, boxes, flat = rest[~found], boxes[~found], flat[~found]
    gone[rest] = False
    return gone


def _outline_among(rest: NDArray[np.intp], outline: Outlines) -> Outlines:
    return lambda number: outline(int(rest[number]))


def height_of(heights: NDArray[Any]) -> float:
    """Return how tall writing stands whose parts have these `heights`, specks left out; 0 where there is none."""
    if not len(heights):
        return 0.0
    tall = np.sort(heights[heights >= 0.3 * heights.max()])
    return float(tall[3 * (len(tall) - 1) // 4])


def _largest(sizes: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """Return which `count` of `sizes` are the largest, the largest last: as sorting all of them does, in less time."""
    if len(sizes) <= count:
        return sizes.argsort(kind="stable")
    found = np.flatnonzero(sizes >= np.partition(sizes, -count)[-count])
    return found[sizes[found].argsort(kind="stable")[-count:]]


def _underlines(boxes: Boxes, flat: Mask, _: Outlines) -> Mask:
    """Return which of the `flat` parts are lines that writing stands on: two symbols apart, or one clear of it."""
    left, top, right, bottom = boxes.T
    high = bottom - top
    tall = height_of(high[~flat])
    found = np.zeros_like(flat)
    for k in np.flatnonzero(flat & (right - left >= _LONG[0] * tall)).tolist():
        free, middle = top[k] - bottom, (left + right) / 2
        on = ~flat & (high >= _TALL * tall) & (free >= -_SUNK * tall) & (free <= _BELOW * tall)
        on &= (middle > left[k]) & (middle < right[k])
        order = np.flatnonzero(on)[left[on].argsort()]
        gaps = left[order[1:]] - np.maximum.accumulate(right[order])[:-1]
        clear = right[k] - left[k] >= _LONG[1] * tall and len(order) > 0 and free[order].min() >= _CLEAR * tall
        found[k] = clear or (gaps >= _APART * tall).any()
    return found


def _frames(boxes: Boxes, flat: Mask, _: Outlines) -> Mask:
    """Return which parts are the four sides of a frame around any other: two are `flat`, two upright."""
    left, top, right, bottom = boxes.T
    wide, high = right - left, bottom - top
    found = np.zeros_like(flat)
    lines = np.flatnonzero(flat & (wide >= _SIDE * height_of(high[~flat])))
    lines = lines[_largest(wide[lines], _LARGEST)]
    upright = np.flatnonzero(high >= FLAT * wide)
    if len(lines) < 2 or len(upright) < 2:
        return found
    x, y = (left + right) / 2, (top + bottom) / 2
    near = _CORNER * wide[lines]
    aligned = (np.abs(left[lines] - left[lines, None]) <= near) & (np.abs(right[lines] - right[lines, None]) <= near)
    for one, other in lines[np.argwhere(aligned & (y[lines] > y[lines, None]))].tolist():
        ends = np.maximum(np.abs(top[upright] - y[one]), np.abs(bottom[upright] - y[other]))
        sides = [np.maximum(ends, np.abs(x[upright] - end)) for end in (left[one], right[one])]
        held = ~flat & (x > left[one]) & (x < right[one]) & (top > y[one]) & (bottom < y[other])
        if max(side.min() for side in sides) <= _CORNER * (y[other] - y[one]) and held.any():
            found[[one, other, *(upright[side.argmin()] for side in sides)]] = True
    return found


def _rings(boxes: Boxes, _: Mask, outline: Outlines) -> Mask:
    """Return which parts run around writing: two tall parts, or one that is no straight stroke."""
    found = np.zeros(len(boxes), np.bool_)
    left, top, right, bottom = boxes.T.copy()
    high = bottom - top
    large = _largest(np.maximum(right - left, high), _LARGEST)
    inside = (left > left[large, None]) & (top > top[large, None])
    inside &= (right < right[large, None]) & (bottom < bottom[large, None]) & (high >= _HELD * high[large, None])
    for place in np.flatnonzero(inside.any(1)).tolist():
        held = np.flatnonzero(inside[place])
        ring = large[place]
        single = len(held) == 1 and (high[held[0]] < _TALL * high[ring] or outline(int(held[0])).bend < _BENT)
        found[ring] = not single and _encloses(boxes, held, outline(int(ring)).points)
    return found


def _tall_lines(boxes: Boxes, _: Mask, outline: Outlines) -> Mask:
    """Return which parts are upright straight lines that pass writing on its side, far above and below it."""
    left, top, right, bottom = boxes.T
    high = bottom - top
    found = np.zeros(len(boxes), np.bool_)
    ranked = high[_largest(high, _TALLEST + 1)[::-1]]
    steps = np.flatnonzero(ranked[:-1] >= _TALLER[0] * ranked[1:])
    if not len(steps):
        return found
    order = high.argsort(kind="stable")[::-1]
    lines, rest = order[: steps[0] + 1], order[steps[0] + 1 :]
    tall, above, below = high[rest[0]], top[rest].min(), bottom[rest].max()
    found[lines] = max(outline(k).bend for k in rest[:_TALLEST].tolist()) >= _BENT and all(
        FLAT * (right[k] - left[k]) <= high[k] <= _TALLER[1] * tall
        and np.maximum(left[rest] - right[k], left[k] - right[rest]).min() >= _APART * tall
        and min(above - top[k], bottom[k] - below) >= _BEYOND * tall
        and outline(k).bend <= _STRAIGHT
        for k in lines.tolist()
    )
    return found


def _ticks(boxes: Boxes, _: Mask, outline: Outlines) -> Mask:
    """Return which parts are ticks: two straight arms from the lowest point, a short one left, a long one right."""
    left, top, right, bottom = boxes.T
    wide, high = right - left, bottom - top
    order = left.argsort(kind="stable")
    gaps = left[order[1:]] - np.maximum.accumulate(right[order])[:-1]
    alone = np.concatenate([[True], gaps > 0]) & np.concatenate([left[order[1:]] > right[order[:-1]], [True]])
    alone[order] = alone.copy()
    found: Mask = alone & (wide >= _TICK[0] * high) & (wide <= _TICK[1] * high) & (high >= _TALL * height_of(high))
    for k in np.flatnonzero(found).tolist():
        found[k] = outline(k).is_tick
    return found


def _is_tick(points: Points) -> bool:
    """Say whether `points` run along the two arms of a tick."""
    aside = points - points[points[:, 1].argmax()]
    x, y = aside.T
    before, after = y[x < 0], y[x > 0]
    if min(len(before), len(after)) < _FEWEST:
        return False
    left, right = before.max() - before.min(), after.max() - after.min()
    if not _ARMS[0] * right <= left <= _ARMS[1] * right:
        return False
    arms = aside[x < 0], aside[x > 0]
    near, far = (np.ptp(arm[:, 0]) for arm in arms)
    return (
        bool(near >= _LEANING[0] * right)
        and bool(far >= _LEANING[1] * right)
        and all(_bend(arm) <= most for arm, most in zip(arms, _CROOKED, strict=True))
    )


def _encloses(boxes: Boxes, held: NDArray[np.intp], ring: Points) -> bool:
    """Say whether the points of a `ring` run around the parts that are `held`, with room between."""
    low, high = boxes[held, :2].min(0), boxes[held, 2:].max(0)
    size = np.ptp(ring, axis=0)
    if (size - (high - low) < _ROOM * size[1]).any():
        return False
    aside = ring - (low + high) / 2
    angles = np.sort(np.degrees(np.arctan2(aside[:, 1], aside[:, 0])))
    return bool(np.diff(angles, append=angles[0] + 360).max() <= _OPEN)


def _bend(points: Points) -> float:
    """Return how far `points` lie aside of the straight line along most of them, as a share of its length."""
    aside = points - points.mean(0)
    across, along = (aside @ np.linalg.eigh(aside.T @ aside)[1]).T
    return float(np.ptp(across) / max(float(np.ptp(along)), 1e-9))
