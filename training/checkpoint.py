"""Checkpoints: all that a training needs to go on to the same result, in one file that is whole or not there."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from recognizer.file import write_file
from training.data import BadData
from training.mix import Corpus

Weights = list[NDArray[np.float32]]


@dataclass(eq=False)
class Progress:
    """How far a training has come: a row for each epoch, and the weights of the best one so far."""

    log: list[dict[str, Any]] = field(default_factory=list)
    best: Weights = field(default_factory=list)


def variables(network: keras.Model) -> list[Any]:
    """Return every variable that decides how the training of `network` goes on: dropout's random states too."""
    layers = network._flatten_layers(include_self=False, recursive=True)
    states = [layer.seed_generator.state for layer in layers if hasattr(layer, "seed_generator")]
    return [*network.weights, *(s for s in states if s is not None), *network.optimizer.variables]


def save_checkpoint(path: Path, network: keras.Model, progress: Progress, settings: dict[str, Any]) -> None:
    """Write the state of `network` and its `progress` to `path` (.npz), with the `settings` they belong to."""
    arrays: dict[str, Any] = {f"variable{i:04d}": np.asarray(v) for i, v in enumerate(variables(network))}
    arrays |= {f"best{i:04d}": w for i, w in enumerate(progress.best)}
    content = io.BytesIO()
    np.savez(content, settings=json.dumps(settings), log=json.dumps(progress.log), **arrays)
    write_file(path, content.getvalue())


def load_checkpoint(path: Path, network: keras.Model, settings: dict[str, Any]) -> Progress:
    """Set `network`, freshly built and compiled, to the state in `path`; return how far it had come.

    Raises
    ------
    BadData
        Where the checkpoint is broken or belongs to a training with other settings.
    """
    network.optimizer.build(network.trainable_variables)
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
            begun, log = (json.loads(str(arrays[name])) for name in ("settings", "log"))
            values = [arrays[name] for name in sorted(arrays.files) if name.startswith("variable")]
            best = [arrays[name] for name in sorted(arrays.files) if name.startswith("best")]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise BadData(f"{path}: this checkpoint is broken ({error}); delete it to begin anew.") from error
    ours = variables(network)
    other = any(settings.get(name) != value for name, value in begun.items())
    if other or [v.shape for v in values] != [tuple(v.shape) for v in ours]:
        raise BadData(
            f"{path.parent} holds a training begun with other settings or data: name another folder or delete it."
        )
    for variable, value in zip(ours, values, strict=True):
        variable.assign(value)
    return Progress(log, best)


def fingerprint(corpus: Corpus, pictures: Iterable[NDArray[np.uint8]] = ()) -> str:
    """Return what tells `corpus`, and other `pictures` learnt from, from what else a training may be resumed with."""
    digest = hashlib.blake2b(digest_size=12)
    for digits in (corpus.mnist, corpus.scans):
        digest.update(digits.images.tobytes())
        digest.update(digits.labels.tobytes())
    for sample in corpus.characters:
        digest.update(f"{sample.label} {sample.writer} {[len(trace) for trace in sample.traces]}".encode())
        for trace in sample.traces:
            digest.update(trace.tobytes())
    for picture in pictures:
        digest.update(f"{picture.shape}".encode() + picture.tobytes())
    return digest.hexdigest()
