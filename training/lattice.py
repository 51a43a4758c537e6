"""Fits the lattice's score: a semi-Markov conditional random field over candidates.

The potentials come from a small network over looks and geometry; its weights are chosen so that
the paths that spell a page's text outweigh all other paths (S. Sarawagi and W. W. Cohen, NIPS
2004). Nobody has to say which piece belongs to which symbol: all ways of cutting the ink that
give the text are summed, as connectionist temporal classification does for frames.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tqdm import tqdm

from recognizer.candidates import MOST_PIECES, candidates_of, geometry
from recognizer.drawing import Drawing
from recognizer.drawn import ink_of_drawing
from recognizer.file import write_file
from recognizer.ink import ink_of_page
from recognizer.ink_model import InkModel
from recognizer.locate import lines_of
from recognizer.looks import Sight
from recognizer.score import SHRINK, features
from recognizer.strip import Strip, strip_of
from training.mix import DIGITS
from training.pages import Page

_NEVER = -1e9


@dataclass(frozen=True, eq=False)
class Example:
    """A line with what was seen of each candidate, and the classes that its text spells.

    `runs` (candidates, 2) holds each candidate's first place and its number of pieces less one;
    `free` (labels,) marks the labels that may stand anywhere, unnamed; `strip` is the line's ink.
    """

    runs: NDArray[np.int64]
    seen: NDArray[np.float32]
    places: int
    classes: tuple[int, ...]
    free: NDArray[np.bool_]
    writer: str
    kind: str
    strip: Strip


def examples(pages: Iterable[Page], sight: Sight, ink_model: InkModel | None = None) -> list[Example]:
    """Return the lines of `pages` as examples, seen by `sight`; pages that fall into several lines are left out.

    Of noisy paper their ink is what `ink_model` takes for it.
    """
    found = []
    labels = sight.classifier.labels
    for page in pages:
        ink = ink_of_drawing(page.page) if isinstance(page.page, Drawing) else ink_of_page(page.page, ink_model)
        lines = lines_of(ink)
        if len(lines) != 1:
            continue
        line = lines[0]
        candidates = candidates_of(line)
        looks = sight.looks(line, candidates)
        found.append(
            Example(
                np.array([(c.start, c.stop - c.start - 1) for c in candidates]),
                features(looks, geometry(line, candidates, ink)),
                len(line.pieces),
                tuple(labels.index(c) for c in page.text),
                np.array([label in page.free for label in labels]),
                page.writer,
                page.kind,
                strip_of(line),
            )
        )
    return found


@dataclass(frozen=True, eq=False)
class Batch:
    """Examples padded to one size, B lines of up to P places, runs of up to R pieces, texts of up to K."""

    seen: tf.Tensor  # (candidates of all, features)
    where: tf.Tensor  # (candidates of all, 3): line, place, run
    places: tf.Tensor  # (B,)
    classes: tf.Tensor  # (B, K)
    lengths: tf.Tensor  # (B,)
    free: tf.Tensor  # (B, labels), 0 or _NEVER
    shape: tuple[int, int, int]  # (B, P, K)


def batch(group: Sequence[Example]) -> Batch:
    """Pad `group` to one batch."""
    longest = -(-max(e.places for e in group) // 8) * 8
    most = -(-max(1, *(len(e.classes) for e in group)) // 4) * 4 if len(group) > 1 else max(1, len(group[0].classes))
    where = np.concatenate([np.c_[np.full(len(e.runs), i), e.runs] for i, e in enumerate(group)])
    classes = np.zeros((len(group), most), np.int32)
    for i, e in enumerate(group):
        classes[i, : len(e.classes)] = e.classes
    return Batch(
        tf.constant(np.concatenate([e.seen for e in group])),
        tf.constant(where.astype(np.int32)),
        tf.constant([e.places for e in group]),
        tf.constant(classes),
        tf.constant([len(e.classes) for e in group]),
        tf.constant(np.where([e.free for e in group], 0.0, _NEVER).astype(np.float32)),
        (len(group), longest, most),
    )


def log_likelihood(potentials: tf.Tensor, b: Batch) -> tuple[tf.Tensor, tf.Tensor]:
    """Return, for each line (B,), the log weight of all paths that spell its text, and of all paths."""
    lines, most = b.shape[0], b.shape[2]
    shape = (lines, b.shape[1], MOST_PIECES)
    some = tf.scatter_nd(b.where, tf.ones(tf.shape(b.where)[0]), shape) > 0
    total = tf.where(some, tf.scatter_nd(b.where, tf.reduce_logsumexp(potentials, 1), shape), _NEVER)
    owner = b.where[:, 0]
    spelt = tf.gather(potentials, tf.gather(b.classes, owner), axis=1, batch_dims=1)  # (candidates, K)
    spelt = tf.where(some[..., None], tf.scatter_nd(b.where, spelt, (*shape, most)), _NEVER)
    free = tf.reduce_logsumexp(potentials + tf.gather(b.free, owner), 1)
    free = tf.where(some, tf.scatter_nd(b.where, free, shape), _NEVER)
    total, spelt, free = (_by_stop(x) for x in (total, spelt, free))
    start = np.full(most + 1, _NEVER, np.float32)
    start[0] = 0
    right = [tf.fill((lines, most + 1), _NEVER)] * (MOST_PIECES - 1) + [tf.tile(tf.constant(start)[None], (lines, 1))]
    every = [r[:, 0] for r in right]
    wall = tf.fill((lines, MOST_PIECES, 1), _NEVER)
    for stop in range(b.shape[1]):
        ways = tf.stack(every[-MOST_PIECES:], 1) + total[:, stop]
        every.append(tf.reduce_logsumexp(ways, 1))
        before = tf.stack(right[-MOST_PIECES:], 1)
        named = tf.concat([wall, before[:, :, :-1] + spelt[:, stop]], 2)
        unnamed = before + free[:, stop, :, None]
        right.append(tf.reduce_logsumexp(tf.concat([named, unnamed], 1), 1))
    every, right = every[MOST_PIECES - 1 :], right[MOST_PIECES - 1 :]
    ends = tf.stack([tf.range(lines), b.places], 1)
    whole = tf.gather_nd(tf.stack(every, 1), ends)
    spelling = tf.gather_nd(tf.stack(right, 1), tf.concat([ends, b.lengths[:, None]], 1))
    return spelling, whole


def _by_stop(runs: tf.Tensor) -> tf.Tensor:
    """Turn runs by their first place and length (B, P, R, …) into runs by the place they end at, longest first."""
    places = runs.shape[1]
    stop, back = np.arange(places)[:, None], np.arange(MOST_PIECES)[::-1][None]
    padded = tf.pad(runs, [[0, 0], [MOST_PIECES - 1, 0], *[[0, 0]] * (len(runs.shape) - 2)], constant_values=_NEVER)
    flat = tf.reshape(padded, (runs.shape[0], -1, *runs.shape[3:]))
    return tf.gather(flat, (stop - back + MOST_PIECES - 1) * MOST_PIECES + back, axis=1)


def score_network(
    inputs: int,
    outputs: int,
    hidden: int,
    mean: NDArray[np.float32],
    deviation: NDArray[np.float32],
    digits: int = len(DIGITS),
) -> tf.keras.Model:
    """Return the network of the score: what two hidden layers add to the log-probabilities.

    They add the same to each of the first `digits` labels: size and place tell digits from marks and from what is no
    symbol, but which digit it is, its looks alone tell. (With a term for each digit, 0.3 % of
    2497 digits of MNIST that the classifier had not seen turned into others.)
    """
    seen = tf.keras.Input((inputs,))
    x = tf.keras.layers.Normalization(mean=mean, variance=deviation**2)(seen)
    x = tf.keras.layers.Dropout(0.05)(x)
    x = tf.keras.layers.Dense(hidden, "relu")(x)
    x = tf.keras.layers.Dropout(0.1)(x)
    x = tf.keras.layers.Dense(hidden, "relu")(x)
    x = tf.keras.layers.Dense(outputs - digits + 1, kernel_initializer="zeros")(x)
    x = tf.keras.layers.Concatenate()([*[x[:, :1]] * digits, x[:, 1:]])
    looks = tf.keras.layers.Rescaling(SHRINK)(seen[:, :outputs])
    return tf.keras.Model(seen, tf.keras.layers.Add()([looks, x]))


def grouped(found: Sequence[Example], size: int, rng: np.random.Generator) -> list[Batch]:
    """Return `found` in batches of about `size` lines of like length, in random order."""
    order = sorted(rng.permutation(len(found)).tolist(), key=lambda i: found[i].places)
    groups = [[found[i] for i in order[k : k + size]] for k in range(0, len(order), size)]
    return [batch(groups[i]) for i in rng.permutation(len(groups))]


def fit(
    found: Sequence[Example],
    epochs: int,
    seed: int,
    hidden: int = 96,
    digits: int = len(DIGITS),
) -> tf.keras.Model:
    """Fit a score on `found`, whose first labels are `digits`; print its loss."""
    tf.keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    every = np.concatenate([e.seen for e in found])
    network = score_network(every.shape[1], len(found[0].free), hidden, every.mean(0), every.std(0) + 1e-3, digits)
    batches = grouped(found, 128, rng)
    steps = epochs * len(batches)
    schedule = tf.keras.optimizers.schedules.CosineDecay(1e-4, steps, warmup_target=4e-3, warmup_steps=steps // 20)
    optimizer = tf.keras.optimizers.AdamW(schedule, weight_decay=1e-3, clipnorm=5.0)

    def step(tensors: list[tf.Tensor], shape: tuple[int, int, int]) -> tf.Tensor:
        b = Batch(tensors[0], tensors[1], tensors[2], tensors[3], tensors[4], tensors[5], shape)
        with tf.GradientTape() as tape:
            spelling, whole = log_likelihood(network(b.seen, training=True), b)
            loss = tf.reduce_mean(tf.minimum(whole - spelling, 30.0))  # a text that no path spells teaches nothing
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
        return loss

    optimizer.build(network.trainable_variables)
    traced: dict[tuple[int, int, int], Callable[[list[tf.Tensor]], tf.Tensor]] = {}

    def learn(b: Batch) -> float:
        if b.shape not in traced:
            tensors = [b.seen, b.where, b.places, b.classes, b.lengths, b.free]
            kinds = [tf.TensorSpec([None, *t.shape[1:]] if i < 2 else t.shape, t.dtype) for i, t in enumerate(tensors)]
            traced[b.shape] = tf.function(partial(step, shape=b.shape), input_signature=[kinds])
        return float(traced[b.shape]([b.seen, b.where, b.places, b.classes, b.lengths, b.free]))

    for epoch in range(epochs):
        losses = [learn(b) for b in batches]
        batches = [batches[i] for i in rng.permutation(len(batches))]
        tqdm.write(f"score, epoch {epoch + 1}: loss {np.mean(losses):.4f}")
    return network


def save_score(network: tf.keras.Model, path: Path) -> None:
    """Write the score's weights to `path` (.npz), its standardising folded into the first layer."""
    normal = next(layer for layer in network.layers if isinstance(layer, tf.keras.layers.Normalization))
    dense = [layer for layer in network.layers if isinstance(layer, tf.keras.layers.Dense)]
    weights = [layer.kernel.numpy() for layer in dense]
    biases = [layer.bias.numpy() for layer in dense]
    alike = network.output.shape[1] - weights[-1].shape[1]
    share = np.r_[np.zeros(alike, int), np.arange(weights[-1].shape[1])]
    weights[-1], biases[-1] = weights[-1][:, share], biases[-1][share]
    mean, deviation = np.asarray(normal.mean).ravel(), np.sqrt(np.asarray(normal.variance)).ravel()
    biases[0] = biases[0] - (mean / deviation) @ weights[0]
    weights[0] = weights[0] / deviation[:, None]
    arrays = {f"weight{i}": w for i, w in enumerate(weights)} | {f"bias{i}": b for i, b in enumerate(biases)}
    content = io.BytesIO()
    np.savez(content, **{k: v.astype(np.float32) for k, v in arrays.items()})
    write_file(path, content.getvalue())
