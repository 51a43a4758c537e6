"""What was read, drawn on a copy of what it was read from: a box around each symbol, label and confidence above it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.drawing import Drawing
from recognizer.reading import SURE, Reading, Symbol
from recognizer.render import render_drawing, sheet_of

BLUE = (0, 114, 178)
ORANGE = (213, 94, 0)
"""The frames of symbols that are `SURE`, and of others: colours that colour-blind people tell apart (M. Okabe and
K. Ito, "Color universal design", 2008)."""

_SMALLEST_TEXT, _LARGEST_TEXT = 7, 60  # pixels; under 7 the font's digits cannot be told apart
_TEXT_OF_BOX = 0.3  # the text's height as a share of the usual box's
_PERCENT_WIDTH = 2.3  # width of "99%" in heights of the text, with a gap
_LABEL_HEIGHT = 2.8  # height of a label's two lines in heights of the text, with gaps
_GROUND = 0.8  # how much of the paper's white lies over what is under a label, where there was no other place for it


def annotate(page: NDArray[np.uint8] | Drawing, reading: Reading) -> NDArray[np.uint8]:
    """Return a new RGB picture (H, W, 3) of `page` with every symbol of `reading` framed and labelled.

    `page` is gray (H, W), RGB (H, W, 3), or a drawing, which is rendered first. Labels stand above
    their boxes, or as near as the edge of the picture lets them; their size follows the writing's.
    """
    symbols = reading.symbols
    if isinstance(page, Drawing):
        sheet = sheet_of(page)
        symbols = tuple(replace(symbol, box=sheet.box(symbol.box)) for symbol in symbols)
        page = render_drawing(page, sheet)
    picture = page.copy() if page.ndim == 3 else np.dstack([page] * 3)
    if not symbols:
        return picture
    text = _text_height(symbols)
    for symbol in symbols:
        _frame(picture, symbol, max(1, text // 10))
    font = cv2.FontFace("sans")
    for symbol in symbols:
        _label(picture, symbol, font, text)
    return picture


def _colour(symbol: Symbol) -> tuple[int, int, int]:
    return BLUE if symbol.confidence >= SURE else ORANGE


def _text_height(symbols: tuple[Symbol, ...]) -> int:
    """Return the height of the text, in pixels: a share of the writing's, but less where symbols stand close.

    Four of five labels then fit between their neighbours' and under what stands above them.
    """
    height = _TEXT_OF_BOX * median(max(symbol.box[2:]) for symbol in symbols)
    centres = [(symbol.line, symbol.box[0] + symbol.box[2] / 2) for symbol in symbols]
    pitches = sorted(abs(x - before) for (line, before), (other, x) in pairwise(centres) if line == other)
    rooms = sorted(_room_above(symbol, symbols) for symbol in symbols)
    if pitches:
        height = min(height, pitches[len(pitches) // 5] / _PERCENT_WIDTH)
    height = min(height, rooms[len(rooms) // 5] / _LABEL_HEIGHT)
    return round(min(max(height, _SMALLEST_TEXT), _LARGEST_TEXT))


def _room_above(symbol: Symbol, symbols: tuple[Symbol, ...]) -> int:
    """Return how many pixels are free between a box and the nearest one above it, or the edge of the picture."""
    x, y, width, _ = symbol.box
    above = [
        top + height
        for left, top, wide, height in (other.box for other in symbols)
        if top + height <= y and left < x + width and x < left + wide
    ]
    return y - max(above, default=0)


def _frame(picture: NDArray[np.uint8], symbol: Symbol, thickness: int) -> None:
    """Draw the box around a symbol, just outside its ink."""
    x, y, width, height = symbol.box
    gap = 1 + thickness // 2
    cv2.rectangle(picture, (x - gap, y - gap), (x + width - 1 + gap, y + height - 1 + gap), _colour(symbol), thickness)


def _label(picture: NDArray[np.uint8], symbol: Symbol, font: cv2.FontFace, height: int) -> None:
    """Write the label and below it the confidence in percent, rounded down, on a ground of their own."""
    lines = ((symbol.label, 800), (f"{int(100 * symbol.confidence + 1e-9)}%", 500))
    widths = [_width(font, text, height, weight) for text, weight in lines]
    gap = max(1, height // 5)
    block = max(widths), 2 * height + gap
    x, y, width, _ = symbol.box
    left = _within(x + width // 2 - block[0] // 2, block[0], picture.shape[1])
    top = _within(y - block[1] - 2 * gap, block[1], picture.shape[0])
    ground = picture[max(0, top - 1) : top + block[1] + 1, max(0, left - 1) : left + block[0] + 1]
    ground[:] = np.rint(ground * (1 - _GROUND) + 255 * _GROUND)
    for number, ((text, weight), text_width) in enumerate(zip(lines, widths, strict=True)):
        place = left + (block[0] - text_width) // 2, top + height + number * (height + gap)
        cv2.putText(picture, text, place, _colour(symbol), font, height, weight)


def _width(font: cv2.FontFace, text: str, height: int, weight: int) -> int:
    """Return how many pixels wide `text` is written."""
    return int(cv2.getTextSize((0, 0), text, (0, 0), font, height, weight)[2])


def _within(start: int, length: int, limit: int) -> int:
    """Return `start` moved so that [start, start + length) lies in [0, limit), or begins at 0 where it cannot."""
    return max(0, min(start, limit - length))
