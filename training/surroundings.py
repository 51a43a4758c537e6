"""How often a number is read right though something is drawn around it: a line under it, a frame, a ring, a tick.

Each is drawn by a pen that trembles a little around numbers as people wrote them, and read as a drawing and as its
picture. Each number is read by itself too: with something around it, none can be read better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from recognizer import Recognizer
from recognizer.drawing import Drawing, Stroke
from recognizer.ink import PEN
from recognizer.reading import digits_of
from recognizer.render import render_drawing
from training.data import Sample
from training.evaluate import wilson
from training.pen import extent

Box: TypeAlias = tuple[float, float, float, float]  # left, top, right, bottom of a number
Path: TypeAlias = NDArray[np.float64]  # (points, 2): of one stroke; around a number, in heights of it
_TALL = 90.0  # pixels that a number is tall
_TREMBLE = 0.003  # heights of the number that a stroke leaves its way by more at each point
_STEPS = 30  # points of a stroke from one corner to the next


def _line(*corners: tuple[float, float]) -> Path:
    return np.concatenate([np.linspace(a, b, _STEPS) for a, b in pairwise(corners)])


def _underline(of: Box) -> list[Path]:
    left, _, right, bottom = of
    return [_line((left - 0.1, bottom + 0.2), (right + 0.1, bottom + 0.23))]


def _double_underline(of: Box) -> list[Path]:
    left, _, right, bottom = of
    return [_line((left - 0.1, y), (right + 0.1, y)) for y in (bottom + 0.2, bottom + 0.38)]


def _frame(of: Box) -> list[Path]:
    left, top, right, bottom = np.add(of, (-0.25, -0.25, 0.25, 0.25)).tolist()
    return [_line((left, top), (right, top), (right, bottom), (left, bottom), (left, top))]


def _frame_of_four_lines(of: Box) -> list[Path]:
    (sides,) = _frame(of)
    return list(np.split(sides, 4))


def _ring(of: Box) -> list[Path]:
    left, top, right, bottom = of
    turn = np.linspace(0.2, 0.1 + 2 * np.pi, 2 * _STEPS)
    wide, high = 0.6 * (right - left) + 0.4, 0.5 * (bottom - top) + 0.35
    return [np.stack([(left + right) / 2 + wide * np.cos(turn), (top + bottom) / 2 + high * np.sin(turn)], 1)]


def _margin(of: Box) -> list[Path]:
    left, top, _, bottom = of
    return [_line((left - 0.7, top - 2), (left - 0.65, bottom + 2))]


def _tick(of: Box) -> list[Path]:
    _, top, right, bottom = of
    return [_line((right + 0.5, top + 0.6), (right + 0.7, bottom), (right + 1.4, top - 0.1))]


AROUND: dict[str, Callable[[Box], list[Path]]] = {
    "line under it": _underline,
    "two lines under it": _double_underline,
    "frame": _frame,
    "frame of four lines": _frame_of_four_lines,
    "ring": _ring,
    "line down the page": _margin,
    "tick beside it": _tick,
}


@dataclass(frozen=True)
class Surrounded:
    """A `drawing` of a `number` with something of a `kind` around it, and without, `alone`."""

    kind: str
    drawing: Drawing
    number: str
    alone: Drawing


@dataclass(frozen=True)
class Seen:
    """Whether a number was read right as a drawing and as a picture, with something of a `kind` around and `alone`."""

    kind: str
    right: tuple[bool, bool]
    alone: tuple[bool, bool]


def surrounded(numbers: Sequence[Sample], count: int, seed: int) -> Iterator[Surrounded]:
    """Yield `count` drawings with each of `AROUND`, of `numbers` of one line that have two digits or more."""
    written = [s for s in numbers if len(digits_of(s.label)) > 1 and "\n" not in s.label]
    for place, kind in enumerate(AROUND):
        for copy in range(count if written else 0):
            rng = np.random.default_rng([seed, place, copy])
            sample = written[int(rng.integers(len(written)))]
            low, high = extent(sample.traces)
            scale = _TALL / _height(high - low)
            alone = Drawing(tuple(_stroke((t - low) * scale) for t in sample.traces))
            yield Surrounded(kind, with_around(alone, kind, rng), digits_of(sample.label), alone)


def with_around(drawing: Drawing, kind: str, rng: np.random.Generator) -> Drawing:
    """Return `drawing`, a number, with one of `AROUND` drawn after it."""
    low, high = extent([np.array(s.points) for s in drawing.strokes])
    tall = _height(high - low)
    paths = AROUND[kind]((0.0, 0.0, *((high - low) / tall).tolist()))
    extra = [path + np.cumsum(rng.normal(0, _TREMBLE, path.shape), axis=0) for path in paths]
    return Drawing((*drawing.strokes, *(_stroke(low + path * tall) for path in extra)))


def _height(size: NDArray[np.float64]) -> float:
    """Return how tall a number of this `size` (width, height) is taken to be: a flat one by its width."""
    return max(float(size[1]), 0.1 * float(size[0]), 1e-6)


def _stroke(path: Path) -> Stroke:
    return Stroke(tuple(map(tuple, path.tolist())), PEN * _TALL)


def seen(recognizer: Recognizer, drawings: Iterable[Surrounded]) -> Iterator[Seen]:
    """Yield whether each number is read right."""
    for each in tqdm(drawings, desc="read", unit=" drawings"):
        right, alone = (
            tuple(digits_of(recognizer.read(page).text) == each.number for page in (drawing, render_drawing(drawing)))
            for drawing in (each.drawing, each.alone)
        )
        yield Seen(each.kind, (right[0], right[1]), (alone[0], alone[1]))


def seen_table(found: Sequence[Seen]) -> str:
    """Return the share of numbers read right as Markdown, for each kind."""
    lines = [
        "| around a number | numbers | drawing | by itself | picture | by itself |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for kind in dict.fromkeys(f.kind for f in found):
        own = [f for f in found if f.kind == kind]
        cells = [
            _share([each[way] for each in pair])
            for way in (0, 1)
            for pair in zip(*((f.right, f.alone) for f in own), strict=True)
        ]
        lines.append(f"| {kind} | {len(own)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _share(right: Sequence[bool]) -> str:
    low, high = wilson(sum(right), len(right))
    return f"{100 * sum(right) / len(right):.1f} % ({100 * low:.1f} to {100 * high:.1f})"
