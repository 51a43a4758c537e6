"""Pieces -> candidates: every run of neighbouring pieces that might be one symbol, with its geometry."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recognizer.ink import Gray, Ink, Mark
from recognizer.locate import Line, Piece

MOST_PIECES = 6  # pieces that one symbol may be made of: a # has four strokes, a cut one more
MOST_WIDTH = 1.8  # times the height of the writing: no symbol is wider
MOST_GAP = 0.55  # times the height of the writing: no symbol has a wider gap in it

GEOMETRY = (
    "height", "width", "top", "bottom", "aspect", "gap left", "gap right", "gap inside", "overlap inside",
    "pieces", "sources", "cut left", "cut right", "cuts inside", "share of source", "first", "last", "few pieces",
    "lone line", "taller than left", "taller than right", "ink", "strokes", "noise", "resolution",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Candidate:
    """The pieces `start` up to `stop` of a line, taken as one symbol; `mark` is their ink."""

    start: int
    stop: int
    mark: Mark


def candidates_of(line: Line) -> tuple[Candidate, ...]:
    """Return the candidates of `line`: each piece alone, and its runs that are small and dense enough."""
    found = []
    for start in range(len(line.pieces)):
        right = -np.inf
        for stop in range(start + 1, min(start + MOST_PIECES, len(line.pieces)) + 1):
            run = line.pieces[start:stop]
            latest = run[-1].mark
            if stop > start + 1 and latest.x - right > MOST_GAP * line.height:
                break
            right = max(right, latest.x + latest.width)
            left = min(p.mark.x for p in run)
            if stop > start + 1 and right - left > MOST_WIDTH * line.height:
                break
            found.append(Candidate(start, stop, merged(run)))
    return tuple(found)


def merged(pieces: tuple[Piece, ...]) -> Mark:
    """Return the ink of `pieces` as one mark."""
    marks = [p.mark for p in pieces]
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
    pieces = line.pieces
    h = line.height
    left = np.array([p.mark.x for p in pieces], float)
    right = np.array([p.mark.x + p.mark.width for p in pieces], float)
    tall = np.array([p.mark.height for p in pieces], float)
    area = dict.fromkeys((p.source for p in pieces), 0.0)
    sums = [float(p.mark.gray.sum()) for p in pieces]
    for p, total in zip(pieces, sums, strict=True):
        area[p.source] += total
    reach = np.maximum.accumulate(right)
    start_after = np.minimum.accumulate(left[::-1])[::-1]
    rows = []
    for c in candidates:
        run = pieces[c.start : c.stop]
        m = c.mark
        middle = line.offset + line.slope * (m.x + m.width / 2)
        before = (m.x - reach[c.start - 1]) / h if c.start else 2.0
        after = (start_after[c.stop] - m.x - m.width) / h if c.stop < len(pieces) else 2.0
        inside, overlap = _gaps(left[c.start : c.stop], right[c.start : c.stop], h)
        sources = {p.source for p in run}
        joined = sum(a.source == b.source for a, b in pairwise(run))
        ink_sum = sum(sums[c.start : c.stop])
        neighbour_left = tall[c.start - 1] if c.start else h
        neighbour_right = tall[c.stop] if c.stop < len(pieces) else h
        rows.append((
            np.log(m.height / h), np.log(m.width / h), (m.y - middle) / h, (m.y + m.height - middle) / h,
            np.log(m.width / m.height), np.clip(before, -1, 2), np.clip(after, -1, 2), inside, overlap,
            len(run) - 1, len(sources) - 1, run[0].cut_left, run[-1].cut_right, joined,
            ink_sum / sum(area[s] for s in sources), c.start == 0, c.stop == len(pieces),
            1 / len(pieces), len(pieces) == c.stop - c.start,
            np.log(m.height / neighbour_left), np.log(m.height / neighbour_right),
            np.log1p(ink_sum / 255 / (h * ink.pen)), ink.strokes, min(10 * ink.noise, 3.0),
            np.log(h / ink.scale / 64) if not ink.strokes else 0.0,
        ))  # fmt: skip
    return np.array(rows, np.float32).reshape(-1, len(GEOMETRY))


def _gaps(left: NDArray[np.float64], right: NDArray[np.float64], height: float) -> tuple[float, float]:
    """Return the widest gap and the least overlap between neighbours in a run, in heights."""
    if len(left) == 1:
        return 0.0, 0.0
    reach = np.maximum.accumulate(right)[:-1]
    between = (left[1:] - reach) / height
    return float(max(0.0, between.max())), float(np.clip(-between.max(), 0.0, 1.0))
