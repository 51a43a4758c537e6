"""Fits the weights of whole readings: which of a line's likeliest paths is right.

A log-linear model over the traits of each path, added to its log-probability; the loss is minus
the log-probability of the right text among the paths that the lattice kept and what it did not
keep. The score of the lattice must not have seen the lines, or its probabilities flatter.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from recognizer.candidates import Candidate
from recognizer.decode import Lattice, number_probability
from recognizer.decode import Path as Way
from recognizer.file import write_file
from recognizer.ink import Mark
from recognizer.reading import DIGITS
from recognizer.rescore import merits, traits, weighed
from training.lattice import Example

FAINTEST = 1e-9  # shares of what the beam has not kept count as this at least
_NO_INK = Mark(0, 0, np.zeros((1, 1), np.uint8))


@dataclass(frozen=True, eq=False)
class Contest:
    """The likeliest `paths` of one line of `labels`, and the `example` that says what is written on it."""

    example: Example
    labels: tuple[str, ...]
    paths: tuple[Way, ...]

    @property
    def geometry(self) -> NDArray[np.float32]:
        """The places and sizes of the candidates: (candidates, geometry)."""
        return self.example.seen[:, len(self.labels) :]

    def right(self, text: str) -> bool:
        """Say whether `text` is what is written, whatever stands in it that may stand anywhere."""
        free = {self.labels[i] for i in np.flatnonzero(self.example.free)}
        return [c for c in text if c not in free] == [self.labels[c] for c in self.example.classes]

    def number_right(self, text: str) -> bool:
        """Say whether the digits of `text` are those that are written."""
        written = [self.labels[c] for c in self.example.classes]
        return [c for c in text if c in DIGITS] == [c for c in written if c in DIGITS]


def contests(found: Sequence[Example], score: keras.Model, labels: tuple[str, ...]) -> Iterator[Contest]:
    """Yield the contest of each example, by a `score` that has not seen it."""
    for e, lattice in lattices(found, score, labels):
        yield Contest(e, labels, lattice.paths())


def lattices(
    found: Sequence[Example], score: keras.Model, labels: tuple[str, ...]
) -> Iterator[tuple[Example, Lattice]]:
    """Yield each example with its lattice, by a `score` that has not seen it; the candidates have no ink."""
    potentials = score.predict(np.concatenate([e.seen for e in found]), batch_size=8192, verbose=0).astype(np.float64)
    ends = np.cumsum([len(e.seen) for e in found])
    for e, part in zip(found, np.split(potentials, ends[:-1]), strict=True):
        candidates = tuple(Candidate(int(start), int(start + more + 1), _NO_INK) for start, more in e.runs)
        yield e, Lattice(e.places, candidates, labels, part)


def readings(of: Sequence[Contest], weights: Mapping[str, float]) -> dict[str, list[tuple[bool, bool, float]]]:
    """Return for each kind of page whether each text and number is read right, and how sure the number is."""
    found: dict[str, list[tuple[bool, bool, float]]] = {}
    for c in of:
        paths = weighed(c.paths, merits(c.labels, c.geometry, weights))
        best = paths[0].text
        found.setdefault(c.example.kind, []).append((c.right(best), c.number_right(best), number_probability(paths)))
    return found


def fit(of: Sequence[Contest], decay: float = 1.0) -> dict[str, float]:
    """Return the weight of each trait, in nats, that makes the right paths likeliest.

    `decay` holds weights near 0 (the inverse variance of a Gaussian prior, traits in units of
    their own spread), so that what was seldom seen says little.
    """
    rows = [c.geometry.tolist() for c in of]
    seen = [[traits(p, c.labels, own) for p in c.paths] for c, own in zip(of, rows, strict=True)]
    names = sorted({name for each in seen for one in each for name in one})
    column = {name: i for i, name in enumerate(names)}
    most = max(len(c.paths) for c in of) + 1
    x = np.zeros((len(of), most, len(names)), np.float32)
    base, right = np.full((len(of), most), -np.inf), np.zeros((len(of), most), np.bool_)
    for k, c in enumerate(of):
        shares = np.array([p.probability for p in c.paths])
        good = [c.right(p.text) for p in c.paths]
        base[k, : len(shares) + 1] = np.log(np.maximum([*shares, 1 - shares.sum()], FAINTEST))
        right[k, : len(good) + 1] = [*good, not any(good)]  # else it is among those that the beam has not kept
        for i, one in enumerate(seen[k]):
            x[k, i, [column[name] for name in one]] = list(one.values())
    units = np.maximum(x.reshape(-1, len(names)).std(0), 0.05)
    x /= units

    def loss(w: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weight = base + x @ w.astype(np.float32)
        whole = np.logaddexp.reduce(weight, axis=1)
        spelling = np.where(right, weight, -np.inf)
        spelt = np.logaddexp.reduce(spelling, axis=1)
        slope = np.exp(weight - whole[:, None]) - np.exp(spelling - spelt[:, None])
        gradient = slope.reshape(-1).astype(np.float32) @ x.reshape(-1, len(names)) + decay * w
        return float((whole - spelt).sum() + decay / 2 * w @ w), gradient

    found = optimize.minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return {name: round(float(w / u), 4) for name, w, u in zip(names, found.x, units, strict=True)}


def save_weights(weights: Mapping[str, float], path: Path) -> None:
    """Write `weights` to `path` (.json)."""
    write_file(path, json.dumps(weights, indent=1).encode())
