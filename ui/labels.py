"""Where labels go: near their boxes, never over ink, over each other or off the paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ui.page import Box

GAP = 5
"""Pixels between a box and its label: the frame is drawn three pixels outside the box."""

TIERS = 4
"""How many label heights above or below its box a label may move before any free place will do."""

GRID = 8
"""Pixels between the places tried then."""

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
    taken = np.ones((height, width), bool)
    seen = coverage[y : y + height, x : x + width]
    taken[: seen.shape[0], : seen.shape[1]] = seen > 0
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


def _take(taken: NDArray[np.bool_], box: Box) -> None:
    taken[max(0, box[1]) : max(0, box[1] + box[3]), max(0, box[0]) : max(0, box[0] + box[2])] = True


def _free_spot(taken: NDArray[np.bool_], box: Box, size: tuple[int, int]) -> tuple[int, int] | None:
    """Return the first free place of those near `box`, else the nearest of all, else None."""
    near = next((spot for spot in _near(box, size) if _free(taken, spot, size)), None)
    return near if near is not None else _nearest(taken, box, size)


def _near(box: Box, size: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Yield places for a label, best first: above, tier by tier, aligned to the box's middle, then shifted; below."""
    middle = box[0] + (box[2] - size[0]) // 2
    for tier in range(TIERS):
        above = box[1] - GAP - (tier + 1) * size[1]
        for shift in (0, -size[0] // 3, size[0] // 3):
            yield middle + shift, above
    for tier in range(TIERS):
        yield middle, box[1] + box[3] + GAP + tier * size[1]


def _free(taken: NDArray[np.bool_], spot: tuple[int, int], size: tuple[int, int]) -> bool:
    (x, y), (width, height) = spot, size
    if x < 0 or y < 0 or x + width > taken.shape[1] or y + height > taken.shape[0]:
        return False
    return not taken[y : y + height, x : x + width].any()


def _nearest(taken: NDArray[np.bool_], box: Box, size: tuple[int, int]) -> tuple[int, int] | None:
    """Return the free place of a grid that is nearest to above `box`, by sums over all windows at once."""
    width, height = size
    if width > taken.shape[1] or height > taken.shape[0]:
        return None
    sums = np.pad(taken.astype(np.int32).cumsum(0).cumsum(1), ((1, 0), (1, 0)))
    windows = sums[height:, width:] - sums[:-height, width:] - sums[height:, :-width] + sums[:-height, :-width]
    ys, xs = np.nonzero(windows[::GRID, ::GRID] == 0)
    if not len(xs):
        return None
    away = np.hypot(xs * GRID - box[0], ys * GRID - (box[1] - height))
    best = int(away.argmin())
    return int(xs[best]) * GRID, int(ys[best]) * GRID
