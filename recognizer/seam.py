"""Ink -> seams: ways through it from top to bottom that cross little of it, along which it may be cut.

They are the paths on which a drop of water would pass with the least ink in its way (G. Congedo
et al., Segmentation of numeric strings, ICDAR 1995), found for all starting points, and for all
patches of ink, at once by dynamic programming.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_PROBED = (0.2, 0.35, 0.5, 0.65, 0.8)  # shares of its height at which ink is searched for ways through it
_LEANING = 0.03  # what a step to the side costs, in pixels of ink

Cost = NDArray[np.float32]  # (H, W): the ink of each place, from 0 to 1
Costs = NDArray[np.float32]  # (H, 2C, W + 2): several, then the same upside down, a column free on either side
Steps = NDArray[np.int8]  # (H, 2C, W): how many columns the last step of a way goes to the right
Path = NDArray[np.int_]  # (H,): the column at which every row is cut: what is left of it goes to the left


class Bounds(NamedTuple):
    """What seams must keep to, in pixels of ink.

    Each crosses at most `crossing`; between two lie at least `between`, on either side of each `outside`; they are
    at most `most`.
    """

    crossing: float
    between: float
    outside: float
    most: int


class Seam(NamedTuple):
    """A way from top to bottom: the `path` it takes, what that costs in `total`, and how much ink lies `left` of it."""

    path: Path
    total: float
    left: float


def seams(costs: Sequence[Cost], bounds: Sequence[Bounds]) -> list[list[Path]]:
    """Return, for each of `costs`, the cheapest paths from top to bottom within its bounds, left to right.

    A path moves at most one column a row. Wherever the cheapest way through a place of a row is
    cheaper than through those beside it, that way is a path; of paths that cross or lie too close,
    the cheapest stays. All costs with ink enough for two symbols are searched side by side.
    """
    enough = [i for i, (c, bound) in enumerate(zip(costs, bounds, strict=True)) if c.sum() >= 2 * bound.outside]
    found: list[list[Path]] = [[] for _ in costs]
    if enough:
        own = [bounds[i] for i in enough]
        for i, bound, through in zip(enough, own, _through([costs[i] for i in enough], own), strict=True):
            found[i] = _chosen(through, bound)
    return found


def _through(costs: Sequence[Cost], bounds: Sequence[Bounds]) -> list[list[Seam]]:
    """Return the ways through the valleys of a few rows of each of `costs` that leave enough ink on either side."""
    count, heights = len(costs), np.array([len(c) for c in costs])
    ink = _side_by_side(costs)
    sums = ink.cumsum(2)
    totals, steps = _ways(ink, np.array([c.shape[1] for c in costs]))
    lefts = _lefts(sums[..., :-2], steps)
    rows = np.array([[round(share * (height - 1)) for height in heights.tolist()] for share in _PROBED])
    down, up = (rows, np.arange(count)), (heights - 1 - rows, np.arange(count, 2 * count))
    total = totals[down] + totals[up] - ink[down]
    left = lefts[down] + lefts[up] - sums[down][..., :-2]
    right = sums[:, :count, -1].sum(0)[:, None] - left
    crossing, _, outside, _ = np.array(bounds, np.float32).T[..., None]
    inner = total[..., 1:-1]
    good = (inner < total[..., :-2]) & (inner <= total[..., 2:]) & (inner <= crossing)
    good &= np.minimum(left, right) >= outside
    found: list[list[Seam]] = [[] for _ in costs]
    for probe, k, column in np.argwhere(good).tolist():
        above = _followed(steps[: down[0][probe, k] + 1, k], column)
        below = _followed(steps[: up[0][probe, k] + 1, count + k], column)
        path = np.array(above[:0:-1] + below)
        found[k].append(Seam(path, float(inner[probe, k, column]), float(left[probe, k, column])))
    return found


def _side_by_side(costs: Sequence[Cost]) -> Costs:
    rows, columns = (max(c.shape[k] for c in costs) for k in (0, 1))
    ink = np.zeros((rows, 2 * len(costs), columns + 2), np.float32)
    for i, c in enumerate(costs):
        ink[: len(c), i, 1 : c.shape[1] + 1] = c
        ink[: len(c), len(costs) + i, 1 : c.shape[1] + 1] = c[::-1]
    return ink


def _ways(ink: Costs, widths: NDArray[np.int_]) -> tuple[Costs, Steps]:
    """Return what the cheapest way from the first row to each place of `ink` takes, and its last step.

    It keeps to the `widths` (C,) of the ink: what is beside it costs no end.
    """
    columns = np.arange(ink.shape[2])
    within = (columns > 0) & (columns <= np.tile(widths, 2)[:, None])
    totals = np.where(within, ink, np.float32(np.inf))
    flat = totals.reshape(len(ink), -1)  # rows of all costs in one: the columns between them keep ways apart
    for row, level, left, right in zip(flat[1:, 1:-1], flat[:, 1:-1], flat[:, :-2], flat[:, 2:], strict=False):
        row += np.minimum(level, np.minimum(left, right) + np.float32(_LEANING))
    level, left, right = totals[:-1, :, 1:-1], totals[:-1, :, :-2] + np.float32(_LEANING), totals[:-1, :, 2:]
    steps = np.zeros((*ink.shape[:2], ink.shape[2] - 2), np.int8)
    steps[1:] -= left < level
    steps[1:][right + np.float32(_LEANING) < np.minimum(level, left)] = 1
    return totals, steps


def _lefts(inked: NDArray[np.float32], steps: Steps) -> NDArray[np.float32]:
    """Return the ink (H, 2C, W) left of all of the way by `steps` to each place, given what is `inked` left of it."""
    lefts = inked.copy()
    places = np.arange(lefts[0].size).reshape(lefts[0].shape) + steps
    for above, row, place in zip(lefts, lefts[1:], places[1:], strict=False):
        row += above.take(place)
    return lefts


def _followed(steps: Steps, column: int) -> list[int]:
    """Return the columns (H,) of the way by `steps` (H, W) that leads to `column` of the last row, the last first."""
    columns = [column]
    for step in steps[:0:-1]:
        columns.append(columns[-1] + int(step[columns[-1]]))
    return columns


def _chosen(found: Sequence[Seam], bounds: Bounds) -> list[Path]:
    """Return the paths of those `found`, the cheaper before the others, that keep apart as `bounds` say."""
    chosen: list[Seam] = []
    for seam in sorted(found, key=lambda seam: seam.total):
        apart = all(abs(seam.left - c.left) >= bounds.between and not _cross(seam.path, c.path) for c in chosen)
        if apart and len(chosen) < bounds.most:
            chosen.append(seam)
    return [seam.path for seam in sorted(chosen, key=lambda seam: seam.left)]


def _cross(path: Path, other: Path) -> bool:
    return bool((path < other).any() and (path > other).any())
