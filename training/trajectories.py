"""Trains the trajectory model: what a symbol is by the way of the pen, from the strokes of the pen data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import layers
from scipy import optimize

from recognizer.classify import Classifier
from recognizer.looks import WEIGHTS, together
from recognizer.trajectory import CHANNELS, POINTS, Trajectory, trajectory
from training import augment, mix
from training.data import Trace
from training.mix import Corpus, Maker
from training.models import Design
from training.train import Checks

_SHUFFLED = 0.1  # of the symbols: their strokes come in any order
_BACKWARDS = 0.03  # of the strokes


def in_order(traces: Sequence[Trace]) -> list[Trace]:
    """Return `traces` from left to right by their middles, as the pieces of a line stand."""
    return sorted(traces, key=lambda t: float(t[:, 0].min() + t[:, 0].max()))


class TrajectoryMaker(Maker):
    """Makes epochs of trajectories: the same characters and rejects as are drawn as glyphs, without pictures."""

    shape = (POINTS, CHANNELS)

    def drawn(self, traces: Sequence[Trace], writer: str, rng: np.random.Generator) -> Trajectory:
        """Return the trajectory (POINTS, CHANNELS) of `traces` as another hand would have written them."""
        bent = in_order(augment.bend(traces, rng, self.mix.strength))
        if rng.random() < _SHUFFLED:
            rng.shuffle(bent)
        return trajectory([t[::-1] if rng.random() < _BACKWARDS else t for t in bent])


def network(classes: int) -> keras.Model:
    """Return six convolutions along the way of the pen, halved thrice by strides: 2 million multiply-adds."""
    inlet = keras.Input((POINTS, CHANNELS, 1))
    x = layers.Reshape((POINTS, CHANNELS))(layers.Rescaling(1 / 127.5, -1)(inlet))
    for filters, width, stride in ((40, 5, 1), (56, 5, 2), (56, 5, 1), (80, 5, 2), (80, 5, 1), (80, 3, 2)):
        x = _normalised(layers.Conv1D(filters, width, stride, "same", use_bias=False)(x))
    x = layers.Dropout(0.3)(layers.Flatten()(x))
    x = layers.Dropout(0.2)(_normalised(layers.Dense(80, use_bias=False)(x)))
    return keras.Model(inlet, layers.Dense(classes)(x), name="trajectory")


def _normalised(x: Any) -> Any:
    return layers.ReLU()(layers.BatchNormalization()(x))


DESIGN = Design(network, maker=TrajectoryMaker)


def checks(corpus: Corpus) -> Checks:
    """Return the trajectories and classes of a held-out corpus, as written: its digits and its marks."""
    sets = {}
    for name, wanted in (("pen digits", mix.DIGITS), ("pen marks", mix.MARKS)):
        samples = [s for s in corpus.characters if s.label in wanted]
        if samples:
            ways = [trajectory(in_order(s.traces)) for s in samples]
            sets[name] = np.stack(ways), np.array([mix.target(s.label) for s in samples])
    return sets


def weights(corpus: Corpus, classifier: Classifier, model: Classifier) -> dict[str, float]:
    """Return how much what `classifier` says of a glyph and `model` of its trajectory weigh on a held-out corpus."""
    samples = [s for s in corpus.characters if s.label not in mix.AMBIGUOUS]
    if not samples:
        return dict.fromkeys(WEIGHTS, 0.0)
    rng = np.random.default_rng(0)
    glyphs = [mix.pen_glyph(s.traces, corpus.hands[s.writer].height, rng, 0) for s in samples]
    looks = classifier.probabilities(np.stack(glyphs))
    told = model.probabilities(np.stack([trajectory(in_order(s.traces)) for s in samples]))
    right = np.arange(len(samples)), np.array([mix.target(s.label) for s in samples])

    def loss(w: Sequence[float]) -> float:
        return -float(np.log(np.maximum(together(looks, told, w)[right], 1e-12)).mean())

    found = optimize.minimize(loss, [0.5, 0.5], method="Nelder-Mead").x
    return {name: round(float(w), 4) for name, w in zip(WEIGHTS, found, strict=True)}
