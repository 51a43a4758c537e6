"""What a page says: symbols, lines, the number, and how sure the reader is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

DIGITS = frozenset("0123456789")


@dataclass(frozen=True)
class Symbol:
    """One digit or mark and the ink that it was read from.

    `box` is [x, y, width, height] in whole pixels of the page, half open. `confidence` and the
    probabilities in `alternatives` (label, probability; best first, `label` among them) are in
    [0, 1]. `line` counts from 0 at the top of the page.
    """

    label: str
    confidence: float
    box: tuple[int, int, int, int]
    line: int = 0
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Reading:
    """What stands on one page; `Reading()` is what a page without ink says.

    `text` holds digits and marks, a space where a wide gap stands, lines joined by line feeds.
    `confidence` is the calibrated probability that `number` is right as a whole. `alternatives`
    are rival readings of the whole page, best first: (text, probability), `text` itself first.
    """

    text: str = ""
    confidence: float = 1.0
    symbols: tuple[Symbol, ...] = ()
    alternatives: tuple[tuple[str, float], ...] = ()

    @property
    def number(self) -> str:
        """The digits of `text` alone, line feeds kept."""
        return "".join(c for c in self.text if c in DIGITS or c == "\n")

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of `text`, top to bottom; none where nothing was read."""
        return tuple(self.text.split("\n")) if self.text else ()


def joined(readings: Sequence[Reading]) -> Reading:
    """Return the readings of several pages as one, their lines one below the other."""
    if len(readings) == 1:
        return readings[0]
    symbols: list[Symbol] = []
    lines = 0
    for reading in readings:
        symbols += [replace(s, line=s.line + lines) for s in reading.symbols]
        lines += len(reading.lines)
    text = "\n".join(r.text for r in readings if r.text)
    confidence = math.prod(r.confidence for r in readings)
    return Reading(text, confidence, tuple(symbols), ((text, confidence),))
