"""The networks, by name: a glyph (28, 28, 1) of 0 to 255 goes in, one logit for each label comes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import layers

from training.mix import Maker


def simple(classes: int) -> keras.Model:
    """Two convolutions and no hidden layer: the network that Keras introduces itself with."""
    glyph, x = _glyph()
    x = layers.MaxPooling2D()(layers.Conv2D(32, 3, activation="relu")(x))
    x = layers.MaxPooling2D()(layers.Conv2D(64, 3, activation="relu")(x))
    x = layers.Dropout(0.25)(layers.Flatten()(x))
    return keras.Model(glyph, layers.Dense(classes)(x), name="simple")


def sequential(classes: int) -> keras.Model:
    """One convolution and one hidden layer, as in most first tutorials."""
    glyph, x = _glyph()
    x = layers.MaxPooling2D()(layers.Conv2D(32, 3, activation="relu")(x))
    x = layers.Dense(128, activation="relu")(layers.Flatten()(x))
    x = layers.Dropout(0.5)(x)
    return keras.Model(glyph, layers.Dense(classes)(x), name="sequential")


def adadelta(classes: int) -> keras.Model:
    """Wide first convolution, two hidden layers, and M. Zeiler's Adadelta (2012) at learning rate 1."""
    glyph, x = _glyph()
    x = layers.MaxPooling2D()(layers.Conv2D(32, 5, activation="relu")(x))
    x = layers.MaxPooling2D()(layers.Conv2D(64, 3, activation="relu")(x))
    x = layers.Dense(128, activation="relu")(layers.Flatten()(x))
    x = layers.Dropout(0.3)(x)
    x = layers.Dense(64, activation="relu")(x)
    x = layers.Dropout(0.5)(x)
    return keras.Model(glyph, layers.Dense(classes)(x), name="adadelta")


def advanced(classes: int) -> keras.Model:
    """Blocks of two convolutions with batch normalisation, halved by strides, dropout after each."""
    glyph, x = _glyph()
    for filters in (24, 48):
        x = _convolution(x, filters)
        x = _convolution(x, filters)
        x = _convolution(x, filters, stride=2)
        x = layers.Dropout(0.25)(x)
    x = _convolution(x, 96)
    x = layers.Dropout(0.3)(layers.Flatten()(layers.MaxPooling2D()(x)))
    x = _normalised(layers.Dense(128, use_bias=False)(x))
    x = layers.Dropout(0.4)(x)
    return keras.Model(glyph, layers.Dense(classes)(x), name="advanced")


def residual(classes: int) -> keras.Model:
    """Residual blocks (K. He et al., CVPR 2016): each adds to what it was given, so depth does no harm."""
    glyph, x = _glyph()
    x = _convolution(x, 16)
    for filters, stride in ((32, 2), (32, 1), (64, 2), (64, 1), (128, 2)):
        around = x
        if stride > 1 or x.shape[-1] != filters:
            around = layers.BatchNormalization()(layers.Conv2D(filters, 1, stride, use_bias=False)(x))
        x = _convolution(x, filters, stride)
        x = layers.BatchNormalization()(layers.Conv2D(filters, 3, padding="same", use_bias=False)(x))
        x = layers.ReLU()(layers.Add()([x, around]))
    x = layers.Dropout(0.3)(layers.GlobalAveragePooling2D()(x))
    return keras.Model(glyph, layers.Dense(classes)(x), name="residual")


def shipped(classes: int) -> keras.Model:
    """Six convolutions with batch normalisation; small enough to classify a whole lattice at once.

    It halves the size by strides rather than pooling: 7 million multiply-adds, most of them at 14 x 14.
    """
    glyph, x = _glyph()
    for filters, stride, padding in (
        (16, 1, "same"),
        (32, 2, "same"),
        (32, 1, "same"),
        (64, 2, "same"),
        (64, 1, "same"),
        (96, 1, "valid"),
    ):
        x = _convolution(x, filters, stride, padding)
    x = layers.Flatten()(x)
    x = layers.Dropout(0.3)(x)
    x = _normalised(layers.Dense(128, use_bias=False)(x))
    x = layers.Dropout(0.2)(x)
    return keras.Model(glyph, layers.Dense(classes)(x), name="shipped")


def _glyph() -> tuple[Any, Any]:
    """Return the inlet for glyphs, and the glyphs from 0 to 1."""
    glyph = keras.Input((28, 28, 1))
    return glyph, layers.Rescaling(1 / 255)(glyph)


def _convolution(x: Any, filters: int, stride: int = 1, padding: str = "same") -> Any:
    return _normalised(layers.Conv2D(filters, 3, stride, padding, use_bias=False)(x))


def _normalised(x: Any) -> Any:
    return layers.ReLU()(layers.BatchNormalization()(x))


@dataclass(frozen=True)
class Design:
    """A network with how it is usually trained: its optimiser, its learning rate, its epochs, what makes these."""

    build: Callable[[int], keras.Model]
    optimizer: str = "adamw"
    rate: float = 2e-3
    epochs: int = 10
    maker: type[Maker] = Maker


MODELS: dict[str, Design] = {
    "simple": Design(simple, epochs=4),
    "sequential": Design(sequential, epochs=4),
    "adadelta": Design(adadelta, "adadelta", 1.0, epochs=6),
    "advanced": Design(advanced, epochs=8),
    "residual": Design(residual, epochs=8),
    "shipped": Design(shipped, epochs=12),
}


def with_softmax(network: keras.Model) -> keras.Model:
    """Return `network` with its logits turned into probabilities: what is saved and shipped."""
    return keras.Model(network.input, layers.Softmax()(network.output), name=network.name)


def ensemble(members: Sequence[keras.Model]) -> keras.Model:
    """Return one network whose probabilities are the mean of those of its `members`."""
    glyph = keras.Input((28, 28, 1))
    for number, member in enumerate(members, 1):
        member.name = f"{member.name}_{number}"
    votes = [member(glyph) for member in members]
    return keras.Model(glyph, layers.Average()(votes) if len(votes) > 1 else votes[0], name="ensemble")


def multiply_adds(network: keras.Model) -> int:
    """Return the multiplications, each with an addition, that one glyph costs in convolutions and dense layers."""
    total = 0
    for layer in network.layers:
        if isinstance(layer, keras.Model):
            total += multiply_adds(layer)
        elif isinstance(layer, layers.Conv2D):
            places = int(np.prod(layer.output.shape[1:3]))
            total += places * int(np.prod(layer.kernel.shape))
        elif isinstance(layer, layers.Dense):
            total += int(np.prod(layer.kernel.shape))
    return total
