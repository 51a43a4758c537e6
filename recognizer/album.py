"""A folder of pictures made of pages, none of which takes another's name or an original's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from recognizer.file import UnreadableFile, shown, write_file


class Album:
    """Saves what was made of pages in `folder`, one PNG a page, named after the input."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._taken: set[Path] = set()

    def keep(self, name: str, copies: Sequence[bytes]) -> None:
        """Save `copies`, a PNG file for each page of the input called `name`.

        Of several pages each has its number in its name. A name that another copy of this album or
        the input itself has is made new by a number; what an earlier run left there is replaced.

        Raises
        ------
        UnreadableFile
            A copy cannot be saved.
        """
        stem = "standard-input" if name == "-" else Path(name).stem
        for number, copy in enumerate(copies, 1):
            path = self._free(f"{stem}-page{number}" if len(copies) > 1 else stem, Path(name))
            try:
                write_file(path, copy)
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
