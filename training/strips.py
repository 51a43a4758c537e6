"""Strips that the line model learns from: lines that people wrote, and lines set from one writer's characters.

What stands on a line is drawn at random, so that the model learns what digits look like beside
each other and not which numbers people write.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.drawing import Drawing
from recognizer.drawn import ink_of_drawing
from recognizer.ink import ink_of_page
from recognizer.ink_model import InkModel
from recognizer.locate import lines_of
from recognizer.normalize import inked
from recognizer.reading import digits_of
from recognizer.strip import MARGIN, ROWS, WRITING, Strip, level, resized, strip_of
from training.data import Sample, Trace
from training.mix import AMBIGUOUS, DIGITS, MARKS, Corpus
from training.pages import Page, bent, composed, readable, tall
from training.pen import draw, extent, mark

Gray = NDArray[np.uint8]
Piece = tuple[Gray, float]  # ink at the height of writing, and how many rows its middle is below the line's

_SHARES = {
    "number": 0.16,
    "composed": 0.28,
    "pictures": 0.12,
    "digit": 0.09,
    "picture": 0.08,
    "scan": 0.2,
    "patterned": 0.15,
    "letters": 0.07,
}
_SHORTEST, _LONGEST = 1, 11  # digits of a line set from pictures
_BETWEEN = "-.,="  # marks that are set between pictures of digits
_LOW = ".,"  # those of them that stand on the foot of the line, the others at half its height


@dataclass(frozen=True, eq=False)
class Labelled:
    """A `strip` (ROWS, columns) and the `text` on it; where `free`, marks may stand on it that the text leaves out."""

    strip: Strip
    text: str
    free: bool = False


@dataclass(frozen=True, eq=False)
class Scan:
    """A scanned line as a strip, its digits, and each digit's ink, as tall as on the strip."""

    strip: Strip
    text: str
    digits: tuple[Gray, ...]


