"""Model files -> networks that run: by LiteRT, or by Keras where asked."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognizer.model_file import check_tensors, open_network, read_network

ENGINES = ("litert", "keras")

Run = Callable[[NDArray[np.float32]], NDArray[np.float32]]


class ModelUnavailable(Exception):
    """A model cannot be used; the message names it and says what to do."""


def network_of(path: Path) -> Run:
    """Return the network in `path`, a .tflite or a .keras file, for any number of inputs at a time.

    Raises
    ------
    ModelUnavailable
        Where the file is no such model, or what runs it is not installed.
    """
    return _litert(path) if path.suffix == ".tflite" else _keras(path)


def network_from(path: Path, inlet: tuple[int, ...], outlet: tuple[int, ...], kind: str) -> Run:
    """Return the network in `path`, a model of `kind`, that makes an `outlet` of an `inlet`, shapes with one input.

    Raises
    ------
    ModelUnavailable
        Where the file is no such model, or what runs it is not installed.
    """
    run = network_of(path)
    try:
        shape = run(np.zeros((1, *inlet), np.float32)).shape
    except Exception as error:
        raise ModelUnavailable(f"{path}: this is no model of {kind}, which are {inlet} ({error}).") from error
    if shape != (1, *outlet):
        raise ModelUnavailable(f"{path}: this model of {kind} gives {shape[1:]}, but {outlet} are read.")
    return run


def _litert(path: Path) -> Run:
    from ai_edge_litert.interpreter import Interpreter

    try:
        interpreter = Interpreter(model_content=read_network(path), num_threads=1)
        check_tensors(interpreter.get_tensor_details())
        interpreter.allocate_tensors()
        inlet = interpreter.get_input_details()[0]["index"]
        outlet = interpreter.get_output_details()[0]["index"]
    except (ValueError, RuntimeError, OSError, IndexError) as error:
        raise ModelUnavailable(f"{path}: not a LiteRT model ({error}); name one that recognizer-train made.") from error

    def run(batch: NDArray[np.float32]) -> NDArray[np.float32]:
        interpreter.resize_tensor_input(inlet, batch.shape)
        interpreter.allocate_tensors()
        interpreter.set_tensor(inlet, batch)
        interpreter.invoke()
        return np.asarray(interpreter.get_tensor(outlet), np.float32)

    return run


def load_network(path: Path) -> Any:
    """Return the Keras network in a .keras file, not compiled, if it holds nothing but layers that reckon.

    Raises
    ------
    ModelUnavailable
        Where it holds anything else, or TensorFlow is not installed.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        return open_network(path)
    except ImportError as error:
        raise ModelUnavailable(
            f"{path}: the keras engine needs TensorFlow; install it with: pip install 'recognizer[train]'."
        ) from error
    except Exception as error:
        raise ModelUnavailable(f"{path}: not a Keras model that can be opened safely ({error}).") from error


def _keras(path: Path) -> Run:
    network = load_network(path)

    def run(batch: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(network(batch, training=False), np.float32)

    return run
