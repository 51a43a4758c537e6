"""Support vector classifiers (C. Cortes and V. Vapnik, 1995): scikit-learn fits them, and a network holds the result.

As a network, the machine is saved, exported and run like every other model, and opening it runs
no code, as opening a pickle would.
"""

from __future__ import annotations

import itertools
from typing import Any

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray
from sklearn.svm import SVC

from training.data import BadData
from training.mix import Glyphs

SIDES = {"svc": 28, "svc8": 8}  # pixels of a digit's side, as each of the two sees it
_EDGE, _POOL = 2, 3  # 28 x 28 less its empty edge is 24 x 24, in blocks of 3 x 3 that is 8 x 8
_LEVELS = 16  # of ink in each block, as in the digits that scikit-learn comes with


def machine(side: int, seed: int) -> SVC:
    """Return the machine for glyphs of `side` pixels: for 8 x 8 as in scikit-learn's example, for 28 x 28 wider."""
    return SVC(gamma=0.001, random_state=seed) if side == 8 else SVC(C=5.0, gamma="scale", random_state=seed)


def seen(glyphs: Glyphs, side: int) -> NDArray[np.float32]:
    """Return what the machine sees of `glyphs` (n, 28, 28): (n, side * side)."""
    if side == 28:
        return (glyphs.reshape(len(glyphs), -1) / 255).astype(np.float32)
    inner = glyphs[:, _EDGE:-_EDGE, _EDGE:-_EDGE].astype(np.float32)
    blocks = inner.reshape(-1, side, _POOL, side, _POOL).mean((2, 4))
    return np.asarray(blocks.reshape(len(glyphs), -1) * _LEVELS / 255, np.float32)


def fitted(glyphs: Glyphs, classes: NDArray[np.int64], side: int, seed: int) -> SVC:
    """Return a machine fitted on `glyphs` (n, 28, 28) and their `classes` (n,).

    Raises
    ------
    BadData
        Where there are not two classes.
    """
    if len(np.unique(classes)) < 2:
        raise BadData("A support vector machine needs glyphs of two classes at least: choose a larger --scale or mix.")
    return machine(side, seed).fit(seen(glyphs, side), classes)


def network(fitted: SVC, side: int, labels: int) -> keras.Model:
    """Return `fitted` as a network: a logit for each of `labels` classes, by the votes of all pairs of classes.

    It is scikit-learn's "one against rest" decision, which counts votes and breaks ties by margins.
    """
    glyph, x = _inlet(side)
    vectors = fitted.support_vectors_
    gamma = float(fitted._gamma)
    near = _dense(x, 2 * gamma * vectors.T, -gamma * (vectors**2).sum(1))
    far = layers.Rescaling(gamma)(layers.Dot(axes=1)([x, x]))
    margins = _dense(layers.Activation("exponential")(layers.Subtract()([near, far])), *_margins(fitted))
    wins, losses = _pairs(fitted.classes_, labels)
    votes = _dense(ops.sign(margins), (wins - losses) / 2, _votes_at_zero(wins + losses))
    sums = _dense(margins, wins - losses, np.zeros(labels))
    return keras.Model(glyph, layers.Add()([votes, layers.Rescaling(1 / 3)(ops.softsign(sums))]), name=f"svc{side}")


def _inlet(side: int) -> tuple[Any, Any]:
    glyph = x = keras.Input((28, 28, 1))
    if side == 8:
        x = layers.AveragePooling2D(_POOL)(layers.Cropping2D(_EDGE)(x))
    return glyph, layers.Rescaling((_LEVELS if side == 8 else 1) / 255)(layers.Flatten()(x))


def _dense(x: Any, kernel: NDArray[Any], bias: NDArray[Any]) -> Any:
    """Return `x` through a dense layer with these weights, which no training changes."""
    layer = layers.Dense(kernel.shape[1], trainable=False)
    out = layer(x)
    layer.set_weights([kernel.astype(np.float32), bias.astype(np.float32)])
    return out


def _margins(fitted: SVC) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the weights (vectors, pairs) and biases (pairs,) of the margin between every two classes."""
    counts = fitted.n_support_
    owner = np.repeat(np.arange(len(counts)), counts)
    weights = []
    for i, j in itertools.combinations(range(len(counts)), 2):
        weights.append(
            np.where(owner == i, fitted.dual_coef_[j - 1], 0) + np.where(owner == j, fitted.dual_coef_[i], 0)
        )
    binary = -1 if len(counts) == 2 else 1  # scikit-learn turns the sign of a single pair
    return binary * np.stack(weights, 1), binary * fitted.intercept_


def _pairs(classes: NDArray[np.int64], labels: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return which label (pairs, labels) each pair's positive side, and its negative side, votes for."""
    pairs = list(itertools.combinations(classes, 2))
    wins, losses = np.zeros((len(pairs), labels)), np.zeros((len(pairs), labels))
    for k, (i, j) in enumerate(pairs):
        wins[k, i] = losses[k, j] = 1
    return wins, losses


def _votes_at_zero(votes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the bias (labels,) that makes half votes whole; a label that no pair votes for is out of the running."""
    total = votes.sum(0)
    return np.where(total > 0, total / 2, -float(len(total)))
