"""One field of a page: what lies in it is read alone, and its boxes are told in the page's own pixels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from recognizer.drawing import Drawing, Stroke
from recognizer.file import UnreadableFile
from recognizer.reading import Reading

Region = tuple[int, int, int, int]
"""[x, y, width, height] of a field, half open, in whole pixels of the page or units of the drawing."""


class OutsidePage(UnreadableFile):
    """A region that has nothing in common with the page; the message says where both are."""


def part_of(page: NDArray[np.uint8] | Drawing, region: Region | None) -> NDArray[np.uint8] | Drawing:
    """Return the part of a page, (H, W) or (H, W, 3), that lies in `region`, all of it where there is none.

    Of a drawing, the strokes whose middle lies there.

    Raises
    ------
    OutsidePage
        No pixel of the page lies there.
    """
    if region is None:
        return page
    if isinstance(page, Drawing):
        return replace(page, strokes=tuple(stroke for stroke in page.strokes if _is_within(stroke, region)))
    x, y, width, height = region
    part = page[max(y, 0) : max(y + height, 0), max(x, 0) : max(x + width, 0)]
    if not part.size:
        high, wide = page.shape[:2]
        raise OutsidePage(f"the region {x},{y},{width},{height} lies outside the page of {wide} x {high} pixels")
    return part


def placed(reading: Reading, page: NDArray[np.uint8] | Drawing, region: Region | None) -> Reading:
    """Return the reading of the part of `page` in `region` with its boxes where they lie on the page."""
    if region is None or isinstance(page, Drawing):
        return reading
    left, top = max(region[0], 0), max(region[1], 0)
    symbols = tuple(
        replace(symbol, box=(symbol.box[0] + left, symbol.box[1] + top, *symbol.box[2:])) for symbol in reading.symbols
    )
    return replace(reading, symbols=symbols)


def _is_within(stroke: Stroke, region: Region) -> bool:
    x, y, width, height = region
    across, down = zip(*stroke.points, strict=True)
    middle = (min(across) + max(across)) / 2, (min(down) + max(down)) / 2
    return bool(x <= middle[0] < x + width and y <= middle[1] < y + height)
