"""Page -> ink without what is printed on it: labels, captions, letter heads, text.

Print is told from handwriting by what sets it apart as a whole, row by row, as lines of characters are
in drawings (L. A. Fletcher and R. Kasturi, 1988). Its letters stand on one line far more exactly than a
hand puts them; they reach up to two heights and none between, that of an x and that of a capital; and
many of them look like no symbol. Each mark weighs for print or against it, a word as much as its marks,
and the run of words that weighs most is print where it weighs enough (J. Bentley's maximal run, 1984).

A number in type by itself is no print in this sense: it is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.classify import Classifier
from recognizer.contrast import Gray
from recognizer.ink import Ink, Mark, ink_of_page, place_of_height
from recognizer.ink_model import InkModel

Mask = NDArray[np.bool_]
Values = NDArray[np.float64]
Numbers = NDArray[np.intp]  # of marks
Boxes = NDArray[np.float64]  # (marks, 4): left, top, right, bottom
Strange = Callable[[Sequence[Mark]], Values]  # (marks): how likely each is no single symbol

_NOTHING = ""  # the classifier's label of what is no single symbol
_GAP = 1.5  # heights of the taller of two neighbours on a row that they are apart at most
_RATIO = 2.6  # times the lower one's height that it is tall at most
_BESIDE = 0.4  # share of the lower one's height that they have in common at least
_TIES = 3  # neighbours to the right that a mark is tied to at most
_WORD = 0.35  # heights of the taller of two neighbours from which on the paper between them parts words
_FEWEST, _LONGEST = 2, 1000  # marks of a row that may be print
_MOST_MARKS = 10_000  # of a page that may hold print: twice as many as text in small type has on A4
_EXACT = (0.6, 0.025)  # pixels, and heights of the row's tall marks, that type leaves its lines by at most, added up
_SLOPES = np.array([0.0, *(sign * step / 200 for step in range(1, 7) for sign in (1, -1))])
"""Rows a column that a row may rise or fall by, the least first."""
_AT_ONCE = 1 << 18  # pairs of marks that are compared at a time
_X_HEIGHT = (0.6, 0.82)  # heights of a capital that an x is tall
_LEVELS = (2, 1, 4)  # marks as tall as an x, as a capital, and both together, for a row to have these heights
_BELOW = 0.5  # heights of an x that a letter reaches below the line at most
_WIDE = 1.25  # times its height: what is wider and strange may be digits that touch
_WEIGHTS = np.array([[3.0, 1.0, 0.5], [2.0, 0.5, -1.0], [0.5, -0.5, -1.6]])
"""What a mark weighs that is strange, strange but wide, or like a symbol: where it is in type, on the line, or off it.

