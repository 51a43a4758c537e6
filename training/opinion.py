"""Fits how much the line model's opinion weighs: on lines of writers whom no part of the reader knows.

The same log-linear model as for the traits of whole readings, on top of what these already say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from recognizer.line_model import LineModel
from recognizer.opinion import SILENT, TRAITS, Opinion, spelled
from recognizer.rescore import merits, weighed
from training.lattice import Example
from training.rescore import Contest, lattices

_RARE = 0.01  # of a line with digits that one without counts as
_DECAY = 5.0  # holds weights near 0

Weights = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Hearing:
    """The likeliest texts of a line and, in the last row, all others: what is `told` of them (n + 1, traits).

    `right` (n + 1,) says which of them is what is written, `kind` what kind of page it is, by whom.
    """

    told: NDArray[np.float64]
    right: NDArray[np.bool_]
    kind: str
    writer: str


def hearings(
    found: Sequence[Example], score: keras.Model, weights: Mapping[str, float], line_model: LineModel
) -> Iterator[Hearing]:
    """Yield the hearing of each example, by a `score` and a `line_model` that have not seen it."""
    labels = line_model.labels
    for e, lattice in lattices(found, score, labels):
        opinion = Opinion(line_model.frames(e.strip), labels, e.seen)
        paths = lattice.paths()
        contest = Contest(e, labels, paths + spelled(lattice, opinion, paths))
        heard = weighed(contest.paths, merits(labels, contest.geometry, weights))
        right = [contest.right(path.text) for path in heard]
        yield Hearing(opinion.traits(heard), np.array([*right, not any(right)]), e.kind, e.writer)


def fit(of: Sequence[Hearing], strangers: Sequence[Hearing] = ()) -> dict[str, float]:
    """Return the weight of each of `TRAITS` that makes the right texts likeliest.

    What speaks for nothing at all is weighed last, the others held, on lines without digits, `strangers`,
    as well: among the others they would teach the lattice to be doubted where it knows best. Each counts
    for little, since pages with numbers are what is read. Without hearings all are 0.
    """
    if not of:
        return dict.fromkeys(TRAITS, 0.0)
    silent = np.array(SILENT)
    first = _fitted(of, np.flatnonzero(~silent), np.zeros(len(TRAITS)))
    shares = [1.0] * len(of) + [_RARE] * len(strangers)
    weights = _fitted([*of, *strangers], np.flatnonzero(silent), first, shares)
    return {name: round(float(w), 4) for name, w in zip(TRAITS, weights, strict=True)}


def _fitted(of: Sequence[Hearing], free: NDArray[np.int_], start: Weights, shares: Sequence[float] = ()) -> Weights:
    """Return the weights `start`, those of the traits numbered `free` fitted on `of`; each counts as its share."""
    most = max(len(h.told) for h in of)
    base, told = np.full((len(of), most), -np.inf), np.zeros((len(of), most, len(free)))
    right, share = np.zeros((len(of), most), np.bool_), np.array(shares or [1.0] * len(of))
    for k, h in enumerate(of):
        n = len(h.told)
        base[k, :n], told[k, :n], right[k, :n] = h.told[:, 0] + h.told @ start, h.told[:, free], h.right

    def loss(w: Weights) -> tuple[float, Weights]:
        weight = base + told @ w
        whole, spelling = np.logaddexp.reduce(weight, axis=1), np.where(right, weight, -np.inf)
        spelt = np.logaddexp.reduce(spelling, axis=1)
        slope = (np.exp(weight - whole[:, None]) - np.exp(spelling - spelt[:, None])) * share[:, None]
        return float((share * (whole - spelt)).sum() + _DECAY / 2 * w @ w), np.einsum(
            "kn,knt->t", slope, told
        ) + _DECAY * w

    found = start.copy()
    found[free] = optimize.minimize(loss, np.zeros(len(free)), jac=True, method="L-BFGS-B").x
    return found


def texts_right(of: Sequence[Hearing], weights: Mapping[str, float]) -> dict[str, list[bool]]:
    """Return for each kind of page whether the likeliest text of each line is right, by `weights`."""
    merits = np.array([weights.get(name, 0.0) for name in TRAITS])
    found: dict[str, list[bool]] = {}
    for h in of:
        best = int((h.told[:, 0] + h.told @ merits)[:-1].argmax())
        found.setdefault(h.kind, []).append(bool(h.right[best]))
    return found
