"""The ways through the lines of a page -> what it says: symbols, texts, confidence, rivals."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from recognizer.decode import Lattice, Path, number_probability
from recognizer.ink import Ink, Mark
from recognizer.locate import Line
from recognizer.reading import ALTERNATIVES, Reading, Symbol, with_rivals

SPACE = 0.75  # gaps from this share of the writing's height on are written as a space
_LABELS = 5  # that are kept of each symbol


def transcribed(
    ink: Ink,
    lines: Sequence[Line],
    lattices: Sequence[Lattice],
    ways: Sequence[Sequence[Path]],
    alternatives: int = ALTERNATIVES,
) -> tuple[Reading, list[int]]:
    """Return what the likeliest way through each line says, and the number of each symbol's candidate.

    Candidates are numbered through all lines. A line on which nothing is a symbol gives no text. Of
    rival readings of the whole page, so many `alternatives` are kept as the `ways` hold.
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
            texts.append(_spaced(lattice, through[0], line))
        first += len(lattice.candidates)
    text = "\n".join(texts)
    confidence = math.prod(number_probability(through) for through in ways)
    if not texts:
        return Reading(text, confidence, tuple(symbols)), chosen
    said = [
        [(_spaced(lattice, way, line), way.probability) for way in through]
        for line, lattice, through in zip(lines, lattices, ways, strict=True)
    ]
    return Reading(text, confidence, tuple(symbols), with_rivals(text, said, alternatives)), chosen


def _symbols(ink: Ink, lattice: Lattice, way: Path, line: int) -> list[tuple[int, Symbol]]:
    """Return the symbols of `way`, each with its candidate's number; ink left out gives none."""
    steps = [step for step in way.steps if lattice.labels[step.label]]
    posteriors = lattice.posteriors()[[step.candidate for step in steps]]
    out = []
    for step, likely, order in zip(steps, posteriors.tolist(), np.argsort(-posteriors, axis=1).tolist(), strict=True):
        named = [i for i in order if lattice.labels[i]][:_LABELS]
        rivals = tuple((lattice.labels[i], round(likely[i], 4)) for i in named)
        label, box = lattice.labels[step.label], _box(lattice.candidates[step.candidate].mark, ink)
        out.append((step.candidate, Symbol(label, min(1.0, likely[step.label]), box, line, rivals)))
    return out


def _box(mark: Mark, ink: Ink) -> tuple[int, int, int, int]:
    left, top = math.floor(mark.x / ink.scale), math.floor(mark.y / ink.scale)
    right = math.ceil((mark.x + mark.width) / ink.scale)
    bottom = math.ceil((mark.y + mark.height) / ink.scale)
    return left, top, right - left, bottom - top


def _spaced(lattice: Lattice, way: Path, line: Line) -> str:
    """Return the text of `way`, a space where a wide gap stands."""
    text, reach = "", np.inf
    for step in way.steps:
        label, mark = lattice.labels[step.label], lattice.candidates[step.candidate].mark
        if label:
            text += " " + label if mark.x - reach > SPACE * line.height else label
            reach = max(reach if np.isfinite(reach) else -np.inf, mark.x + mark.width)
    return text
