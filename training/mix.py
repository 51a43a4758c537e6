"""The mix that a classifier learns from: digits, marks, and what is no single symbol.

The last class keeps the lattice honest: fragments of symbols, neighbours run together, letters
and punctuation that no number holds all teach the model to say "this is not one symbol".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.normalize import SIDE, normalize
from training import augment
from training.data import Pictures, Sample, Trace, fold, read_mnist, read_pen
from training.pen import draw, extent

DIGITS = "0123456789"
MARKS = "()-/.,:+#$%="
REJECT = ""  # the label of what is no single symbol: it adds nothing to a text
LABELS = (*DIGITS, *MARKS, REJECT)
KINDS = ("mnist", "scans", "digits", "marks", "others", "rejects")  # what an epoch can hold
AMBIGUOUS = frozenset("OISZBG|_`")  # often written like 0, 1, 5, 2, 8, 6, 1, - and ,: they would teach these away

WRITING = 64  # pixels that a writer's digits stand tall when they are drawn
Glyphs = NDArray[np.uint8]


@dataclass(frozen=True)
class Mix:
    """What an epoch holds: how often every picture comes, and how many glyphs are drawn of each kind of ink.

    `scans` come more than once by default: they are few, and all of another kind. `plain` is the
    share of pictures that come as they are; what happens to the others and to strokes has
    `strength`, 1 for the usual range.
    """

    mnist: int = 1
    scans: int = 4
    digits: int = 40_000
    marks: int = 14_000
    others: int = 12_000
    rejects: int = 20_000
    plain: float = 0.15
    strength: float = 1.0

    @property
    def labels(self) -> tuple[str, ...]:
        """What a network can learn from this mix: digits alone, or every label."""
        return LABELS if self.marks or self.others or self.rejects else tuple(DIGITS)


@dataclass(frozen=True, eq=False)
class Hand:
    """What one writer wrote: single characters, and the height of their digits in tablet units."""

    characters: tuple[Sample, ...]
    height: float


@dataclass(frozen=True, eq=False)
class Corpus:
    """Handwriting of the writers in use; `scans` are digits cut out of scanned pages."""

    mnist: Pictures
    scans: Pictures
    characters: tuple[Sample, ...]
    hands: dict[str, Hand]
    numbers: tuple[Sample, ...]


def load(data: Path, use: Callable[[str], bool], split: str = "train", scans: Pictures | None = None) -> Corpus:
    """Read the `split` of MNIST and of the pen data below `data`, of the writers that `use` admits; add `scans`."""
    return corpus_of(read_mnist(data / "mnist", split).by(use), *read_pen(data / "pen", use, split), scans)


def corpus_of(
    mnist: Pictures, characters: tuple[Sample, ...], numbers: tuple[Sample, ...] = (), scans: Pictures | None = None
) -> Corpus:
    """Return what was read as one corpus: the characters of `numbers` join the single ones, each in its hand."""
    characters += tuple(c for s in numbers for c in s.characters())
    by_writer: dict[str, list[Sample]] = defaultdict(list)
    for sample in characters:
        by_writer[sample.writer].append(sample)
    return Corpus(mnist, scans or mnist.some(0), characters, {w: _hand(c) for w, c in by_writer.items()}, numbers)


def held_out(writer: str, part: int, folds: int) -> bool:
    """Say whether `writer` is held out when fold `part` of `folds` is."""
    return fold(writer, folds) == part


def _hand(characters: list[Sample]) -> Hand:
    def tall(s: Sample) -> float:
        low, high = extent(s.traces)
        return float(high[1] - low[1])

    heights = [tall(s) for s in characters if s.label in DIGITS] or [tall(s) for s in characters]
    return Hand(tuple(characters), max(float(np.median(heights)), 1e-6))


def target(label: str) -> int:
    """Return the class of a character's label: its place in `LABELS`."""
    return LABELS.index(label) if label in LABELS else len(LABELS) - 1


def pen_glyph(traces: Sequence[Trace], height: float, rng: np.random.Generator, strength: float = 1.0) -> Glyphs:
    """Draw `traces` by a writer whose digits are `height` tall: bent, with a pen of random width."""
    low, high = extent(traces)
    long = float((high - low).max())
    size = float(np.clip(WRITING * long / height * rng.uniform(0.8, 1.25), 3, 110)) if long else 1.0
    width = max(1, round(WRITING * float(np.exp(rng.uniform(np.log(1 / 22), np.log(1 / 6))))))
    bent = augment.bend(traces, rng, strength) if strength else list(traces)
    return normalize(draw(bent, size, width))


def fragment(sample: Sample, rng: np.random.Generator) -> list[Trace]:
    """Return a part of `sample`: one stroke cut short, or, of several strokes, some left away."""
    traces = list(sample.traces)
    if len(traces) > 1 and rng.random() < 0.5:
        return [traces[int(rng.integers(len(traces)))]]
    place = int(np.argmax([len(t) for t in traces]))
    trace = traces[place]
    if len(trace) < 4:
        return traces
    steps = np.r_[0, np.cumsum(np.hypot(*np.diff(trace, axis=0).T))]
    cut = int(np.clip(np.searchsorted(steps, steps[-1] * rng.uniform(0.25, 0.75)), 2, len(trace) - 2))
    traces[place] = trace[:cut] if rng.random() < 0.5 else trace[cut:]
    return traces


