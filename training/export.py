"""Exports a trained network: `.keras`, the source, to `.tflite`, what LiteRT runs."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path

import keras


def export(network: keras.Model, path: Path) -> Path:
    """Write `network` to `path` (.tflite), float32, for any number of glyphs at a time."""
    import tensorflow as tf

    with contextlib.redirect_stdout(io.StringIO()):
        content = tf.lite.TFLiteConverter.from_keras_model(network).convert()
    written = path.with_name(f"{path.name}.{os.getpid()}")
    written.write_bytes(content)
    return written.replace(path)
