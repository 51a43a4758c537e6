"""Where labels go: near their boxes, never over ink, over each other or off the paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
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
    x, y, width, height = paper
    taken = np.ones((height, width), np.uint8)
    seen = coverage[y : y + height, x : x + width]
    np.minimum(seen, 1, out=taken[: seen.shape[0], : seen.shape[1]])
    for box in (*boxes, *written):
        _take(taken, (box[0] - x, box[1] - y, box[2], box[3]))
    placed = []
    for box, size in zip(boxes, sizes, strict=True):
        seen_at_all = x <= box[0] + box[2] // 2 < x + width and y <= box[1] + box[3] // 2 < y + height
        spot = _free_spot(taken, (box[0] - x, box[1] - y, box[2], box[3]), size) if seen_at_all else None
        if spot is None:
            placed.append(HIDDEN)
            continue
        _take(taken, (*spot, *size))
        placed.append((spot[0] + x, spot[1] + y, *size))
    return tuple(placed)


def _take(taken: NDArray[np.uint8], box: Box) -> None:
    taken[max(0, box[1]) : max(0, box[1] + box[3]), max(0, box[0]) : max(0, box[0] + box[2])] = 1


def _free_spot(taken: NDArray[np.uint8], box: Box, size: tuple[int, int]) -> tuple[int, int] | None:
    """Return the first free place of those beside `box`, else the nearest round about, else of all, else None."""
    beside = next((spot for spot in _near(box, size) if _free(taken, spot, size)), None)
    if beside is not None:
        return beside
    left, top = max(0, box[0] - SURROUNDINGS), max(0, box[1] - SURROUNDINGS)
    near = taken[top : box[1] + box[3] + SURROUNDINGS, left : box[0] + box[2] + SURROUNDINGS]
    spot = _nearest(near, (box[0] - left, box[1] - top), size)
    return (spot[0] + left, spot[1] + top) if spot is not None else _nearest(taken, box[:2], size)


def _near(box: Box, size: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Yield places for a label, best first: above, tier by tier, in the box's middle, then shifted; then below."""
    middle = box[0] + (box[2] - size[0]) // 2
    above, below = box[1] - GAP - size[1], box[1] + box[3] + GAP
    for y in (*(above - tier * size[1] for tier in range(TIERS)), *(below + tier * size[1] for tier in range(TIERS))):
        for shift in SHIFTS:
            yield middle + round(shift * size[0]), y


def _free(taken: NDArray[np.uint8], spot: tuple[int, int], size: tuple[int, int]) -> bool:
    (x, y), (width, height) = spot, size
    if x < 0 or y < 0 or x + width > taken.shape[1] or y + height > taken.shape[0]:
        return False
    return not taken[y : y + height, x : x + width].any()


def _nearest(taken: NDArray[np.uint8], corner: tuple[int, int], size: tuple[int, int]) -> tuple[int, int] | None:
    """Return the free place of a grid that is nearest to above `corner`, by sums over all windows at once."""
    width, height = size
    if width > taken.shape[1] or height > taken.shape[0]:
        return None
    sums = cv2.integral(taken)
    low, high = sums[:-height:GRID], sums[height::GRID]
    windows = high[:, width::GRID] - low[:, width::GRID] - high[:, :-width:GRID] + low[:, :-width:GRID]
    ys, xs = np.nonzero(windows == 0)
    if not len(xs):
        return None
    away = np.hypot(xs * GRID - corner[0], ys * GRID - (corner[1] - height))
    best = int(away.argmin())
    return int(xs[best]) * GRID, int(ys[best]) * GRID
