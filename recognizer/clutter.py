"""Ink without what stands beside writing and is plainly none: blots, margins, sheet edges, lines and rings around it.

Each patch of ink is judged by its shape alone, as in the connected component analysis of document
pages (L. O'Gorman and R. Kasturi, Document Image Analysis, 1995): a blot is thicker than any
stroke, a margin runs from edge to edge of the page; `decoration` judges what is drawn around numbers. What a
pen may have meant as a digit stays, whatever it looks like.
"""

from __future__ import annotations

import cv2
import numpy as np

from recognizer.decoration import FLAT, Outline, decorations, height_of
from recognizer.patches import Boxes, Labels, Mask, Patches

_LEAST_BLOT = 40  # pixels of a blot's longer side: smaller digits, with a thick pen, fill up as much
_THICKEST = 0.36  # share of its longer side that a blot is thick at least
_SQUARE = 1 / 3  # of its thickness, from the middle of a square that a blot holds at least to the square's sides
_BLOCKS = 32  # along the side of that square, at least, that are looked at one by one
_SOLID = 0.94  # share of its convex hull that a blot fills: of 12,000 digits of MNIST, enlarged, three do
_LARGE = 0.5  # heights of the writing that a blot is large at least: smaller ones may be points
_NARROW = 0.2  # share of the page's height that a margin is wide at most
_MARGINS = 8  # of them at most: more are the strokes of something else, as of a bar code
_STRAIGHT = 0.01  # share of its length that a margin's middle leaves the straight line by at most, or one pixel
_BESIDE = 0.5  # share of the page's height that all else is tall at most: a picture cut out along a 1 has no margin
_FLATTEST = 3.5  # times their height that lines are wide at least where a page holds nothing else: no digit is
_SINGLE = 0.95  # share of a line's columns that it crosses once
_REST = 1.5  # heights of such a line that what else is left of it is tall at most
_SPECK = 6  # pixels: where nothing larger is left, nothing was written


def without_clutter(patches: Patches) -> Patches:
    """Return those of `patches` that may be writing; the very same ones where all may."""
    labels, boxes = patches.labels, patches.boxes
    drop = _margins(labels, boxes)
    blots = _blots(patches) & ~drop
    if blots.any():
        drop |= blots & (boxes[:, 2:].max(1) >= _LARGE * height_of(boxes[~drop & ~blots, 3]))
    drop |= _around(labels, boxes, drop)
    if not drop.any():
        return patches
    if boxes[~drop, 2:].max(initial=0) < _SPECK:
        return Patches(np.zeros_like(patches.mask))
    return Patches(np.asarray(patches.mask & ~np.concatenate([[False], drop])[labels], np.bool_))


def _margins(labels: Labels, boxes: Boxes) -> Mask:
    """Return which patches are thin, straight, upright lines from edge to edge of the page, and no tall 1."""
    rows, columns = labels.shape
    found: Mask = (boxes[:, 3] >= rows - 1) & (boxes[:, 2] <= _NARROW * rows) & (columns >= rows)
    if not 0 < np.count_nonzero(found) <= _MARGINS or boxes[~found, 3].max(initial=0) > _BESIDE * rows:
        return np.zeros_like(found)
    for k in np.flatnonzero(found):
        x, w = boxes[k, [0, 2]].tolist()
        own = labels[:, x : x + w] == k + 1
        ys = np.flatnonzero(own.any(1))
        middles = (own[ys] * np.arange(w)).sum(1) / own[ys].sum(1)
        slope, offset = np.polyfit(ys, middles, 1)
        found[k] = np.abs(middles - slope * ys - offset).max() <= max(1.0, _STRAIGHT * rows)
    return found


def _blots(patches: Patches) -> Mask:
    """Return which of `patches` are thick and nearly convex, as no stroke that turns is."""
    boxes = patches.boxes
    longer, shorter = boxes[:, 2:].max(1, initial=0), boxes[:, 2:].min(1, initial=1 << 30)
    found: Mask = (longer >= _LEAST_BLOT) & (shorter >= _THICKEST * longer)
    if not found.any():
        return found
    side = 2 * int(_SQUARE * _THICKEST * longer[found].min()) + 1
    thick, step = _thick(patches.mask, side)
    for k in np.flatnonzero(found).tolist():
        x, y, w, h = boxes[k].tolist()
        may_be = thick[y // step : (y + h) // step + 1, x // step : (x + w) // step + 1].any()
        found[k] = may_be and _is_blot(patches.labels[y : y + h, x : x + w] == k + 1)
    return found


def _thick(mask: Mask, side: int) -> tuple[Mask, int]:
    """Return, a place for every `step` pixels, where `mask` may hold a square of this `side`; and the step.

    A large square is looked for among blocks that are all ink, of which it holds so many side by side.
    """
    step = max(1, side // _BLOCKS)
    whole = cv2.erode(mask.view(np.uint8), np.ones((step, step), np.uint8), anchor=(0, 0))[::step, ::step]
    count = side if step == 1 else side // step - 1
    return np.asarray(cv2.erode(np.ascontiguousarray(whole), np.ones((count, count), np.uint8)), np.bool_), step


def _is_blot(patch: Mask) -> bool:
    """Say whether a `patch`, which fills its box, is thick and nearly convex."""
    own = np.pad(patch, 1).view(np.uint8)
    (outline,), _ = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    solid = cv2.countNonZero(own) >= _SOLID * cv2.contourArea(cv2.convexHull(outline))
    return solid and 2 * float(cv2.distanceTransform(own, cv2.DIST_L2, 5).max()) >= _THICKEST * max(patch.shape)


def _is_line(labels: Labels, boxes: Boxes, number: int) -> bool:
    """Say whether a patch is a single line from left to right: digits that touch have more strokes on a column."""
    x, y, w, h = boxes[number].tolist()
    own = np.pad(labels[y : y + h, x : x + w] == number + 1, ((1, 0), (0, 0)))
    return float(((own[1:] & ~own[:-1]).sum(0) == 1).mean()) >= _SINGLE


def _around(labels: Labels, boxes: Boxes, drop: Mask) -> Mask:
    """Return which patches are drawn around writing, or lines where there is nothing else on the page."""
    left, top, wide, high = boxes.T
    flat: Mask = (wide >= FLAT * high) & ~drop
    for k in np.flatnonzero(flat).tolist():
        flat[k] = _is_line(labels, boxes, k)
    rest = boxes[~drop]
    if flat.any() and rest[:, 3].max() <= _REST * high[flat].max():
        span = (rest[:, :2] + rest[:, 2:]).max(0) - rest[:, :2].min(0)
        return ~drop if span[0] >= _FLATTEST * span[1] else np.zeros_like(flat)
    found = np.zeros_like(flat)
    own = np.flatnonzero(~drop)
    sides = np.stack([left, top, left + wide, top + high], 1)[own].astype(np.float64)
    found[own] = decorations(sides, flat[own], lambda k: _outline(labels, boxes, int(own[k])))
    return found


def _outline(labels: Labels, boxes: Boxes, number: int) -> Outline:
    """Return the outline of a patch."""
    x, y, w, h = boxes[number].tolist()
    own = (labels[y : y + h, x : x + w] == number + 1).view(np.uint8)
    (contour, *_), _ = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE, offset=(x, y))
    return Outline(np.asarray(contour[:, 0], np.float64))
