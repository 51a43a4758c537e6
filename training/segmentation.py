"""Segmentation and reading scored apart: whether a number is parted into its symbols, and whether those are read.

Where the data say which strokes make up each character, the ink of every symbol that the reader
found is compared with the ink of every character that was written. Elsewhere only the texts can be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from recognizer import Explanation, Recognizer
from recognizer.drawing import Drawing, Stroke
from recognizer.ink import PEN, Mark
from recognizer.reading import digits_of
from recognizer.render import Sheet, render_drawing
from training.data import Sample, Trace
from training.mix import DIGITS
from training.pages import readable, tall
from training.pen import extent

PAGES = ("ink", "picture")
WHOLE = 0.8  # share of a character's ink that a symbol must hold to be it
PURE = 0.7  # share of a symbol's ink that must be that character's
_MOST = 0.5  # share of a character's ink from which on it is in a symbol at all
_WRITING, _MARGIN = 90.0, 40.0  # pixels that writing stands tall in the pictures, and paper around it

KINDS = {
    "lines": "several lines seen where one was written",
    "left out": "ink of a character left out",
    "merged": "two characters taken as one symbol",
    "split": "one character taken as several symbols",
    "cut elsewhere": "parted at another place",
    "order": "right symbols in another order",
    "digit for digit": "a digit read as another",
    "mark for digit": "a digit read as a mark",
    "digit for mark": "a mark read as a digit",
    "several": "more than one of these",
    "length": "more or fewer digits, partition unknown",
}


@dataclass(frozen=True)
class Outcome:
    """What came of one number, shown as one of `PAGES`.

    `parted` says whether its ink was parted into its symbols, None where nobody knows how it is;
    `kind` is that of the error, one of `KINDS`, "" where all digits are right.
    """

    page: str
    wrote: str
    read: str
    parted: bool | None
    kind: str

    @property
    def right(self) -> bool:
        """Whether all digits are right."""
        return digits_of(self.wrote) == digits_of(self.read)


@dataclass(frozen=True, eq=False)
class Shown:
    """A number shown to the reader: the page, and where each stroke's points (n, 2) lie on it, pixels."""

    page: Drawing | NDArray[np.uint8]
    strokes: tuple[Trace, ...]


def shown(sample: Sample, page: str) -> Shown:
    """Return the number as a drawing ("ink") or as a picture of that drawing, its writing 90 px tall."""
    scale = _WRITING / tall(sample.traces)
    low, high = extent(sample.traces)
    strokes = tuple((t - low) * scale + _MARGIN for t in sample.traces)
    drawing = Drawing(tuple(Stroke(tuple(map(tuple, t.tolist())), PEN * _WRITING) for t in strokes))
    if page == "ink":
        return Shown(drawing, strokes)
    width, height = np.ceil((high - low) * scale + 2 * _MARGIN).astype(int).tolist()
    return Shown(render_drawing(drawing, Sheet((0.0, 0.0), 1.0, width, height)), strokes)


def outcome(recognizer: Recognizer, sample: Sample, page: str) -> tuple[Outcome, Shown, Explanation]:
    """Read the number on one kind of page; return what came of it, what was shown, and how it was read."""
    seen = shown(sample, page)
    explained = recognizer.explain(seen.page)
    wrote, read = readable(sample.label), "".join(explained.reading.text.split())
    lines = len(explained.reading.lines)
    if sample.counts:
        shares = _shares(_characters(seen.strokes, sample.counts), _symbols(explained), explained.ink.scale)
        parted = _parted(shares)
        kind = _kind(shares, parted, wrote, read, lines)
    else:
        parted, kind = None, _kind_by_text(wrote, read)
    right = digits_of(wrote) == digits_of(read)
    return Outcome(page, wrote, read, parted, "" if right else kind), seen, explained


# Whose ink is whose ---------------------------------------------------------------------------------------------------


def _characters(strokes: Sequence[Trace], counts: Sequence[int]) -> list[Trace]:
    """Return the ink of each character as points (n, 2) at most a pixel apart."""
    ends = np.cumsum(counts)
    return [np.concatenate([_dense(t) for t in strokes[end - n : end]]) for end, n in zip(ends, counts, strict=True)]


def _dense(trace: Trace) -> Trace:
    steps = np.hypot(*np.diff(trace, axis=0).T) if len(trace) > 1 else np.zeros(0)
    along = np.r_[0.0, np.cumsum(steps)]
    places = np.linspace(0, along[-1], 1 + int(np.ceil(along[-1])))
    return np.stack([np.interp(places, along, trace[:, axis]) for axis in (0, 1)], axis=1)


def _symbols(explained: Explanation) -> list[Mark]:
    """Return the ink of each symbol of the reading, in its order."""
    return [
        lattice.candidates[step.candidate].mark
        for lattice, ways in zip(explained.lattices, explained.ways, strict=True)
        for step in ways[0].steps
        if lattice.labels[step.label]
    ]