@dataclass(eq=False)
class StripMaker:
    """Makes epochs of `count` labelled strips out of a corpus, scanned lines and lines on `patterned` paper.

    Every strip is drawn anew.
    """

    corpus: Corpus
    scans: tuple[Scan, ...] = ()
    count: int = 12_800
    patterned: Sequence[Labelled] = ()
    _by_writer: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list), repr=False)

    def __post_init__(self) -> None:
        """Sort what there is by who wrote it."""
        for i, writer in enumerate(self.corpus.mnist.writers.tolist()):
            self._by_writer[writer].append(i)
        self._writers = list(self._by_writer)
        hands = [h for _, h in sorted(self.corpus.hands.items())]
        self._hands = [h for h in hands if len({c.label for c in h.characters} & set(DIGITS)) >= 5]
        self._numbers = [s for s in self.corpus.numbers if set(readable(s.label)) <= set(DIGITS + MARKS)]
        self._digits = [c for c in self.corpus.characters if c.label in DIGITS]
        self._letters = [c for c in self.corpus.characters if c.label.isalpha() and c.label not in AMBIGUOUS]
        self._marks = [c for c in self.corpus.characters if c.label in _BETWEEN]
        makers: dict[str, tuple[Callable[[np.random.Generator], Labelled], bool]] = {
            "number": (self._number, bool(self._numbers)),
            "composed": (self._composed, bool(self._hands)),
            "pictures": (self._pictures, bool(self._writers)),
            "digit": (self._digit, bool(self._digits)),
            "picture": (self._picture, bool(self._writers)),
            "scan": (self._scan, bool(self.scans)),
            "patterned": (self._patterned, bool(self.patterned)),
            "letters": (self._letter_line, bool(self._letters)),
        }
        self._kinds = [make for make, there in makers.values() if there]
        shares = np.array([_SHARES[name] for name, (_, there) in makers.items() if there])
        self._shares = shares / shares.sum()

    def epoch(self, seed: int) -> list[Labelled]:
        """Return the strips of one epoch, the same for the same `seed`."""
        rng = np.random.default_rng(seed)
        kinds = rng.choice(len(self._kinds), self.count, p=self._shares)
        return [self._kinds[kind](rng) for kind in kinds]

    def _number(self, rng: np.random.Generator) -> Labelled:
        sample = self._numbers[int(rng.integers(len(self._numbers)))]
        return Labelled(drawn(bent(sample, rng), rng), readable(sample.label))

    def _composed(self, rng: np.random.Generator) -> Labelled:
        while True:
            made = composed(self._hands[int(rng.integers(len(self._hands)))], rng, pattern(rng))
            if made and made.traces:
                return Labelled(drawn(bent(made, rng), rng), readable(made.label))

    def _digit(self, rng: np.random.Generator) -> Labelled:
        sample = self._digits[int(rng.integers(len(self._digits)))]
        return Labelled(drawn(bent(sample, rng), rng), sample.label)

    def _letter_line(self, rng: np.random.Generator) -> Labelled:
        """Return letters set side by side, which say nothing; digits may follow them."""
        some = self._some(self._letters, int(rng.integers(1, 7)), rng)
        if self._digits and rng.random() < 0.3:
            some += self._some(self._digits, int(rng.integers(1, 6)), rng)
        traces: list[Trace] = []
        for sample in some:
            low, high = extent(sample.traces)
            unit = max(float((high - low).max()), 1e-6)
            reach = max((float(t[:, 0].max()) for t in traces), default=0.0) + float(rng.uniform(0, 0.5))
            traces += [(t - low) / unit + np.array([reach, 0]) for t in sample.traces]
        return Labelled(drawn(traces, rng), "".join(c.label for c in some if c.label in DIGITS))

    def _some(self, samples: Sequence[Sample], count: int, rng: np.random.Generator) -> list[Sample]:
        return [samples[int(i)] for i in rng.integers(0, len(samples), count)]

    def _picture(self, rng: np.random.Generator) -> Labelled:
        i = int(rng.integers(len(self.corpus.mnist.labels)))
        strip = row(alike([inked(self.corpus.mnist.images[i])], rng), rng)
        return Labelled(worn(strip, rng), str(self.corpus.mnist.labels[i]))

    def _pictures(self, rng: np.random.Generator) -> Labelled:
        """Return a line of one NIST writer's digits."""
        own = self._by_writer[self._writers[int(rng.integers(len(self._writers)))]]
        some = rng.choice(own, int(rng.integers(_SHORTEST, _LONGEST)))
        images = [inked(self.corpus.mnist.images[i]) for i in some]
        strip, text = self._set(images, [str(label) for label in self.corpus.mnist.labels[some]], rng)
        return Labelled(worn(strip, rng), text)

    def _scan(self, rng: np.random.Generator) -> Labelled:
        """Return a scanned line, or a line set from the digits of two."""
        first, second = (self.scans[int(i)] for i in rng.integers(0, len(self.scans), 2))
        if rng.random() < 0.5:
            return Labelled(worn(first.strip, rng, 1.5), first.text, True)
        inks, text = [*first.digits, *second.digits], first.text + second.text
        some = rng.permutation(len(inks))[: int(rng.integers(2, 8))]
        strip, text = self._set([inks[i] for i in some], [text[i] for i in some], rng)
        return Labelled(worn(strip, rng, 1.5), digits_of(text), True)

    def _patterned(self, rng: np.random.Generator) -> Labelled:
        line = self.patterned[int(rng.integers(len(self.patterned)))]
        return replace(line, strip=worn(line.strip, rng))

    def _set(self, inks: Sequence[Gray], digits: Sequence[str], rng: np.random.Generator) -> tuple[Strip, str]:
        """Return a strip of the `inks` of `digits`, side by side, and its text; there may be marks among them."""
        pieces, text = alike(inks, rng), list(digits)
        for _ in range(int(rng.choice(4, p=[0.4, 0.3, 0.2, 0.1])) if self._marks else 0):
            sample = self._marks[int(rng.integers(len(self._marks)))]
            place = int(rng.integers(1, len(text) + 1))
            pieces.insert(place, self._piece(sample, rng))
            text.insert(place, sample.label)
        return row(pieces, rng), "".join(text)

    def _piece(self, sample: Sample, rng: np.random.Generator) -> Piece:
        """Return a mark as it stands beside digits, drawn with a pen of random width."""
        low, high = extent(sample.traces)
        size = float((high - low).max()) / self.corpus.hands[sample.writer].height * WRITING
        ink = inked(draw(sample.traces, float(np.clip(size, 1, 1.2 * WRITING)), int(rng.integers(1, 4))))
        return ink, float((WRITING - ink.shape[0]) / 2 if sample.label in _LOW else 0)


def seen(pages: Iterable[Page], ink_model: InkModel | None = None) -> dict[str, list[Labelled]]:
    """Return the strips of `pages` by their kind, as the reader makes them; pages of several lines are left out."""
    found: dict[str, list[Labelled]] = {}
    for page in pages:
        ink = ink_of_drawing(page.page) if isinstance(page.page, Drawing) else ink_of_page(page.page, ink_model)
        lines = lines_of(ink)
        if len(lines) == 1:
            found.setdefault(page.kind, []).append(Labelled(strip_of(lines[0]), page.text, bool(page.free)))
    return found


def pattern(rng: np.random.Generator) -> str | None:
    """Return a pattern to set a number by: digits (d), marks between them; None for a usual one."""
    if rng.random() < 0.5:
        return None
    marks = "-/.,:" if rng.random() < 0.8 else MARKS
    out = ""
    for _ in range(int(rng.integers(1, 12))):
        out += "d"
        if rng.random() < 0.15:
            out += marks[int(rng.integers(len(marks)))]
        elif rng.random() < 0.06:
            out += " "
    return out


