"""A folder of annotated copies, none of which takes another's name or an original's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.annotate import annotate
from recognizer.drawing import Drawing
from recognizer.file import UnreadableFile, shown
from recognizer.page import save_picture
from recognizer.reading import Reading


class Album:
    """Saves what was read as pictures in `folder`, one PNG a page, named after the input."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._taken: set[Path] = set()

    def keep(self, name: str, pages: Iterable[NDArray[np.uint8] | Drawing], readings: Sequence[Reading]) -> None:
        """Save an annotated copy of each page of the input called `name`.

        Of several pages each has its number in its name. A name that another copy of this album or
        the input itself has is made new by a number; what an earlier run left there is replaced.

        Raises
        ------
        UnreadableFile
            A copy cannot be saved.
        """
        stem = "standard-input" if name == "-" else Path(name).stem
        for number, (page, reading) in enumerate(zip(pages, readings, strict=True), 1):
            path = self._free(f"{stem}-page{number}" if len(readings) > 1 else stem, Path(name))
            try:
                save_picture(path, annotate(page, reading))
            except OSError as problem:
                raise UnreadableFile(
                    f"{shown(path)} cannot be saved ({problem.strerror}): name another folder."
                ) from None

    def _free(self, stem: str, original: Path) -> Path:
        """Return a path in the folder that is free, and take it."""
        path, number = self._folder / f"{stem}.png", 1
        while path in self._taken or (path.exists() and original.exists() and path.samefile(original)):
            number += 1
            path = self._folder / f"{stem}-{number}.png"
        self._taken.add(path)
        return path
