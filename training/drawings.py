"""Ink that the canvas kept because somebody corrected how it was read: InkML files named by their label."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recognizer.drawing import Drawing, load_drawing
from recognizer.file import UnreadableFile
from training.data import BadData, Sample

WRITER = "canvas"  # one writer, whose hand the reader is to learn: always for training, never held out


@dataclass(frozen=True)
class Kept:
    """A drawing that was kept, with the file's `name` and the `label` that it begins with: what is written."""

    name: str
    label: str
    drawing: Drawing

    @property
    def sample(self) -> Sample:
        """The drawing as training takes it."""
        traces = tuple(np.array(stroke.points, np.float64) for stroke in self.drawing.strokes)
        return Sample(self.label, WRITER, traces)


def kept_drawings(folder: Path) -> tuple[Kept, ...]:
    """Return the drawings in `folder` that have ink: files named LABEL-….inkml, in the order of their names.

    Raises
    ------
    BadData
        Where a file is no drawing, or its name does not begin with a label.
    """
    found = [_kept(path) for path in sorted(folder.glob("*.inkml"))]
    return tuple(kept for kept in found if kept.drawing.strokes)


def read_drawings(folder: Path) -> tuple[tuple[Sample, ...], tuple[Sample, ...]]:
    """Return the single characters and the longer texts among the drawings in `folder`.

    Raises
    ------
    BadData
        Where a file is no drawing, or its name does not begin with a label.
    """
    samples = [kept.sample for kept in kept_drawings(folder)]
    return tuple(s for s in samples if len(s.label) == 1), tuple(s for s in samples if len(s.label) > 1)


def _kept(path: Path) -> Kept:
    label, dash, _ = path.stem.partition("-")
    if not label or not dash:
        raise BadData(f"{path}: the name must begin with what is written and a dash, as in 7-1.inkml.")
    try:
        return Kept(path.name, label, load_drawing(path))
    except UnreadableFile as error:
        raise BadData(str(error)) from error
