"""A line's strip -> what stands on it, without cutting: the second opinion on a whole reading.

A network gives every four columns of the strip a label or none; the probability of a text is the
sum over all ways to spell it across the columns (connectionist temporal classification: A. Graves,
S. Fernandez, F. Gomez and J. Schmidhuber, ICML 2006).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.engine import Run, network_from
from recognizer.reading import DIGITS
from recognizer.strip import MARGIN, ROWS, Strip

_SCALED = 8  # frames after which likelihoods are brought back near 1: so few make none too small for a number

Frames = NDArray[np.float64]  # (columns / 4, labels): the probabilities of each label, "" is none, along a strip


@dataclass(frozen=True, eq=False)
class LineModel:
    """The network of whole lines with its labels, "" among them for none. Safe to call from many threads.

    `run` gives the logits (lines, frames, labels) of strips (lines, ROWS, columns, 1).
    """

    run: Run
    labels: tuple[str, ...]
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def frames(self, strip: Strip) -> Frames:
        """Return the probabilities of the labels along `strip`."""
        with self._lock:
            logits = self.run(strip.astype(np.float32)[None, ..., None])[0].astype(np.float64)
        likely = np.exp(logits - logits.max(1, keepdims=True))
        return np.asarray(likely / likely.sum(1, keepdims=True))


def load_line_model(path: Path, labels: Sequence[str]) -> LineModel:
    """Open the line model in `path` (.tflite or .keras), which tells `labels` apart.

    Raises
    ------
    ModelUnavailable
        Where the file is missing or no such model, or what runs it is not installed.
    """
    run = network_from(path, (ROWS, 4 * MARGIN, 1), (MARGIN, len(labels)), "lines")
    return LineModel(run, tuple(labels))


def digits_alone(frames: Frames, labels: Sequence[str]) -> Frames:
    """Return `frames` with marks counted as none: what they say of the digits, whatever stands between them."""
    unnamed = np.array([label not in DIGITS for label in labels])
    out = np.where(unnamed, 0, frames)
    out[:, labels.index("")] = frames[:, unnamed].sum(1)
    return out


def likeliest(frames: Frames, labels: Sequence[str]) -> str:
    """Return the text of the likeliest way along `frames`."""
    best = frames.argmax(1).tolist()
    return "".join(labels[c] for i, c in enumerate(best) if i == 0 or c != best[i - 1])


def log_probabilities(
    frames: Frames, labels: Sequence[str], texts: Sequence[str], numbers: Sequence[str] = ()
) -> NDArray[np.float64]:
    """Return the log-probability (texts + numbers,) of each of `texts`; -inf where there are too few frames for it.

    Then follow those of `numbers`: each that of its digits, whatever marks stand between them. All
    are reckoned side by side.
    """
    none = labels.index("")
    spelt, between = [*texts, *numbers], np.repeat([none, len(labels)], [len(texts), len(numbers)])
    states = np.tile(between, (2 * max(map(len, spelt), default=0) + 1, 1))
    for column, text in zip(states.T, spelt, strict=True):
        column[1 : 2 * len(text) : 2] = [labels.index(c) for c in text]
    skips = np.zeros(states.shape)
    skips[2:] = (states[2:] != between) & (states[2:] != states[:-2])
    every = np.column_stack([frames, digits_alone(frames, labels)[:, none]])
    emitted = every.take(states, 1)  # (frames, states, spelt)
    ways = np.zeros((len(states) + 2, len(spelt)))  # before the first state are two that nothing reaches
    forward, before, two_before = ways[2:], ways[1:-1], ways[:-2]
    forward[:2] = emitted[0][:2]
    reached, skipping, scale = np.empty(states.shape), np.empty(states.shape), np.zeros(len(spelt))
    with np.errstate(divide="ignore"):
        for number, step in enumerate(emitted[1:], 1):
            np.add(forward, before, out=reached)
            reached += np.multiply(two_before, skips, out=skipping)
            np.multiply(reached, step, out=forward)
            if number % _SCALED == 0:
                total = np.add.reduce(forward, 0)
                forward /= np.maximum(total, 1e-300)
                scale += np.log(total)
        ends = 2 * np.array([len(text) for text in spelt], int)
        rows = np.arange(len(spelt))
        last = forward[ends, rows] + np.where(ends > 0, forward[ends - 1, rows], 0)
        return np.asarray(scale + np.log(last))
