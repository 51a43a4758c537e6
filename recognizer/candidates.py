"""Pieces -> candidates: every run of neighbouring pieces that might be one symbol, with its geometry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from statistics import median

import numpy as np
from numpy.typing import NDArray

from recognizer.contrast import Gray
from recognizer.ink import Ink, Mark
from recognizer.locate import Line
from recognizer.memory import kept_up_to

MOST_PIECES = 6  # pieces that one symbol may be made of: a # has four strokes, a cut one more
MOST_WIDTH = 1.8  # times the height of the writing: no symbol is wider beside others
MOST_WIDTH_ALONE = 3.5  # the same of one that is all of its line: a flat 5 with a long bar
MOST_HEIGHT = 6.0  # times the height of the writing: no symbol of several pieces is taller, broken as it may be
MOST_GAP = 0.55  # times the height of the writing: no symbol has a wider gap in it
_FAR = 2.0  # heights of the writing: gaps from here on are all alike
_TALL = 0.6  # marks from this share of the writing's height on may be digits
_MOST_SLANT = 1.5  # columns a row
_KEPT = 2**23  # bytes of candidates that stay known

GEOMETRY = (
    "height", "width", "top", "bottom", "aspect", "gap left", "gap right", "gap inside", "overlap inside",
    "pieces", "sources", "cut left", "cut right", "cuts inside", "share of source", "first", "last", "lone line",
    "taller than left", "taller than right", "ink", "slant", "slant beyond the line's",
    "few pieces", "strokes", "noise", "resolution", "usual gap", "usual width",
)  # fmt: skip
NOISE = GEOMETRY.index("noise")


@dataclass(frozen=True, eq=False)
class Candidate:
    """The pieces `start` up to `stop` of a line, taken as one symbol; `mark` is their ink.

    `gap` is the widest free space between neighbours in it, ink pixels; negative where they overlap.
    """

    start: int
    stop: int
    mark: Mark
    gap: float = 0.0


def candidates_of(line: Line) -> tuple[Candidate, ...]:
    """Return the candidates of `line`: each piece alone, and its runs that are small and dense enough."""
    found = []
    pieces = line.pieces
    for start, first in enumerate(pieces):
        found.append(Candidate(start, start + 1, first.mark))
        (left, top, right, bottom), gap = first.mark.box, -np.inf
        for stop in range(start + 2, min(start + MOST_PIECES, len(pieces)) + 1):
            latest = pieces[stop - 1].mark.box
            gap = max(gap, latest[0] - right)
            left, top = min(left, latest[0]), min(top, latest[1])
            right, bottom = max(right, latest[2]), max(bottom, latest[3])
            most = MOST_WIDTH_ALONE if start == 0 and stop == len(pieces) else MOST_WIDTH
            if gap > MOST_GAP * line.height:
                break
            if right - left > most * line.height or bottom - top > MOST_HEIGHT * line.height:
                continue
            found.append(Candidate(start, stop, merged(tuple(p.mark for p in pieces[start:stop])), gap))
    return tuple(found)


def strokes_of(line: Line, candidates: Sequence[Candidate]) -> list[tuple[Mark, ...]]:
    """Return the strokes of the pen that each candidate is made of; none where it holds a part of one alone."""
    parts = Counter(p.source for p in line.pieces if p.source.trace is not None)
    strokes = []
    for c in candidates:
        own = tuple(dict.fromkeys(p.source for p in line.pieces[c.start : c.stop]))
        strokes.append(own if sum(parts[mark] for mark in own) == c.stop - c.start else ())
    return strokes


@kept_up_to(_KEPT, attrgetter("filled"))
def merged(marks: tuple[Mark, ...]) -> Mark:
    """Return the ink of the few `marks` of a candidate as one; asked again for the same ones, it comes at once."""
    return overlaid(marks)


def overlaid(marks: tuple[Mark, ...]) -> Mark:
    """Return the ink of `marks` as one."""
    if len(marks) == 1:
        return marks[0]
    left, top = min(m.x for m in marks), min(m.y for m in marks)
    right, bottom = max(m.x + m.width for m in marks), max(m.y + m.height for m in marks)
    gray: Gray = np.zeros((bottom - top, right - left), np.uint8)
    for m in marks:
        part = gray[m.y - top : m.y - top + m.height, m.x - left : m.x - left + m.width]
        np.maximum(part, m.gray, out=part)
    return Mark(left, top, gray)


def geometry(line: Line, candidates: tuple[Candidate, ...], ink: Ink) -> NDArray[np.float32]:
    """Return what is known of each candidate besides its looks: (candidates, len(GEOMETRY)).

    Lengths are in heights of the writing; sizes as logarithms; places from the middle line down.
    """
    pieces, h, count = line.pieces, line.height, len(line.pieces)
    marks, owned = [c.mark for c in candidates], [p.mark for p in pieces]
    start, stop = np.array([(c.start, c.stop) for c in candidates], int).T
    x, y, w, t = np.array([(m.x, m.y, m.width, m.height) for m in marks], float).T
    left, right, tall = np.array([(m.x, m.x + m.width, m.height) for m in owned], float).T
    before = np.where(start > 0, (x - np.maximum.accumulate(right)[start - 1]) / h, _FAR)
    after = np.where(stop < count, (np.minimum.accumulate(left[::-1])[::-1][stop % count] - x - w) / h, _FAR)
    single = stop - start == 1
    gap = np.where(single, 0.0, [c.gap for c in candidates]) / h
    joined = np.cumsum([0, *(a.source is b.source for a, b in pairwise(pieces))])
    amount = np.cumsum([0.0, *(m.amount for m in owned)])
    inked = amount[stop] - amount[start]
    sources, around = _sources(line, candidates)
    middle = y - line.offset - line.slope * (x + w / 2)
    slant, tallness = np.array([_slant(m) for m in marks]), tall**2
    usual_slant = (np.array([_slant(m) for m in owned]) * tallness).sum() / tallness.sum()
    columns = (
        np.log(t / h), np.log(w / h), middle / h, (middle + t) / h, np.log(w / t),
        _between(-1, before, _FAR), _between(-1, after, _FAR), np.maximum(0, gap), _between(0, -gap, 1),
        stop - start - 1, sources - 1,
        np.array([p.cut_left for p in pieces])[start], np.array([p.cut_right for p in pieces])[stop - 1],
        joined[stop - 1] - joined[start], inked / around, start == 0, stop == count, stop - start == count,
        np.log(t / np.where(start > 0, tall[start - 1], h)), np.log(t / np.where(stop < count, tall[stop % count], h)),
        np.log1p(inked / 255 / (h * ink.pen)), slant, slant - usual_slant,
        *_of_line(line, ink),
    )  # fmt: skip
    table = np.empty((len(candidates), len(GEOMETRY)), np.float32)
    for number, column in enumerate(columns):
        table[:, number] = column
    return table


def _between(least: float, values: NDArray[np.float64], most: float) -> NDArray[np.float64]:
    return np.minimum(np.maximum(values, least), most)  # a fifth of what np.clip takes for a few values


def _of_line(line: Line, ink: Ink) -> tuple[float, ...]:
    """Return what all candidates of `line` have in common: how it was come by, its usual gap and width."""
    h = line.height
    digits = [p.mark for p in line.pieces if p.mark.height >= _TALL * h]
    gaps = [(b.x - a.x - a.width) / h for a, b in pairwise(digits)]
    return (
        1 / len(line.pieces),
        float(ink.strokes),
        min(10 * ink.noise, 3.0),
        0.0 if ink.strokes else float(np.log(h / ink.scale / 64)),
        min(_FAR, max(-1.0, median(gaps))) if gaps else _FAR,
        median(m.width for m in digits) / h if digits else 0.0,
    )


def _slant(mark: Mark) -> float:
    """Return the slant of `mark`, no more than any hand's: that of a flat stroke means nothing."""
    return min(_MOST_SLANT, max(-_MOST_SLANT, mark.slant))


def _sources(line: Line, candidates: tuple[Candidate, ...]) -> tuple[NDArray[np.int_], NDArray[np.float64]]:
    """Return how many marks each candidate is made of, and how much ink those hold altogether."""
    whole: dict[Mark, float] = {}
    for piece in line.pieces:
        whole[piece.source] = whole.get(piece.source, 0.0) + piece.mark.amount
    sources = [p.source for p in line.pieces]
    sets = [set(sources[c.start : c.stop]) for c in candidates]
    return np.array([len(s) for s in sets]), np.array([sum(map(whole.__getitem__, s)) for s in sets])
