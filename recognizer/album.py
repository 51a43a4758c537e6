"""A folder of pictures made of pages, none of which takes another's name or the place of a file that is not ours."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

from recognizer.file import UnreadableFile, kind_of, shown, write_file

_HEADER = 33  # bytes of a PNG file before the first chunk that may be a text: its signature and IHDR
_TEXT = b"tEXtSoftware\0recognizer"
_MARK = (len(_TEXT) - 4).to_bytes(4, "big") + _TEXT + zlib.crc32(_TEXT).to_bytes(4, "big")
"""The chunk (PNG specification, 11.3.3) that tells a picture of ours from one that is not to be replaced."""


class Album:
    """Saves what was made of pages in `folder`, one PNG a page, named after the input.

    A run that goes on keeps the pictures that an earlier one made of the inputs that are `done`, told in their order.
    """

    def __init__(self, folder: Path, done: Iterable[str] = ()) -> None:
        self._folder = folder
        self._taken: set[Path] = set()
        self._numbers: dict[str, int] = {}
        for name in done:
            self._hold(_stem(name))

    def keep(self, name: str, copies: Sequence[bytes]) -> None:
        """Save `copies`, a PNG file for each page of the input called `name`.

        Of several pages each has its number in its name. A name that another copy of this album, the
        input itself or a file that is not ours has is made new by a number; what an earlier run left there is replaced.

        Raises
        ------
        UnreadableFile
            A copy cannot be saved.
        """
        stem = _stem(name)
        for number, copy in enumerate(copies, 1):
            path = self._free(f"{stem}-page{number}" if len(copies) > 1 else stem, Path(name))
            self._taken.add(path)
            try:
                write_file(path, copy[:_HEADER] + _MARK + copy[_HEADER:])
            except OSError as problem:
                raise UnreadableFile(
                    f"{shown(path)} cannot be saved ({problem.strerror}): name another folder."
                ) from None

    def _hold(self, stem: str) -> None:
        """Take the names of the pictures that stand there for one input: of its only page, else of each."""
        single = self._free(stem)
        if kind_of(single):
            self._taken.add(single)
            return
        for number in count(1):
            page = self._free(f"{stem}-page{number}")
            if not kind_of(page):
                return
            self._taken.add(page)

    def _free(self, stem: str, original: Path | None = None) -> Path:
        """Return a path in the folder where nothing is, or a picture of an earlier run that is not the `original`."""
        number = self._numbers.get(stem, 1)
        path = self._folder / (f"{stem}-{number}.png" if number > 1 else f"{stem}.png")
        while path in self._taken or not _is_replaceable(path, original):
            number += 1
            path = self._folder / f"{stem}-{number}.png"
        self._numbers[stem] = number
        return path


def _stem(name: str) -> str:
    return "standard-input" if name == "-" else Path(name).stem


def _is_replaceable(path: Path, original: Path | None) -> bool:
    """Tell whether nothing is lost when a picture is written to `path`."""
    with suppress(OSError):
        if not os.path.lexists(path):
            return True
        if original and kind_of(original) and path.samefile(original):
            return False
        with path.open("rb") as stream:
            return stream.read(_HEADER + len(_MARK)).endswith(_MARK)
    return False
