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


def texts_among(folder: Path) -> int:
    """Return how many drawings in `folder` are of several symbols; where one ends in them no file says."""
    return sum(len(_label(path)) > 1 for path in folder.glob("*.inkml"))


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
    label = _label(path)
    if not label:
        raise BadData(f"{path}: the name must begin with what is written and a dash, as in 7-1.inkml.")
    try:
        return Kept(path.name, label, load_drawing(path))
    except UnreadableFile as error:
        raise BadData(str(error)) from error


def _label(path: Path) -> str:
    """Return what is written in the drawing at `path`, by its name; nothing where that does not tell."""
    label, dash, _ = path.stem.partition("-")
    return label if dash else ""
