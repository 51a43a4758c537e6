"""Pieces -> candidates: every run of neighbouring pieces that might be one symbol, with its geometry."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recognizer.ink import Gray, Ink, Mark
from recognizer.locate import Line

MOST_PIECES = 6  # pieces that one symbol may be made of: a # has four strokes, a cut one more
MOST_WIDTH = 1.8  # times the height of the writing: no symbol is wider
_FAR = 2.0  # heights of the writing: gaps from here on are all alike
MOST_GAP = 0.55  # times the height of the writing: no symbol has a wider gap in it

GEOMETRY = (
    "height", "width", "top", "bottom", "aspect", "gap left", "gap right", "gap inside", "overlap inside",
    "pieces", "sources", "cut left", "cut right", "cuts inside", "share of source", "first", "last", "few pieces",
    "lone line", "taller than left", "taller than right", "ink", "strokes", "noise", "resolution",
)  # fmt: skip


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
        left, right, gap = first.mark.x, first.mark.x + first.mark.width, -np.inf
        for stop in range(start + 2, min(start + MOST_PIECES, len(pieces)) + 1):
            latest = pieces[stop - 1].mark
            gap = max(gap, latest.x - right)
            left, right = min(left, latest.x), max(right, latest.x + latest.width)
            if gap > MOST_GAP * line.height or right - left > MOST_WIDTH * line.height:
                break
            found.append(Candidate(start, stop, merged(tuple(p.mark for p in pieces[start:stop])), gap))
    return tuple(found)


@lru_cache(maxsize=1024)
def merged(marks: tuple[Mark, ...]) -> Mark:
    """Return the ink of `marks` as one; asked again for the same ones, the same answer comes at once."""
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
    start = np.array([c.start for c in candidates], int)
    stop = np.array([c.stop for c in candidates], int)
    x, y, w, t = np.array([(c.mark.x, c.mark.y, c.mark.width, c.mark.height) for c in candidates], float).T
    left, right, tall = np.array([(p.mark.x, p.mark.x + p.mark.width, p.mark.height) for p in pieces], float).T
    before = np.where(start > 0, (x - np.maximum.accumulate(right)[start - 1]) / h, _FAR)
    after = np.where(stop < count, (np.minimum.accumulate(left[::-1])[::-1][stop % count] - x - w) / h, _FAR)
    single = stop - start == 1
    gap = np.where(single, 0.0, [c.gap for c in candidates]) / h
    joined = np.cumsum([0, *(a.source == b.source for a, b in pairwise(pieces))])
    amounts = np.array([p.mark.amount for p in pieces])
    amount = np.r_[0.0, np.cumsum(amounts)]
    inked = amount[stop] - amount[start]
    sources, around = _sources(line, candidates, amounts)
    middle = y - line.offset - line.slope * (x + w / 2)
    columns = (
        np.log(t / h), np.log(w / h), middle / h, (middle + t) / h, np.log(w / t),
        np.clip(before, -1, _FAR), np.clip(after, -1, _FAR), np.maximum(0, gap), np.clip(-gap, 0, 1),
        stop - start - 1, sources - 1,
        np.array([p.cut_left for p in pieces])[start], np.array([p.cut_right for p in pieces])[stop - 1],
        joined[stop - 1] - joined[start], inked / around, start == 0, stop == count,
        np.full(len(x), 1 / count), stop - start == count,
        np.log(t / np.where(start > 0, tall[start - 1], h)), np.log(t / np.where(stop < count, tall[stop % count], h)),
        np.log1p(inked / 255 / (h * ink.pen)), np.full(len(x), ink.strokes), np.full(len(x), min(10 * ink.noise, 3.0)),
        np.full(len(x), 0.0 if ink.strokes else np.log(h / ink.scale / 64)),
    )  # fmt: skip
    return np.stack([np.asarray(c, np.float32) for c in columns], axis=1)


def _sources(
    line: Line, candidates: tuple[Candidate, ...], amounts: NDArray[np.float64]
) -> tuple[NDArray[np.int_], NDArray[np.float64]]:
    """Return how many marks each candidate is made of, and how much ink those hold altogether."""
    whole: dict[int, float] = {}
    for piece, amount in zip(line.pieces, amounts.tolist(), strict=True):
        whole[piece.source] = whole.get(piece.source, 0.0) + amount
    sets = [{p.source for p in line.pieces[c.start : c.stop]} for c in candidates]
    return np.array([len(s) for s in sets]), np.array([sum(whole[k] for k in s) for s in sets])
