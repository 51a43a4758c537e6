"""Pages to fit the lattice on: numbers as people wrote them, and numbers set from one writer's characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer.drawing import Drawing, Stroke
from training import augment
from training.data import Sample, Trace
from training.mix import DIGITS, MARKS, Corpus, Hand
from training.pen import extent, mark

_PATTERNS = (
    "(ddd) ddd-dddd", "(ddd)ddd-dddd", "ddd-dddd", "ddd-ddd-dddd", "ddd.dddd", "d/d/dd", "dd/dd/dd", "dd-dd-dddd",
    "$d.dd", "$dd,ddd", "d,ddd.dd", "dd.ddd", "d:dd", "dd:dd", "dd%", "d+d", "d+d=d", "dd/ddd=dd.dd%", "#ddd",
    "d", "dd", "ddd", "dddd", "ddddd", "dddddd", "dddddddd", "dddddddddd", "+dd ddd ddddddd", "(ddd)",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Page:
    """A page to read, with the `text` on it (no spaces) and the writer.

    `free` labels may stand on it besides those of `text`, unnamed: on cheques, whose marks nobody
    wrote down, or where the page holds ink that is no symbol.
    """

    page: Drawing | NDArray[np.uint8]
    text: str
    writer: str
    kind: str
    free: tuple[str, ...] = ()


def drawing(traces: Sequence[Trace], rng: np.random.Generator) -> Drawing:
    """Return `traces` as a drawing, at a random scale and place as tablets and canvases have them."""
    scale, move = float(np.exp(rng.uniform(-1, 1))), rng.uniform(-50, 500, 2)
    return Drawing(tuple(Stroke(tuple(map(tuple, (t * scale + move).tolist()))) for t in traces))


def picture(traces: Sequence[Trace], height: float, rng: np.random.Generator, plain: bool = False) -> NDArray[np.uint8]:
    """Draw `traces`, whose tall symbols are `height` high, as a picture (H, W): dark ink on white.

    `plain` draws 90 px tall writing with a pen of 7 px; else both are random.
    """
    size = 90.0 if plain else float(np.exp(rng.uniform(np.log(28), np.log(140))))
    width = 7 if plain else max(1, round(size * float(np.exp(rng.uniform(np.log(1 / 26), np.log(1 / 8))))))
    low, high = extent(traces)
    scale = min(size / height, 3000 / max(float((high - low).max()), 1e-9))
    margin = 40 if plain else int(rng.integers(2, 60))
    columns, rows = np.ceil((high - low) * scale + 2 * (margin + width)).astype(int)
    ink = np.zeros((rows, columns), np.uint8)
    for trace in traces:
        mark(ink, (trace - low) * scale + margin + width, width)
    return 255 - ink


def tall(traces: Sequence[Trace]) -> float:
    """Return the height of the tall strokes among `traces`: their 75th percentile."""
    heights = sorted((float(np.ptp(t[:, 1])) for t in traces), reverse=True)
    return max(heights[len(heights) // 4], 0.2 * float(np.ptp(np.concatenate(traces)[:, 0])) / len(traces), 1e-6)


def composed(hand: Hand, rng: np.random.Generator, wanted: str | None = None) -> Sample | None:
    """Return a number set from single characters of one `hand`; None where it lacks digits.

    It is set by the pattern `wanted` (d: a digit), or by a usual one.

    Gaps are as people leave them: mostly open, at times touching or overlapping; the baseline
    wanders and, now and then, rises.
    """
    kinds: dict[str, list[Sample]] = {}
    for c in hand.characters:
        kinds.setdefault(c.label, []).append(c)
    digits = [d for d in DIGITS if d in kinds]
    if len(digits) < 5:
        return None
    pattern = wanted or _PATTERNS[int(rng.integers(len(_PATTERNS)))]
    text = "".join(digits[int(rng.integers(len(digits)))] if c == "d" else c for c in pattern)
    text = "".join(c for c in text if c in kinds or c == " ")
    spread, mean = (
        hand.height * 0.1,
        hand.height * float(rng.choice([0.22, 0.12, 0.3, 0.0, 0.6], p=[0.4, 0.2, 0.2, 0.1, 0.1])),
    )
    slope = float(rng.normal(0, 0.04))
    traces: list[Trace] = []
    reach = 0.0
    written, counts = "", []
    for label in text:
        if label == " ":
            reach += hand.height * float(rng.uniform(0.5, 1))
            continue
        sample = kinds[label][int(rng.integers(len(kinds[label])))]
        low, high = extent(sample.traces)
        foot = _foot(label, float(high[1] - low[1]), hand.height)
        gap = float(rng.normal(mean, spread)) if traces else 0.0
        move = np.array(
            [reach + gap - low[0], foot + slope * reach + float(rng.normal(0, 0.05)) * hand.height - high[1]]
        )
        traces += [t + move for t in sample.traces]
        reach = reach + gap + float(high[0] - low[0])
        written += label
        counts.append(len(sample.traces))
    return Sample(written, hand.characters[0].writer, tuple(traces), tuple(counts))


def _foot(label: str, height: float, digit: float) -> float:
    """Return how far below the baseline `label` ends: marks have places of their own."""
    if label in "-=+":
        return -0.5 * digit + height / 2
    if label in ",":
        return 0.15 * digit
    if label in ":":
        return -0.1 * digit
    return 0.08 * digit if label in "()/$" else 0.0


def bent(sample: Sample, rng: np.random.Generator) -> list[Trace]:
    """Return the traces of a number with another slant, stretch and pen path, in its own units."""
    low, _ = extent(sample.traces)
    strength = 0.8
    linear = augment.shear_rotate_scale(rng, strength)
    linear[1, 0] = float(rng.normal(0, 0.03))  # lines rise a little; they do not rotate as digits do
    size = tall(sample.traces)
    frequency, phase = rng.normal(0, 1.6, (2, 6)) / size, rng.uniform(0, 2 * np.pi, 6)
    sway = rng.normal(0, 0.018, 6) * size
    moved = []
    for t in sample.traces:
        unit = (t - low) @ linear.T
        moved.append(unit + (np.sin((t - low) @ frequency + phase) * sway).reshape(-1, 3, 2).sum(1))
    return moved


def readable(label: str) -> str:
    """Return `label` without spaces: what a page's text must be."""
    return "".join(label.split())


