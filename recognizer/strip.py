"""A line -> its strip: the ink of a whole line at one height, level, as the line model reads it.

As in line readers with connectionist temporal classification (A. Graves et al., ICML 2006), the
height of the writing and its place are the same in every strip; only the width follows the line.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.candidates import overlaid
from recognizer.locate import Line, Piece

ROWS = 40  # pixels of a strip's height
WRITING = 24  # pixels that the writing on it stands tall; its middle line runs through the middle row
MARGIN = 8  # columns of paper before and after the ink
MOST_COLUMNS = 4000  # of a strip: a longer line is squeezed
_ASIDE = 2.0  # heights of the writing from the middle line, from which on ink stands on no strip
_LEVEL = 0.01  # rows a column: a line that rises less is level

Strip = NDArray[np.uint8]  # (ROWS, columns), 0 is paper, 255 is ink


def strip_of(line: Line) -> Strip:
    """Return the ink of `line` as a strip (ROWS, columns)."""
    near = [p for p in line.pieces if _aside(p, line) < _ASIDE * line.height]
    ink = overlaid(tuple(p.mark for p in near or line.pieces))
    scale = WRITING / line.height
    columns = min(MOST_COLUMNS, max(1, round(ink.width * scale)))
    across = columns / ink.width
    small = resized(ink.gray, columns, max(1, round(ink.height * scale)))
    slope = line.slope * scale / across
    top = (ink.y - line.offset - line.slope * ink.x) * scale + ROWS / 2
    if abs(slope) < _LEVEL:
        return level(small, round(top))
    move = np.array([[1, 0, MARGIN], [-slope, 1, top]], np.float32)
    size = columns + 2 * MARGIN, ROWS
    return np.asarray(cv2.warpAffine(small, move, size, flags=cv2.INTER_LINEAR), np.uint8)


def _aside(piece: Piece, line: Line) -> float:
    """Return how far `piece` lies above or below the middle of `line`, ink pixels; negative where that crosses it."""
    middle = line.offset + line.slope * piece.middle
    return max(piece.mark.y - middle, middle - piece.mark.y - piece.mark.height)


def resized(gray: NDArray[np.uint8], columns: int, rows: int) -> NDArray[np.uint8]:
    """Return `gray` (H, W) as (rows, columns), averaged over areas where it shrinks."""
    method = cv2.INTER_AREA if rows < gray.shape[0] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(gray, (columns, rows), interpolation=method), np.uint8)


def level(small: NDArray[np.uint8], top: int) -> Strip:
    """Return the ink `small`, at the size of a strip and level, as a strip: its first row is the strip's row `top`."""
    strip = np.zeros((ROWS, small.shape[1] + 2 * MARGIN), np.uint8)
    first, last = max(0, top), min(ROWS, top + small.shape[0])
    if first < last:
        strip[first:last, MARGIN:-MARGIN] = small[first - top : last - top]
    return strip
