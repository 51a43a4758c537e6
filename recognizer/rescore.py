"""Paths -> paths: whole readings of a line weighed once more, by their grammar and by how even their digits are.

The lattice scores every candidate on its own. What only a whole path shows is weighed here, by a
log-linear model over its likeliest paths (M. Collins and T. Koo, Discriminative reranking, 2005):
which kinds of symbols follow each other, whether brackets pair, whether digits are of one height
and stand on one baseline, what ink is left out. `training.rescore` fits the weights.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from operator import add
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.candidates import GEOMETRY
from recognizer.decode import Path as Way
from recognizer.engine import ModelUnavailable
from recognizer.reading import DIGITS

Geometry = NDArray[np.float32]  # (candidates, len(GEOMETRY))
Rows = Sequence[Sequence[float]]  # the same as numbers: those of one path are so few that arrays would take longer

_HEIGHT, _WIDTH, _BOTTOM, _GAP, _INK, _SLANT = (
    GEOMETRY.index(name) for name in ("height", "width", "bottom", "gap right", "ink", "slant")
)
_KINDS = str.maketrans(dict.fromkeys(DIGITS, "d"))
_WIDE = "0"  # stands for every digit but the 1
_LEAST = 1e-300  # probability, whose logarithm is still a number
_LONG = 4  # digits beside a slash: no more are told apart
_SLASHED = re.compile(r"(\d*)/(?=(\d*))")


def weighed(paths: Sequence[Way], merit_of: Callable[[Way], float]) -> tuple[Way, ...]:
    """Return `paths` with their merits added to their log-probabilities, likeliest first.

    What is not among them has none: the more of it there is, the less sure the rest.
    """
    rest = 1.0 - sum(p.probability for p in paths)
    heavy = [math.log(max(p.probability, _LEAST)) + merit_of(p) for p in paths]
    most = max([*heavy, math.log(max(rest, _LEAST))])
    shares = [math.exp(each - most) for each in heavy]
    total = sum(shares) + max(0.0, rest) * math.exp(-most)
    again = (Way(p.text, p.steps, share / total) for p, share in zip(paths, shares, strict=True))
    return tuple(sorted(again, key=lambda p: -p.probability))


def merits(labels: Sequence[str], seen: Geometry, weights: Mapping[str, float]) -> Callable[[Way], float]:
    """Return what tells the merit of a path through one line by the `weights` of its traits, each path's once found.

    Rivals often differ in what a symbol is called alone: what its ink adds is found once for all of them.
    """
    rows: Rows = seen.tolist()
    kinds = [_kind(label) for label in labels]

    @cache
    def of_ink(symbols: Sequence[tuple[int, str]]) -> float:
        own = [rows[candidate] for candidate, _ in symbols]
        return merit(_of_ink(own, [kind for _, kind in symbols]), weights)

    def of_path(path: Way) -> float:
        if not path.steps:
            return 0.0
        return merit(grammar(path.text), weights) + of_ink(tuple([(i, kinds[label]) for i, label in path.steps]))

    return cache(of_path)


def merit(of: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return what the traits `of` a path add to its log-probability, in nats; unknown ones add nothing."""
    return sum(weights.get(name, 0.0) * value for name, value in of.items())


def traits(path: Way, labels: Sequence[str], seen: Rows) -> dict[str, float]:
    """Return the traits of `path` by name: of its text, and of the places and sizes `seen` of its symbols."""
    if not path.steps:
        return {}
    rows = [seen[step.candidate] for step in path.steps]
    return grammar(path.text) | _of_ink(rows, [_kind(labels[step.label]) for step in path.steps])


def _kind(label: str) -> str:
    """Return what the ink of symbols is weighed by: "" for none, one digit for all as wide, one mark for all marks."""
    return label if label in {"", "1"} else _WIDE if label in DIGITS else "-"


def grammar(text: str) -> dict[str, float]:
    """Return the traits of a `text`: its pairs of neighbouring kinds (d: a digit, < and >: the ends), what is odd."""
    kinds = f"<{text.translate(_KINDS)}>"
    found: dict[str, float] = {}
    for pair in map(add, kinds, kinds[1:]):
        found[pair] = found.get(pair, 0.0) + 1.0
    found["symbols"] = float(len(text))
    found["ones"] = float(text.count("1"))
    found["unpaired brackets"] = float(_unpaired(text))
    return found | _slashes(text)


def _slashes(text: str) -> dict[str, float]:
    """Return how many slashes part `text` and how many digits stand beside them: dates and fractions have few.

    Four after the last one are a year: as good as two, though the numbers that teach seldom have one.
    """
    sides = [len(side) for pair in _SLASHED.findall(text) for side in pair]
    if not sides:
        return {}
    sides[-1] = 2 if sides[-1] == len("2026") else sides[-1]
    counts = Counter(f"{min(n, _LONG)} digits beside a slash" for n in sides)
    counts[f"{min(len(sides) // 2, 3)} slashes"] = 1
    return {name: float(n) for name, n in counts.items()}


def _of_ink(rows: Rows, kinds: Sequence[str]) -> dict[str, float]:
    """Return the traits of symbols of these `kinds`, whatever their text is."""
    return _left_out(rows, kinds) | _evenness(rows, kinds)


def _left_out(rows: Rows, kinds: Sequence[str]) -> dict[str, float]:
    ink = [math.expm1(row[_INK]) for row, kind in zip(rows, kinds, strict=True) if not kind]
    return {"left out": float(len(ink)), "ink left out": sum(ink)}


def _evenness(rows: Rows, kinds: Sequence[str]) -> dict[str, float]:
    """Return how much the digits differ in height, foot, width, slant and distance, alone and times their number."""
    digits = [row for row, kind in zip(rows, kinds, strict=True) if kind in DIGITS]
    wide = [row for row, kind in zip(rows, kinds, strict=True) if kind == _WIDE]
    beside = [row for row, pair in zip(rows, pairwise(kinds), strict=False) if DIGITS.issuperset(pair)]
    if len(digits) < 2:
        return {}
    found = {}
    for name, of, column in (
        ("heights", digits, _HEIGHT),
        ("feet", digits, _BOTTOM),
        ("widths", wide, _WIDTH),
        ("slants", wide, _SLANT),
        ("gaps", beside, _GAP),
    ):
        found[f"uneven {name}"] = spread = _deviation([row[column] for row in of])
        found[f"all uneven {name}"] = spread * len(of)
    found["smallest digit"] = min(row[_HEIGHT] for row in digits)
    return found


def _deviation(values: Sequence[float]) -> float:
    """Return the standard deviation of `values`; none, or one alone, deviate from nothing."""
    if len(values) < 2:
        return 0.0
    mean = sum(values) / len(values)
    return math.dist(values, [mean] * len(values)) / math.sqrt(len(values))


def _unpaired(text: str) -> int:
    open_, unpaired = 0, 0
    for c in text:
        if c == "(":
            unpaired += open_
            open_ = 1
        elif c == ")":
            unpaired += 1 - open_
            open_ = 0
    return unpaired + open_


def load_weights(path: Path) -> dict[str, float]:
    """Read the weights of the traits, by name, from the JSON file that training wrote.

    Raises
    ------
    ModelUnavailable
        Where the file is missing or holds something else.
    """
    try:
        return {str(name): float(weight) for name, weight in json.loads(path.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelUnavailable(f"{path}: the weights of whole readings are missing or broken ({error}).") from error
