"""Candidates and their scores -> the best way through a line, its rivals, and how sure it is.

The lattice is a graph: its nodes are the places between pieces, its edges the candidates, each
with a score for every label. Forward and backward sums over all paths give probabilities
(L. R. Rabiner, 1989); a beam over texts finds the readings that weigh most, every way of cutting
the ink that gives the same text counted together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer.candidates import Candidate
from recognizer.formats import plausibility
from recognizer.reading import DIGITS
from recognizer.score import Potentials

BEAM = 12  # texts kept at each place
_NEGLIGIBLE = 14.0  # nats behind the best path, from which on an edge is not followed


@dataclass(frozen=True)
class Step:
    """One edge of a path: candidate number `candidate` read as label number `label`."""

    candidate: int
    label: int


@dataclass(frozen=True)
class Path:
    """One text for a line, its best `steps`, and the `probability` of all paths with this text."""

    text: str
    steps: tuple[Step, ...]
    probability: float


@dataclass(frozen=True, eq=False)
class Lattice:
    """A line's candidates over `places` pieces with the score (candidates, labels) of each label."""

    places: int
    candidates: tuple[Candidate, ...]
    labels: tuple[str, ...]
    potentials: Potentials

    def sums(self, best: bool = False) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the log weights (places + 1,) of all ways to each place and from it on.

        With `best`, of the best way alone.
        """
        join = np.max if best else np.logaddexp.reduce
        edges = join(self.potentials, axis=1) if len(self.candidates) else np.zeros(0)
        into: list[list[int]] = [[] for _ in range(self.places + 1)]
        out: list[list[int]] = [[] for _ in range(self.places + 1)]
        for i, c in enumerate(self.candidates):
            into[c.stop].append(i)
            out[c.start].append(i)
        forward = np.full(self.places + 1, -np.inf)
        backward = np.full(self.places + 1, -np.inf)
        forward[0] = backward[self.places] = 0.0
        for place in range(1, self.places + 1):
            forward[place] = join([forward[self.candidates[i].start] + edges[i] for i in into[place]])
        for place in range(self.places - 1, -1, -1):
            backward[place] = join([backward[self.candidates[i].stop] + edges[i] for i in out[place]])
        return forward, backward

    def posteriors(self) -> NDArray[np.float64]:
        """Return the probability (candidates, labels) that the right path holds each edge."""
        forward, backward = self.sums()
        start = np.array([c.start for c in self.candidates], int)
        stop = np.array([c.stop for c in self.candidates], int)
        return np.asarray(np.exp((forward[start] + backward[stop] - forward[-1])[:, None] + self.potentials))

    def paths(self, count: int = BEAM) -> tuple[Path, ...]:
        """Return the readings of the line that weigh most, likeliest first, at most `count`."""
        if not self.places:
            return (Path("", (), 1.0),)
        total = float(self.sums()[0][-1])
        edges = self._edges()
        beams: list[dict[str, tuple[float, float, tuple[Step, ...]]]] = [{} for _ in range(self.places + 1)]
        beams[0][""] = (0.0, 0.0, ())
        for place in range(self.places):
            kept = sorted(beams[place].items(), key=lambda item: -item[1][0])[: max(count, BEAM)]
            for text, (mass, best, steps) in kept:
                for stop, step, value in edges[place]:
                    longer = text + self.labels[step.label]
                    known = beams[stop].get(longer)
                    if known is None:
                        beams[stop][longer] = (mass + value, best + value, (*steps, step))
                    else:
                        way = (best + value, (*steps, step)) if best + value > known[1] else known[1:]
                        beams[stop][longer] = (float(np.logaddexp(known[0], mass + value)), *way)
        return _weighed({text: (mass - total, steps) for text, (mass, _, steps) in beams[-1].items()})[:count]

    def _edges(self) -> list[list[tuple[int, Step, float]]]:
        """Return, by the place where they start, the edges that some likely path uses: (stop, step, score)."""
        forward, backward = self.sums(best=True)
        start = np.array([c.start for c in self.candidates], int)
        stop = np.array([c.stop for c in self.candidates], int)
        through = (forward[start] + backward[stop])[:, None] + self.potentials
        edges: list[list[tuple[int, Step, float]]] = [[] for _ in range(self.places)]
        for i, label in np.argwhere(through > forward[-1] - _NEGLIGIBLE).tolist():
            edges[start[i]].append((int(stop[i]), Step(i, label), float(self.potentials[i, label])))
        return edges


def _weighed(found: dict[str, tuple[float, tuple[Step, ...]]]) -> tuple[Path, ...]:
    """Return texts with their log-probability as paths, likeliest first, once rules of writing are weighed in.

    What the beam has not kept counts as plausible: the more of it there is, the less sure the rest.
    """
    shares = {text: float(np.exp(min(0.0, mass))) for text, (mass, _) in found.items()}
    weights = {text: share * float(np.exp(plausibility(text))) for text, share in shares.items()}
    total = sum(weights.values()) + max(0.0, 1.0 - sum(shares.values()))
    paths = (Path(text, steps, weights[text] / total) for text, (_, steps) in found.items())
    return tuple(sorted(paths, key=lambda p: -p.probability))


def number_probability(paths: Sequence[Path]) -> float:
    """Return the probability that the digits of the first of `paths` are right: of all that share them."""
    wanted = digits(paths[0].text)
    return min(1.0, sum(p.probability for p in paths if digits(p.text) == wanted))


def digits(text: str) -> str:
    """Return the digits of `text` alone."""
    return "".join(c for c in text if c in DIGITS)
