"""Exports a trained network: `.keras`, the source, to `.tflite`, what LiteRT runs."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path

import keras

from recognizer.file import write_file


def save_network(network: keras.Model, path: Path) -> Path:
    """Write `network` to `path` (.keras), whole or not at all."""
    written = path.with_name(f".{path.stem}.{os.getpid()}.keras")
    try:
        network.save(written)
        return written.replace(path)
    finally:
        written.unlink(missing_ok=True)


def export(network: keras.Model, path: Path) -> Path:
    """Write `network` to `path` (.tflite), float32, for any number of glyphs at a time."""
    import tensorflow as tf

    with contextlib.redirect_stdout(io.StringIO()):
        content = tf.lite.TFLiteConverter.from_keras_model(network).convert()
    write_file(path, content)
    return path
