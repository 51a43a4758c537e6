"""A reading explained in one picture: the ink that was found, its pieces, the path that was taken, and its rivals.

What went wrong with a number shows where it went wrong: ink that is missing from the ink found, a
cut that is missing among the pieces, a candidate that the model took for something else, or a
right path that weighed less than another.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.annotate import BLUE, ORANGE
from recognizer.candidates_chart import PIECES, chart
from recognizer.caption import (
    BOLD,
    GRAY,
    Colour,
    Picture,
    blank,
    caption,
    leading,
    percent,
    stacked,
    tiers,
    width_of,
    write,
)
from recognizer.decode import Lattice, Path, Step
from recognizer.drawing import Drawing
from recognizer.explanation import Explanation
from recognizer.ink import Ink, Mark
from recognizer.locate import Line, Piece
from recognizer.render import render_drawing

RIVALS = 3  # of each line that are drawn
LINES = 20  # of a page that are explained, or the picture would be too large to look at

_WRITING, _RIVAL_WRITING = 72, 44  # pixels that writing stands tall in the strips
_WIDEST = 2400  # pixels of a strip
_OVERVIEW = 760, 260  # width and height in pixels that a whole page is shrunk to
_ENLARGED = 3.0  # times that a small page is enlarged at most
_TITLE, _HEAD, _TEXT = 24, 17, 14  # heights of letters
_INK = (60, 60, 60)
_RED = (200, 0, 0)
_MARGIN, _GAP, _INDENT = 24, 10, 28

LEGEND = (
    "Pieces are the least parts; colours change where ink was cut (red ticks). A candidate is a run of pieces, shown "
    "as the model saw it:",
    'in gray what it looks like by itself, in black how likely the right path takes it, and as what; "no": no single '
    "symbol.",
    "Blue: the path taken. Orange: what its rivals take instead.",
)
PRINT = "Pale on the page: print, which is not read."


def diagram(page: NDArray[np.uint8] | Drawing, explained: Explanation) -> Picture:
    """Return a picture (H, W, 3), RGB, of how `page` was read: what `Recognizer.explain` took, and what it gave."""
    reading = explained.reading
    title = f"{reading.text!r} with a confidence of {reading.confidence:.4f}" if reading.text else "nothing was read"
    blocks = [caption(title.replace("\\n", " / "), _TITLE, weight=BOLD), _overview(page, explained)]
    for place, line in enumerate(explained.lines[:LINES]):
        blocks += _line(place, line, explained)
    if len(explained.lines) > LINES:
        blocks.append(caption(f"and {len(explained.lines) - LINES} more lines", _HEAD, weight=BOLD))
    if explained.lines:
        blocks += [caption(sentence, _TEXT, GRAY) for sentence in LEGEND]
    if explained.ink.printed is not None:
        blocks.append(caption(PRINT, _TEXT, GRAY))
    whole = stacked(blocks, _GAP)
    return np.pad(whole, ((_MARGIN, _MARGIN), (_MARGIN, _MARGIN), (0, 0)), constant_values=255)


def _line(place: int, line: Line, explained: Explanation) -> list[Picture]:
    """Return the blocks that explain one line of the page."""
    lattice, ways = explained.lattices[place], explained.ways[place]
    best, rivals = ways[0], ways[1 : 1 + RIVALS]
    blocks = [caption(f"Line {place + 1}: pieces", _HEAD, weight=BOLD), _pieces(line)]
    blocks += [caption(f"read as {_said(best)}", _HEAD, weight=BOLD), _path(line, lattice, best, best, _WRITING)]
    for number, rival in enumerate(rivals, 2):
        blocks.append(caption(f"{number}. {_said(rival)}", _HEAD, ORANGE))
        blocks.append(_path(line, lattice, rival, best, _RIVAL_WRITING))
    if opinion := explained.opinions[place]:
        blocks.append(caption(f"the line model alone reads {opinion.text or 'nothing'}", _HEAD, GRAY))
    others = {step.candidate for way in rivals for step in way.steps}
    blocks += [caption("candidates", _HEAD, weight=BOLD), chart(line, lattice, explained.looks[place], best, others)]
    return blocks


def _said(way: Path) -> str:
    return f"{way.text or 'nothing'}   {way.probability:.4f}"


# The page -------------------------------------------------------------------------------------------------------------


def _overview(page: NDArray[np.uint8] | Drawing, explained: Explanation) -> Picture:
    """Return the page as it came and, beside it, the ink that was found on it, a colour for each line."""
    given = render_drawing(page) if isinstance(page, Drawing) else page
    given = given if given.ndim == 3 else np.dstack([given] * 3)
    if explained.ink.printed is not None:
        given = _paled(given, explained.ink.printed)
    scale = min(_ENLARGED, _OVERVIEW[0] / given.shape[1], _OVERVIEW[1] / given.shape[0])
    found = _found(explained.ink, explained.lines, given.shape)
    shown = [_framed(_resized(given, scale)), _framed(_resized(found, scale / explained.ink.scale))]
    height = max(part.shape[0] for part in shown)
    gap = blank(_GAP, height)
    padded = [np.concatenate([part, blank(part.shape[1], height - part.shape[0])]) for part in shown]
    return np.concatenate([padded[0], gap, padded[1]], axis=1)


def _paled(page: Picture, printed: NDArray[np.bool_]) -> Picture:
    """Return `page` with what is `printed` (H, W) on it faded into its paper."""
    paper = np.median(page, axis=(0, 1))
    return np.where(printed[..., None], paper + (page - paper) / 4, page).astype(np.uint8)


def _found(ink: Ink, lines: Sequence[Line], shape: tuple[int, ...]) -> Picture:
    """Return the ink of all lines where it stands on the page, in ink pixels."""
    pieces = [(piece, place) for place, line in enumerate(lines) for piece in line.pieces]
    low_x, low_y = (min([0, *(getattr(p.mark, side) for p, _ in pieces)]) for side in ("x", "y"))
    width = max([round(shape[1] * ink.scale), *(p.mark.x + p.mark.width for p, _ in pieces)]) - low_x
    height = max([round(shape[0] * ink.scale), *(p.mark.y + p.mark.height for p, _ in pieces)]) - low_y
    picture = blank(width, height)
    for piece, place in pieces:
        _ink_in(picture, piece.mark, (low_x, low_y), PIECES[place % len(PIECES)])
    return picture


def _ink_in(picture: Picture, mark: Mark, corner: tuple[int, int], colour: Colour) -> None:
    """Draw `mark` in `colour` on `picture`, whose own corner lies at `corner` of the ink."""
    x, y = mark.x - corner[0], mark.y - corner[1]
    part = picture[y : y + mark.height, x : x + mark.width]
    painted = 255 - mark.gray[..., None] / 255 * (255 - np.array(colour))
    np.minimum(part, painted.astype(np.uint8), out=part)


def _resized(picture: Picture, scale: float) -> Picture:
    size = max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture, size, interpolation=method), np.uint8)


def _framed(picture: Picture) -> Picture:
    return np.asarray(cv2.copyMakeBorder(picture, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=(200, 200, 200)), np.uint8)


# A line ---------------------------------------------------------------------------------------------------------------


class _Strip:
    """A line's ink as a picture, writing `tall` pixels high, with room above and below for words."""

    def __init__(self, line: Line, tall: int, colours: Sequence[Colour]) -> None:
        marks = [p.mark for p in line.pieces]
        self._corner = min(m.x for m in marks) - 3, min(m.y for m in marks) - 3
        width = max(m.x + m.width for m in marks) + 3 - self._corner[0]
        height = max(m.y + m.height for m in marks) + 3 - self._corner[1]
        self._scale = min(tall / line.height, _WIDEST / width)
        picture = blank(width, height)
        for mark, colour in zip(marks, colours, strict=True):
            _ink_in(picture, mark, self._corner, colour)
        self.picture = _resized(picture, self._scale)

    def x(self, ink_x: float) -> int:
        """Return where an x of the ink lies in the strip."""
        return round((ink_x - self._corner[0]) * self._scale)

    def box(self, mark: Mark) -> tuple[int, int, int, int]:
        """Return where a mark lies in the strip: left, top, right, bottom."""
        top, bottom = ((y - self._corner[1]) * self._scale for y in (mark.y, mark.y + mark.height))
        return self.x(mark.x), round(top), self.x(mark.x + mark.width), round(bottom)

    def labelled(self, words: Sequence[tuple[int, str, Colour, int]], below: bool) -> Picture:
        """Return the strip with `words` (middle, text, colour, weight) above or `below` it, in tiers if they crowd."""
        spans = [(x - w / 2 - 3, x + w / 2 + 3) for x, w in ((x, width_of(t, _TEXT, b)) for x, t, _, b in words)]
        move = max(_INDENT, round(-min((left for left, _ in spans), default=0)))
        width = max(self.picture.shape[1], round(max((right for _, right in spans), default=0))) + move
        rows = tiers(spans)
        room = blank(width, leading(_TEXT) * (1 + max(rows, default=0)))
        for (left, _), row, (_, text, colour, weight) in zip(spans, rows, words, strict=True):
            place = row if below else max(rows) - row
            write(room, text, (round(left) + 3 + move, place * leading(_TEXT)), _TEXT, colour, weight)
        strip = blank(width, self.picture.shape[0])
        strip[:, move : move + self.picture.shape[1]] = self.picture
        return np.concatenate([strip, room] if below else [room, strip])


