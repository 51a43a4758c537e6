"""What a reading came from: every stage's result, of each line and of the whole page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

import numpy as np

from recognizer.classify import Glyphs, Probabilities
from recognizer.decode import Lattice
from recognizer.decode import Path as Way
from recognizer.formats import Format
from recognizer.ink import Ink, Mark
from recognizer.locate import Line
from recognizer.normalize import SIDE
from recognizer.opinion import Opinion
from recognizer.reading import Reading, Symbol
from recognizer.transcribe import Transcript


@dataclass(frozen=True)
class Question:
    """All that the reading of one line depends on: its own ink, how many ways are asked for, the format if any."""

    ink: Ink
    count: int
    format: Format | None

    def __hash__(self) -> int:
        """Return its hash, which is found once: it is looked up at every reading."""
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.ink, self.count, self.format))


@dataclass(frozen=True, eq=False)
class LineReading:
    """One line with every stage's result, as in an `Explanation`.

    `free` is what it says by its likeliest ways. `said` is the same, or, where a format is wanted, by
    those that have it; `fits` says whether there are any.
    """

    line: Line
    looks: Probabilities
    lattice: Lattice
    opinion: Opinion | None
    ways: tuple[Way, ...]
    free: Transcript
    said: Transcript
    fits: bool = True


@dataclass(frozen=True, eq=False)
class Explanation:
    """A reading with what it came from.

    `marks` are the ink of its symbols; each line has its lattice, the ways through it, likeliest first,
    what each candidate looks like by itself, (candidates, labels), and the line model's opinion where
    it was asked. `said` is what each line says.
    """

    reading: Reading
    marks: tuple[Mark, ...]
    ink: Ink
    lines: tuple[Line, ...]
    lattices: tuple[Lattice, ...]
    ways: tuple[tuple[Way, ...], ...]
    looks: tuple[Probabilities, ...] = ()
    opinions: tuple[Opinion | None, ...] = ()
    said: tuple[Transcript, ...] = ()

    @classmethod
    def of(cls, reading: Reading, ink: Ink, read: Sequence[LineReading]) -> Explanation:
        """Return what the `reading` of a page's `ink` came from, its lines as they were `read`."""
        return cls(
            reading,
            tuple(chain.from_iterable([r.said.marks for r in read])),
            ink,
            tuple(r.line for r in read),
            tuple(r.lattice for r in read),
            tuple(r.ways for r in read),
            tuple(r.looks for r in read),
            tuple(r.opinion for r in read),
            tuple(r.said for r in read),
        )

    def with_unread(self) -> tuple[Reading, tuple[Mark, ...]]:
        """Return the reading and its marks, among them what no symbol of a drawing was read from, as in a `Transcript`.

        Lines of nothing else count as lines of the symbols then; the text is without them.
        """
        if not any(line.unread for line in self.said):
            return self.reading, self.marks
        symbols, marks = list[Symbol](), list[Mark]()
        for number, line in enumerate(line for line in self.said if line.symbols or line.unread):
            own, ink = list(line.symbols_on(number)), list(line.marks)
            for place, symbol, mark in reversed(line.unread):
                own.insert(place, replace(symbol, line=number))
                ink.insert(place, mark)
            symbols += own
            marks += ink
        return replace(self.reading, symbols=tuple(symbols)), tuple(marks)

    @property
    def glyphs(self) -> Glyphs:
        """Its symbols (symbols, 28, 28) as the model saw them."""
        return np.array([m.glyph for m in self.marks], np.uint8).reshape(-1, SIDE, SIDE)


def likelier(apart: tuple[LineReading, ...], whole: tuple[LineReading, ...]) -> tuple[LineReading, ...]:
    """Return the lines read `apart`, or the `whole` read as one where they are rather the halves of a broken symbol."""
    single = [line for line in whole if len(line.said.symbols) == 1]
    surer = single and single[0].said.confidence > math.prod(line.said.confidence for line in apart)
    return whole if surer else apart
