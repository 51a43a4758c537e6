"""Exports a trained network: `.keras`, the source, to `.tflite`, what LiteRT runs."""

from __future__ import annotations

import contextlib
import io
import os
import warnings
from pathlib import Path

import keras
import numpy as np

from recognizer.file import write_file
from training.mix import Glyphs


def save_network(network: keras.Model, path: Path) -> Path:
    """Write `network` to `path` (.keras), whole or not at all."""
    written = path.with_name(f".{path.stem}.{os.getpid()}.keras")
    try:
        network.save(written)
        return written.replace(path)
    finally:
        written.unlink(missing_ok=True)


def export(network: keras.Model, path: Path, precision: str = "float32", examples: Glyphs | None = None) -> Path:
    """Write `network` to `path` (.tflite), for any number of glyphs at a time.

    `precision` is that of the numbers in it: "float32"; "float16", half as large; or "int8", a
    quarter as large and quicker, its ranges taken from what `examples` (n, 28, 28) bring about.

    Raises
    ------
    OSError
        Where a file cannot be written; what stood at `path` is untouched.
    """
    import tensorflow as tf

    converter = tf.lite.TFLiteConverter.from_keras_model(network)
    if precision != "float32":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if precision == "float16":
        converter.target_spec.supported_types = [tf.float16]
    if examples is not None:
        converter.representative_dataset = lambda: ([g[None, ..., None].astype(np.float32)] for g in examples)
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Statistics for quantized inputs")  # glyphs come as they are, in float32
        try:
            content = converter.convert()
        except tf.errors.OpError as error:  # what TensorFlow says where it cannot write its temporary files
            raise OSError(f"the export failed: {error.message}") from error
    write_file(path, content)
    return path
