"""A folder of explained errors: a picture of how each number was read, in a folder for its kind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer import Drawing, Explanation
from recognizer.diagram import diagram
from recognizer.page import save_picture
from training.segmentation import Outcome


class Gallery:
    """Pictures of numbers read wrong, below `folder`; their names say what was written and what was read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._taken: set[Path] = set()

    def hang(self, one: Outcome, page: Drawing | NDArray[np.uint8], explained: Explanation) -> Path:
        """Draw how the number on `page` was read, save it under the kind of its error, and return where."""
        folder = self._folder / one.kind.replace(" ", "-")
        folder.mkdir(parents=True, exist_ok=True)
        name, number = f"{_plain(one.wrote)}-read-{_plain(one.read) or 'nothing'}-{one.page}", 1
        path = folder / f"{name}.png"
        while path in self._taken:
            number += 1
            path = folder / f"{name}-{number}.png"
        self._taken.add(path)
        save_picture(path, diagram(page, explained))
        return path


def _plain(text: str) -> str:
    """Return `text` for a file's name: marks that some systems forbid become _."""
    return "".join(c if c.isalnum() or c in "-.,+=#()" else "_" for c in text)[:60]
