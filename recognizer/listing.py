"""Each number on the pages of an input by itself, with the place where it stands."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from recognizer.file import shown
from recognizer.reading import Reading, Symbol, digits_of

_PLACES = 6  # decimals of a confidence


@dataclass(frozen=True)
class Listed:
    """A line of writing with digits in it.

    `box` [x, y, width, height] holds its symbols, in pixels of the page; `page` counts from 1.
    `confidence` is the product of its symbols'.
    """

    number: str
    text: str
    confidence: float
    box: tuple[int, int, int, int]
    page: int = 1


def listed(readings: Sequence[Reading]) -> tuple[Listed, ...]:
    """Return the numbers of several pages, a line of writing each, from the top of the first page on."""
    found = []
    for page, reading in enumerate(readings, 1):
        for place, text in enumerate(reading.lines):
            symbols = [symbol for symbol in reading.symbols if symbol.line == place]
            if digits_of(text) and symbols:
                sure = math.prod(symbol.confidence for symbol in symbols)
                found.append(Listed(digits_of(text), text, sure, _around(symbols), page))
    return tuple(found)


def plain_listing(path: str | None, numbers: Sequence[Listed], least: float, pages: int) -> tuple[str, ...]:
    """Return a line `path: page 2: x,y,width,height: number` for each number, the page where there are several.

    A number under the confidence `least` is left out of its line. Without any number there is one
    line, of the path alone.
    """
    name = "" if path is None else f"{shown(path)}: "
    lines = tuple(
        f"{name}{f'page {one.page}: ' if pages > 1 else ''}{','.join(map(str, one.box))}: "
        f"{one.number if _accepted(one, least) else ''}"
        for one in numbers
    )
    return lines or (name,)


def with_numbers(line: str, numbers: Sequence[Listed], least: float) -> str:
    """Return a JSON object of one input with the numbers added under `numbers`."""
    return json.dumps({**json.loads(line), "numbers": json_listing(numbers, least)})


def json_listing(numbers: Iterable[Listed], least: float) -> list[dict[str, Any]]:
    """Return the numbers as JSON has them."""
    return [
        {
            "number": one.number,
            "text": one.text,
            "confidence": round(float(one.confidence), _PLACES),
            "accepted": _accepted(one, least),
            "box": list(one.box),
            "page": one.page,
        }
        for one in numbers
    ]


def _accepted(one: Listed, least: float) -> bool:
    return round(float(one.confidence), _PLACES) >= least


def _around(symbols: Sequence[Symbol]) -> tuple[int, int, int, int]:
    """Return the least box around the boxes of symbols."""
    boxes = [symbol.box for symbol in symbols]
    left, top = min(int(x) for x, _, _, _ in boxes), min(int(y) for _, y, _, _ in boxes)
    right, bottom = max(int(x + width) for x, _, width, _ in boxes), max(int(y + high) for _, y, _, high in boxes)
    return left, top, right - left, bottom - top
