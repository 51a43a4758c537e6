"""Trains the ink model: convolutions over a page's contrast that tell how much of each pixel is ink.

It looks at the page at three sizes, each half the one before, and puts what it sees at the smaller ones
beside what it sees at the larger (U-Net: O. Ronneberger, P. Fischer and T. Brox, MICCAI 2015), as in
learnt binarization of documents (J. Calvo-Zaragoza and A.-J. Gallego, Pattern Recognition 86, 2019).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray
from tqdm import tqdm

from recognizer.file import write_file
from recognizer.ink_model import COLUMNS, ROWS
from training.callbacks import Bar, Unaveraged
from training.checkpoint import Progress, fingerprint, load_checkpoint, save_checkpoint
from training.epochs import epochs
from training.export import save_network
from training.patterned import PatternedMaker, Shown
from training.train import Recipe, Schedule, averaged, optimizer_of

_HALF = 128  # of 255: from here on a pixel is more ink than paper

Pages = NDArray[np.uint8]  # (pages, ROWS, COLUMNS)


@dataclass(frozen=True)
class InkRecipe:
    """Everything that decides a training's result, next to its data; `pages` make an epoch."""

    epochs: int = 14
    pages: int = 9_600
    batch: int = 32
    rate: float = 3e-3
    decay: float = 1e-2
    seed: int = 1


def network() -> keras.Model:
    """Return the ink model: contrast (pages, ROWS, COLUMNS, 1) of 0 to 255 to logits (pages, ROWS, COLUMNS).

    It says how much of each four pixels is ink at half their size, where it costs a quarter.
    """
    contrast = keras.Input((ROWS, COLUMNS, 1))
    half = _block(_block(layers.Rescaling(1 / 255)(contrast), 16, 2), 20)
    quarter = _block(_block(half, 32, 2), 32)
    eighth = _block(_block(_block(quarter, 48, 2), 48), 48)
    quarter = _block(layers.Concatenate()([layers.UpSampling2D()(eighth), quarter]), 32)
    half = _block(layers.Concatenate()([layers.UpSampling2D()(quarter), half]), 24)
    fours = layers.Reshape((ROWS // 2, COLUMNS // 2, 2, 2))(layers.Conv2D(4, 3, padding="same")(half))
    return keras.Model(contrast, layers.Reshape((ROWS, COLUMNS))(layers.Permute((1, 3, 2, 4))(fours)), name="ink")


def _block(x: Any, channels: int, stride: int = 1) -> Any:
    return layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(channels, 3, stride, "same", use_bias=False)(x)))


def windows(pages: Sequence[Shown]) -> tuple[Pages, Pages]:
    """Return the contrast of `pages` and their ink, each at the upper left of a window of paper."""
    both = np.zeros((2, len(pages), ROWS, COLUMNS), np.uint8)
    for i, page in enumerate(pages):
        rows, columns = page.ink.shape
        both[0, i, :rows, :columns], both[1, i, :rows, :columns] = page.contrast, page.ink
    return both[0], both[1]


def overlap(model: keras.Model, contrast: Pages, ink: Pages) -> float:
    """Return how much of the ink found and the ink there is coincide: the share of either that is both (Jaccard)."""
    found = model.predict(contrast[..., None], verbose=0) > 0
    right = ink >= _HALF
    return float((found & right).sum() / max(1, (found | right).sum()))


def train(recipe: InkRecipe, maker: PatternedMaker, checks: Sequence[Shown], folder: Path) -> keras.Model:
    """Train by `recipe` on what `maker` makes; return the network, its weights averaged (EMA).

    After every epoch `checks` are scored, never trained on, and a checkpoint is written below `folder`, from which
    an interrupted run goes on.

    Raises
    ------
    BadData
        Where `folder` holds a training with other settings or data, or a broken checkpoint.
    """
    folder.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(recipe.seed)
    steps = -(-recipe.pages // recipe.batch)
    model, progress, state = network(), Progress(), folder / "state.npz"
    schedule = Schedule(recipe.rate, recipe.epochs * steps)
    optimizer = optimizer_of("adamw", schedule, Recipe(rate=recipe.rate, decay=recipe.decay))
    model.compile(optimizer, keras.losses.BinaryCrossentropy(from_logits=True))
    settings = {"recipe": asdict(recipe), "data": {"fingerprint": fingerprint(maker.corpus, maker.papers)}}
    if state.exists():
        progress = load_checkpoint(state, model, settings)
    first = recipe.seed * 10_000
    todo, seen = range(first + len(progress.log), first + recipe.epochs), windows(checks)
    bar = Bar(steps * recipe.epochs, steps * len(progress.log))
    with closing(bar), closing(epochs(maker, todo)) as coming:
        for pages in coming:
            contrast, ink = windows(pages)
            own = Unaveraged()
            done = model.fit(contrast, ink / np.float32(255), recipe.batch, verbose=0, callbacks=[bar, own])
            now = averaged(model)
            row = {"epoch": len(progress.log) + 1, "loss": done.history["loss"][0], "overlap": overlap(now, *seen)}
            progress.log.append(row)
            tqdm.write(json.dumps(row))
            own.restore()
            save_checkpoint(state, model, progress, settings)
            write_file(folder / "history.json", json.dumps(progress.log, indent=1).encode())
    final = averaged(model)
    save_network(final, folder / "ink.keras")
    return final
