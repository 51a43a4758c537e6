"""Page -> ink: what the pen left, on clean paper, at a size that the later stages share.

A page's paper is estimated by a morphological closing with a kernel wider than any stroke and
divided out, as for uneven light in document images (R. C. Gonzalez and R. E. Woods, Digital Image
Processing, ch. 9); what stays is told from noise by N. Otsu's threshold (1979).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.clutter import without_clutter
from recognizer.normalize import normalize
from recognizer.pattern import without_pattern
from recognizer.rules import without_rules

Gray = NDArray[np.uint8]

WRITING = 64  # pixels that writing stands tall after scaling: three times a glyph, enough to cut in
TALLEST = 96  # writing up to this many pixels tall is left at its size
SMALLEST = 14  # writing under this many pixels is enlarged
PEN = 7 / 90  # width of a pen of unknown width, as a share of the writing's height
_LEAST_CONTRAST = 14  # gray levels between ink and paper, under which a page counts as blank
_RINGING = 8  # contrast that JPEG leaves around strokes; where there is no more, a mark has ended
_LEAST_RATIO = 4.0  # contrast in standard deviations of the paper, under which it is grain
_SURE_RATIO = 8.0  # and from which on it is not
_GRAIN = 0.65  # share of its contrast that grain keeps at most when blurred by 1.2 px
_SPECKS = 0.22  # the same for single pixels; a line of one pixel keeps a third
_DARKEST_PAPER = 64  # gray level that paper is taken to have at least, when contrast is divided by it
_PATTERNED = 0.03  # noise from which on paper may have a pattern
_LEVELS = 256  # of gray
_AT_ONCE = 1 << 20  # pixels that are reckoned with as broken numbers at a time
_SOFT = 165  # gray levels that edges rise by over three pixels, below which they are out of focus
_CRISP = 400  # and which they are brought to: a step from paper to ink
_WIDEST_DISC = 41  # pixels that a pen is widened by as a disc: beyond, as a square, which costs no more the wider it is
_EVEN = 4.0  # gray levels that the border of a page deviates by, below which it is all paper
_JUDGED_SIDE = 250  # pixels of the shorter side that a page is shrunk to when it is told whether its paper is dark
_PAPER_SIDE = 150  # pixels of the shorter side that a page is shrunk to when its paper is estimated


@dataclass(frozen=True, eq=False)
class Mark:
    """A connected patch of ink: `gray` (H, W), 0 paper .. 255 ink, whose corner lies at (x, y)."""

    x: int
    y: int
    gray: Gray

    @cached_property
    def width(self) -> int:
        """Width in ink pixels."""
        return int(self.gray.shape[1])

    @cached_property
    def height(self) -> int:
        """Height in ink pixels."""
        return int(self.gray.shape[0])

    @cached_property
    def glyph(self) -> Gray:
        """Its ink (28, 28) at the size and place of every glyph; on a canvas, most marks have been asked for it."""
        return normalize(self.gray)

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
    own pixels, beyond which nothing lies; a drawing has no such bounds.
    """

    marks: tuple[Mark, ...] = ()
    scale: float = 1.0
    pen: float = 3.0
    strokes: bool = False
    noise: float = 0.0
    page: tuple[int, int] | None = None


def writing_height(sizes: Sequence[tuple[float, float]]) -> float:
    """Return how tall writing stands whose parts have `sizes` (width, height).

    It is the 75th percentile of the heights; where all are flat, a share of the greatest width.
    """
    if not sizes:
        return 0.0
    heights = sorted(h for _, h in sizes)
    return max(heights[place_of_height(len(heights))], 0.3 * max(w for w, _ in sizes))


def place_of_height(count: int) -> int:
    """Return the place, among `count` heights in order, of that by which writing is measured."""
    return (3 * count) // 4 if count > 1 else 0


def trimmed(mark: Mark, faintest: int = 1) -> Mark:
    """Return `mark` without the rows and columns around it that hold no ink, or less than `faintest` in any pixel."""
    x, y, w, h = cv2.boundingRect((mark.gray >= faintest).view(np.uint8))
    return Mark(mark.x + x, mark.y + y, mark.gray[y : y + h, x : x + w])


def ink_of_page(page: Gray) -> Ink:
    """Return the ink of a picture `page` (H, W), dark on light or light on dark.

    Specks smaller than the pen, long rules, and pages that hold nothing but noise yield no marks.
    """
    contrast, noise = contrast_of(page)
    if not contrast.any():
        return Ink()
    mask, threshold = _mask(contrast)
    if noise > _PATTERNED:
        contrast = without_pattern(contrast, threshold, _pen_width(mask))
        mask = contrast >= threshold
    mask = without_clutter(without_rules(mask, _height_of_most(mask)))
    pen = _pen_width(mask)
    height = writing_height(_sizes(mask, pen))
    if not height:
        return Ink()
    scale = 1.0
    if height > TALLEST or height < SMALLEST:
        scale = WRITING / height if height > TALLEST else 2 * SMALLEST / height
        gray = _resized(np.where(mask | (contrast < threshold), contrast, 0), scale, pen, height)
        mask = gray >= threshold
        pen = max(_pen_width(mask), 1.0)
        contrast = gray
    contrast = _crisp(contrast, mask, threshold)
    return Ink(_marks(contrast, mask, pen, threshold), scale, pen=pen, noise=noise, page=(page.shape[1], page.shape[0]))


