"""Pages of handwriting laid on patterned paper: it is known what of them is ink, and what they say.

The ink model learns from the one, the line model from the other.

The paper is that of scans whose writing was painted over with what stands beside it, or is made up of
waves, hatching and rules; writing is that of MNIST's and of the pen data's writers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.contrast import Gray, contrast_of
from recognizer.ink import ink_of_page
from recognizer.ink_model import COLUMNS, ROWS
from recognizer.normalize import inked
from recognizer.reading import digits_of
from training.cheques import FREE, Amount, Use, amounts
from training.data import Trace
from training.mix import DIGITS, Corpus
from training.pages import Page, bent, composed, readable, tall
from training.pen import extent, mark

Field = NDArray[np.float32]


_HEIGHTS = (15.0, 58.0)  # px that writing stands tall: as on scans of cheques
_SHARES = {"pictures": 0.45, "numbers": 0.25, "composed": 0.25, "nothing": 0.05}
_MADE_UP = 0.25  # of the papers are made up
_OVERLAID = 0.2  # of the scanned ones have a made-up pattern besides
_STEPS = (7, -7, 12, -12, 18, -18, 25, -25, 33, -33)  # px to the side that paper is taken from, best first
_CLEAR = 0.8  # of the ink's contrast: what reaches that on a scan is ink, though it be no digit


class Written(NamedTuple):
    """The `ink` of a line, what it says, and who wrote it."""

    ink: Gray
    text: str = ""
    writer: str = ""


@dataclass(frozen=True, eq=False)
class Shown:
    """A page's `contrast` (H, W) as the ink model is given it, and how much `ink` (H, W) there is, each 0 to 255."""

    contrast: Gray
    ink: Gray


def papers(folder: Path, use: Use) -> tuple[Gray, ...]:
    """Return the paper of each scanned amount in `folder` whose file name `use` admits."""
    return tuple(paper_of(amount, picture) for amount, picture in amounts(folder, use))


def paper_of(amount: Amount, picture: Gray) -> Gray:
    """Return the `picture` of an `amount` with its writing painted over with the paper beside it."""
    contrast, _ = contrast_of(picture)
    ink = ink_of_page(picture)
    boxed = np.zeros(picture.shape, np.bool_)
    for x, y, w, h in amount.boxes:
        boxed[max(0, y - 1) : y + h + 1, max(0, x - 1) : x + w + 1] = True
    height = float(np.median([box[3] for box in amount.boxes]))
    dark = contrast[boxed & (contrast > 100)]
    clear = _CLEAR * float(np.percentile(dark, 60)) if dark.size else 160.0
    written = boxed & (contrast >= clear)
    for m in ink.marks if ink.scale == 1 else ():
        own = m.gray >= 40
        place = np.s_[m.y : m.y + m.height, m.x : m.x + m.width]
        if (m.height >= 0.35 * height and boxed[place][own].mean() > 0.3) or np.percentile(m.gray[own], 75) >= clear:
            written[place] |= own
    return _filled(picture, cv2.dilate(written.view(np.uint8), np.ones((5, 5), np.uint8)) > 0)


def _filled(picture: Gray, written: NDArray[np.bool_]) -> Gray:
    """Return `picture` with what is `written` replaced by paper a little to its left or right, or by a smooth patch."""
    filled, left = picture.copy(), written.copy()
    for step in _STEPS:
        usable = left & ~np.roll(written, step, 1)
        usable[:, slice(step) if step > 0 else slice(step, None)] = False  # what the roll brought in from the other end
        filled[usable] = np.roll(picture, step, 1)[usable]
        left &= ~usable
    return np.asarray(cv2.inpaint(filled, left.view(np.uint8), 3, cv2.INPAINT_TELEA), np.uint8)


