"""A line's candidates as a chart: a column for each piece, a bar for each run of pieces that may be one symbol."""

from __future__ import annotations

from collections.abc import Sequence, Set

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.annotate import BLUE, ORANGE
from recognizer.candidates import Candidate
from recognizer.caption import (
    BLACK,
    BOLD,
    GRAY,
    PLAIN,
    Colour,
    Picture,
    blank,
    caption,
    leading,
    percent,
    stacked,
    tiers,
    write,
)
from recognizer.classify import Probabilities
from recognizer.decode import Lattice, Path
from recognizer.locate import Line, Piece
from recognizer.normalize import normalize

PIECES: tuple[Colour, ...] = ((0, 114, 178), (213, 94, 0), (0, 158, 115), (170, 70, 130))
"""What tells a piece from its neighbours: the palette of Okabe and Ito (2008), its purple darkened."""

NEGLIGIBLE = 0.001  # probability under which a candidate that no path takes is not drawn

COLUMNS = 40
"""Pieces that are charted, or the chart would be too wide to look at: a line of print or of grain has hundreds."""

_COLUMN, _ROW = 116, 54  # pixels of a piece's column, and of a candidate's row
_GLYPH = 42  # pixels that a glyph's side is drawn at
_THUMB = 46  # pixels that a piece is drawn high, at most
_TEXT = 14
_LIGHT = (190, 190, 190)


def chart(line: Line, lattice: Lattice, looks: Probabilities, best: Path, others: Set[int]) -> Picture:
    """Return the chart of all candidates that matter: those of the `best` path, of `others`, and whatever is likely.

    Each has its glyph and two labels: what it `looks` like (candidates, labels) by itself, and what
    the right path most likely takes it for.
    """
    likely = lattice.posteriors()
    chosen = {step.candidate for step in best.steps}
    near = [i for i in range(len(lattice.candidates)) if _span(lattice, i)[1] <= COLUMNS]
    order = sorted(near, key=lambda i: _span(lattice, i)[1] - _span(lattice, i)[0])
    drawn = [i for i in order if i in chosen or i in others or likely[i].sum() >= NEGLIGIBLE]
    rows = tiers(_span(lattice, i) for i in drawn)
    picture = blank(_COLUMN * min(lattice.places, COLUMNS), _ROW * (1 + max(rows, default=-1)))
    for i, row in zip(drawn, rows, strict=True):
        left, right = (_COLUMN * side for side in _span(lattice, i))
        colour = BLUE if i in chosen else ORANGE if i in others else _LIGHT
        part = picture[row * _ROW : (row + 1) * _ROW, left:right]
        cell = (lattice.candidates[i], _told(lattice, looks[i]), _told(lattice, likely[i]))
        _candidate(part, *cell, colour)
    rest = len(near) - len(drawn)
    blocks = [_heads(line.pieces[:COLUMNS]), picture]
    if rest:
        blocks.append(caption(f"and {rest} more, none of which is likelier than {NEGLIGIBLE:.1%}", _TEXT, GRAY))
    if lattice.places > COLUMNS:
        blocks.append(caption(f"of the first {COLUMNS} pieces of {lattice.places}", _TEXT, GRAY))
    return stacked(blocks, 6)


def _span(lattice: Lattice, number: int) -> tuple[int, int]:
    return lattice.candidates[number].start, lattice.candidates[number].stop


def _heads(pieces: Sequence[Piece]) -> Picture:
    """Return the pieces, each in its colour at the head of its column, with its number."""
    picture = blank(_COLUMN * len(pieces), _THUMB + leading(_TEXT) + 4)
    tallest = max(max(p.mark.height, p.mark.width * _THUMB / (_COLUMN - 16)) for p in pieces)
    for i, piece in enumerate(pieces):
        colour = PIECES[i % len(PIECES)]
        thumb = _thumb(piece, _THUMB / tallest, colour)
        x = i * _COLUMN + (_COLUMN - thumb.shape[1]) // 2
        picture[_THUMB - thumb.shape[0] : _THUMB, x : x + thumb.shape[1]] = thumb
        write(picture, str(i), (i * _COLUMN + _COLUMN // 2 - 4, _THUMB + 2), _TEXT, colour, BOLD)
        foot = picture.shape[0] - 1
        cv2.line(picture, (i * _COLUMN + 3, foot), ((i + 1) * _COLUMN - 4, foot), colour, 2)
    return picture


def _thumb(piece: Piece, scale: float, colour: Colour) -> Picture:
    gray = piece.mark.gray
    size = max(1, int(gray.shape[1] * scale)), max(1, int(gray.shape[0] * scale))
    small = cv2.resize(gray, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    return np.asarray(255 - small[..., None] / 255 * (255 - np.array(colour)), np.uint8)


def _told(lattice: Lattice, shares: NDArray[np.floating]) -> str:
    """Return the likeliest label and how likely it is."""
    label = int(shares.argmax())
    return f"{lattice.labels[label] or 'no'}  {percent(float(shares[label]))}"


def _candidate(part: Picture, candidate: Candidate, looks: str, likely: str, colour: Colour) -> None:
    """Draw a candidate into its `part` of the chart: its glyph, what it looks like, what the path may take it for."""
    height, width = part.shape[:2]
    cv2.rectangle(part, (2, 2), (width - 3, height - 3), colour, 1 if colour is _LIGHT else 2)
    glyph = 255 - cv2.resize(normalize(candidate.mark.gray), (_GLYPH, _GLYPH), interpolation=cv2.INTER_AREA)
    left = width // 2 - 52
    part[6 : 6 + _GLYPH, left : left + _GLYPH] = glyph[..., None]
    write(part, looks, (left + _GLYPH + 3, 7), _TEXT, GRAY)
    write(part, likely, (left + _GLYPH + 3, 27), _TEXT, BLACK, BOLD if colour is BLUE else PLAIN)
