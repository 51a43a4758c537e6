"""What a page says: symbols, lines, the number, and how sure the reader is."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import itemgetter
from typing import TypeAlias

DIGITS = frozenset("0123456789")
SURE = 0.95
"""Symbols at least this confident are shown as sure: on the canvas, on annotated copies, and where unsure digits are
marked without another threshold."""
ALTERNATIVES = 5
"""How many readings of a page are kept, unless more are asked for."""
UNSURE = "?"
"""What stands for a digit that is not sure enough."""
_Ways: TypeAlias = tuple[tuple[str, float], ...]  # texts with their probabilities, likeliest first
_BLOCK = 32  # parts of a page whose ways are found together, and known as long as none of them changes
_OTHERS = re.compile(r"[^0-9\n]+")  # than digits and line feeds


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
    are the likeliest readings of the whole page, marks included: (text, probability), `text` itself
    first, its rivals best first; their probabilities are those of the text, not of its digits alone.
    Where the page was read by a format, `fits` says whether all its lines have it (if not, nothing
    is sure, and `confidence` is 0), and `otherwise` is the likeliest text of any format, if another.

    >>> reading = Reading("12/4", 0.9, alternatives=(("12/4", 0.7), ("1214", 0.1), ("12.4", 0.2)))
    >>> reading.number, reading.lines
    ('124', ('12/4',))
    >>> reading.numbers  # two of the texts have the same digits
    (('124', 0.9), ('1214', 0.1))
    """

    text: str = ""
    confidence: float = 1.0
    symbols: tuple[Symbol, ...] = ()
    alternatives: tuple[tuple[str, float], ...] = ()
    fits: bool = True
    otherwise: str = ""

    @property
    def number(self) -> str:
        """The digits of `text` alone, line feeds kept."""
        return digits_of(self.text)

    @property
    def numbers(self) -> tuple[tuple[str, float], ...]:
        """The likeliest numbers, (number, probability): `number` with `confidence`, then its rivals, best first.

        Alternatives that have their digits in common count together.
        """
        shares: dict[str, float] = {}
        for text, share in self.alternatives:
            shares[digits_of(text)] = shares.get(digits_of(text), 0.0) + share
        rivals = sorted(((n, s) for n, s in shares.items() if n != self.number), key=lambda rival: -rival[1])
        return ((self.number, self.confidence), *rivals)

    def marked(self, sure: float) -> str:
        """Return `number` with `UNSURE` for its weakest digits, if it is not right with the probability `sure`.

        As many are marked, but one at least, as it takes for the others to be that sure together,
        as if each were right or wrong by itself. So every digit under `sure` is among them.
        """
        if self.fits and self.confidence >= sure:
            return self.number
        written = [place for place, c in enumerate(self.text) if not c.isspace()]
        trust = {p: s.confidence for p, s in zip(written, self.symbols, strict=False) if s.label in DIGITS}
        shown = list(self.text)
        weakest = sorted((p for p in written if self.text[p] in DIGITS), key=lambda p: trust.get(p, 0.0))
        for done, place in enumerate(weakest):
            if done and math.prod(trust.get(p, 0.0) for p in weakest[done:]) >= sure:
                break
            shown[place] = UNSURE
        return "".join(c for c in shown if c in DIGITS or c in (UNSURE, "\n"))

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of `text`, top to bottom; none where nothing was read."""
        return tuple(self.text.split("\n")) if self.text else ()


def digits_of(text: str) -> str:
    """Return the digits of `text` alone, line feeds kept.

    >>> digits_of("(604) 555-0142")
    '6045550142'
    """
    return _OTHERS.sub("", text)


def combined(parts: Sequence[Sequence[tuple[str, float]]], count: int) -> tuple[tuple[str, float], ...]:
    """Return the `count` likeliest ways, best first, to say one text of each of `parts`, one below the other.

    Each part holds texts with their probabilities, best first, independent of the other parts'. An
    empty text gives no line. What is said the same in several ways counts together.
    """
    ways = tuple(map(tuple, parts))
    while len(ways) > _BLOCK:
        ways = tuple(_of_block(ways[i : i + _BLOCK], count) for i in range(0, len(ways), _BLOCK))
    return _below(ways, count)


def _below(parts: tuple[_Ways, ...], count: int) -> _Ways:
    """Return the same for so few `parts` that all of their ways are looked at."""
    ways: _Ways = (("", 1.0),)
    for part in parts:
        shares: dict[str, float] = {}
        for said, share in ways:
            for text, likely in part:
                longer = f"{said}\n{text}" if said and text else said or text
                shares[longer] = shares.get(longer, 0.0) + share * likely
        ways = tuple(sorted(shares.items(), key=itemgetter(1), reverse=True)[:count])
    return ways


_of_block = lru_cache(maxsize=256)(_below)


def with_rivals(text: str, parts: Sequence[Sequence[tuple[str, float]]], count: int) -> tuple[tuple[str, float], ...]:
    """Return `text` and its likeliest rivals, at most `count` together, of what `parts` say one below the other."""
    ways = dict(combined(parts, count))
    own = ways.pop(text, math.prod(part[0][1] for part in parts))
    return ((text, own), *list(ways.items())[: count - 1])


def judged(reading: Reading, free: Reading, fits: bool) -> Reading:
    """Return `reading`, made by a format that it `fits` or does not, with what the `free` one of any format says."""
    otherwise = free.text if free.text != reading.text else ""
    return replace(reading, confidence=reading.confidence if fits else 0.0, fits=fits, otherwise=otherwise)


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
    parts = [r.alternatives or ((r.text, r.confidence),) for r in readings]
    rivals = with_rivals(text, parts, max(map(len, parts), default=1))
    free = "\n".join(said for r in readings if (said := r.otherwise or r.text))
    fits = all(r.fits for r in readings)
    return Reading(text, confidence, tuple(symbols), rivals, fits, free if free != text else "")
