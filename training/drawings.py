"""Ink that the canvas kept because somebody corrected how it was read: InkML files named by their label."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from recognizer.drawing import load_drawing
from recognizer.file import UnreadableFile
from training.data import BadData, Sample

WRITER = "canvas"  # one writer, whose hand the reader is to learn: always for training, never held out


def read_drawings(folder: Path) -> tuple[tuple[Sample, ...], tuple[Sample, ...]]:
    """Return the single characters and the longer texts in `folder`: files named LABEL-….inkml.

    Raises
    ------
    BadData
        Where a file is no drawing, or its name does not begin with a label.
    """
    found = [_sample(path) for path in sorted(folder.glob("*.inkml"))]
    samples = [s for s in found if s.traces]
    return tuple(s for s in samples if len(s.label) == 1), tuple(s for s in samples if len(s.label) > 1)


def _sample(path: Path) -> Sample:
    label, dash, _ = path.stem.partition("-")
    if not label or not dash:
        raise BadData(f"{path}: the name must begin with what is written and a dash, as in 7-1.inkml.")
    try:
        strokes = load_drawing(path).strokes
    except UnreadableFile as error:
        raise BadData(str(error)) from error
    return Sample(label, WRITER, tuple(np.array(stroke.points, np.float64) for stroke in strokes))