def pages(corpus: Corpus, rng: np.random.Generator, variants: int, synthetic: int, single: int) -> Iterator[Page]:
    """Yield pages of `corpus`.

    Its numbers come as written and in `variants` bent ways, each as drawing and as picture; then
    `synthetic` composed numbers and `single` digits alone.
    """
    numbers = [s for s in corpus.numbers if set(readable(s.label)) <= set(DIGITS + MARKS)]
    for s in numbers:
        yield Page(drawing(s.traces, rng), readable(s.label), s.writer, "ink")
        yield Page(picture(s.traces, tall(s.traces), rng, plain=True), readable(s.label), s.writer, "picture")
        for _ in range(variants):
            traces = bent(s, rng)
            yield Page(drawing(traces, rng), readable(s.label), s.writer, "bent ink")
            yield Page(picture(traces, tall(traces), rng), readable(s.label), s.writer, "bent picture")
    hands = [h for _, h in sorted(corpus.hands.items())]
    for i in range(synthetic):
        made = composed(hands[int(rng.integers(len(hands)))], rng)
        if made and made.traces:
            traces = bent(made, rng)
            page = drawing(traces, rng) if i % 3 == 0 else picture(traces, tall(traces), rng)
            yield Page(page, readable(made.label), made.writer, "composed ink" if i % 3 == 0 else "composed picture")
    alone = [c for c in corpus.characters if c.label in DIGITS]
    for i in range(single):
        c = alone[int(rng.integers(len(alone)))]
        page = drawing(c.traces, rng) if i % 3 == 0 else picture(c.traces, tall(c.traces), rng, plain=i % 3 == 1)
        yield Page(page, c.label, c.writer, "single ink" if i % 3 == 0 else "single picture")
    for i in rng.permutation(len(corpus.mnist.images))[:single]:
        digit, writer = str(corpus.mnist.labels[i]), str(corpus.mnist.writers[i])
        yield Page(corpus.mnist.images[i], digit, writer, "mnist")