def _pieces(line: Line) -> Picture:
    """Return a line's pieces, each in the colour of its number below it, with a tick where ink was cut."""
    colours = [PIECES[i % len(PIECES)] for i in range(len(line.pieces))]
    strip = _Strip(line, _WRITING, colours)
    for x in sorted({strip.x(edge) for edge in _cuts(line.pieces)}):
        for top in (0, strip.picture.shape[0] - 9):
            cv2.line(strip.picture, (x, top), (x, top + 8), _RED, 2)
    words = [(strip.x(p.middle), str(i), colours[i], BOLD) for i, p in enumerate(line.pieces)]
    return strip.labelled(words, below=True)


def _cuts(pieces: Sequence[Piece]) -> list[float]:
    """Return the x of each cut, ink pixels: between the parts of one mark."""
    parts: dict[Mark, list[Mark]] = {}
    for piece in pieces:
        parts.setdefault(piece.source, []).append(piece.mark)
    pairs = [pair for marks in parts.values() for pair in pairwise(sorted(marks, key=lambda m: m.x))]
    return [(a.x + a.width + b.x) / 2 for a, b in pairs]


def _path(line: Line, lattice: Lattice, way: Path, best: Path, tall: int) -> Picture:
    """Return the path `way` through a line, a box for each candidate, with labels where the `best` has none like it."""
    strip = _Strip(line, tall, [_INK] * len(line.pieces))
    posteriors = lattice.posteriors()
    known = set(best.steps)
    words = []
    for step in way.steps:
        colour = BLUE if way is best else GRAY if step in known else ORANGE
        left, top, right, bottom = strip.box(lattice.candidates[step.candidate].mark)
        cv2.rectangle(strip.picture, (left, top), (right - 1, bottom - 1), colour, 2 if colour is not GRAY else 1)
        likely = percent(float(posteriors[step.candidate, step.label]))
        if colour is not GRAY:
            words.append(((left + right) // 2, f"{_name(lattice, step)}  {likely}", colour, BOLD))
    return strip.labelled(words, below=False)


def _name(lattice: Lattice, step: Step) -> str:
    return lattice.labels[step.label] or "left out"
