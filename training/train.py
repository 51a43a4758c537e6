"""Trains one network: AdamW, warm-up and cosine decay, label smoothing, averaged weights, resume, a teacher."""

from __future__ import annotations

import json
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import keras
import numpy as np
from keras import ops
from tqdm import tqdm

from recognizer.file import write_file
from training import mix
from training.callbacks import Bar, Unaveraged
from training.checkpoint import Progress, fingerprint, load_checkpoint, save_checkpoint
from training.data import BadData
from training.epochs import epochs
from training.export import save_network
from training.mix import Corpus, Glyphs, Maker, Mix
from training.models import MODELS, Design, with_softmax
from training.teacher import Distillation, Teacher

if TYPE_CHECKING:
    from collections.abc import Iterator

Checks = dict[str, tuple[Glyphs, np.ndarray]]


@dataclass(frozen=True)
class Recipe:
    """Everything that decides a training's result, next to its data and its mix.

    With `patience`, a training ends after so many epochs that did no better on the held-out
    writers, and the best epoch is kept rather than the last. `precision` is that of the arithmetic:
    "float32" or "bfloat16"; weights are float32 in both.
    """

    model: str = "shipped"
    epochs: int = 10
    scale: float = 1.0
    batch: int = 256
    rate: float = 2e-3
    decay: float = 1e-2
    smoothing: float = 0.05
    seed: int = 1
    patience: int = 0
    precision: str = "float32"


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


def train(
    recipe: Recipe,
    corpus: Corpus,
    checks: Checks,
    folder: Path,
    blend: Mix | None = None,
    start: keras.Model | None = None,
    teacher: Teacher | None = None,
    design: Design | None = None,
) -> keras.Model:
    """Train by `recipe` on `corpus`; return the network with softmax, its weights averaged (EMA).

    After every epoch a checkpoint is written below `folder`, and a run that was interrupted goes
    on from it to the same result. `checks` are scored after every epoch, never trained on. An
    epoch holds what `blend` says. The weights begin as those of `start`, where it is given. With a
    `teacher`, its opinions of the glyphs are learnt as well as their labels. The network is of the
    `design` that `recipe` names, where none is given.

    Raises
    ------
    BadData
        Where `folder` holds a training with other settings or data, or a broken checkpoint; where
        the teacher does not know a label of `blend`; where an epoch is empty, or the loss is no number any more.
    """
    folder.mkdir(parents=True, exist_ok=True)
    design = design or MODELS[recipe.model]
    maker = design.maker(corpus, recipe.scale, blend)
    if not maker.size():
        raise BadData("An epoch holds no glyph at all: choose a larger --scale, or another --mix.")
    weights = tuple(start.get_weights()) if start else ()
    taught = teacher.of(maker.mix.labels) if teacher else None
    final = with_softmax(_Training(recipe, design, maker, checks, folder, weights, taught).run())
    save_network(final, folder / "digits.keras")
    write_file(folder / "recipe.json", json.dumps(asdict(recipe), indent=1).encode())
    return final


