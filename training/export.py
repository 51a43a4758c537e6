"""Exports a trained network: `.keras`, the source, to `.tflite`, what LiteRT runs."""

from __future__ import annotations

import contextlib
import io
import os
import warnings
from collections.abc import Iterable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import keras
import numpy as np
from numpy.typing import NDArray

from recognizer.file import write_file


def save_network(network: keras.Model, path: Path) -> Path:
    """Write `network` to `path` (.keras), its archive compressed, whole or not at all."""
    written = path.with_name(f".{path.stem}.{os.getpid()}.keras")
    try:
        network.save(written)
        content = io.BytesIO()
        with ZipFile(written) as plain, ZipFile(content, "w", ZIP_DEFLATED) as packed:
            for entry in plain.infolist():
                packed.writestr(entry.filename, plain.read(entry))
        write_file(path, content.getvalue())
        return path
    finally:
        written.unlink(missing_ok=True)


def halved(network: keras.Model) -> keras.Model:
    """Return a copy of `network` whose weights need 16 bits each: its files are half as large, and it reads alike."""
    small = keras.models.clone_model(keras.Model(network.inputs[0], network.outputs[0], name=network.name))
    small.set_weights([w.astype(np.float16).astype(np.float32) for w in network.get_weights()])
    return small


def export(
    network: keras.Model, path: Path, precision: str = "float32", examples: Iterable[NDArray[np.uint8]] | None = None
) -> Path:
    """Write `network` to `path` (.tflite), for any number of glyphs at a time, or a line of any width.

    `precision` is that of the numbers in it: "float32"; "float16", half as large; or "int8", a
    quarter as large and quicker, its ranges taken from what `examples` (H, W) each bring about.

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