def drawn(traces: Sequence[Trace], rng: np.random.Generator) -> Strip:
    """Return `traces` as a strip, drawn with a pen of random width, as coarse as pictures are."""
    size = float(np.exp(rng.uniform(np.log(20), np.log(72))))  # pixels that the writing stands tall when it is drawn
    width = max(1, round(size * float(np.exp(rng.uniform(np.log(1 / 24), np.log(1 / 7))))))
    low, high = extent(traces)
    scale = min(size / tall(traces), 3000 / max(float((high - low).max()), 1e-9))
    margin = width // 2 + 2
    columns, rows = (np.ceil((high - low) * scale) + 2 * margin + 1).astype(int)
    ink = np.zeros((rows, columns), np.uint8)
    for trace in traces:
        mark(ink, (trace - low) * scale + margin, width)
    middles = [(t[:, 1].min() + t[:, 1].max()) / 2 for t in traces if np.ptp(t[:, 1]) * scale >= 0.6 * size]
    middle = (float(np.median(middles)) - low[1]) * scale + margin if middles else rows / 2
    scale = WRITING / size
    small = resized(ink, max(1, round(ink.shape[1] * scale)), max(1, round(ink.shape[0] * scale)))
    return worn(level(small, round(ROWS / 2 - middle * scale)), rng)


def alike(inks: Sequence[Gray], rng: np.random.Generator) -> list[Piece]:
    """Return the `inks` of digits at the height of writing, a little larger or smaller, on the middle of the line."""
    height = float(np.median([i.shape[0] for i in inks]))
    pieces: list[Piece] = []
    for ink in inks:
        scale = WRITING / max(height, 0.5 * ink.shape[0]) * float(np.exp(rng.normal(0, 0.06)))
        pieces.append((resized(ink, max(1, round(ink.shape[1] * scale)), max(1, round(ink.shape[0] * scale))), 0.0))
    return pieces


def row(pieces: Sequence[Piece], rng: np.random.Generator) -> Strip:
    """Return `pieces` set side by side as a strip, at gaps of all kinds, some under a rule."""
    usual = float(rng.choice([0.2, 0.1, 0.0, 0.5], p=[0.45, 0.25, 0.2, 0.1])) * WRITING
    places, reach = [], 0.0
    for ink, _ in pieces:
        places.append(max(0, round(reach)))
        reach += ink.shape[1] + float(rng.normal(usual, 0.09 * WRITING))
    columns = max(place + ink.shape[1] for place, (ink, _) in zip(places, pieces, strict=True)) + 2 * MARGIN
    strip = np.zeros((ROWS, columns), np.uint8)
    for place, (ink, drop) in zip(places, pieces, strict=True):
        top = round((ROWS - ink.shape[0]) / 2 + drop + float(rng.normal(0, 1)))
        top, left = min(max(0, top), ROWS - 1), MARGIN + place
        part = strip[top : top + ink.shape[0], left : left + ink.shape[1]]
        np.maximum(part, ink[: part.shape[0], : part.shape[1]], out=part)
    if rng.random() < 0.12:
        foot = (ROWS + WRITING) // 2 + int(rng.integers(-2, 4))
        strip[foot : foot + int(rng.integers(1, 3)), MARGIN:-MARGIN] = int(rng.integers(90, 256))
    return strip


def worn(strip: Strip, rng: np.random.Generator, strength: float = 1.0) -> Strip:
    """Return `strip` as another hand, pen or page would show it: slanted, stretched, swaying, blurred, noisy.

    Slant and stretch have `strength`, 1 for the usual range.
    """
    rows, columns = strip.shape
    slant, tilt = rng.normal(0, 0.12 * strength), rng.normal(0, 0.02)
    across, down = np.exp(rng.normal(0, 0.1 * strength)), np.exp(rng.normal(0, 0.08))
    wide = max(MARGIN, round(columns * across))
    x, y = np.meshgrid(np.arange(wide, dtype=np.float32), np.arange(rows, dtype=np.float32) - rows / 2)
    drop = rng.normal(0, 1.2) + tilt * (x - wide / 2) + rng.normal(0, 0.8) * np.sin(x / 40 + rng.uniform(0, 6))
    source_y = (y - drop) / down
    source_x = x / across + slant * source_y + rng.normal(0, 0.5) * np.sin(y / 4 + rng.uniform(0, 6))
    out = cv2.remap(strip, source_x.astype(np.float32), (source_y + rows / 2).astype(np.float32), cv2.INTER_LINEAR)
    if rng.random() < 0.25:
        kernel = np.ones((2, 2), np.uint8)
        out = cv2.dilate(out, kernel) if rng.random() < 0.5 else cv2.erode(out, kernel)
    if rng.random() < 0.2:
        out = cv2.GaussianBlur(out, (3, 3), float(rng.uniform(0.4, 1.0)))
    if rng.random() < 0.3:
        out = np.clip(out * rng.uniform(0.5, 1.6), 0, 255)
    if rng.random() < 0.15:
        out = np.clip(out + rng.normal(0, rng.uniform(4, 25), out.shape) * (out > 20), 0, 255)
    return np.asarray(out, np.uint8)
