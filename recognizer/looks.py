"""Candidates -> probabilities: what each looks like by itself, by its glyph and, where its strokes are known, by these.

Two networks that see different things err at different places; the product of what they say, each to the power of
what it is worth, errs less than either (as in J. Kittler et al., On combining classifiers, PAMI 20, 1998).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

import numpy as np

from recognizer.candidates import Candidate, strokes_of
from recognizer.classify import Classifier, Probabilities
from recognizer.ink import Mark
from recognizer.locate import Line
from recognizer.trajectory import trajectory_of

WEIGHTS = ("glyph beside a trajectory", "trajectory")
"""How much the log-probabilities of both weigh, among the weights of whole readings."""

_LEAST = 1e-9  # probabilities under this all count as this


@dataclass(frozen=True, eq=False)
class Sight:
    """What sees candidates by themselves: a `classifier` of glyphs and, for whole strokes, a `trajectory_model`.

    Both tell the same labels; `weights` hold what each is worth beside the other. What ink was seen
    to be is remembered as long as the ink is there. Safe to use from many threads.
    """

    classifier: Classifier
    trajectory_model: Classifier | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    _seen: WeakKeyDictionary[Mark, Probabilities] = field(default_factory=WeakKeyDictionary, init=False, repr=False)

    def looks(self, line: Line, candidates: Sequence[Candidate]) -> Probabilities:
        """Return the probabilities (candidates, labels) of what each candidate of `line` is."""
        seen = [self._seen.get(c.mark) for c in candidates]
        new = [c for c, own in zip(candidates, seen, strict=True) if own is None]
        made = iter(self._looks(line, new) if new else ())
        rows = [next(made) if own is None else own for own in seen]
        self._seen.update({c.mark: row for c, own, row in zip(candidates, seen, rows, strict=True) if own is None})
        return np.concatenate(rows).reshape(len(rows), -1)

    def _looks(self, line: Line, candidates: Sequence[Candidate]) -> Probabilities:
        """Return the same of candidates that were not seen before."""
        looks = self.classifier.probabilities(np.array([c.mark.glyph for c in candidates]))
        drawn = [(i, own) for i, own in enumerate(strokes_of(line, candidates)) if own] if self.trajectory_model else []
        if self.trajectory_model and drawn:
            places = [i for i, _ in drawn]
            told = self.trajectory_model.probabilities(np.array([trajectory_of(strokes) for _, strokes in drawn]))
            looks[places] = together(looks[places], told, [self.weights.get(name, 0.0) for name in WEIGHTS])
        return looks


def together(looks: Probabilities, told: Probabilities, weights: Sequence[float]) -> Probabilities:
    """Return the product of `looks` and `told` (n, labels), each to the power of its weight, as probabilities."""
    merits = sum(w * np.log(np.maximum(p, _LEAST)) for w, p in zip(weights, (looks, told), strict=True))
    likely = np.exp(merits - np.max(merits, axis=1, keepdims=True))
    return np.asarray(likely / likely.sum(1, keepdims=True), np.float32)
