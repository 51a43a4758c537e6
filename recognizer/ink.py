"""Page -> ink: what the pen left, on clean paper, at a size that the later stages share.

Ink is told from paper by N. Otsu's threshold (1979) of the page's contrast.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.clutter import without_clutter
from recognizer.contrast import LEVELS, Gray, contrast_of
from recognizer.ink_model import WRITING as KNOWN
from recognizer.ink_model import InkModel
from recognizer.normalize import normalize
from recognizer.patches import Patches
from recognizer.pattern import without_pattern
from recognizer.rules import without_rules

WRITING = 64  # pixels that writing stands tall after scaling: three times a glyph, enough to cut in
TALLEST = 96  # writing up to this many pixels tall is left at its size
SMALLEST = 14  # writing under this many pixels is enlarged
PEN = 7 / 90  # width of a pen of unknown width, as a share of the writing's height
LOWEST = 0.3  # times its greatest width that writing is taken to be tall at least
_SPECK = 0.4  # squares of the pen's width that a patch covers, under which it is a speck
_RINGING = 8  # contrast that JPEG leaves around strokes; where there is no more, a mark has ended
_APART = 0.4  # heights of the writing that parts are tall that stay apart when a page is made smaller
_PATTERNED = 0.03  # noise from which on paper may have a pattern
_MOST_ENLARGED = 15_000_000  # pixels of a page that was enlarged: specks alone would have it fill the memory
_SOFT = 165  # gray levels that edges rise by over three pixels, below which they are out of focus
_CRISP = 400  # and which they are brought to: a step from paper to ink
_WIDEST_DISC = 41  # pixels that a pen is widened by as a disc: beyond, as a square, which costs no more the wider it is
_RECORD = 2000  # bytes that a mark fills besides its pixels: its glyph, the record of it, and where it is kept


Trace = NDArray[np.float64]  # (points, 2): x to the right, y downwards, ink pixels


@dataclass(frozen=True, eq=False)
class Mark:
    """A connected patch of ink: `gray` (H, W), 0 paper .. 255 ink, whose corner lies at (x, y).

    `trace` holds the points of the one stroke of the pen that left it, where that is known.
    """

    x: int
    y: int
    gray: Gray
    trace: Trace | None = None

    @cached_property
    def width(self) -> int:
        """Width in ink pixels."""
        return int(self.gray.shape[1])

    @cached_property
    def height(self) -> int:
        """Height in ink pixels."""
        return int(self.gray.shape[0])

    @cached_property
    def box(self) -> tuple[int, int, int, int]:
        """Its left, top, right and bottom in ink pixels, the latter two beyond it."""
        return self.x, self.y, self.x + self.width, self.y + self.height

    @cached_property
    def glyph(self) -> Gray:
        """Its ink (28, 28) at the size and place of every glyph; on a canvas, most marks have been asked for it."""
        return normalize(self.gray)

    @property
    def filled(self) -> int:
        """How much memory it fills, bytes."""
        return self.gray.nbytes + _RECORD

    @cached_property
    def amount(self) -> float:
        """All of its ink together: the sum of the gray levels."""
        return float(self.gray.sum())

    @cached_property
    def slant(self) -> float:
        """How far its ink leans to the right as it rises, columns a row: its principal shear; 0 where it is flat."""
        moments = cv2.moments(self.gray)
        return -moments["mu11"] / moments["mu02"] if moments["mu02"] > moments["m00"] else 0.0


@dataclass(frozen=True)
class Ink:
    """Everything written on one page, or line, as marks: contours of a picture or strokes of a drawing.

    `scale` is ink pixels per unit of the page, `pen` the width of the strokes in ink pixels,
    `strokes` whether each mark is one stroke of the pen, and `noise` the unevenness of the paper as
    a share of the ink's contrast (0 for a drawing). `page` is the (width, height) of a picture in its
    own pixels, beyond which nothing lies; a drawing has no such bounds. `printed` (H, W) is where on a
    picture something was taken for print, which is no part of the ink; None where nothing was.
    """

    marks: tuple[Mark, ...] = ()
    scale: float = 1.0
    pen: float = 3.0
    strokes: bool = False
    noise: float = 0.0
    page: tuple[int, int] | None = None
    printed: NDArray[np.bool_] | None = field(default=None, compare=False)


def writing_height(sizes: Sequence[tuple[float, float]], dot: float = 0.0) -> float:
    """Return how tall writing stands whose parts have `sizes` (width, height).

    It is the 75th percentile of the heights; where all are flat, a share of the greatest width. Where
    that is the height of a `dot`, which so many parts are, it is that percentile of all taller ones.
    """
    if not sizes:
        return 0.0
    heights = sorted(h for _, h in sizes)
    if heights[place_of_height(len(heights))] <= dot < heights[-1]:
        heights = [h for h in heights if h > dot]
    return max(heights[place_of_height(len(heights))], LOWEST * max(w for w, _ in sizes))


def height_of_many(widths: NDArray[np.float64], heights: NDArray[np.float64]) -> float:
    """Return the `writing_height` of many parts, one at least, of these `widths` and `heights`."""
    place = place_of_height(len(heights))
    return max(float(np.partition(heights, place)[place]), LOWEST * float(widths.max()))


def place_of_height(count: int) -> int:
    """Return the place, among `count` heights in order, of that by which writing is measured."""
    return (3 * count) // 4 if count > 1 else 0


def trimmed(mark: Mark, faintest: int = 1) -> Mark:
    """Return `mark` without the rows and columns around it that hold no ink, or less than `faintest` in any pixel."""
    x, y, w, h = cv2.boundingRect((mark.gray >= faintest).view(np.uint8))
    return replace(mark, x=mark.x + x, y=mark.y + y, gray=mark.gray[y : y + h, x : x + w])


def ink_of_page(page: Gray, ink_model: InkModel | None = None, without: NDArray[np.bool_] | None = None) -> Ink:
    """Return the ink of a picture `page` (H, W), dark on light or light on dark.

    Where `without` (H, W) is set there is paper. Specks smaller than the pen, long rules, and pages that hold nothing
    but noise yield no marks. On noisy paper the `ink_model`, where there is one, tells ink from a pattern.
    """
    contrast, noise = contrast_of(page)
    if without is not None:
        contrast = contrast * ~without
    if not contrast.any():
        return Ink()
    mask, threshold = _mask(contrast)
    if noise > _PATTERNED:
        if ink_model and KNOWN[0] <= _height_of_most(Patches(mask)) <= KNOWN[1]:
            contrast = ink_model.ink(contrast)
            mask, threshold = _mask(contrast)
        else:
            contrast = without_pattern(contrast, threshold, _pen_width(mask))
            mask = contrast >= threshold
    patches = Patches(mask)
    patches = without_clutter(without_rules(patches, _height_of_most(patches)))
    pen = _pen_width(patches.mask)
    height = writing_height(_sizes(patches, pen))
    if not height:
        return Ink()
    scale = 1.0
    if height > TALLEST or height < SMALLEST:
        most = max(1.0, math.sqrt(_MOST_ENLARGED / contrast.size))
        scale = WRITING / height if height > TALLEST else min(2 * SMALLEST / height, most)
        if patches.mask is not mask:
            contrast = contrast * (patches.mask | (contrast < threshold))
        contrast = _resized(contrast, scale, pen, height)
        if scale < 1:
            contrast[_touching(patches, contrast >= threshold, _APART * height)] = 0
        patches = Patches(contrast >= threshold)
        pen = max(_pen_width(patches.mask), 1.0)
    marks = _marks(_crisp(contrast, patches.mask, threshold), patches, pen, threshold)
    return Ink(marks, scale, pen=pen, noise=noise, page=(page.shape[1], page.shape[0]))


def _touching(patches: Patches, small: NDArray[np.bool_], tall: float) -> NDArray[np.bool_]:
    """Return where, in the ink of a page that was made `small`, two `patches` touch, both `tall` before at least."""
    large = np.concatenate([[False], patches.boxes[:, 3] >= tall])
    left, _, wide, _ = patches.boxes[large[1:]].T
    order = left.argsort()
    gaps = left[order[1:]] - np.maximum.accumulate((left + wide)[order])[:-1]
    if (gaps > 2 * max(np.divide(patches.labels.shape, small.shape)) + 1).all():
        return np.zeros_like(small)
    labels = cv2.resize(patches.labels, small.shape[::-1], interpolation=cv2.INTER_NEAREST)
    own = np.where(large, np.arange(len(large)), 0).astype(np.float32)[labels]
    square = np.ones((3, 3), np.uint8)
    most, least = cv2.dilate(own, square), cv2.erode(np.where(own > 0, own, np.inf), square)
    return np.asarray(small & (most > own) & (most > least), np.bool_)


def _mask(contrast: Gray) -> tuple[NDArray[np.bool_], int]:
    otsu, _ = cv2.threshold(contrast, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    threshold = min(max(int(otsu), 40), 140)
    return contrast >= threshold, threshold


def _pen_width(mask: NDArray[np.bool_]) -> float:
    """Return the width of the strokes in `mask`, px: twice the mean depth of their middle lines."""
    area = float(np.count_nonzero(mask))
    if not area:
        return 1.0
    inside = cv2.erode(mask.view(np.uint8), np.ones((3, 3), np.uint8))
    return max(1.0, 2.0 * area / max(1.0, area - float(np.count_nonzero(inside))))


def _height_of_most(patches: Patches) -> float:
    """Return how tall those of `patches` are that three quarters of the ink are no taller than.

    Unlike `writing_height`, specks of the paper's pattern do not change it, however many.
    """
    heights = patches.boxes[:, 3]
    order = np.argsort(heights)
    ink = np.cumsum(patches.areas[order])
    return float(heights[order][np.searchsorted(ink, 0.75 * ink[-1])]) if len(ink) else 0.0


def _sizes(patches: Patches, pen: float) -> list[tuple[float, float]]:
    """Return the widths and heights of `patches`, specks left out."""
    width, height = patches.boxes[patches.areas >= _SPECK * pen * pen, 2:].T.tolist()
    return list(zip(width, height, strict=True))


def _crisp(contrast: Gray, mask: NDArray[np.bool_], threshold: int) -> Gray:
    """Return `contrast` with edges as steep as a pen leaves them, where they are out of focus.

    How steep they are is the median of their morphological gradient (J. Serra and P. Soille, 1994).
    It was 177 to 255 on cheques, digits of MNIST and numbers in pen, 60 to 150 on pages out of
    focus, of which 48 of 50 were read right without this, and all with it; 45 and 50 where it was worst.
    """
    flat = mask.view(np.uint8)
    edge = mask & (cv2.erode(flat, np.ones((3, 3), np.uint8)) == 0)
    if not edge.any():
        return contrast
    gradient = cv2.morphologyEx(contrast, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    if 2 * np.count_nonzero(edge & (gradient >= _SOFT)) > np.count_nonzero(edge):
        return contrast  # the median tells no other, and takes longer
    steep = float(np.median(gradient[edge]))
    if steep >= _SOFT:
        return contrast
    gain = _CRISP / max(steep, 1.0)
    table = np.clip((np.arange(LEVELS) - threshold) * gain + threshold, 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(contrast, table), np.uint8)


def _resized(contrast: Gray, scale: float, pen: float, height: float) -> Gray:
    """Return `contrast` at `scale`; a pen too thin to survive that is widened first."""
    wanted = 0.6 * PEN * height
    if scale < 1 and pen < wanted:
        side = round(wanted - pen) + 1
        form = cv2.MORPH_ELLIPSE if side <= _WIDEST_DISC else cv2.MORPH_RECT
        pen_shape = cv2.getStructuringElement(form, (side, side))
        contrast = np.asarray(cv2.dilate(contrast, pen_shape), np.uint8)
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = max(1, round(contrast.shape[1] * scale)), max(1, round(contrast.shape[0] * scale))
    return np.asarray(cv2.resize(contrast, size, interpolation=method), np.uint8)


def _marks(contrast: Gray, patches: Patches, pen: float, threshold: int) -> tuple[Mark, ...]:
    """Return each of `patches` with the soft edge around it, specks left out.

    Ink from `threshold` on that is in none, as of a rule that two strokes cross, falls to the first of them.
    """
    astray = (contrast >= threshold) & (patches.labels == 0)
    shared = bool(astray.any())
    contrast = contrast.copy() if shared else contrast
    marks = []
    kernel = np.ones((5, 5), np.uint8)
    rows, columns = contrast.shape
    for k in np.flatnonzero(patches.areas >= _SPECK * pen * pen).tolist():
        x, y, w, h = patches.boxes[k].tolist()
        x0, y0, x1, y1 = max(0, x - 2), max(0, y - 2), min(columns, x + w + 2), min(rows, y + h + 2)
        labels, part = patches.labels[y0:y1, x0:x1], contrast[y0:y1, x0:x1]
        own = labels == k + 1
        around = np.asarray(cv2.dilate(own.view(np.uint8), kernel), np.uint8) & (own | (labels == 0))
        marks.append(trimmed(Mark(x0, y0, part * around), _RINGING))
        if shared:
            part[(around > 0) & astray[y0:y1, x0:x1]] = 0
    return tuple(marks)
