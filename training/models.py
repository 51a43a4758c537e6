"""The networks, by name: a glyph (28, 28, 1) of 0 to 255 goes in, one logit for each label comes out."""

from __future__ import annotations

from collections.abc import Callable

import keras
from keras import layers


def shipped(classes: int) -> keras.Model:
    """Six convolutions with batch normalisation; small enough to classify a whole lattice at once.

    It halves the size by strides rather than pooling: 5 million multiply-adds, most of them at 14 x 14.
    """
    glyph = keras.Input((28, 28, 1))
    x = layers.Rescaling(1 / 255)(glyph)
    for filters, stride, padding in (
        (16, 1, "same"),
        (32, 2, "same"),
        (32, 1, "same"),
        (64, 2, "same"),
        (64, 1, "same"),
        (96, 1, "valid"),
    ):
        x = layers.Conv2D(filters, 3, stride, padding, use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        x = layers.ReLU()(x)
    x = layers.Flatten()(x)
    x = layers.Dropout(0.3)(x)
    x = layers.Dense(128, use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.Dropout(0.2)(x)
    return keras.Model(glyph, layers.Dense(classes)(x), name="shipped")


MODELS: dict[str, Callable[[int], keras.Model]] = {"shipped": shipped}


def with_softmax(network: keras.Model) -> keras.Model:
    """Return `network` with its logits turned into probabilities: what is saved and shipped."""
    return keras.Model(network.input, layers.Softmax()(network.output), name=network.name)
