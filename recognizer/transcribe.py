"""The ways through the lines of a page -> what it says: symbols, texts, confidence, rivals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from recognizer.decode import Lattice, Path, Step, number_probability
from recognizer.ink import Ink, Mark
from recognizer.locate import Line
from recognizer.reading import ALTERNATIVES, Reading, Symbol, with_rivals

SPACE = 0.75  # gaps from this share of the writing's height on are written as a space
_LABELS = 5  # that are kept of each symbol


@dataclass(frozen=True, eq=False)
class Transcript:
    """What one line says.

    `texts` are those of its ways with their probabilities, likeliest first, empty where nothing is a
    symbol. `symbols` are those of the first, as of a page's first line, `marks` the ink that each was
    read from, and `confidence` is the probability that its digits are right. `unread` is the ink of a
    drawing that no symbol was read from: after how many symbols it stands, itself as a symbol without
    label, with the confidence that it is none, and its mark.
    """

    texts: tuple[tuple[str, float], ...]
    symbols: tuple[Symbol, ...]
    marks: tuple[Mark, ...]
    confidence: float
    unread: tuple[tuple[int, Symbol, Mark], ...] = ()
    _placed: dict[int, tuple[Symbol, ...]] = field(default_factory=dict, init=False, repr=False)

    def symbols_on(self, line: int) -> tuple[Symbol, ...]:
        """Return its symbols as of the page's line of this number; asked again, the very same ones."""
        if not line:
            return self.symbols
        if line not in self._placed:
            self._placed[line] = tuple([replace(s, line=line) for s in self.symbols])
        return self._placed[line]


def transcript(ink: Ink, line: Line, lattice: Lattice, ways: Sequence[Path]) -> Transcript:
    """Return what the `ways` through the `line` of `ink` say, the likeliest first; ink left out gives no symbol."""
    steps = [step for step in ways[0].steps if lattice.labels[step.label]]
    marks = tuple(lattice.candidates[step.candidate].mark for step in steps)
    texts = tuple((_spaced(lattice, way, line), way.probability) for way in ways)
    unread = _unread(ink, lattice, ways) if ink.strokes and len(steps) < len(ways[0].steps) else ()
    return Transcript(texts, _symbols(ink, lattice, ways, steps), marks, number_probability(ways), unread)


def _symbols(ink: Ink, lattice: Lattice, ways: Sequence[Path], steps: Sequence[Step]) -> tuple[Symbol, ...]:
    """Return the symbol that each of `steps` reads, with its rivals."""
    labels, symbols = lattice.labels, []
    posteriors = _posteriors(lattice, ways, [step.candidate for step in steps])
    orders = np.argsort(-posteriors, axis=1)[:, : _LABELS + 1].tolist()  # one more: the one that is no symbol
    for step, likely, order in zip(steps, posteriors.tolist(), orders, strict=True):
        rivals = tuple([(labels[i], round(likely[i], 4)) for i in order if labels[i]][:_LABELS])
        box = _box(lattice.candidates[step.candidate].mark, ink)
        symbols.append(Symbol(labels[step.label], min(1.0, likely[step.label]), box, alternatives=rivals))
    return tuple(symbols)


def _unread(ink: Ink, lattice: Lattice, ways: Sequence[Path]) -> tuple[tuple[int, Symbol, Mark], ...]:
    """Return what the first of `ways` leaves out, as in a `Transcript`.

    Neighbours that overlap are one, where they are a candidate.
    """
    spans = {(c.start, c.stop): number for number, c in enumerate(lattice.candidates)}
    found: list[tuple[int, Step]] = []
    before, again = 0, False
    for step in ways[0].steps:
        if lattice.labels[step.label]:
            before, again = before + 1, False
            continue
        new = lattice.candidates[step.candidate]
        last = lattice.candidates[found[-1][1].candidate] if again else new
        overlaps = again and new.mark.x < last.mark.x + last.mark.width
        whole = spans.get((last.start, new.stop)) if overlaps else None
        if whole is None:
            found.append((before, step))
        else:
            found[-1] = before, Step(whole, step.label)
        again = True
    symbols = _symbols(ink, lattice, ways, [step for _, step in found])
    return tuple(
        (place, symbol, lattice.candidates[step.candidate].mark)
        for (place, step), symbol in zip(found, symbols, strict=True)
    )


def _posteriors(lattice: Lattice, ways: Sequence[Path], chosen: Sequence[int]) -> NDArray[np.float64]:
    """Return the probability (chosen, labels) of each label for each of the `chosen` candidates.

    It is that of the ways that hold it; the lattice alone tells of what is not among them.
    """
    rest = max(0.0, 1.0 - sum(way.probability for way in ways))
    likely = rest * lattice.posteriors()[chosen]
    rows = {candidate: row for row, candidate in enumerate(chosen)}
    for way in ways:
        for step in way.steps:
            if step.candidate in rows:
                likely[rows[step.candidate], step.label] += way.probability
    return likely


def transcribed(lines: Sequence[Transcript], alternatives: int = ALTERNATIVES) -> Reading:
    """Return what the `lines` of a page say one below the other; one on which nothing is a symbol gives no text.

    Of rival readings of the whole page, so many `alternatives` are kept as the lines hold.
    """
    confidence = math.prod(line.confidence for line in lines)
    written = [line for line in lines if line.symbols]
    if not written:
        return Reading("", confidence)
    text = "\n".join(line.texts[0][0] for line in written)
    symbols = tuple(chain.from_iterable([line.symbols_on(n) for n, line in enumerate(written)]))
    return Reading(text, confidence, symbols, with_rivals(text, [line.texts for line in lines], alternatives))


def _box(mark: Mark, ink: Ink) -> tuple[int, int, int, int]:
    """Return the box of `mark` on the page; the ink's sides are whole pixels, and so may reach a little beyond it."""
    left, top = math.floor(mark.x / ink.scale), math.floor(mark.y / ink.scale)
    right = math.ceil((mark.x + mark.width) / ink.scale)
    bottom = math.ceil((mark.y + mark.height) / ink.scale)
    if ink.page:
        right, bottom = min(right, ink.page[0]), min(bottom, ink.page[1])
    return left, top, right - left, bottom - top


def _spaced(lattice: Lattice, way: Path, line: Line) -> str:
    """Return the text of `way`, a space where a wide gap stands."""
    text, reach, wide = "", 0.0, SPACE * line.height
    for candidate, number in way.steps:
        if label := lattice.labels[number]:
            mark = lattice.candidates[candidate].mark
            if text and mark.x - reach > wide:
                text += " "
            reach = max(reach, mark.x + mark.width) if text else mark.x + mark.width
            text += label
    return text