def _shares(characters: Sequence[Trace], symbols: Sequence[Mark], scale: float) -> NDArray[np.float64]:
    """Return how many points of each character lie on the ink of each symbol, and how many it has.

    The result is (characters, symbols + 1), all points in the last column; `scale` is ink pixels per pixel.
    """
    found = np.zeros((len(characters), len(symbols) + 1))
    for row, points in zip(found, characters, strict=True):
        places = np.floor(points * scale).astype(int)
        row[-1] = len(points)
        for k, mark in enumerate(symbols):
            x, y = (places - (mark.x, mark.y)).T
            inside = (x >= 0) & (x < mark.width) & (y >= 0) & (y < mark.height)
            row[k] = int((mark.gray[y[inside], x[inside]] > 0).sum())
    return found


def _parted(shares: NDArray[np.float64]) -> bool:
    """Say whether every character is a symbol of its own, and nothing else is one."""
    held, all_of = shares[:, :-1], shares[:, -1]
    if held.shape[0] != held.shape[1]:
        return False
    owner = held.argmax(1)
    best = held[np.arange(len(held)), owner]
    pure = best / np.maximum(held[:, owner].sum(0), 1)
    return bool(len(set(owner.tolist())) == len(owner) and (best >= WHOLE * all_of).all() and (pure >= PURE).all())


# What went wrong ------------------------------------------------------------------------------------------------------


def _kind(shares: NDArray[np.float64], parted: bool, wrote: str, read: str, lines: int) -> str:
    held, all_of = shares[:, :-1], shares[:, -1]
    if not parted:
        if lines > 1:
            return "lines"
        mostly = held >= _MOST * all_of[:, None]
        if (held.sum(1) < _MOST * all_of).any():
            return "left out"
        if (mostly.sum(0) > 1).any():
            return "merged"
        return "split" if held.shape[1] > held.shape[0] else "cut elsewhere"
    labels = [read[k] for k in held.argmax(1).tolist()]
    if labels == list(wrote):
        return "order"
    return _confusion(wrote, labels)


def _kind_by_text(wrote: str, read: str) -> str:
    if len(wrote) == len(read):
        return "order" if sorted(wrote) == sorted(read) else _confusion(wrote, read)
    return "length"


def _confusion(wrote: Sequence[str], read: Sequence[str]) -> str:
    """Return the kind of error that turned the symbols `wrote` into those `read`, place by place."""
    kinds = {
        f"{'digit' if r in DIGITS else 'mark'} for {'digit' if w in DIGITS else 'mark'}"
        for w, r in zip(wrote, read, strict=True)
        if w != r and (w in DIGITS or r in DIGITS)
    }
    return kinds.pop() if len(kinds) == 1 else "several"


# All of them ----------------------------------------------------------------------------------------------------------


def outcomes(
    recognizer: Recognizer, samples: Iterable[Sample], pages: Sequence[str] = PAGES
) -> Iterator[tuple[Outcome, Shown, Explanation]]:
    """Yield what came of each number whose symbols the reader knows, on each kind of page."""
    for sample in tqdm(samples, desc="read", unit=" numbers"):
        if sample.label and set(readable(sample.label)) <= set(recognizer.classifier.labels):
            for page in pages:
                yield outcome(recognizer, sample, page)


def table(found: Sequence[Outcome]) -> str:
    """Return what came of all numbers as Markdown: shares of right ones, then errors by kind."""
    by_page = {page: [o for o in found if o.page == page] for page in PAGES if any(o.page == page for o in found)}
    known = [[o for o in group if o.parted is not None] for group in by_page.values()]
    shares = {
        "read right": [[o.right for o in group] for group in by_page.values()],
        "partition right, where it is known": [[bool(o.parted) for o in group] for group in known],
        "read right, of those parted right": [[o.right for o in group if o.parted] for group in known],
        "read right, of those parted wrong": [[o.right for o in group if not o.parted] for group in known],
    }
    lines = [_row(["numbers", *by_page]), _row(["---"] * (1 + len(by_page)))]
    lines += [_row([name, *map(_ratio, groups)]) for name, groups in shares.items()]
    lines += ["", _row(["wrong because of", *by_page]), _row(["---"] * (1 + len(by_page)))]
    for kind, meaning in KINDS.items():
        counts = [sum(o.kind == kind for o in group) for group in by_page.values()]
        if any(counts):
            lines.append(_row([f"{kind}: {meaning}", *map(str, counts)]))
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _ratio(right: Sequence[bool]) -> str:
    if not right:
        return "-"
    return f"{sum(right)} of {len(right)}, {100 * sum(right) / len(right):.1f} %"
