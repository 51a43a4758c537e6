"""Trains one network: AdamW, warm-up and cosine decay, label smoothing, averaged weights, resume."""

from __future__ import annotations

import json
import os
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from training import mix
from training.mix import Corpus, Glyphs, Maker
from training.models import MODELS, with_softmax


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a training's result, next to its data."""

    model: str = "shipped"
    epochs: int = 10
    scale: float = 1.0
    batch: int = 256
    rate: float = 2e-3
    decay: float = 1e-2
    smoothing: float = 0.05
    seed: int = 1


@keras.saving.register_keras_serializable("training")
class Schedule(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]
    """Linear warm-up over the first twentieth of all steps, then a cosine down to nothing."""

    def __init__(self, rate: float, steps: int) -> None:
        self.rate, self.steps = rate, steps

    def __call__(self, step: Any) -> Any:
        """Return the learning rate at `step`."""
        step = ops.cast(step, "float32")
        warm = max(1.0, self.steps / 20)
        progress = ops.clip((step - warm) / max(1.0, self.steps - warm), 0.0, 1.0)
        return self.rate * ops.minimum(step / warm, 0.5 * (1 + ops.cos(np.pi * progress)))

    def get_config(self) -> dict[str, Any]:
        """Return what makes this schedule again."""
        return {"rate": self.rate, "steps": self.steps}


def train(recipe: Recipe, corpus: Corpus, checks: dict[str, tuple[Glyphs, np.ndarray]], folder: Path) -> keras.Model:
    """Train by `recipe` on `corpus`; return the network with softmax, its weights averaged (EMA).

    After every epoch a checkpoint is written below `folder`, and a run that was interrupted goes
    on from it to the same result. `checks` are scored after every epoch, never trained on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    maker = Maker(corpus, recipe.scale)
    with ProcessPoolExecutor(1, get_context("spawn"), _keep, (maker,)) as pool:
        return _epochs(recipe, pool, checks, folder)


_maker: Maker


def _keep(maker: Maker) -> None:
    global _maker
    _maker = maker
    if hasattr(os, "nice"):
        os.nice(1)


def _make(seed: int) -> tuple[Glyphs, np.ndarray]:
    return _maker.epoch(seed)


def _epochs(recipe: Recipe, pool: Executor, checks: dict[str, tuple[Glyphs, np.ndarray]], folder: Path) -> keras.Model:
    coming: Future[tuple[Glyphs, np.ndarray]]
    state, history = folder / "state.keras", folder / "history.json"
    log: list[dict[str, Any]] = json.loads(history.read_text()) if state.exists() else []
    keras.utils.set_random_seed(recipe.seed + len(log))
    network: keras.Model | None = None
    coming = pool.submit(_make, _seed(recipe, len(log)))
    for epoch in range(len(log), recipe.epochs):
        glyphs, classes = coming.result()
        if epoch + 1 < recipe.epochs:
            coming = pool.submit(_make, _seed(recipe, epoch + 1))
        if network is None:
            network = _network(recipe, len(glyphs), state if log else None)
        targets = keras.utils.to_categorical(classes, len(mix.LABELS))
        done = network.fit(glyphs[..., None], targets, recipe.batch, verbose=0)
        averaged = _averaged(network)
        row = {"epoch": epoch + 1, "loss": done.history["loss"][0]}
        row |= {name: _accuracy(averaged, *check) for name, check in checks.items()}
        log.append(row)
        print(json.dumps(row), flush=True)
        network.save(folder / "next.keras")
        (folder / "next.keras").replace(state)
        (folder / "next.json").write_text(json.dumps(log, indent=1))
        (folder / "next.json").replace(history)
    if network is None:
        network = keras.saving.load_model(state)
    final = with_softmax(_averaged(network))
    final.save(folder / "digits.keras")
    (folder / "recipe.json").write_text(json.dumps(asdict(recipe), indent=1))
    return final


def _seed(recipe: Recipe, epoch: int) -> int:
    return recipe.seed * 10_000 + epoch


def _network(recipe: Recipe, glyphs: int, state: Path | None) -> keras.Model:
    if state:
        return keras.saving.load_model(state)
    network = MODELS[recipe.model](len(mix.LABELS))
    steps = -(-glyphs // recipe.batch) * recipe.epochs
    optimizer = keras.optimizers.AdamW(
        Schedule(recipe.rate, steps), weight_decay=recipe.decay, use_ema=True, ema_momentum=0.99
    )
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=recipe.smoothing)
    network.compile(optimizer, loss)
    return network


def _averaged(network: keras.Model) -> keras.Model:
    """Return a copy of `network` whose weights are the optimiser's moving averages."""
    copy = keras.models.clone_model(network)
    copy.set_weights(network.get_weights())
    average = dict(
        zip(
            (v.path for v in network.trainable_variables),
            network.optimizer._model_variables_moving_average,
            strict=True,
        )
    )
    for ours, theirs in zip(copy.trainable_variables, network.trainable_variables, strict=True):
        ours.assign(average[theirs.path])
    return copy


def _accuracy(network: keras.Model, glyphs: Glyphs, classes: np.ndarray) -> float:
    logits = network.predict(glyphs[..., None], batch_size=512, verbose=0)
    return float((logits.argmax(1) == classes).mean())


def checks(corpus: Corpus, limit: int = 5000) -> dict[str, tuple[Glyphs, np.ndarray]]:
    """Return the glyphs and classes of a held-out corpus, as written: MNIST's digits and the pen's."""
    rng = np.random.default_rng(0)
    sets = {"mnist": (corpus.mnist.images[:limit], corpus.mnist.labels[:limit])}
    for name, wanted in (("pen digits", mix.DIGITS), ("pen marks", mix.MARKS)):
        samples = [s for s in corpus.characters if s.label in wanted][:limit]
        glyphs = [mix.pen_glyph(s.traces, corpus.hands[s.writer].height, rng, 0) for s in samples]
        if samples:
            sets[name] = np.stack(glyphs), np.array([mix.target(s.label) for s in samples])
    return sets
