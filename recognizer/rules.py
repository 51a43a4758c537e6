"""Ink without what was printed before anybody wrote: ruled lines, squares, and the frames of forms.

Rules are runs far longer than writing has, found by a morphological opening with a line (J. Serra,
Image Analysis and Mathematical Morphology, 1982); where the page lies askew, along the slope at
which one row of it holds most ink, as in a Hough transform. Frames are patches whose outermost ink
lies on a straight line on each of four sides. What a stroke shares with them stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.patches import Labels, Mask, Patches

Flat = NDArray[np.uint8]

_RULE = 1.5  # heights of the writing that a level rule is long at least
_UPRIGHT = 2.0  # and an upright one
_SHORTEST = 32  # pixels that any is long: a digit of MNIST is 20 px
_THICK = 0.12  # heights of the writing that a rule is thick at most: what is thicker may be the bar of a 7,
_LONG = 4.0  # unless it is so many heights long
_ACROSS = 0.4  # share of the page's side that it is long besides
_GAP = 4  # pixels of bare paper that break no rule
_IN_ONE = 0.5  # share of a rule that hangs together at least, however faint it is
_EDGE = 0.97  # share of a side from which on a run goes from edge to edge, which no stroke does
_WIDE_PAGE = 2.0  # heights of the writing that the page is wide at least for that to be asked
_SQUARED = 0.6  # share of the page's height that level rules span where upright ones may cross them
_STEEPEST = 0.06  # columns a row that a page may lie askew for its rules to be found: 3.4 degrees
_LOOKED_AT = 128  # pixels of the longer side of the page on which the slope of its rules is looked for
_THIN = 40  # of 255: what a rule darkens such a pixel by at least
_FILLED = 0.95  # share of a rule's length that its row holds there
_BARE = 0.2  # share of a rule with bare paper beside it at least: 0.49 of lined and squared paper, 0 of most tops
_LEAST_FRAME = 24  # pixels of a frame's shorter side: below, a zero may be as square
_CORNER = 8  # parts of a frame's side, of which the first and last are its corners
_STRAIGHT = 0.8  # share of a frame's side that is straight: the rest may have writing across it
_HOLLOW = 0.5  # share of its box that a frame fills at most


def without_rules(patches: Patches, height: float) -> Patches:
    """Return `patches` without ruled lines and frames: runs far longer than writing `height` px tall has.

    Where a stroke crosses a rule, the crossing stays. Upright lines go where level ones show that
    the page is squared or a form's field, and they run all the way between them. Where there are no
    rules, the very same patches come back.
    """
    if not len(patches.boxes):
        return patches
    flat = patches.mask.view(np.uint8)
    widest, tallest = patches.boxes[:, 2:].max(0).tolist()
    level, upright = _frames(flat, patches)
    level |= _level_rules(flat, _RULE * height, height, widest)
    upright |= _level_rules(flat.T, _UPRIGHT * height, height, tallest, _span(level)).T
    if not level.any() and not upright.any():
        return patches
    rest = np.ascontiguousarray(_cleared(flat, level).T)
    return Patches(np.asarray(_cleared(rest, upright.T).T > 0))


def _level_rules(flat: Flat, least: float, height: float, widest: int, span: int | None = None) -> Flat:
    """Return the level rules (H, W) of `flat`, 0 or 1: runs of at least `least` px, or as long as `span` where given.

    They may lie askew. There are none where the `widest` patch of ink is not half as wide as a rule, nor where
    bare columns part the ink into stretches shorter than one.
    """
    width = flat.shape[1]
    run = max(least, _ACROSS * width, _SHORTEST)
    if width >= _WIDE_PAGE * height:
        run = min(run, _EDGE * width)
    if span:
        run = min(run, float(span))
    if run > width or widest < _IN_ONE * run or _longest_stretch(flat.max(0) > 0) < int(run):
        return np.zeros_like(flat)
    flat = np.ascontiguousarray(flat)
    slope = _slope(flat, run)
    if abs(slope * width) < 1:
        return _bare(flat, _thin(_runs(flat, int(run)), height))
    straight = _leaning(flat, -slope)
    return _leaning(_bare(straight, _thin(_runs(straight, int(run)), height)), slope)


def _longest_stretch(inked: Mask) -> int:
    """Return how many columns at most follow each other with ink, or with gaps of `_GAP` px, also to the edges."""
    columns = np.flatnonzero(inked)
    ends = np.flatnonzero(np.diff(columns) > _GAP + 1)
    firsts, lasts = columns[[0, *(ends + 1)]], columns[[*ends, -1]]
    return int((lasts - firsts).max()) + 1 + _GAP


def _thin(found: Flat, height: float) -> Flat:
    """Return the runs of `found` that are thin beside writing of `height` px, or very long, as no bar of a digit is."""
    if not found.any():
        return found
    count, labels, stats, _ = cv2.connectedComponentsWithStats(found, connectivity=8)
    keep = np.zeros(count, np.uint8)
    width, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_AREA]
    keep[1:] = ((area <= _THICK * height * width) | (width >= _LONG * height))[1:]
    return np.asarray(keep[labels], np.uint8)


def _bare(flat: Flat, found: Flat) -> Flat:
    """Return the level runs of `found` in `flat` that have nothing above and below them along some of their length.

    Others are no rules but the tops, bars or feet of digits that stand close in a row, above all where
    a page is cropped to writing that rises.
    """
    if not found.any():
        return found
    count, labels, stats, _ = cv2.connectedComponentsWithStats(found, connectivity=8)
    near, around = (np.asarray(cv2.dilate(found, np.ones((rows, 1), np.uint8)), np.uint8) for rows in (5, 7))
    beside = flat & (around - near)  # ink three pixels from a run
    keep = np.zeros(count, np.uint8)
    for number in range(1, count):
        x, y, w, h = (int(v) for v in stats[number, :4])
        own = (labels[y : y + h, x : x + w] == number) & (flat[y : y + h, x : x + w] > 0)
        crossed = beside[max(0, y - 3) : y + h + 3, x : x + w].any(0)
        keep[number] = (own.any(0) & ~crossed).mean() >= _BARE
    return np.asarray(keep[labels], np.uint8)


def _leaning(flat: Flat, slope: float) -> Flat:
    """Return `flat` with its columns moved down by `slope` rows a column, the middle one unmoved."""
    rows, width = flat.shape
    lean = np.array([[1, 0, 0], [slope, 1, -slope * width / 2]], np.float64)
    return np.asarray(cv2.warpAffine(flat, lean, (width, rows), flags=cv2.INTER_NEAREST), np.uint8)


def _slope(flat: Flat, run: float) -> float:
    """Return the slope, rows a column, at which one row of `flat` holds ink enough for a rule; 0 where none does.

    Then it is measured closely: at the right slope rows are fullest and emptiest, as in W. Postl's
    detection of a page's skew (1986).
    """
    shrink = min(1.0, _LOOKED_AT / max(flat.shape))
    size = tuple(max(1, round(side * shrink)) for side in flat.shape[::-1])
    small = np.asarray(cv2.resize(flat * np.uint8(255), size, interpolation=cv2.INTER_AREA))
    step = 1.0 / _LOOKED_AT
    rows = _sheared(small > _THIN, np.arange(-_STEEPEST, _STEEPEST + step, 2 * step))
    most, slope = max(((int(counts.max()), slope) for slope, counts in rows), default=(0, 0.0))
    if most < _FILLED * run * shrink:
        return 0.0
    fine = np.arange(slope - 3 * step, slope + 3 * step, 1.0 / max(flat.shape))
    return max((int((counts * counts).sum()), slope) for slope, counts in _sheared(flat > 0, fine))[1]


def _sheared(mask: Mask, slopes: NDArray[np.float64]) -> Iterator[tuple[float, NDArray[np.int64]]]:
    """Yield each of `slopes` with the pixels of ink in every row of `mask` moved back by it, if any."""
    rows, columns = np.nonzero(mask)
    if not len(rows):
        return
    for slope in slopes.tolist():
        moved = np.round(rows - slope * columns).astype(np.int64)
        yield slope, np.bincount(moved - moved.min())


def _runs(flat: Flat, run: int) -> Flat:
    """Return the level runs of `flat` of at least `run` px; a gap of `_GAP` px or a step of 1 px breaks none."""
    bridged = cv2.morphologyEx(flat, cv2.MORPH_CLOSE, np.ones((1, _GAP + 1), np.uint8))
    bridged = cv2.dilate(bridged, np.ones((2, 1), np.uint8))
    shape = np.ones((1, max(1, run)), np.uint8)
    found = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, shape, borderType=cv2.BORDER_CONSTANT, borderValue=(0.0,))
    return np.asarray(found, np.uint8)


def _span(level: Flat) -> int | None:
    """Return how many rows the `level` rules span, from the first to the last; None where that is no squared page."""
    rows = np.flatnonzero(level.any(1))
    if not len(rows) or np.ptp(rows) < _SQUARED * len(level):
        return None
    return int(np.ptp(rows)) - 2


def _cleared(flat: Flat, rule: Flat) -> Flat:
    """Return `flat` without the level `rule`; what a stroke that goes on beyond it has in common with it stays.

    That is what lies within two pixels of the stroke, or between ink above and below.
    """
    if not rule.any():
        return flat
    wide = np.asarray(cv2.dilate(np.ascontiguousarray(rule), np.ones((3, 3), np.uint8)), np.uint8)
    depth = cv2.distanceTransform(wide, cv2.DIST_C, 3)  # endless where no pixel lies beyond the rule
    thick = 2 * min(len(wide), round(float(depth.max()))) + 1
    beyond = np.asarray(flat & (1 - wide), np.uint8)
    stroke = cv2.dilate(beyond, np.ones((5, 1), np.uint8))
    across = cv2.morphologyEx(beyond, cv2.MORPH_CLOSE, np.ones((thick, 1), np.uint8))
    return np.asarray(beyond | (wide & flat & (np.asarray(stroke) | np.asarray(across))), np.uint8)


# Frames ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Side:
    """One side of a frame, seen from outside: the depth of its outer edge at `at` 0 is `depth`, and it is so thick."""

    depth: float
    slope: float
    thick: float


def _frames(flat: Flat, patches: Patches) -> tuple[Flat, Flat]:
    """Return the level and the upright sides (H, W) of frames, with lines that run across these from side to side.

    Those are among the `patches` of `flat`.
    """
    level, upright = np.zeros_like(flat), np.zeros_like(flat)
    boxes = patches.boxes
    large = (boxes[:, 2:].min(1) >= _LEAST_FRAME) & (patches.areas <= _HOLLOW * boxes[:, 2] * boxes[:, 3])
    for k in np.flatnonzero(large).tolist():
        x, y, w, h = boxes[k].tolist()
        labels = patches.labels[y : y + h, x : x + w]
        if not _has_corners(labels, k + 1):
            continue
        own = labels == k + 1
        sides = [_side(np.rot90(own, turn)) for turn in range(4)]
        found = [side for side in sides if side is not None]
        if len(found) == len(sides):
            part = flat[y : y + h, x : x + w]
            for all_of, both, turn in ((level, found[::2], 0), (upright, found[1::2], 1)):
                here = np.rot90(all_of[y : y + h, x : x + w], turn)
                here |= _bars(np.rot90(part, turn), both, [side.thick for side in found[1 - turn :: 2]])
    return level, upright


def _has_corners(labels: Labels, number: int) -> bool:
    """Say whether the patch of a `number` has ink in each corner of its box, as no frame lacks it."""
    rows, columns = (max(4, side // _CORNER) for side in labels.shape)
    ends = slice(None, rows), slice(-rows, None)
    sides = slice(None, columns), slice(-columns, None)
    return all((labels[end, side] == number).any() for end in ends for side in sides)


def _side(view: Mask) -> _Side | None:
    """Return the upper side of a patch of ink, where its outermost ink lies on a straight line."""
    first = view.argmax(0).astype(np.float64)
    half = len(first) // 2
    slope = (float(np.median(first[half:])) - float(np.median(first[:half]))) / (len(first) / 2)
    if abs(slope) > 2 * _STEEPEST:
        return None
    along = first - slope * np.arange(len(first))
    depth = float(np.median(along))
    on = np.abs(along - depth) <= 1.5 + 0.005 * len(first)
    if on.mean() < _STRAIGHT:
        return None
    columns = np.flatnonzero(on)
    below = view[:, columns] == 0
    below &= np.arange(len(view))[:, None] > first[columns]
    thick = np.where(below.any(0), below.argmax(0), len(view)) - first[columns]
    return _Side(depth, slope, float(np.percentile(thick, 40)))


def _bars(part: Flat, sides: Sequence[_Side], ends: Sequence[float]) -> Flat:
    """Return the upper and lower `sides` (H, W) of a frame, and the level lines that run across `part`, its inside.

    Those reach from side to side, whose thickness is in `ends`.
    """
    inner = part.shape[1] - round(sum(ends)) - 2
    bars = _runs(np.ascontiguousarray(part), inner) if inner >= _LEAST_FRAME // 2 else np.zeros_like(part)
    for side, view in zip(sides, (bars, bars[::-1, ::-1]), strict=True):
        depth = np.arange(len(view))[:, None] - side.depth - side.slope * np.arange(view.shape[1])
        view[(depth > -2) & (depth < side.thick)] = 1
    return bars
