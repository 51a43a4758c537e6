"""The ways through the lines of a page -> what it says: symbols, texts, confidence, rivals."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from recognizer.candidates import Candidate
from recognizer.decode import Lattice, Path, number_probability
from recognizer.ink import Ink, Mark
from recognizer.locate import Line
from recognizer.reading import Reading, Symbol

SPACE = 0.75  # gaps from this share of the writing's height on are written as a space
_ALTERNATIVES = 5  # labels and rival readings that are kept


def transcribed(
    ink: Ink, lines: Sequence[Line], lattices: Sequence[Lattice], ways: Sequence[Sequence[Path]]
) -> tuple[Reading, list[int]]:
    """Return what the likeliest way through each line says, and the number of each symbol's candidate.

    Candidates are numbered through all lines. A line on which nothing is a symbol gives no text.
    """
    symbols: list[Symbol] = []
    texts: list[str] = []
    chosen: list[int] = []
    first = 0
    for line, lattice, through in zip(lines, lattices, ways, strict=True):
        read = _symbols(ink, lattice, through[0], len(texts))
        if read:
            symbols += [s for _, s in read]
            chosen += [first + i for i, _ in read]
            texts.append(_spaced([lattice.candidates[i] for i, _ in read], [s.label for _, s in read], line))
        first += len(lattice.candidates)
    text = "\n".join(texts)
    confidence = math.prod(number_probability(through) for through in ways)
    return Reading(text, confidence, tuple(symbols), _rivals(text, ways) if texts else ()), chosen


def _symbols(ink: Ink, lattice: Lattice, way: Path, line: int) -> list[tuple[int, Symbol]]:
    """Return the symbols of `way`, each with its candidate's number; ink left out gives none."""
    posteriors = lattice.posteriors()
    out = []
    for step in way.steps:
        label = lattice.labels[step.label]
        if not label:
            continue
        likely = posteriors[step.candidate]
        order = [i for i in np.argsort(-likely) if lattice.labels[i]][:_ALTERNATIVES]
        rivals = tuple((lattice.labels[i], round(float(likely[i]), 4)) for i in order)
        box = _box(lattice.candidates[step.candidate].mark, ink)
        out.append((step.candidate, Symbol(label, min(1.0, float(likely[step.label])), box, line, rivals)))
    return out


def _box(mark: Mark, ink: Ink) -> tuple[int, int, int, int]:
    left, top = int(np.floor(mark.x / ink.scale)), int(np.floor(mark.y / ink.scale))
    right = int(np.ceil((mark.x + mark.width) / ink.scale))
    bottom = int(np.ceil((mark.y + mark.height) / ink.scale))
    return left, top, right - left, bottom - top


def _spaced(candidates: Sequence[Candidate], labels: Sequence[str], line: Line) -> str:
    text, reach = "", np.inf
    for candidate, label in zip(candidates, labels, strict=True):
        text += " " + label if candidate.mark.x - reach > SPACE * line.height else label
        reach = max(reach if np.isfinite(reach) else -np.inf, candidate.mark.x + candidate.mark.width)
    return text


def _rivals(text: str, ways: Sequence[Sequence[Path]]) -> tuple[tuple[str, float], ...]:
    """Return the likeliest readings of the whole page: `text` first, then with one line read otherwise."""
    chosen = [through[0] for through in ways]
    base = math.prod(way.probability for way in chosen)
    rivals = []
    for place, through in enumerate(ways):
        for other in through[1:]:
            lines = [way.text for way in (*chosen[:place], other, *chosen[place + 1 :]) if way.text]
            rivals.append(("\n".join(lines), base * other.probability / max(chosen[place].probability, 1e-12)))
    return ((text, base), *sorted(rivals, key=lambda rival: -rival[1])[: _ALTERNATIVES - 1])
