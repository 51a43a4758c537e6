"""Trains the line model: convolutions over a line's strip, and connectionist temporal classification.

The network gives each four columns of a strip a label or none; all ways to spell the text over
the columns are summed (A. Graves, S. Fernandez, F. Gomez and J. Schmidhuber, ICML 2006), so
nobody has to say where a symbol stands. Marks that may stand on a line unnamed count as none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from keras.initializers import Constant
from numpy.typing import NDArray
from tqdm import tqdm

from recognizer.file import write_file
from recognizer.line_model import likeliest
from recognizer.reading import DIGITS, digits_of
from recognizer.strip import ROWS
from training.checkpoint import Progress, fingerprint, load_checkpoint, save_checkpoint
from training.epochs import epochs
from training.export import save_network
from training.mix import LABELS
from training.strips import Labelled, StripMaker
from training.train import Recipe, Schedule, averaged, optimizer_of

NONE = len(LABELS) - 1  # the last output says none, as the classifier's says "no single symbol"
_NEVER = -1e4
_STEP = 32  # columns that the width of a batch is rounded up to

Batch = tuple[NDArray[np.float32], NDArray[np.float32]]


@dataclass(frozen=True)
class LineRecipe:
    """Everything that decides a training's result, next to its data; `strips` make an epoch.

    A `deep` network has three blocks more, which begin as next to nothing.
    """

    deep: bool = False
    epochs: int = 36
    strips: int = 12_800
    batch: int = 64
    rate: float = 2e-3
    decay: float = 1e-2
    seed: int = 1


def network(deep: bool = False) -> keras.Model:
    """Return the line model: strips (lines, ROWS, columns, 1) of 0 to 255 to logits (lines, columns / 4, labels)."""
    strip = keras.Input((ROWS, None, 1))
    x = layers.Rescaling(1 / 255)(strip)
    x = _block(x, "edges", 24, (5, 5), strides=2)
    x = layers.MaxPooling2D(2, padding="same")(_block(x, "corners", 48, (3, 3)))
    x = _around(_block(x, "turns", 72, (3, 3)), "turns", (3, 3), deep)
    x = layers.MaxPooling2D((2, 1))(x)
    x = _around(_block(x, "parts", 112, (3, 3)), "parts", (3, 3), deep)
    x = layers.Dropout(0.1)(_block(x, "columns", 144, (ROWS // 8, 1), padding="valid"))
    x = _around(_around(x, "near", (1, 5)), "far", (1, 5), deep)
    x = layers.Conv2D(len(LABELS), 1, name="labels")(layers.Dropout(0.2)(x))
    return keras.Model(strip, layers.Reshape((-1, len(LABELS)))(x), name="line")


def deepened(start: keras.Model) -> keras.Model:
    """Return the deep network with the weights of `start`, which is not: its further blocks do next to nothing yet."""
    model = network(deep=True)
    for layer in start.layers:
        if layer.weights:
            model.get_layer(layer.name).set_weights(layer.get_weights())
    return model


def _block(
    x: Any, name: str, channels: int, shape: tuple[int, int], strides: int = 1, padding: str = "same", gain: float = 1
) -> Any:
    x = layers.Conv2D(channels, shape, strides, padding, use_bias=False, name=name)(x)
    return layers.ReLU()(layers.BatchNormalization(gamma_initializer=Constant(gain), name=f"{name}_norm")(x))


def _around(x: Any, name: str, shape: tuple[int, int], deep: bool = False) -> Any:
    """Return `x` with what a block, or two where it is `deep`, adds to it (residual learning: K. He et al., CVPR 2016).

    The second begins with a gain of a tenth, so that a network keeps what it knows when it is added.
    """
    x = layers.Add()([x, _block(x, f"{name}_around", x.shape[-1], shape)])
    return layers.Add()([x, _block(x, f"{name}_deep", x.shape[-1], shape, gain=0.1)]) if deep else x


@keras.saving.register_keras_serializable("training")  # type: ignore[untyped-decorator]
def loss(right: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Return minus the log-probability of each text (lines,).

    `right` (lines, 1 + longest) holds whether marks are free, then the classes of the text, -1
    where it has ended.
    """
    free, classes = right[:, 0] > 0, tf.cast(right[:, 1:], tf.int32)
    unnamed = tf.constant([label not in DIGITS for label in LABELS])
    none = tf.reduce_logsumexp(tf.where(unnamed, logits, _NEVER), -1, keepdims=True)
    digits = tf.concat([tf.where(unnamed, _NEVER, logits)[..., :-1], none], -1)
    logits = tf.where(free[:, None, None], digits, logits)
    lengths = tf.fill(tf.shape(logits)[:1], tf.shape(logits)[1])
    empty = classes[:, 0] < 0  # which `ctc_loss` does not take: the one way is none everywhere
    some = tf.concat([tf.where(empty, 0, classes[:, 0])[:, None], classes[:, 1:]], 1)
    labels = tf.sparse.from_dense(some + 1)  # the padding becomes 0, which sparse tensors leave out
    labels = tf.SparseTensor(labels.indices, labels.values - 1, labels.dense_shape)
    spelt = tf.nn.ctc_loss(labels, logits, None, lengths, logits_time_major=False, blank_index=NONE)
    return tf.where(empty, -tf.reduce_sum(tf.nn.log_softmax(logits)[..., NONE], -1), spelt)


