"""Model files are looked into before they are opened: what opens them trusts them, and they come from anywhere.

Keras's own guard, `safe_mode`, has been got round more than once (CVE-2025-1550, CVE-2025-8747,
CVE-2026-1462). So a network is opened only where every part of it is one of a list of layers that
do nothing but reckon.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from recognizer.file import UnreadableFile, from_json, read_file

MOST_BYTES = 500_000_000
"""Of a model's file, of what it unpacks to, and of all the tensors that it declares: a hundred times what ships."""

MOST_CARD_BYTES = 10_000_000
LARGEST_SIDE = 100_000
"""The largest whole number, as of units or filters, in the description of a network."""

_ENTRIES = frozenset({"metadata.json", "config.json", "model.weights.h5"})
_DESCRIPTION = "config.json"
_PASSED_OVER = frozenset({"compile_config", "seed", "shared_object_id"})
_RECKONING = frozenset((
    "Functional", "Sequential", "InputLayer", "__keras_tensor__", "DTypePolicy",
    "Activation", "Add", "Average", "AveragePooling2D", "BatchNormalization", "Concatenate", "Conv1D", "Conv2D",
    "Cropping2D", "Dense", "DepthwiseConv2D", "Dot", "Dropout", "ELU", "Flatten", "GlobalAveragePooling2D",
    "GlobalMaxPooling2D", "GroupNormalization", "LayerNormalization", "LeakyReLU", "Maximum", "MaxPooling2D",
    "Minimum", "Multiply", "Normalization", "PReLU", "Permute", "ReLU", "Rescaling", "Reshape", "SeparableConv2D",
    "Softmax", "SpatialDropout2D", "Subtract", "ZeroPadding2D",
    "Sign", "Softsign",
    "Constant", "GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "LecunNormal", "LecunUniform", "Ones",
    "Orthogonal", "RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling", "Zeros",
    "L1", "L1L2", "L2", "MaxNorm", "NonNeg", "UnitNorm",
))  # fmt: skip
"""What puts layers together; layers; functions; what weights begin with; what they are held to."""


class UnsafeModel(ValueError):
    """A model that is not opened; the message says in a few words why."""


def read_card(path: Path) -> dict[str, Any]:
    """Return a model's card: a JSON object with the texts `labels` and, it may be, a `temperature` over 0.

    Raises
    ------
    ValueError
        The file is missing or holds something else.
    """
    card = from_json(read_file(path, MOST_CARD_BYTES))
    if not isinstance(card, dict) or not isinstance(card.get("labels"), list):
        raise ValueError("it has no list of labels")
    if not card["labels"] or not all(isinstance(label, str) for label in card["labels"]):
        raise ValueError("labels must be a list of texts")
    temperature = card.get("temperature", 1.0)
    if not isinstance(temperature, int | float) or not 1e-3 <= temperature <= 1e3:
        raise ValueError(f"a temperature lies from 0.001 to 1000, and this one is {str(temperature)[:20]!r}")
    return card


def check_network(path: Path) -> None:
    """Look into a .keras file, a ZIP archive, without opening anything in it but the description of the network.

    Raises
    ------
    UnsafeModel
        It holds other files than a network needs, more than `MOST_BYTES`, or layers that are not known to be harmless.
    """
    for part in _parts(_description(path)):
        if isinstance(part, int) and not -LARGEST_SIDE <= part <= LARGEST_SIDE:
            raise UnsafeModel(f"a layer of it is {part} large")
        if isinstance(part, Mapping) and "class_name" in part:
            kind, module = part["class_name"], part.get("module")
            if not isinstance(kind, str) or kind not in _RECKONING or not (module is None or _is_of_keras(module)):
                raise UnsafeModel(f"it holds {str(kind)[:40]!r}, which is not among the layers that only reckon")


def _description(path: Path) -> object:
    """Return what a .keras file says the network is."""
    try:
        with ZipFile(path) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            if strange := sorted(set(names) - _ENTRIES):
                raise UnsafeModel(f"it holds {strange[0][:40]!r}, which no network needs")
            if len(names) != len(set(names)) or _DESCRIPTION not in names:
                raise UnsafeModel("its description is missing, or is there twice")
            if sum(entry.file_size for entry in entries) > MOST_BYTES:
                raise UnsafeModel(f"it unpacks to more than {MOST_BYTES // 1_000_000} MB")
            if archive.getinfo(_DESCRIPTION).file_size > MOST_CARD_BYTES:
                raise UnsafeModel(f"its description has more than {MOST_CARD_BYTES // 1_000_000} MB")
            return from_json(archive.read(_DESCRIPTION))
    except UnsafeModel:
        raise
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error) as problem:
        raise UnsafeModel(f"it is no archive of a network: {problem}") from None


def _is_of_keras(module: object) -> bool:
    return isinstance(module, str) and module.split(".")[0] == "keras"


def _parts(description: object) -> Iterator[object]:
    """Yield everything in a description but seeds, numbers of objects, and the training, which is not restored."""
    waiting = [description]
    while waiting:
        part = waiting.pop()
        yield part
        if isinstance(part, Mapping):
            waiting += [value for key, value in part.items() if key not in _PASSED_OVER]
        elif isinstance(part, list):
            waiting += part


def open_network(path: Path) -> Any:
    """Return the Keras network in the .keras file at `path`, not compiled.

    Raises
    ------
    UnsafeModel
        It is not known to be harmless.
    ImportError
        Keras is not installed.
    """
    check_network(path)
    import keras

    return keras.saving.load_model(path, compile=False, safe_mode=True)


def read_network(path: Path) -> bytes:
    """Return the bytes of a .tflite file.

    Raises
    ------
    UnsafeModel
        It is missing, or larger than `MOST_BYTES`.
    """
    try:
        return read_file(path, MOST_BYTES)
    except UnreadableFile as problem:
        raise UnsafeModel(str(problem)) from None


def check_tensors(tensors: Iterable[Mapping[str, Any]]) -> None:
    """Look at the `tensors` that a .tflite file declares, as LiteRT tells of them, before any memory is taken for them.

    Raises
    ------
    UnsafeModel
        Together they would take more than `MOST_BYTES`.
    """
    wanted = sum(math.prod(abs(int(side)) for side in tensor["shape"]) * 4 for tensor in tensors)
    if wanted > MOST_BYTES:
        raise UnsafeModel(f"its tensors would take {wanted // 1_000_000} MB, and {MOST_BYTES // 1_000_000} are allowed")
