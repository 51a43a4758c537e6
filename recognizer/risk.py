"""How often accepted numbers are wrong, by the confidence asked of them: the model's risk-coverage curve.

The curve stands in the model's card; `recognizer-train risk` measures it on writers whom the model
does not know (R. El-Yaniv and Y. Wiener, On the foundations of noise-free selective
classification, JMLR 2010).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KEY = "risk coverage"
"""Under which the curve stands in a model's card."""


class NoSuchPromise(Exception):
    """No threshold keeps errors as rare as asked, as far as is known; the message says what can be promised."""


@dataclass(frozen=True)
class Risk:
    """At the confidence `threshold`, at most the share `error` of the accepted numbers is wrong.

    `coverage` is the share of all numbers that is accepted.
    """

    threshold: float
    error: float
    coverage: float


def curve_of(card: Mapping[str, Any]) -> tuple[Risk, ...]:
    """Return the curve in a model's `card`, its thresholds rising; nothing where it holds none that can be read."""
    try:
        points = [tuple(map(float, point)) for point in card[KEY]["points"]]
        return tuple(Risk(*point) for point in sorted(points))
    except (KeyError, TypeError, ValueError):
        return ()


def threshold_for(curve: tuple[Risk, ...], error: float) -> float:
    """Return the confidence to ask of numbers so that at most the share `error` of those accepted is wrong.

    Of several, the one that accepts the most.

    >>> curve = (Risk(0.5, 0.10, 0.9), Risk(0.9, 0.02, 0.6), Risk(0.99, 0.01, 0.3))
    >>> threshold_for(curve, 0.05)
    0.9

    Raises
    ------
    NoSuchPromise
        There is no curve, or no point on it has so few errors.
    """
    if not curve:
        raise NoSuchPromise(
            "--max-error needs a model whose errors were measured, and this one's were not: "
            "measure them with recognizer-train risk, or set --min-confidence."
        )
    kept = [point for point in curve if point.error <= error]
    if not kept:
        least = min(curve, key=lambda point: point.error)
        raise NoSuchPromise(
            f"no confidence is known to keep errors under {error:g}: the least that can be promised is "
            f"{least.error:g}, at a confidence of {least.threshold:g}, which {least.coverage:.0%} of the numbers reach."
        )
    return max(kept, key=lambda point: (point.coverage, -point.threshold)).threshold
