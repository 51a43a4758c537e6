"""Candidates -> probabilities: what each looks like by itself, by its glyph and, where its strokes are known, by these.

Two networks that see different things err at different places; the product of what they say, each to the power of
what it is worth, errs less than either (as in J. Kittler et al., On combining classifiers, PAMI 20, 1998).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from recognizer.candidates import Candidate, strokes_of
from recognizer.classify import Classifier, Probabilities
from recognizer.locate import Line
from recognizer.trajectory import trajectory_of

WEIGHTS = ("glyph beside a trajectory", "trajectory")
"""How much the log-probabilities of both weigh, among the weights of whole readings."""

_LEAST = 1e-9  # probabilities under this all count as this


@dataclass(frozen=True, eq=False)
class Sight:
    """What sees candidates by themselves: a `classifier` of glyphs and, for whole strokes, a `trajectory_model`.

    Both tell the same labels; `weights` hold what each is worth beside the other.
    """

    classifier: Classifier
    trajectory_model: Classifier | None = None
    weights: Mapping[str, float] = field(default_factory=dict)

    def looks(self, line: Line, candidates: Sequence[Candidate]) -> Probabilities:
        """Return the probabilities (candidates, labels) of what each candidate of `line` is."""
        looks = self.classifier.probabilities(np.stack([c.mark.glyph for c in candidates]))
        drawn = [(i, own) for i, own in enumerate(strokes_of(line, candidates)) if own] if self.trajectory_model else []
        if self.trajectory_model and drawn:
            places = [i for i, _ in drawn]
            told = self.trajectory_model.probabilities(np.stack([trajectory_of(strokes) for _, strokes in drawn]))
            looks[places] = together(looks[places], told, [self.weights.get(name, 0.0) for name in WEIGHTS])
        return looks


def together(looks: Probabilities, told: Probabilities, weights: Sequence[float]) -> Probabilities:
    """Return the product of `looks` and `told` (n, labels), each to the power of its weight, as probabilities."""
    merits = sum(w * np.log(np.maximum(p, _LEAST)) for w, p in zip(weights, (looks, told), strict=True))
    likely = np.exp(merits - np.max(merits, axis=1, keepdims=True))
    return np.asarray(likely / likely.sum(1, keepdims=True), np.float32)