@dataclass(eq=False)
class PatternedMaker:
    """Makes epochs of `count` pages out of a corpus and of `papers`, every page made anew."""

    corpus: Corpus
    papers: tuple[Gray, ...] = ()
    count: int = 9_600
    _by_writer: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list), repr=False)

    def __post_init__(self) -> None:
        """Sort what there is by who wrote it."""
        for i, writer in enumerate(self.corpus.mnist.writers.tolist()):
            self._by_writer[writer].append(i)
        self._writers = list(self._by_writer)
        self._hands = [
            h for _, h in sorted(self.corpus.hands.items()) if len({c.label for c in h.characters} & set(DIGITS)) >= 5
        ]
        makers: dict[str, tuple[Callable[[float, np.random.Generator], Written], bool]] = {
            "pictures": (self._pictures, bool(self._writers)),
            "numbers": (self._number, bool(self.corpus.numbers)),
            "composed": (self._composed, bool(self._hands)),
            "nothing": (self._nothing, True),
        }
        self._kinds = [make for make, there in makers.values() if there]
        shares = np.array([_SHARES[name] for name, (_, there) in makers.items() if there])
        self._shares = shares / shares.sum()

    def epoch(self, seed: int) -> list[Shown]:
        """Return the pages of one epoch, the same for the same `seed`."""
        rng = np.random.default_rng(seed)
        pages: list[Shown] = []
        while len(pages) < self.count:
            page = self.page(rng)
            if page.contrast.any():
                pages.append(page)
        return pages

    def page(self, rng: np.random.Generator) -> Shown:
        """Return one page."""
        height = float(np.exp(rng.uniform(*np.log(_HEIGHTS))))
        ink, picture = self._scanned(_placed(self._written(height, rng).ink, height, rng), rng)
        return Shown(contrast_of(picture)[0], ink)

    def lines(self, seed: int) -> Iterator[Page]:
        """Yield as many scans of whole lines as an epoch has pages, the same for the same `seed`.

        Their heads or feet are cut off at times, and their marks are free: the pattern may hide a point.
        """
        rng = np.random.default_rng(seed)
        for _ in range(self.count):
            height = float(np.exp(rng.uniform(*np.log(_HEIGHTS))))
            ink, text, writer = self._written(height, rng)
            above, below, before, after = (rng.uniform([-0.1, -0.1, 0, 0], 0.5) * height).round().astype(int).tolist()
            ink = ink[max(0, -above) : len(ink) + min(0, below)]
            page = np.pad(ink, ((max(0, above), max(0, below)), (before, after)))
            yield Page(self._scanned(page, rng)[1], digits_of(text), writer, "patterned", FREE)

    def _written(self, height: float, rng: np.random.Generator) -> Written:
        return self._kinds[int(rng.choice(len(self._kinds), p=self._shares))](height, rng)

    def _scanned(self, written: Gray, rng: np.random.Generator) -> tuple[Gray, Gray]:
        """Return what is `written` as blurred as a scan shows it, and its scan."""
        ink = np.asarray(cv2.GaussianBlur(written, (0, 0), float(rng.uniform(0.35, 0.9))), np.uint8)
        return ink, scanned(np.asarray(ink / np.float32(255), np.float32), self._paper(ink.shape, rng), rng)

    def _paper(self, shape: tuple[int, int], rng: np.random.Generator) -> Field:
        if not self.papers or rng.random() < _MADE_UP:
            return made_up(shape, rng)
        paper = self.papers[int(rng.integers(len(self.papers)))]
        scale = float(np.exp(rng.normal(0, 0.15)))
        paper = np.asarray(cv2.resize(paper, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR), np.uint8)
        paper = paper[:: int(rng.choice([-1, 1])), :: int(rng.choice([-1, 1]))]
        rows, columns = (max(0, wanted - have) for wanted, have in zip(shape, paper.shape, strict=True))
        paper = np.pad(paper, ((0, rows), (0, columns)), "symmetric")
        top, left = (int(rng.integers(0, have - wanted + 1)) for wanted, have in zip(shape, paper.shape, strict=True))
        part = paper[top : top + shape[0], left : left + shape[1]].astype(np.float32)
        part = part.mean() + (part - part.mean()) * float(rng.uniform(0.8, 1.8))
        return np.asarray(part * made_up(shape, rng) / 255 if rng.random() < _OVERLAID else part, np.float32)

    def _pictures(self, height: float, rng: np.random.Generator) -> Written:
        """Return a line of one NIST writer's digits."""
        own = self._by_writer[self._writers[int(rng.integers(len(self._writers)))]]
        edge = float(rng.uniform(1, 2.5))
        some, inks = rng.choice(own, int(rng.integers(1, 8))), []
        for i in some:
            ink = inked(self.corpus.mnist.images[i])
            scale = height / 20 * float(np.exp(rng.normal(0, 0.08)))
            large = cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC).astype(np.float32)
            inks.append(np.clip((large - 128) * edge + 128, 0, 255).astype(np.uint8))
        thinner = int(rng.integers(1, 3))
        if thinner > 1:
            inks = [cv2.erode(ink, np.ones((thinner, thinner), np.uint8)) for ink in inks]
        text = "".join(map(str, self.corpus.mnist.labels[some]))
        return Written(_row(inks, height, rng), text, str(self.corpus.mnist.writers[some[0]]))

    def _number(self, height: float, rng: np.random.Generator) -> Written:
        sample = self.corpus.numbers[int(rng.integers(len(self.corpus.numbers)))]
        return Written(_drawn(bent(sample, rng), height, rng), readable(sample.label), sample.writer)

    def _composed(self, height: float, rng: np.random.Generator) -> Written:
        while True:
            made = composed(self._hands[int(rng.integers(len(self._hands)))], rng)
            if made and made.traces:
                return Written(_drawn(bent(made, rng), height, rng), readable(made.label), made.writer)

    def _nothing(self, height: float, rng: np.random.Generator) -> Written:
        return Written(np.zeros((round(2 * height), COLUMNS), np.uint8))


