"""How long things take: medians with their spread, and ratios of what was measured in turns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from time import perf_counter
from typing import Any, TypeVar

import numpy as np

Figures = dict[str, Any]
Input = TypeVar("Input")
Times = dict[str, list[float]]
"""Milliseconds of each round, by what was timed."""


def in_turns(works: Mapping[str, Callable[[Input], object]], inputs: Iterable[Input], rounds: int) -> Times:
    """Return the milliseconds that each of `works` takes on each of so many inputs, after one that does not count.

    One input goes through all of them before the next comes: where the machine is slow for a while, all are.
    """
    times: Times = {name: [] for name in works}
    for number, one in enumerate(islice(inputs, rounds + 1)):
        for name, work in works.items():
            began = perf_counter()
            work(one)
            if number:
                times[name].append(1000 * (perf_counter() - began))
    return times


def spread(values: Sequence[float]) -> Figures:
    """Return the median of `values`, the quartiles around it, and how many there are."""
    low, median, high = np.quantile(values, (0.25, 0.5, 0.75)).tolist()
    return {"median": digits(median), "quartiles": [digits(low), digits(high)], "rounds": len(values)}


def ratio(some: Sequence[float], others: Sequence[float]) -> float:
    """Return how many times as much `some` are as `others`, round by round: the median."""
    return digits(float(np.median(np.array(some) / np.array(others))))


def digits(value: float) -> float:
    """Return `value` with four significant digits: more are never repeated."""
    return float(f"{value:.4g}")


def number(value: float) -> str:
    """Return `value` as people read it: three digits or all before the point, two after it, two of what is tiny."""
    if value >= 100:
        return f"{value:,.0f}"
    if value < 0.1:
        return f"{value:.2g}"
    return f"{value:.{1 if value >= 10 else 2}f}"


def told(found: Figures) -> str:
    """Return a spread as text: the median, and between which values half of the rounds lie."""
    return f"{number(found['median'])} ({' to '.join(number(value) for value in found['quartiles'])})"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a Markdown table; columns that hold numbers are set to the right."""
    cells = list(rows)
    right = [any(cell[:1].isdigit() for cell in column) for column in zip(*cells, strict=True)]
    marks = ["---:" if place and of_numbers else "---" for place, of_numbers in enumerate(right)]
    return [f"| {' | '.join(row)} |" for row in (heads, marks, *cells)]