About twice what a logistic regression gave of 1,735 rows of handwriting of the training split and 341
of labels and text in 23 faces, rounded so that handwriting weighed least."""
_HOPES = np.array([[1.5, 0.3], [0.7, 0.3], [-1.6, -1.6]])
"""The same before it is known how they look: of a mark, and of a wide one."""
_HOPE = 2.8  # what a run weighs at least so: else it is not looked at
_SMALL_HOPE = 1.4  # the same of one that is small beside the rest
_PRINT = 7.0  # weight of a run that is print whatever else there is: none of 2,081 pages of handwriting had one
_SMALL_PRINT = 4.0  # the same of one that is small beside the rest
_MORE = 0.5  # what each of its marks weighs more then
_ALL_PRINT = 9.0  # weight that runs have together at least where nothing else would be left
_SMALL = 0.75  # heights of the rest that it is tall at most
_ASIDE = 3.0  # heights of a capital that a word in the same type lies beside print at most
_MOST = 0.6  # share of its marks that are, where it has more than
_FEW = 3  # marks; else all of them are
_TINY = 0.5  # heights of a capital that marks reach at most that belong to the print they lie in, as points do


@dataclass(frozen=True, eq=False)
class Row:
    """Marks side by side, by their `numbers` from left to right, and how they would stand if they were print.

    Feet stand on y = `offset` + `slope` * x, give or take `exact` px; `x_height` and `capital` are
    the heights in px that letters reach, `x_height` 0 where there is one height only. `places` tells of each
    mark whether it is in type (0), on the line (1), or off it (2), `wide` whether it is wider than a letter.
    """

    numbers: Numbers
    slope: float
    offset: float
    exact: float
    x_height: float
    capital: float
    places: Numbers
    wide: Mask


def ink_beside_print(page: Gray, classifier: Classifier, ink_model: InkModel | None = None) -> Ink:
    """Return the ink of a picture `page` (H, W) as `ink_of_page` does, without what is printed on it."""
    ink = ink_of_page(page, ink_model)
    if _NOTHING not in classifier.labels or len(ink.marks) > _MOST_MARKS:
        return ink
    place = classifier.labels.index(_NOTHING)

    def strange(marks: Sequence[Mark]) -> Values:
        return np.asarray(classifier.probabilities(np.stack([m.glyph for m in marks]))[:, place], np.float64)

    found = printed(ink.marks, strange)
    if not found.any():
        return ink
    cover = _cover([m for m, gone in zip(ink.marks, found, strict=True) if gone], ink.scale, page)
    return replace(ink_of_page(page, ink_model, cover), printed=cover)


def _cover(marks: Sequence[Mark], scale: float, page: Gray) -> Mask:
    """Return where on `page` (H, W) the `marks` lie, and a pixel around; `scale` is their pixels per pixel of it."""
    ink = np.zeros((max(m.y + m.height for m in marks), max(m.x + m.width for m in marks)), np.uint8)
    for m in marks:
        part = ink[m.y : m.y + m.height, m.x : m.x + m.width]
        part |= m.gray > 0
    rows, columns = page.shape
    move = np.array([[1 / scale, 0, 0], [0, 1 / scale, 0]], np.float64)
    there = cv2.warpAffine(ink, move, (columns, rows), flags=cv2.INTER_NEAREST) if scale != 1 else ink
    cover = np.zeros(page.shape, np.bool_)
    cover[: len(there), : there.shape[1]] = cv2.dilate(there, np.ones((3, 3), np.uint8))[:rows, :columns] > 0
    return cover


def printed(marks: Sequence[Mark], strange: Strange) -> Mask:
    """Return which of `marks` (marks,) are print.

    Where that would be all of them, much more must speak for it: it may be somebody's number.
    """
    found = np.zeros(len(marks), np.bool_)
    boxes = np.array([m.box for m in marks], np.float64).reshape(-1, 4)
    numbers = _side_by_side(boxes)
    if not numbers:
        return found
    rows = [row for own in numbers if _may_be_print(boxes, row := _row(boxes, own))]
    if not rows:
        return found
    seen = strange([marks[i] for row in rows for i in row.numbers])
    parts = np.split(seen, np.cumsum([len(row.numbers) for row in rows])[:-1])
    weights = [_WEIGHTS[r.places, np.where(p > 0.5, r.wide, 2)] for r, p in zip(rows, parts, strict=True)]
    lines, total = [], 0.0
    for least, more in ((_PRINT, 0.0), (_SMALL_PRINT, _MORE)):
        for row, own in zip(rows, weights, strict=True):
            for run in _runs(boxes, row, own + more, least):
                if not found[run].any() and (not more or _is_small(boxes, found, run)):
                    found[run] = True
                    lines.append((row, run))
                    total += own[np.isin(row.numbers, run)].sum()
    for row, run in lines:
        _go_on(boxes, found, row, run)
    heights = boxes[:, 3] - boxes[:, 1]
    least = min((row.capital for row, _ in lines), default=0.0)
    if (heights[~found] >= _TINY * least).any():
        return found
    return np.full_like(found, total >= _ALL_PRINT)


def _may_be_print(boxes: Boxes, row: Row) -> bool:
    """Say whether the marks of `row` stand so that they may be print: else nobody need look at them."""
    hopes = _HOPES[row.places, row.wide.astype(int)]
    runs = list(_runs(boxes, row, hopes, _SMALL_HOPE))
    none = np.zeros(len(boxes), np.bool_)
    return any(_is_small(boxes, none, run) for run in runs) or any(True for _ in _runs(boxes, row, hopes, _HOPE))


def _is_small(boxes: Boxes, found: Mask, run: Numbers) -> bool:
    """Say whether the marks of `run` are small beside those that are neither among them nor `found` to be print."""
    heights = boxes[:, 3] - boxes[:, 1]
    rest = ~found
    rest[run] = False
    others = heights[rest & (heights >= heights[run].min())]
    return bool(len(others)) and _tall(heights[run]) <= _SMALL * _tall(others)


def _tall(heights: Values) -> float:
    place = place_of_height(len(heights))
    return float(np.partition(heights, place)[place])


# Rows -----------------------------------------------------------------------------------------------------------------


def _side_by_side(boxes: Boxes) -> list[Numbers]:
    """Return the numbers of the marks that stand side by side, from left to right, of each row that may be print."""
    order = boxes[:, 0].argsort(kind="stable")
    left, top, right, bottom = boxes[order].T.copy()
    height = bottom - top
    ends = np.searchsorted(left, right + _GAP * _RATIO * height, side="right")
    row = np.arange(len(boxes))
    for i, end in enumerate(ends.tolist()):
        near = slice(i + 1, end)
        taller, lower = np.maximum(height[near], height[i]), np.minimum(height[near], height[i])
        common = np.minimum(bottom[near], bottom[i]) - np.maximum(top[near], top[i])
        tied = (left[near] - right[i] <= _GAP * taller) & (taller <= _RATIO * lower) & (common >= _BESIDE * lower)
        for j in np.flatnonzero(tied)[:_TIES].tolist():
            row[row == row[i + 1 + j]] = row[i]
    rows: dict[int, list[int]] = defaultdict(list)
    for i, number in zip(order.tolist(), row.tolist(), strict=True):
        rows[number].append(i)
    return [np.array(own, np.intp) for own in rows.values() if _FEWEST <= len(own) <= _LONGEST]


def _row(boxes: Boxes, numbers: Numbers) -> Row:
    """Return the marks of these `numbers` as a row: on the line on which most of them stand exactly."""
    left, top, right, bottom = boxes[numbers].T
    height, middle = bottom - top, (left + right) / 2
    exact = _EXACT[0] + _EXACT[1] * _tall(height)
    feet = bottom - _SLOPES[:, None] * middle
    step = max(1, _AT_ONCE // len(numbers) ** 2)
    some = [feet[start : start + step] for start in range(0, len(feet), step)]
    counts = np.concatenate([(np.abs(part[:, None] - part[:, :, None]) <= exact).sum(2) for part in some])
    which, where = np.unravel_index(counts.argmax(), counts.shape)
    slope, foot = float(_SLOPES[which]), feet[which]
    offset = float(foot[np.abs(foot - foot[where]) <= exact].mean())
    foot, reach = bottom - slope * middle - offset, offset + slope * middle - top
    stands = np.abs(foot) <= exact
    x_height, capital = _levels(reach, stands, exact)
    in_type = np.zeros(len(numbers), np.bool_)
    if x_height:
        reaches = np.minimum(np.abs(reach - x_height), np.abs(reach - capital)) <= exact
        in_type = reaches & (foot >= -exact) & (foot <= max(exact, _BELOW * x_height))
    places = np.where(in_type, 0, np.where(stands, 1, 2))
    return Row(numbers, slope, offset, exact, x_height, capital or _tall(height), places, right - left > _WIDE * height)


def _levels(reach: Values, stands: Mask, exact: float) -> tuple[float, float]:
    """Return the two heights that most of the marks that stand on the line `reach`, or two zeros."""
    heights = np.unique(reach[stands])
    counts = (np.abs(reach[stands][:, None] - heights) <= exact).sum(0)
    ratio, both = heights[:, None] / heights, counts[:, None] + counts
    good = (ratio >= _X_HEIGHT[0]) & (ratio <= _X_HEIGHT[1]) & (both >= _LEVELS[2])
    good &= (counts[:, None] >= _LEVELS[0]) & (counts >= _LEVELS[1])
    if not good.any():
        return 0.0, 0.0
    x, capital = np.unravel_index(np.where(good, both, 0).argmax(), good.shape)
    return float(heights[x]), float(heights[capital])


# Words ----------------------------------------------------------------------------------------------------------------


def _words(boxes: Boxes, numbers: Numbers) -> list[Numbers]:
    """Return the words of a row whose marks have these `numbers`, from left to right."""
    left, top, right, bottom = boxes[numbers].T
    height = bottom - top
    gaps = left[1:] - np.maximum.accumulate(right)[:-1]
    return np.split(numbers, np.flatnonzero(gaps > _WORD * np.maximum(height[1:], height[:-1])) + 1)


def _runs(boxes: Boxes, row: Row, weights: Values, least: float) -> Iterator[Numbers]:
    """Yield the marks of each run of words in `row`, whose marks have these `weights`, that weighs `least` so much."""
    words = _words(boxes, row.numbers)
    ends = np.cumsum([len(word) for word in words])
    by_word = np.add.reduceat(weights, ends - [len(word) for word in words])
    parts = [(0, len(words))]
    while parts:
        first, last = parts.pop()
        weight, start, stop = _maximal(by_word[first:last].tolist())
        if weight >= least:
            yield np.concatenate(words[first + start : first + stop])
            parts += [(first, first + start), (first + stop, last)]


def _maximal(weights: Sequence[float]) -> tuple[float, int, int]:
    """Return the weight of the run of `weights` that weighs most, where it starts, and where it stops."""
    best, since, total = (0.0, 0, 0), 0, 0.0
    for place, weight in enumerate(weights):
        if total <= 0:
            since, total = place, 0.0
        total += weight
        if total > best[0]:
            best = total, since, place + 1
    return best


def _go_on(boxes: Boxes, found: Mask, row: Row, run: Numbers) -> None:
    """Mark as `found` what belongs to a `run` of words in print.

    That is words beside it in the same type, as numbers within text are, points and accents, and rings around it, as
    stamps have.
    """
    left, right = boxes[run, 0].min(), boxes[run, 2].max()
    middle = (boxes[:, 0] + boxes[:, 2]) / 2
    line = row.offset + row.slope * middle
    foot, reach = boxes[:, 3] - line, line - boxes[:, 1]
    height = boxes[:, 3] - boxes[:, 1]
    tiny = np.minimum(height, reach) < _TINY * row.capital
    level = np.abs(reach - row.capital) <= row.exact
    if row.x_height:
        level |= np.abs(reach - row.x_height) <= row.exact
    fits = level & (foot >= -row.exact) & (foot <= max(row.exact, _BELOW * row.x_height))
    beside = np.flatnonzero(~found & ~tiny & (foot > -row.capital))
    beside = beside[boxes[beside, 0].argsort(kind="stable")]
    if len(beside):
        words = _words(boxes, beside)
        for word in [*words, *words[::-1]]:
            near = boxes[word, 0].min() <= right + _ASIDE * row.capital
            near &= boxes[word, 2].max() >= left - _ASIDE * row.capital
            if near and fits[word].mean() >= (_MOST if len(word) > _FEW else 1):
                found[word] = True
                left, right = min(left, boxes[word, 0].min()), max(right, boxes[word, 2].max())
    within = (middle >= left - row.capital) & (middle <= right + row.capital)
    found |= (boxes[:, :2] < boxes[run, :2].min(0)).all(1) & (boxes[:, 2:] > boxes[run, 2:].max(0)).all(1)
    found |= tiny & within & (reach - height > -_TINY * row.capital) & (reach <= 1.5 * row.capital)