@dataclass(frozen=True, eq=False)
class _Training:
    recipe: Recipe
    design: Design
    maker: Maker
    checks: Checks
    folder: Path
    start: tuple[np.ndarray, ...] = ()
    teacher: Teacher | None = None

    def run(self) -> keras.Model:
        """Train to the end, from the checkpoint if there is one; return the network with averaged weights."""
        state, settings = self.folder / "state.npz", self.settings
        keras.utils.set_random_seed(self.recipe.seed)
        network, progress = self._network(), Progress()
        if self.start:
            network.set_weights(self.start)
        if state.exists():
            progress = load_checkpoint(state, network, settings)
        bar = Bar(self.steps * self.recipe.epochs, self.steps * len(progress.log))
        first = self.recipe.seed * 10_000
        todo = range(first + len(progress.log), first + (0 if self._ended(progress) else self.recipe.epochs))
        with closing(bar), closing(epochs(self.maker, todo)) as coming:
            for glyphs, classes in coming:
                targets = self._targets(glyphs, classes)
                own = Unaveraged()
                done = network.fit(glyphs[..., None], targets, self.recipe.batch, verbose=0, callbacks=[bar, own])
                loss = done.history["loss"][0]
                if not np.isfinite(loss):
                    raise BadData(f"The training in {self.folder} diverged (loss {loss}): choose a lower --rate.")
                self._score(network, progress, loss)
                own.restore()
                save_checkpoint(state, network, progress, settings)
                write_file(self.folder / "history.json", json.dumps(progress.log, indent=1).encode())
                if self._ended(progress):
                    break
        final = averaged(network)
        if progress.best:
            final.set_weights(progress.best)
        return final

    @property
    def settings(self) -> dict[str, Any]:
        """What decides the result: a training goes on from a checkpoint only where all of it is the same."""
        settings = {"recipe": asdict(self.recipe), "mix": asdict(self.maker.mix)}
        settings["data"] = {"fingerprint": fingerprint(self.maker.corpus)}
        return settings | {"teacher": self.teacher.settings if self.teacher else None}

    def _targets(self, glyphs: Glyphs, classes: np.ndarray) -> np.ndarray:
        right = keras.utils.to_categorical(classes, len(self.maker.mix.labels))
        return self.teacher.targets(glyphs, right) if self.teacher else right

    @property
    def steps(self) -> int:
        """How many batches an epoch has."""
        return -(-self.maker.size() // self.recipe.batch)

    def _ended(self, progress: Progress) -> bool:
        log, patience = progress.log, self.recipe.patience
        if not patience or not log:
            return len(log) >= self.recipe.epochs
        best = int(np.argmax([_mean(row, self.checks) for row in log]))
        return len(log) >= self.recipe.epochs or len(log) - 1 - best >= patience

    def _score(self, network: keras.Model, progress: Progress, loss: float) -> None:
        """Add a row for the epoch that has just ended, and with patience keep its weights if they are the best."""
        candidate = averaged(network)
        row: dict[str, Any] = {"epoch": len(progress.log) + 1, "loss": loss}
        row |= {name: _accuracy(candidate, *check) for name, check in self.checks.items()}
        if self.recipe.patience and all(_mean(row, self.checks) > _mean(r, self.checks) for r in progress.log):
            progress.best = candidate.get_weights()
        progress.log.append(row)
        tqdm.write(json.dumps(row))

    def _network(self) -> keras.Model:
        with _precision(self.recipe.precision):
            network = self.design.build(len(self.maker.mix.labels))
        schedule = Schedule(self.recipe.rate, self.steps * self.recipe.epochs)
        smoothing = self.recipe.smoothing
        if self.teacher:
            loss = Distillation(self.teacher.share, self.teacher.temperature, smoothing)
        else:
            loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=smoothing)
        network.compile(optimizer_of(self.design.optimizer, schedule, self.recipe), loss)
        return network


def optimizer_of(name: str, schedule: Schedule, recipe: Recipe) -> keras.optimizers.Optimizer:
    """Return the optimiser called `name`, which also keeps moving averages of the weights.

    They reach over the last hundred steps, or over the last tenth of a training that is shorter than a thousand.
    """
    momentum = max(0.5, min(0.99, 1 - 10 / schedule.steps))
    if name == "adadelta":  # its own estimate of the step replaces a schedule
        return keras.optimizers.Adadelta(recipe.rate, use_ema=True, ema_momentum=momentum)
    return keras.optimizers.AdamW(schedule, weight_decay=recipe.decay, use_ema=True, ema_momentum=momentum)


@contextmanager
def _precision(name: str) -> Iterator[None]:
    """Build networks whose arithmetic has the precision `name`."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float32" if name == "float32" else f"mixed_{name}")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def averaged(network: keras.Model) -> keras.Model:
    """Return a copy of `network` in float32 whose weights are the optimiser's moving averages."""

    def copied(layer: Any) -> Any:
        return layer.__class__.from_config(layer.get_config() | {"dtype": "float32"})

    copy = keras.models.clone_model(network, clone_function=copied)
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


def _mean(row: dict[str, Any], checks: Checks) -> float:
    return float(np.mean([row[name] for name in checks]))


def _accuracy(network: keras.Model, glyphs: Glyphs, classes: np.ndarray) -> float:
    logits = network.predict(glyphs[..., None], batch_size=512, verbose=0)
    return float((logits.argmax(1) == classes).mean())


def checks(corpus: Corpus, limit: int = 5000, labels: tuple[str, ...] = mix.LABELS) -> Checks:
    """Return the glyphs and classes of a held-out corpus, as written: MNIST's and the pen's, of `labels` alone."""
    rng = np.random.default_rng(0)
    sets = {"mnist": (corpus.mnist.images[:limit], corpus.mnist.labels[:limit])} if len(corpus.mnist.labels) else {}
    for name, wanted in (("pen digits", mix.DIGITS), ("pen marks", mix.MARKS)):
        samples = [s for s in corpus.characters if s.label in wanted and s.label in labels][:limit]
        glyphs = [mix.pen_glyph(s.traces, corpus.hands[s.writer].height, rng, 0) for s in samples]
        if samples:
            sets[name] = np.stack(glyphs), np.array([mix.target(s.label) for s in samples])
    return sets