def contrast_of(page: Gray) -> tuple[Gray, float]:
    """Return how much darker (or lighter) than its paper each pixel of `page` is, and the noise.

    The contrast (H, W) runs from 0, paper, to 255, the strongest ink; all 0 where the page is
    blank. The noise is the paper's deviation as a share of the contrast.
    """
    gray = page if not _is_dark_paper(page) else 255 - page
    darker = _darker(gray, _paper(gray))
    threshold, _ = cv2.threshold(darker, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    written = (darker > threshold).view(np.uint8)
    counts = cv2.calcHist([darker], [0], None, [_LEVELS], [0, _LEVELS]).ravel().astype(np.int64)
    ink, plain = (
        np.where(np.arange(_LEVELS) > threshold, counts, 0),
        np.where(np.arange(_LEVELS) > threshold, 0, counts),
    )
    if not ink.any() or not plain.any():
        return np.zeros_like(page), 0.0
    strong = _percentile(ink, 80)
    mean, spread = _mean_and_deviation(plain)
    if strong - mean < _LEAST_CONTRAST or _is_grain(darker, written, mean, spread):
        return np.zeros_like(page), 0.0
    clear = (cv2.dilate(written, np.ones((7, 7), np.uint8)) == 0).view(np.uint8)
    counts = cv2.calcHist([darker], [0], clear, [_LEVELS], [0, _LEVELS]).ravel().astype(np.int64)
    mean, spread = _mean_and_deviation(counts) if counts.any() else (0.0, 0.0)
    low = min(mean + 1.5 * spread, 0.5 * strong)
    noise = _grain(counts, spread) / (strong - mean)
    if low < 1 and strong > 245:
        return darker, noise
    stretched = np.clip((np.arange(_LEVELS) - low) * (255.0 / (strong - low)), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(darker, stretched), np.uint8), noise


def _darker(gray: Gray, bright: Gray) -> Gray:
    """Return how much darker than its paper, `bright`, each pixel of `gray` is, 255 where it is black.

    A few rows are reckoned at a time: broken numbers of a page of 100 megapixels would fill gigabytes.
    """
    out = np.empty_like(gray)
    rows = max(1, _AT_ONCE // gray.shape[1])
    for top in range(0, len(gray), rows):
        paper = bright[top : top + rows].astype(np.float32)
        light = 255.0 * (paper - gray[top : top + rows]) / np.maximum(paper, _DARKEST_PAPER)
        out[top : top + rows] = np.clip(light, 0, 255).astype(np.uint8)
    return out


def _percentile(counts: NDArray[np.int64], percent: float) -> float:
    """Return the percentile of gray levels that come so many times, between two levels as numpy has it."""
    upto = np.cumsum(counts)
    place = (upto[-1] - 1) * percent / 100
    before, after = (int(np.searchsorted(upto, at, side="right")) for at in (np.floor(place), np.ceil(place)))
    return before + (after - before) * float(place - np.floor(place))


def _mean_and_deviation(counts: NDArray[np.int64]) -> tuple[float, float]:
    """Return the mean and the standard deviation of gray levels that come so many times."""
    levels, total = np.arange(_LEVELS), counts.sum()
    mean = float((counts * levels).sum() / total)
    return mean, float(np.sqrt((counts * (levels - mean) ** 2).sum() / total))


def _grain(counts: NDArray[np.int64], spread: float) -> float:
    """Return the deviation of the paper's gray levels, that come so many times, without what faint rules add to it.

    That is half of what lies between the 16th and the 84th percentile, where this is less than their
    `spread`. On cheques it is not; squared paper has a tenth of it, and must not pass for a cheque,
    on which nobody writes a slash: 90 of 100 such pages were read right with it, 99 without.
    """
    return min(spread, (_percentile(counts, 84) - _percentile(counts, 16)) / 2) if spread else 0.0


def _is_grain(darker: Gray, written: Gray, mean: float, spread: float) -> bool:
    """Say whether what is `written` is the paper's own grain: no stroke, so a blur wipes it out.

    Measured on 694 cheques, 30 photos and 2000 digits of MNIST against noise of four kinds at many
    sizes: noise stands out at most 4 deviations, or 7.1 where blurring leaves 0.62 of its contrast at
    most; a cheque stands out at least 4.1 and keeps 0.67, a digit stands out 8.9.
    """
    strength = cv2.mean(darker, mask=written)[0]
    kept = cv2.mean(cv2.GaussianBlur(darker, (0, 0), 1.2), mask=written)[0] / strength
    ratio = (strength - mean) / max(spread, 1e-9)
    return kept < _SPECKS or ratio < _LEAST_RATIO or (ratio < _SURE_RATIO and kept < _GRAIN)


def _is_dark_paper(page: Gray) -> bool:
    """Say whether the ink is lighter than the paper: by the border where it is even, else by the skew.

    Ink is rare and far from its surroundings, so it decides to which side these are skewed, whatever
    the light does. An even border must be truly even: at 12 levels, light from one side passed.
    Chosen on 500 distorted pages, cheques and digits of MNIST, and the same inverted: no error.
    """
    border = np.concatenate([page[0], page[-1], page[:, 0], page[:, -1]])
    shrink = min(1.0, _JUDGED_SIDE / min(page.shape))
    small = page if shrink == 1 else cv2.resize(page, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    if border.std() < _EVEN:
        return bool(small.mean() > border.mean())
    aside = small.astype(np.float32)
    side = 2 * (min(small.shape) // 6) + 1
    aside -= cv2.blur(aside, (side, side))
    return bool((aside * aside * aside).mean() > 0)


def _paper(gray: Gray) -> Gray:
    """Return the brightness (H, W) that the paper has under and around the ink of `gray`."""
    height, width = gray.shape
    shrink = min(1.0, _PAPER_SIDE / min(height, width))
    small = gray if shrink == 1 else cv2.resize(gray, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    side = max(9, (min(small.shape) // 3) | 1)
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (side, side))
    calm = cv2.medianBlur(small, 3) if min(small.shape) > 32 else small
    closed = cv2.morphologyEx(calm, cv2.MORPH_CLOSE, kernel)
    return np.asarray(cv2.resize(closed, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _mask(contrast: Gray) -> tuple[NDArray[np.bool_], float]:
    otsu, _ = cv2.threshold(contrast, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    threshold = float(np.clip(otsu, 40, 140))
    return contrast >= threshold, threshold


def _pen_width(mask: NDArray[np.bool_]) -> float:
    """Return the width of the strokes in `mask`, px: twice the mean depth of their middle lines."""
    area = float(np.count_nonzero(mask))
    if not area:
        return 1.0
    edge = mask & (cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) == 0)
    return max(1.0, 2.0 * area / float(np.count_nonzero(edge)))


def _height_of_most(mask: NDArray[np.bool_]) -> float:
    """Return how tall the parts of `mask` are that three quarters of its ink are no taller than.

    Unlike `writing_height`, specks of the paper's pattern do not change it, however many.
    """
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    order = np.argsort(stats[1:, cv2.CC_STAT_HEIGHT])
    ink = np.cumsum(stats[1:, cv2.CC_STAT_AREA][order])
    return float(stats[1:, cv2.CC_STAT_HEIGHT][order][np.searchsorted(ink, 0.75 * ink[-1])]) if len(ink) else 0.0


def _sizes(mask: NDArray[np.bool_], pen: float) -> list[tuple[float, float]]:
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    return [(float(s[2]), float(s[3])) for s in stats[1:] if s[4] >= 0.4 * pen * pen]


def _crisp(contrast: Gray, mask: NDArray[np.bool_], threshold: float) -> Gray:
    """Return `contrast` with edges as steep as a pen leaves them, where they are out of focus.

    How steep they are is the median of their morphological gradient (J. Serra and P. Soille, 1994).
    It was 177 to 255 on cheques, digits of MNIST and numbers in pen, 60 to 150 on pages out of
    focus, of which 48 of 50 were read right without this, and all with it; 45 and 50 where it was worst.
    """
    flat = mask.view(np.uint8)
    edge = mask & (cv2.erode(flat, np.ones((3, 3), np.uint8)) == 0)
    if not edge.any():
        return contrast
    steep = float(np.median(cv2.morphologyEx(contrast, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))[edge]))
    if steep >= _SOFT:
        return contrast
    gain = _CRISP / max(steep, 1.0)
    table = np.clip((np.arange(_LEVELS) - threshold) * gain + threshold, 0, 255).astype(np.uint8)
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
    return cv2.resize(contrast.astype(np.uint8), size, interpolation=method).astype(np.uint8)


def _marks(contrast: Gray, mask: NDArray[np.bool_], pen: float, threshold: float) -> tuple[Mark, ...]:
    """Return each connected part of `mask` with the soft edge around it, specks left out.

    Ink from `threshold` on that is not in `mask`, as of a rule that two strokes cross, falls to the first of them.
    """
    contrast = contrast.copy()
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    marks = []
    kernel = np.ones((3, 3), np.uint8)
    rows, columns = contrast.shape
    for number in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[number])
        if area < 0.4 * pen * pen:
            continue
        x0, y0, x1, y1 = max(0, x - 2), max(0, y - 2), min(columns, x + w + 2), min(rows, y + h + 2)
        own = labels[y0:y1, x0:x1]
        near = cv2.dilate((own == number).astype(np.uint8), kernel, iterations=2)
        around, part = (near > 0) & (own == 0), contrast[y0:y1, x0:x1]
        gray = np.where(around | (own == number), part, 0)
        part[around & (part >= threshold)] = 0
        marks.append(trimmed(Mark(x0, y0, gray.astype(np.uint8)), _RINGING))
    return tuple(marks)
