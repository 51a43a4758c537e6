"""Candidates and their scores -> the best way through a line, its rivals, and how sure it is.

The lattice is a graph: its nodes are the places between pieces, its edges the candidates, each
with a score for every label. Forward and backward sums over all paths give probabilities
(L. R. Rabiner, 1989); a beam over texts finds the readings that weigh most, every way of cutting
the ink that gives the same text counted together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recognizer.candidates import Candidate
from recognizer.reading import DIGITS
from recognizer.score import Potentials

BEAM = 8  # texts kept at each place
_NEGLIGIBLE = 9.0  # nats behind the best path, from which on an edge is not followed
_FAR_FETCHED = 16.0  # the same where a text is wanted, which the best path may not have


_Way: TypeAlias = "tuple[float, float, str, _Way, tuple[int, int]] | tuple[float, float, str, None, None]"
"""All ways to a place that give one text: their log weight, that of the best of them, the text, and of the best what
comes before its last step, and that. Plain tuples, for a long line has a thousand."""
_NOWHERE: _Way = (0.0, 0.0, "", None, None)


class Wanted(Protocol):
    """What a text is to be, as a format says."""

    def viable(self, prefix: str) -> bool:
        """Say whether a text that is wanted may begin with `prefix`."""

    def complete(self, text: str) -> bool:
        """Say whether `text` is wanted."""


class Step(NamedTuple):
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

    @cached_property
    def sums(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The log weights (places + 1,) of all ways to each place, and of all ways from it on."""
        return self._ways(np.logaddexp.reduce(self.potentials, axis=1), _log_sum)

    def _ways(
        self, edges: NDArray[np.float64], join: Callable[[list[float]], float]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        into: list[list[tuple[int, float]]] = [[] for _ in range(self.places + 1)]
        out: list[list[tuple[int, float]]] = [[] for _ in range(self.places + 1)]
        for (start, stop), weight in zip(self._spans.tolist(), edges.tolist(), strict=True):
            into[stop].append((start, weight))
            out[start].append((stop, weight))
        forward, backward = [0.0] * (self.places + 1), [0.0] * (self.places + 1)
        for place in range(1, self.places + 1):
            forward[place] = join([forward[start] + weight for start, weight in into[place]])
        for place in range(self.places - 1, -1, -1):
            backward[place] = join([backward[stop] + weight for stop, weight in out[place]])
        return np.array(forward), np.array(backward)

    @cached_property
    def _spans(self) -> NDArray[np.int_]:
        """The places (candidates, 2) at which each candidate starts and stops."""
        return np.array([(c.start, c.stop) for c in self.candidates], int).reshape(-1, 2)

    def posteriors(self) -> NDArray[np.float64]:
        """Return the probability (candidates, labels) that the right path holds each edge."""
        return np.asarray(np.exp(self._through(self.sums) - self.sums[0][-1]))

    def _through(self, ways: tuple[NDArray[np.float64], NDArray[np.float64]]) -> NDArray[np.float64]:
        """Return the log weight (candidates, labels) of the ways through each edge."""
        start, stop = self._spans[:, 0], self._spans[:, 1]
        return (ways[0][start] + ways[1][stop])[:, None] + self.potentials

    def paths(self, count: int = BEAM, wanted: Wanted | None = None) -> tuple[Path, ...]:
        """Return the readings of the line that weigh most, likeliest first, at most `count`.

        Their probabilities fall short of 1 by those of the readings that the beam has not kept. Where
        a text is `wanted`, only readings of it are kept, and there may be none.
        """
        if not self.places:
            return (Path("", (), 1.0),)
        edges = self._edges(_FAR_FETCHED if wanted else _NEGLIGIBLE)
        beams: list[dict[str, _Way]] = [{} for _ in range(self.places + 1)]
        beams[0][""] = _NOWHERE
        for place in range(self.places):
            onward = [(beams[stop], step, label, value) for stop, step, label, value in edges[place]]
            for way in _heaviest(beams[place].values(), max(count, BEAM)):
                mass, best, text, _, _ = way
                for beam, step, label, value in onward:
                    longer = text + label
                    if wanted and label and not wanted.viable(longer):
                        continue
                    further: _Way = (mass + value, best + value, longer, way, step)
                    known = beam.setdefault(longer, further)
                    if known is not further:
                        beam[longer] = _joined(known, further)
        total = float(self.sums[0][-1])
        whole = [way for text, way in beams[-1].items() if not wanted or wanted.complete(text)]
        found = _heaviest(whole, count)
        return tuple(Path(way[2], _steps(way), math.exp(min(0.0, way[0] - total))) for way in found)

    def blank(self) -> Path:
        """Return the way on which no piece is a symbol."""
        none = self.labels.index("")
        steps = [Step(i, none) for i in np.flatnonzero(np.diff(self._spans)[:, 0] == 1).tolist()]
        weight = float(self.potentials[[step.candidate for step in steps], none].sum())
        return Path("", tuple(steps), math.exp(min(0.0, weight - float(self.sums[0][-1]))))

    def _edges(self, behind: float) -> list[list[tuple[int, tuple[int, int], str, float]]]:
        """Return, by the place where they start, the edges of likely paths: where they stop, step, label, score.

        Likely are those that are less than so many nats `behind` the best.
        """
        ways = self._ways(self.potentials.max(1), max)
        edges: list[list[tuple[int, tuple[int, int], str, float]]] = [[] for _ in range(self.places)]
        likely = self._through(ways) > ways[0][-1] - behind
        places, values = self._spans.tolist(), self.potentials[likely].tolist()
        for step, value in zip(zip(*map(np.ndarray.tolist, likely.nonzero()), strict=True), values, strict=True):
            start, stop = places[step[0]]
            edges[start].append((stop, step, self.labels[step[1]], value))
        return edges


def _joined(known: _Way, way: _Way) -> _Way:
    """Return two ways to one place that give one text as one: the steps of the better of them."""
    heavier, lighter = max(known[0], way[0]), min(known[0], way[0])
    mass = heavier + math.log1p(math.exp(lighter - heavier))
    return (mass, *known[1:]) if known[1] >= way[1] else (mass, *way[1:])


def _steps(way: _Way) -> tuple[Step, ...]:
    """Return the steps of the best of a text's ways."""
    steps = []
    while way[3] is not None:
        *_, way, step = way
        steps.append(Step(*step))
    return tuple(reversed(steps))


def _heaviest(ways: Iterable[_Way], count: int) -> list[_Way]:
    return sorted(ways, key=itemgetter(0), reverse=True)[:count]


def _log_sum(values: list[float]) -> float:
    most = max(values)
    return most + math.log(sum([math.exp(v - most) for v in values]))


def number_probability(paths: Sequence[Path]) -> float:
    """Return the probability that the digits of the first of `paths` are right: of all that share them."""
    wanted = digits(paths[0].text)
    return min(1.0, sum(p.probability for p in paths if digits(p.text) == wanted))


def digits(text: str) -> str:
    """Return the digits of `text` alone."""
    return "".join(c for c in text if c in DIGITS)
