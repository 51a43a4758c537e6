"""Ink -> lines of pieces: gathered into lines, cut where digits may touch, in reading order.

A piece is the least part that a symbol can be made of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from recognizer.cut import cut
from recognizer.file import UnreadableFile
from recognizer.gather import LONE_GAP, gathered
from recognizer.ink import Ink, Mark, writing_height

_BROKEN = 6  # marks at most that a single symbol falls apart into
_MANY = 60  # marks of a line, from which on it may be a texture
_DENSE = 6.0  # marks on as much of it as it is high, from which on it is one: more than any symbol is made of
_LONGEST = 1000  # marks of a line, from which on it is one, on canvases too
_MOST = 2000  # marks on all lines of a picture: A4 full of digits, 8 mm a line and 5 mm each, has 1300
_DOT = 2.0  # widths of the pen that a dot is high at most
_DUST = 0.4  # heights of the tallest mark of a picture that dust is high and wide at most
_ROUND = 0.6  # times as high as wide, or as wide as high, that it is at least
_SOLID = 0.9  # share of the middle of its box, a third as wide and high, that it fills
_STRAIGHT_FROM = 2.0  # heights of the writing that a line is long at least, before its slope counts


class TooManyMarks(UnreadableFile):
    """A picture of more marks than anybody writes on one; the message says how many, and what to do."""


@dataclass(frozen=True, eq=False)
class Piece:
    """A part of one line's ink: a whole mark, or what cuts have left of it.

    `source` is the mark that it came from: pieces of one source were connected. `cut_left` and
    `cut_right` say how much ink a cut on that side goes through, in widths of the pen; 0 is none.
    """

    mark: Mark
    source: Mark
    cut_left: float = 0.0
    cut_right: float = 0.0

    @property
    def middle(self) -> float:
        """The x of the middle of its box, ink pixels."""
        return self.mark.x + self.mark.width / 2


@dataclass(frozen=True, eq=False)
class Line:
    """Pieces from left to right, and how they stand.

    `height` is that of the writing, ink pixels; its middle line is y = `offset` + `slope` * x.
    """

    pieces: tuple[Piece, ...]
    height: float
    offset: float
    slope: float


def lines_of(ink: Ink) -> tuple[Line, ...]:
    """Return the lines of `ink` in reading order; none where there is no ink."""
    return tuple(line_of(own) for own in parted(ink))


def parted(ink: Ink) -> tuple[Ink, ...]:
    """Return the ink of each line of `ink` by itself, its marks from left to right; lines in reading order.

    What is read of a line depends on nothing else on the page. A texture on a picture, as of cloth, makes no line,
    nor do dots alone, as of dust.

    Raises
    ------
    TooManyMarks
        A picture has so many that to read them all would take minutes, for nothing: they are no writing.
    """
    beside = ink.scale, ink.pen, ink.strokes, ink.noise, ink.page, ink.printed
    lines = (Ink(tuple(map(ink.marks.__getitem__, group)), *beside) for group in gathered(ink.marks))
    found = tuple(line for line in lines if not _is_texture(line))
    if ink.strokes:
        return found
    tallest = max((m.height for m in ink.marks), default=0)
    found = tuple(line for line in found if not _is_dust(line, tallest))
    count = sum(len(line.marks) for line in found)
    if count > _MOST:
        raise TooManyMarks(f"it has {count} marks and writing at most {_MOST}, so cut out what is to be read")
    return found


def _is_texture(line: Ink) -> bool:
    """Say whether the marks of `line` are as many, or stand as close together on a picture, as no hand writes.

    Of 746 lines on scans of cheques and on photos none had 30 marks or more, or over 4.4 on as much as it is high.
    """
    marks = line.marks
    if len(marks) < _MANY or line.strokes or len(marks) >= _LONGEST:
        return len(marks) >= _LONGEST
    width = max(m.x + m.width for m in marks) - min(m.x for m in marks)
    return len(marks) * writing_height([(m.width, m.height) for m in marks]) >= _DENSE * width


def _is_dust(line: Ink, tallest: int) -> bool:
    """Say whether the marks of `line` are solid dots, small beside the `tallest` mark of their picture."""
    return all(
        max(m.width, m.height) <= min(_DUST * tallest, min(m.width, m.height) / _ROUND) and _is_solid(m)
        for m in line.marks
    )


def _is_solid(mark: Mark) -> bool:
    """Say whether `mark` fills the middle of its box, as no digit does that can be told."""
    high, wide = mark.height // 3, mark.width // 3
    return float(mark.gray[high : mark.height - high, wide : mark.width - wide].mean()) >= _SOLID * 255


def rejoined(lines: Sequence[Ink]) -> tuple[Ink, ...]:
    """Return the ink of two `lines`, in reading order, as one line where it may be a single symbol that fell apart.

    That is where few marks stand closer above each other than lines of writing do; elsewhere there is none.
    """
    if len(lines) != 2 or sum(len(line.marks) for line in lines) > _BROKEN:
        return ()
    marks = [m for line in lines for m in line.marks]
    free = min(m.y for m in lines[1].marks) - max(m.y + m.height for m in lines[0].marks)
    if free > LONE_GAP * writing_height([(m.width, m.height) for m in marks]):
        return ()
    return (replace(lines[0], marks=tuple(sorted(marks, key=lambda m: m.x))),)


def line_of(ink: Ink) -> Line:
    """Return the line that all of `ink` stands on, its marks given from left to right."""
    marks = ink.marks
    height = writing_height([(m.width, m.height) for m in marks], _DOT * ink.pen)
    tall = [m for m in marks if m.height >= 0.6 * height] or marks
    x = np.array([m.x + m.width / 2 for m in tall])
    y = np.array([m.y + m.height / 2 for m in tall])
    slope = 0.0
    if len(tall) > 2 and x.max() - x.min() > _STRAIGHT_FROM * height:
        aside = x - x.mean()
        slope = min(1.0, max(-1.0, float(aside @ (y - y.mean()) / (aside @ aside))))
    offset = median((y - slope * x).tolist())
    pieces = []
    for mark, parts in zip(marks, cut(marks, height, ink.pen), strict=True):
        pieces += [Piece(part.mark, mark, part.left, part.right) for part in parts]
    return Line(tuple(sorted(pieces, key=lambda p: p.middle)), height, offset, slope)