def beside(first: Sequence[Trace], second: Sequence[Trace], gap: float) -> list[Trace]:
    """Return both, `second` moved so that it starts `gap` to the right of `first`, on one baseline."""
    _, high1 = extent(first)
    low2, high2 = extent(second)
    move = np.array([high1[0] + gap - low2[0], high1[1] - high2[1]])
    return [*first, *(t + move for t in second)]


class Maker:
    """Makes epochs of glyphs and labels out of a corpus, every epoch drawn anew; a glyph has this `shape`."""

    shape = (SIDE, SIDE)

    def __init__(self, corpus: Corpus, scale: float = 1.0, mix: Mix | None = None) -> None:
        """`scale` shortens (or lengthens) an epoch; 1 is about 150,000 glyphs in the usual `mix`."""
        self.corpus, self.scale, self.mix = corpus, scale, mix or Mix()
        groups: dict[str, list[Sample]] = defaultdict(list)
        for sample in corpus.characters:
            if sample.label not in AMBIGUOUS:
                kind = "digits" if sample.label in DIGITS else "marks" if sample.label in MARKS else "others"
                groups[kind].append(sample)
        self.groups = dict(groups)
        self.writers = [w for w, h in corpus.hands.items() if sum(c.label in DIGITS for c in h.characters) > 3]

    def size(self) -> int:
        """Return how many glyphs an epoch holds."""
        pictures = self.mix.mnist * len(self.corpus.mnist.labels) + self.mix.scans * len(self.corpus.scans.labels)
        kinds = {"digits": self.mix.digits, "marks": self.mix.marks, "others": self.mix.others}
        drawn = [count for kind, count in kinds.items() if self.groups.get(kind)]
        drawn += [self.mix.rejects] if self.writers else []
        return sum(round(count * self.scale) for count in (pictures, *drawn))

    def epoch(self, seed: int) -> tuple[Glyphs, NDArray[np.int64]]:
        """Return the glyphs (N, 28, 28) and classes (N,) of one epoch, shuffled; the same for the same `seed`."""
        rng = np.random.default_rng(seed)
        glyphs, classes = self._pictures(rng)
        drawn: list[tuple[Glyphs, int]] = []
        for kind, count in (("digits", self.mix.digits), ("marks", self.mix.marks), ("others", self.mix.others)):
            for sample in self._some(self.groups.get(kind, []), count, rng):
                drawn.append((self.drawn(sample.traces, sample.writer, rng), target(sample.label)))
        drawn += [(g, len(LABELS) - 1) for g in self._rejects(self.mix.rejects, rng)]
        glyphs = np.concatenate([glyphs, np.array([g for g, _ in drawn], np.uint8).reshape(-1, *self.shape)])
        classes = np.concatenate([classes, np.array([c for _, c in drawn], np.int64)])
        order = rng.permutation(len(glyphs))
        return glyphs[order], classes[order]

    def _some(self, samples: Sequence[Sample], count: int, rng: np.random.Generator) -> list[Sample]:
        wanted = round(count * self.scale)
        return [samples[int(i)] for i in rng.integers(0, len(samples), wanted)] if samples else []

    def _pictures(self, rng: np.random.Generator) -> tuple[Glyphs, NDArray[np.int64]]:
        sources = [*[self.corpus.mnist] * self.mix.mnist, *[self.corpus.scans] * self.mix.scans]
        sources = sources or [self.corpus.mnist.some(0)]
        images, labels = (np.concatenate(parts) for parts in zip(*((s.images, s.labels) for s in sources), strict=True))
        chosen = rng.permutation(len(images))[: round(len(images) * self.scale)]
        glyphs = np.empty((len(chosen), *self.shape), np.uint8)
        for place, i in enumerate(chosen):
            plain = rng.random() < self.mix.plain
            glyphs[place] = images[i] if plain else _warped(images[i], rng, self.mix.strength)
        return glyphs, labels[chosen]

    def drawn(self, traces: Sequence[Trace], writer: str, rng: np.random.Generator) -> Glyphs:
        """Return the glyph (28, 28) of `traces` by `writer`, drawn anew as another hand and pen would."""
        glyph = pen_glyph(traces, self.corpus.hands[writer].height, rng, self.mix.strength)
        return augment.weather(glyph, rng)

    def _rejects(self, count: int, rng: np.random.Generator) -> list[Glyphs]:
        out = []
        for _ in range(round(count * self.scale) if self.writers else 0):
            writer = self.writers[int(rng.integers(len(self.writers)))]
            hand = self.corpus.hands[writer]
            first, second = (self._character(hand, rng) for _ in range(2))
            kind = rng.random()
            gap = hand.height * float(rng.normal(0.12, 0.18))
            if kind < 0.3 and first.label not in "1-.,:=()/":
                traces = fragment(first, rng)
            elif kind < 0.45:
                traces = beside(first.traces, fragment(second, rng), gap)
            elif kind < 0.6:
                traces = beside(fragment(first, rng), second.traces, gap)
            else:
                traces = beside(first.traces, second.traces, gap)
            out.append(self.drawn(traces, writer, rng))
        return out

    def _character(self, hand: Hand, rng: np.random.Generator) -> Sample:
        while True:
            sample = hand.characters[int(rng.integers(len(hand.characters)))]
            if sample.label in DIGITS or (sample.label in MARKS and rng.random() < 0.5):
                return sample


def _warped(image: Glyphs, rng: np.random.Generator, strength: float) -> Glyphs:
    ink = augment.warp(image, rng, strength)
    if rng.random() < 0.35:
        ink = augment.repen(ink, rng)
    return augment.weather(normalize(ink), rng)
