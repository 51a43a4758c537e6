"""How often ink that is no digit is read as one: letters, punctuation, ticks, boxes, stains, print, stamps, tables.

Pages hold no digit at all, so every digit that is read of them is false.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from recognizer import Recognizer
from recognizer.drawing import Drawing, Stroke
from recognizer.ink import PEN
from recognizer.reading import digits_of
from recognizer.render import render_drawing
from training.data import Sample, Trace
from training.evaluate import wilson
from training.mix import AMBIGUOUS, DIGITS
from training.pen import extent

Picture: TypeAlias = NDArray[np.uint8]
IN_LINE = 8  # characters of one writer set beside each other
_TALL, _MARGIN, _GAP = 90.0, 40.0, 30.0  # pixels: height of the characters, paper around them, between them
_WORDS = ("Received", "with thanks", "Signature", "Date of birth", "Postcode", "Name", "Please do not fold", "COPY")


@dataclass(frozen=True, eq=False)
class Stranger:
    """A page without a digit, of a `kind`; what stands on it counts as so many `symbols`, `label` where it is one.

    `writer` is whose hand it is, where it is handwriting.
    """

    kind: str
    page: Picture
    symbols: int = 1
    label: str = ""
    writer: str = ""


@dataclass(frozen=True)
class Mistake:
    """What was read of a page without a digit: how many digits, of how many symbols."""

    kind: str
    label: str
    digits: int
    symbols: int


def alone(samples: Iterable[Sample]) -> Iterator[Stranger]:
    """Yield each character as a page of its own, its longer side 90 px; digits are left out."""
    for sample in samples:
        if sample.label not in DIGITS:
            yield Stranger(
                f"{_kind(sample)} alone", _page([_placed(sample, 0.0, True)]), 1, sample.label, sample.writer
            )


def in_lines(samples: Iterable[Sample]) -> Iterator[Stranger]:
    """Yield characters by one writer set in lines of eight, as large to each other as they were written."""
    by_writer: dict[tuple[str, str], list[Sample]] = defaultdict(list)
    for sample in samples:
        if sample.label not in DIGITS:
            by_writer[sample.writer, _kind(sample)].append(sample)
    for (writer, kind), own in by_writer.items():
        tallest = float(np.percentile([_height(s) for s in own], 75))
        for start in range(0, len(own) - IN_LINE + 1, IN_LINE):
            reach, placed = 0.0, []
            for sample in own[start : start + IN_LINE]:
                placed.append(_placed(sample, reach, False, _TALL / tallest))
                reach = max(float(t[:, 0].max()) for t in placed[-1]) + _GAP
            yield Stranger(f"{kind} in lines", _page(placed), IN_LINE, writer=writer)


def _kind(sample: Sample) -> str:
    return "letters" if sample.label.isalpha() else "symbols"


def _height(sample: Sample) -> float:
    low, high = extent(sample.traces)
    return max(float(high[1] - low[1]), 1e-6)


def _placed(sample: Sample, left: float, fitted: bool, scale: float = 1.0) -> list[Trace]:
    """Return the strokes of a character in pixels, beginning at `left`, its middle on y = 0."""
    low, high = extent(sample.traces)
    if fitted:
        scale = _TALL / max(float((high - low).max()), 1e-6)
    return [(t - low - (0, (high - low)[1] / 2)) * scale + (left, 0) for t in sample.traces]


def _page(characters: Sequence[Sequence[Trace]]) -> Picture:
    strokes = [t for character in characters for t in character]
    low, high = extent(strokes)
    size = np.ceil(high - low + 2 * _MARGIN).astype(int).tolist()
    moved = [Stroke(tuple(map(tuple, (t - low + _MARGIN).tolist())), PEN * _TALL) for t in strokes]
    return render_drawing(Drawing(tuple(moved), (size[0], size[1])))


# What else stands on paper --------------------------------------------------------------------------------------------


def things(count: int, seed: int) -> Iterator[Stranger]:
    """Yield `count` pages of each of `THINGS`, a little different each time."""
    for number, (kind, draw) in enumerate(THINGS.items()):
        for copy in range(count):
            rng = np.random.default_rng([seed, number, copy])
            page = np.full((200, 420), int(rng.integers(215, 256)), np.uint8)
            draw(page, rng)
            soft = cv2.GaussianBlur(page, (0, 0), 0.6) + rng.normal(0, 1.5, page.shape)
            yield Stranger(kind, np.clip(soft, 0, 255).astype(np.uint8))


def _stroke(page: Picture, points: Sequence[tuple[float, float]], rng: np.random.Generator, width: int = 0) -> None:
    """Draw a line through `points`, each moved a little."""
    moved = np.array(points) + rng.normal(0, 2.5, (len(points), 2))
    pen = width or int(rng.integers(3, 9))
    cv2.polylines(page, [np.round(moved).astype(np.int32)], False, int(rng.integers(0, 70)), pen, cv2.LINE_AA)


def _tick(page: Picture, rng: np.random.Generator) -> None:
    size = rng.uniform(0.6, 1.3)
    _stroke(page, [(180, 100), (180 + 25 * size, 100 + 40 * size), (180 + 95 * size, 100 - 60 * size)], rng)


def _underline(page: Picture, rng: np.random.Generator) -> None:
    x = rng.uniform(40, 200)
    _stroke(page, [(x, 120), (x + 80, 118), (x + 180, 121)], rng)


def _box(page: Picture, rng: np.random.Generator) -> None:
    left, top = (int(v) for v in rng.integers((20, 20), (160, 80)))
    right, bottom = left + int(rng.integers(30, 230)), top + int(rng.integers(30, 100))
    cv2.rectangle(page, (left, top), (right, bottom), int(rng.integers(0, 110)), int(rng.integers(1, 5)))


def _stain(page: Picture, rng: np.random.Generator) -> None:
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    reach = 25 + 8 * np.sin(2 * angles + rng.uniform(0, 6)) + 5 * np.sin(3 * angles + rng.uniform(0, 6))
    edge = np.stack([np.cos(angles) * 1.4, np.sin(angles)], 1) * reach[:, None] * rng.uniform(0.5, 2) + (200, 100)
    cv2.fillPoly(page, [np.round(edge).astype(np.int32)], int(rng.integers(60, 190)), cv2.LINE_AA)


def _print(page: Picture, rng: np.random.Generator) -> None:
    word, face = _WORDS[int(rng.integers(len(_WORDS)))], int(rng.choice([cv2.FONT_HERSHEY_COMPLEX, 0, 2]))
    cv2.putText(page, word, (12, 115), face, float(rng.uniform(0.7, 1.4)), 30, int(rng.integers(1, 4)), cv2.LINE_AA)


def _stamp(page: Picture, rng: np.random.Generator) -> None:
    colour = int(rng.integers(60, 150))
    cv2.ellipse(page, (205, 100), (150, 70), float(rng.uniform(-10, 10)), 0, 360, colour, 4, cv2.LINE_AA)
    cv2.putText(page, "PAID", (130, 120), cv2.FONT_HERSHEY_DUPLEX, 2.0, colour, 4, cv2.LINE_AA)


def _table(page: Picture, rng: np.random.Generator) -> None:
    colour, width = int(rng.integers(0, 140)), int(rng.integers(1, 4))
    pitch, row = int(rng.integers(60, 120)), int(rng.integers(35, 70))
    for x in range(20, 410, pitch):
        cv2.line(page, (x, 20), (x, 20 + row * (160 // row)), colour, width)
    for y in range(20, 181, row):
        cv2.line(page, (20, y), (20 + pitch * (389 // pitch), y), colour, width)


def _margin(page: Picture, rng: np.random.Generator) -> None:
    x = int(rng.integers(20, 90))
    cv2.line(page, (x, 0), (x, page.shape[0]), int(rng.integers(60, 170)), int(rng.integers(1, 4)))


def _edge_of_the_sheet(page: Picture, rng: np.random.Generator) -> None:
    x = int(rng.integers(330, 410))
    page[:, x:] = int(rng.integers(20, 90))


THINGS: dict[str, Callable[[Picture, np.random.Generator], None]] = {
    "tick": _tick,
    "underline": _underline,
    "ruled box": _box,
    "stain": _stain,
    "printed words": _print,
    "stamp": _stamp,
    "table without entries": _table,
    "margin line": _margin,
    "edge of the sheet": _edge_of_the_sheet,
}


# What is read of them -------------------------------------------------------------------------------------------------


def mistakes(recognizer: Recognizer, strangers: Iterable[Stranger]) -> Iterator[Mistake]:
    """Yield how many digits are read of each page."""
    for stranger in tqdm(strangers, desc="read", unit=" pages"):
        digits = len(digits_of(recognizer.read(stranger.page).text))
        yield Mistake(stranger.kind, stranger.label, digits, stranger.symbols)


def table(found: Sequence[Mistake]) -> str:
    """Return the share of symbols read as digits as Markdown, for each kind of page, then for each character."""
    lines = ["| pages without digits | symbols | read as digits | share |", "| --- | --- | --- | --- |"]
    for kind in dict.fromkeys(m.kind for m in found):
        own = [m for m in found if m.kind == kind]
        lines.append(_row(kind, own))
        plain = [m for m in own if m.label and m.label not in AMBIGUOUS]
        if plain and len(plain) < len(own):
            lines.append(_row(f"{kind}, without {' '.join(sorted(AMBIGUOUS))}".replace("|", "\\|"), plain))
    lines += ["", "| character | symbols | read as digits | share |", "| --- | --- | --- | --- |"]
    labels = {m.label for m in found if m.label and m.digits}
    rows = {label: [m for m in found if m.label == label] for label in labels}
    worst = sorted(rows, key=lambda label: (-sum(m.digits > 0 for m in rows[label]) / len(rows[label]), label))
    lines += [_row(f"`{label}`".replace("|", "\\|"), rows[label]) for label in worst]
    return "\n".join(lines)


def _row(name: str, own: Sequence[Mistake]) -> str:
    symbols = sum(m.symbols for m in own)
    false = sum(min(m.digits, m.symbols) for m in own)
    low, high = wilson(false, symbols)
    return f"| {name} | {symbols} | {false} | {100 * false / symbols:.1f} % ({100 * low:.1f} to {100 * high:.1f}) |"
