"""What a person said, laid over what the reader said."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from operator import attrgetter

from recognizer.drawing import Stroke
from recognizer.reading import Reading, Symbol
from recognizer.truth import Truth
from ui.layout import common, inside
from ui.page import Box, Correction, Page

SAME_INK = 0.5
"""Intersection over union from which two boxes are taken to hold the same ink."""

MOSTLY = 0.6
"""Share of a symbol's box in a correction's box from which the symbol is part of what was corrected."""

_CHARACTERS = re.compile(r"(\s*)(\S)")
_LABEL = attrgetter("label")

REACH = 3
"""Pixels around a box in which ink still belongs to it: half a pen, for boxes round the ink's middle."""


@dataclass(frozen=True)
class Corrected:
    """A reading with corrections.

    `symbols` are its own and, in its place, without a label, ink that was not read and of which nobody
    said what it is. `origin` tells the index of each before, `said` the corrected ones' after.
    """

    reading: Reading = field(default_factory=Reading)
    symbols: tuple[Symbol, ...] = ()
    origin: tuple[int, ...] = ()
    said: frozenset[int] = frozenset()


def correct(reading: Reading, corrections: Sequence[Correction]) -> Corrected:
    """Return `reading` with each of `corrections` on the symbols whose ink it was said of, if they are there.

    That is several that together fill the box, which become one, or the one whose box is most alike.
    A label of several digits makes as many symbols of one. What a person vouched for is no longer in
    doubt: the confidence of the whole number, and that of its rivals with as many digits, in which the
    same is put right, are divided by that of the digit. Symbols of `reading` may be without a label, ink
    that was not read: they are part of it once it is said what they are.
    """
    said = _matches(reading.symbols, corrections)
    if not said and all(map(_LABEL, reading.symbols)):
        return Corrected(reading, reading.symbols, tuple(range(len(reading.symbols))))
    symbols: list[Symbol] = []
    origin: list[int] = []
    sure = 1.0
    for k, symbol in enumerate(reading.symbols):
        label, box = said.get(k, (symbol.label, symbol.box))
        made = (symbol,) if k not in said else _parts(symbol, label, box) if label else ()
        symbols += made
        origin += [k] * len(made)
        sure *= symbol.confidence if k in said else 1.0
    own = _on_lines([symbol for symbol in symbols if symbol.label])
    changed = _changed(reading, said, max(sure, reading.confidence, 1e-6)) if said else reading
    at = frozenset(n for n, k in enumerate(origin) if k in said)
    return Corrected(replace(changed, symbols=own), tuple(symbols), tuple(origin), at)


def _changed(reading: Reading, said: Mapping[int, tuple[str, Box]], sure: float) -> Reading:
    """Return what `reading` says where so much was `said`, and its rivals; it was `sure` of what was there instead."""
    text = _with_said(reading.symbols, said, reading.text)
    rivals: dict[str, float] = defaultdict(float)
    for other, share in reading.alternatives:
        if len("".join(other.split())) == len("".join(reading.text.split())):
            rivals[_with_said(reading.symbols, said, other)] += share / sure
    rivals.pop(text, None)
    confidence = min(1.0, reading.confidence / sure)
    return Reading(text, confidence, (), ((text, confidence), *sorted(rivals.items(), key=lambda rival: -rival[1])))


def _with_said(symbols: Sequence[Symbol], said: Mapping[int, tuple[str, Box]], text: str) -> str:
    """Return `text`, which has a character for each of `symbols` that has a label, with what was `said` of them."""
    written = iter(_CHARACTERS.findall(text))
    changed, space, line = "", "", 0
    for k, symbol in enumerate(symbols):
        before, label = next(written) if symbol.label else ("", "")
        space = space or before
        label = said[k][0] if k in said else label
        if label:
            changed += ("" if not changed else "\n" if symbol.line != line else space) + label
            space, line = "", symbol.line
    return changed


def _on_lines(symbols: Sequence[Symbol]) -> tuple[Symbol, ...]:
    """Return `symbols` with their lines counted from 0, without gaps."""
    numbers: dict[int, int] = {}
    lines = [numbers.setdefault(symbol.line, len(numbers)) for symbol in symbols]
    return tuple(s if s.line == line else replace(s, line=line) for s, line in zip(symbols, lines, strict=True))