def batches(strips: Sequence[Labelled], size: int, rng: np.random.Generator) -> list[Batch]:
    """Return `strips` in batches of like width, in random order: (lines, ROWS, columns, 1) and what `loss` takes.

    A strip too short to spell its text is left out.
    """
    strips = [s for s in strips if 2 * len(s.text) < s.strip.shape[1] / 4]
    order = sorted(range(len(strips)), key=lambda i: strips[i].strip.shape[1] + float(rng.uniform(0, 40)))
    groups = [[strips[i] for i in order[k : k + size]] for k in range(0, len(order), size)]
    return [batch(groups[i]) for i in rng.permutation(len(groups))]


def batch(group: Sequence[Labelled]) -> Batch:
    """Pad `group` with paper to one batch."""
    wide = -(-max(s.strip.shape[1] for s in group) // _STEP) * _STEP
    inks = np.zeros((len(group), ROWS, wide, 1), np.float32)
    right = np.full((len(group), 2 + max(len(s.text) for s in group)), -1, np.float32)
    for i, s in enumerate(group):
        inks[i, :, : s.strip.shape[1], 0] = s.strip
        right[i, 0] = s.free
        right[i, 1 : 1 + len(s.text)] = [LABELS.index(c) for c in s.text]
    return inks, right


def accuracy(model: keras.Model, checks: Sequence[Labelled]) -> float:
    """Return the share of `checks` whose text, or digits where marks are free, is the likeliest way to `model`."""
    right = 0
    order = sorted(checks, key=lambda s: s.strip.shape[1])
    for k in range(0, len(order), 64):
        group = order[k : k + 64]
        for logits, s in zip(model.predict_on_batch(batch(group)[0]), group, strict=True):
            text = likeliest(logits, LABELS)
            right += (digits_of(text) if s.free else text) == s.text
    return right / max(1, len(checks))


def train(
    recipe: LineRecipe,
    maker: StripMaker,
    checks: Mapping[str, Sequence[Labelled]],
    folder: Path,
    start: keras.Model | None = None,
) -> keras.Model:
    """Train by `recipe` on what `maker` makes; return the network, its weights averaged (EMA).

    Its weights begin as those of `start`, where it is given. After every epoch `checks` are scored,
    never trained on, and a checkpoint is written below `folder`, from which an interrupted run goes on.

    Raises
    ------
    BadData
        Where `folder` holds a training with other settings or data, or a broken checkpoint.
    """
    folder.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(recipe.seed)
    model, progress, state = _compiled(recipe), Progress(), folder / "state.npz"
    if start:
        model.set_weights(start.get_weights())
    pictures = [*(scan.strip for scan in maker.scans), *(line.strip for line in maker.patterned)]
    settings = {"recipe": asdict(recipe), "data": {"fingerprint": fingerprint(maker.corpus, pictures)}}
    if state.exists():
        progress = load_checkpoint(state, model, settings)
    first = recipe.seed * 10_000
    todo = range(first + len(progress.log), first + recipe.epochs)
    with closing(epochs(maker, todo)) as coming:
        for seed, strips in zip(todo, coming, strict=True):
            made = batches(strips, recipe.batch, np.random.default_rng(seed))
            bar = tqdm(made, desc=f"epoch {len(progress.log) + 1}", unit=" batches", leave=False)
            model.reset_metrics()
            told = [float(model.train_on_batch(*one)) for one in bar]  # each the mean of all so far
            row: dict[str, Any] = {"epoch": len(progress.log) + 1, "loss": told[-1]}
            now = averaged(model)
            progress.log.append(row | {name: accuracy(now, check) for name, check in checks.items()})
            tqdm.write(json.dumps(progress.log[-1]))
            save_checkpoint(state, model, progress, settings)
            write_file(folder / "history.json", json.dumps(progress.log, indent=1).encode())
    final = averaged(model)
    save_network(final, folder / "line.keras")
    return final


def _compiled(recipe: LineRecipe) -> keras.Model:
    model = network(recipe.deep)
    schedule = Schedule(recipe.rate, recipe.epochs * -(-recipe.strips // recipe.batch))
    model.compile(optimizer_of("adamw", schedule, Recipe(rate=recipe.rate, decay=recipe.decay)), loss)
    return model
