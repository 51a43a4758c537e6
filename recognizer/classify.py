"""Glyphs -> probabilities: what each glyph looks like by itself."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognizer.engine import ENGINES, ModelUnavailable, Run, network_of
from recognizer.model_file import read_card
from recognizer.normalize import SIDE

SHIPPED = Path(__file__).parent / "models"
AT_ONCE = 256  # glyphs that go through the network together: more would take memory and no less time
REMEMBERED = 20_000  # glyphs whose probabilities are kept: some 20 MB, a canvas full of writing

Glyphs = NDArray[np.uint8]
Probabilities = NDArray[np.float32]


@dataclass(eq=False)
class Classifier:
    """A network with its labels; glyphs that it has seen are not classified again.

    `outputs` say what the columns of its probabilities stand for; by default, the labels of its
    card. "" stands for what is no single symbol. `file` is what it was loaded from, if it was.
    `classified` counts the glyphs that went through the network. Safe to call from many threads.
    """

    run: Run
    card: dict[str, Any]
    outputs: tuple[str, ...] = ()
    classified: int = 0
    file: Path | None = None
    _known: OrderedDict[bytes, Probabilities] = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def labels(self) -> tuple[str, ...]:
        """What each column of the probabilities stands for."""
        return self.outputs or tuple(self.card["labels"])

    def among(self, labels: Sequence[str]) -> Classifier:
        """Return this classifier with a column for each of `labels`, those that it does not know never likely.

        Raises
        ------
        ModelUnavailable
            Where it knows a label that is not one of `labels`.
        """
        if strange := [repr(label) for label in self.labels if label not in labels]:
            raise ModelUnavailable(f"The model reads {', '.join(strange)}, which is not scored here; train it without.")
        places = [labels.index(label) for label in self.labels]

        def run(glyphs: NDArray[np.float32]) -> Probabilities:
            spread = np.zeros((len(glyphs), len(labels)), np.float32)
            spread[:, places] = self.run(glyphs)
            return spread

        return self if self.labels == tuple(labels) else Classifier(run, self.card, tuple(labels), file=self.file)

    def probabilities(self, glyphs: Glyphs) -> Probabilities:
        """Return the calibrated probabilities (n, labels) of `glyphs` (n, 28, 28)."""
        keys = [g.tobytes() for g in glyphs]
        with self._lock:
            new = list({k: i for i, k in enumerate(keys) if k not in self._known}.values())
            if new:
                self.classified += len(new)
                for i, row in zip(new, self._run(glyphs[new]), strict=True):
                    self._known[keys[i]] = row
            out = np.array([self._known[k] for k in keys]) if keys else np.zeros((0, len(self.labels)), np.float32)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return out

    def _run(self, glyphs: Glyphs) -> Probabilities:
        some = [glyphs[i : i + AT_ONCE] for i in range(0, len(glyphs), AT_ONCE)]
        raw = np.concatenate([self.run(part.astype(np.float32)[..., None]) for part in some])
        warm = np.log(np.maximum(raw, 1e-12)) / float(self.card.get("temperature", 1.0))
        likely = np.exp(warm - warm.max(1, keepdims=True))
        return np.asarray(likely / likely.sum(1, keepdims=True), np.float32)


def shipped_labels() -> tuple[str, ...]:
    """Return the labels of the shipped model, which the shipped score of the lattice weighs.

    Raises
    ------
    ModelUnavailable
        Where the shipped model's card is missing or broken.
    """
    return tuple(_card(SHIPPED / "digits.tflite")["labels"])


def load_classifier(model: Path | None = None, engine: str = "litert") -> Classifier:
    """Open `model`: a .tflite or .keras file, a folder (its newest model), or None for the shipped one.

    Raises
    ------
    ModelUnavailable
        Where the file is missing or no model, or what `engine` needs is not installed.
    """
    path = found_model(model or SHIPPED, engine)
    card = _card(path)
    run = network_of(path)
    try:
        outputs = run(np.zeros((1, SIDE, SIDE, 1), np.float32)).shape
    except Exception as error:
        raise ModelUnavailable(
            f"{path}: this model does not take a glyph of 28 x 28; name one made by recognizer-train."
        ) from error
    if outputs != (1, len(card["labels"])):
        raise ModelUnavailable(
            f"{path}: the model gives {outputs[-1]} classes, but {path.with_suffix('.json').name} "
            f"names {len(card['labels'])} labels; train or export it again."
        )
    return Classifier(run, card, file=path)


def found_model(model: Path, engine: str) -> Path:
    """Return the file to run for `model`, a file or a folder; a `.keras` file that is named runs with either `engine`.

    Raises
    ------
    ModelUnavailable
        Where there is none.
    """
    if engine not in ENGINES:
        raise ModelUnavailable(f"No engine is called {engine}; choose {' or '.join(ENGINES)}.")
    suffix = {"litert": ".tflite", "keras": ".keras"}[engine]
    if model.is_dir():
        found = sorted(_with_card(model.glob(f"*{suffix}")), key=lambda p: p.stat().st_mtime)
        if not found:
            raise ModelUnavailable(f"{model}: no {suffix} model in this folder; make one with recognizer-train.")
        return found[-1]
    if not model.exists():
        raise ModelUnavailable(f"{model}: there is no such model; name one that recognizer-train made.")
    if model.suffix not in (".tflite", ".keras"):
        raise ModelUnavailable(f"{model}: a model is a .tflite or a .keras file, or a folder of them.")
    if engine == "litert" or model.suffix == suffix:
        return model
    beside = model.with_suffix(suffix)
    if not beside.exists():
        raise ModelUnavailable(f"{model}: Keras runs .keras files, and none is beside it; name one.")
    return beside


def _with_card(paths: Iterable[Path]) -> list[Path]:
    """Return those of `paths` that classify glyphs: a model of lines has no card of its own."""
    return [path for path in paths if path.with_suffix(".json").exists()]


def _card(path: Path) -> dict[str, Any]:
    place = path.with_suffix(".json")
    try:
        return read_card(place)
    except ValueError as error:
        raise ModelUnavailable(f"{place}: the model's card with its labels is missing or broken ({error}).") from error