def _parts(symbol: Symbol, label: str, box: Box) -> tuple[Symbol, ...]:
    """Return a symbol for each character of `label`, side by side in `box`."""
    x, y, width, height = box
    edges = [x + width * n // len(label) for n in range(len(label) + 1)]
    return tuple(
        replace(symbol, label=character, confidence=1.0, box=(left, y, right - left, height))
        for character, left, right in zip(label, edges, edges[1:], strict=False)
    )


def _matches(symbols: Sequence[Symbol], corrections: Sequence[Correction]) -> dict[int, tuple[str, Box]]:
    """Return what each symbol that was corrected is said to be, and its box, by its index; the last word counts."""
    said: dict[int, tuple[str, Box]] = {}
    for correction in corrections:
        group = [k for k, symbol in enumerate(symbols) if within(symbol.box, correction.box) >= MOSTLY]
        if len(group) > 1 and overlap(around([symbols[k].box for k in group]), correction.box) >= SAME_INK:
            said |= {k: (correction.label if k == group[0] else "", correction.box) for k in group}
            continue
        alike = [overlap(symbol.box, correction.box) for symbol in symbols]
        if alike and max(alike) >= SAME_INK:
            said[alike.index(max(alike))] = correction.label, symbols[alike.index(max(alike))].box
    return said


def overlap(one: Box, two: Box) -> float:
    """Return the intersection of two boxes over their union, in [0, 1]."""
    both = common(one, two)
    return both / max(1, one[2] * one[3] + two[2] * two[3] - both)


def within(one: Box, two: Box) -> float:
    """Return how much of box `one` lies in box `two`, in [0, 1]."""
    return common(one, two) / max(1, one[2] * one[3])


def around(boxes: Sequence[Box]) -> Box:
    """Return the box round all of `boxes`, of which there is at least one."""
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[0] + box[2] for box in boxes), max(box[1] + box[3] for box in boxes)
    return left, top, right - left, bottom - top


def strokes_in(box: Box, strokes: Sequence[Stroke]) -> tuple[Stroke, ...]:
    """Return the strokes that have most of their points in `box`."""
    x, y, width, height = box
    left, top, right, bottom = x - REACH, y - REACH, x + width + REACH, y + height + REACH

    def belongs(stroke: Stroke) -> bool:
        points = stroke.points
        return 2 * sum(left <= px < right and top <= py < bottom for px, py in points) > len(points)

    return tuple(filter(belongs, strokes))


def standing(page: Page, before: Page) -> tuple[Correction, ...]:
    """Return the corrections of `page` whose ink it still has, `before` having had all of it.

    What was said of a part of a stroke, as where two digits are one, has no stroke of its own: it goes with any
    stroke that ran through its box.
    """
    if not page.corrections:
        return ()
    present = {id(stroke) for stroke in page.strokes}
    gone = [stroke for stroke in before.strokes if id(stroke) not in present]

    def stands(correction: Correction) -> bool:
        if correction.strokes:
            return all(id(stroke) in present for stroke in correction.strokes)
        if page.picture is not None or before.picture is not None:
            return page.picture is before.picture
        return not any(inside(correction.box, x, y) for stroke in gone for x, y in stroke.points)

    return tuple(filter(stands, page.corrections))


def truths_of(page: Page) -> tuple[Truth, ...]:
    """Return the corrections of `page`, as far as their ink is on it, in a form that can be kept."""
    numbers = {id(stroke): number for number, stroke in enumerate(page.strokes)} if page.corrections else {}
    truths = []
    for correction in page.corrections:
        with suppress(KeyError, ValueError):  # rubbed out, or with a label that only a strange model has
            strokes = tuple(numbers[id(stroke)] for stroke in correction.strokes)
            truths.append(Truth(correction.label, correction.box, strokes))
    return tuple(truths)


def corrections_by(truths: Sequence[Truth], strokes: Sequence[Stroke]) -> tuple[Correction, ...]:
    """Return what `truths` say of `strokes`, as corrections.

    Raises
    ------
    IndexError
        One is told of a stroke that is not there.
    """
    return tuple(Correction(t.label, t.box, tuple(strokes[number] for number in t.strokes)) for t in truths)