def _row(inks: Sequence[Gray], height: float, rng: np.random.Generator) -> Gray:
    """Return `inks` side by side, some of them touching."""
    usual, places, reach = float(rng.choice([0.25, 0.1, 0.0])) * height, [], 0.0
    for ink in inks:
        places.append((max(0, round(float(rng.normal(0, 0.06) * height) + 0.3 * height)), max(0, round(reach))))
        reach = places[-1][1] + ink.shape[1] + float(rng.normal(usual, 0.08 * height))
    rows = max(y + ink.shape[0] for (y, _), ink in zip(places, inks, strict=True))
    line = np.zeros((rows, max(x + ink.shape[1] for (_, x), ink in zip(places, inks, strict=True))), np.uint8)
    for (y, x), ink in zip(places, inks, strict=True):
        part = line[y : y + ink.shape[0], x : x + ink.shape[1]]
        np.maximum(part, ink, out=part)
    return inked(line) if line.any() else line


def _drawn(traces: Sequence[Trace], height: float, rng: np.random.Generator) -> Gray:
    """Return `traces` drawn with a pen of random width, their tall parts `height` px."""
    width = max(1, round(height * float(np.exp(rng.uniform(np.log(1 / 22), np.log(1 / 6))))))
    low, high = extent(traces)
    scale = min(height / tall(traces), 2000 / max(float((high - low).max()), 1e-9))
    columns, rows = np.ceil((high - low) * scale + 2 * width + 1).astype(int)
    ink = np.zeros((rows, columns), np.uint8)
    for trace in traces:
        mark(ink, (trace - low) * scale + width, width)
    return ink


def _placed(ink: Gray, height: float, rng: np.random.Generator) -> Gray:
    """Return a page with `ink` somewhere on it, cut off at an edge now and then."""
    around = rng.uniform(-0.15, 0.5, 4) * height
    top, bottom, left, right = np.where(rng.random(4) < 0.35, around, np.abs(around)).round().astype(int).tolist()
    start = int(rng.integers(0, max(1, ink.shape[1] - COLUMNS + 1)))
    ink = ink[max(0, -top) : ink.shape[0] + min(0, bottom), start + max(0, -left) : start + COLUMNS + min(0, right)]
    page = np.pad(ink, ((max(0, top), max(0, bottom)), (max(0, left), max(0, right))))
    return np.pad(page, [(0, max(0, 24 - side)) for side in page.shape])[:ROWS, :COLUMNS]


def made_up(shape: tuple[int, int], rng: np.random.Generator) -> Field:
    """Return paper (H, W), 0 to 255, with up to three patterns of waves or hatching, and with rules."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    light = np.full(shape, rng.uniform(140, 250), np.float32)
    for _ in range(int(rng.integers(0, 4))):
        angle, pitch = rng.normal(0, 0.5) + rng.choice([0, np.pi / 2]), rng.uniform(2.5, 11)
        along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
        sway = rng.uniform(0, 4) * np.sin(along / rng.uniform(6, 40) + rng.uniform(0, 6.3))
        wave = np.sin((across + sway) * 2 * np.pi / pitch + rng.uniform(0, 6.3))
        light *= 1 - rng.uniform(0.03, 0.35) * np.clip((wave - rng.uniform(-0.2, 0.7)) * 2, 0, 1)
    for _ in range(int(rng.choice(4, p=[0.5, 0.25, 0.15, 0.1]))):
        place, slope = rng.uniform(0, shape[0]), rng.normal(0, 0.01)
        off = np.abs(y - place - slope * x)
        light *= 1 - rng.uniform(0.2, 0.75) * np.clip(rng.uniform(0.6, 1.8) - off, 0, 1)
    light *= 1 + rng.normal(0, 0.05) * (x / shape[1] - 0.5) + rng.normal(0, 0.05) * (y / shape[0] - 0.5)
    return np.asarray(cv2.GaussianBlur(light, (0, 0), float(rng.uniform(0.4, 0.9))), np.float32)


def scanned(ink: Field, paper: Field, rng: np.random.Generator) -> Gray:
    """Return the scan of `ink` (H, W), 0 to 1, on `paper`: pressed unevenly, grainy, saved as a JPEG."""
    coarse = rng.normal(1, 0.12, (3, 1 + ink.shape[1] // 24)).astype(np.float32)
    pressure = np.clip(cv2.resize(coarse, ink.shape[::-1], interpolation=cv2.INTER_CUBIC), 0.5, 1.2)
    dark = rng.uniform(0.2, 0.85) * pressure
    light = paper * (1 - np.clip(ink * dark, 0, 1)) + rng.normal(0, rng.uniform(0.5, 5), ink.shape)
    scan = np.clip(light, 0, 255).astype(np.uint8)
    _, packed = cv2.imencode(".jpg", scan, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(55, 97))])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
