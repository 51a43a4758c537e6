"""Where results go: to standard output, or to a file as they come, which a later run can go on with."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from recognizer.file import UnreadableFile, kind_of, shown


class OutputLost(Exception):
    """The output takes no more; the reason, or nothing where whoever read our lines has had enough."""


class Output:
    """Takes lines of results, each group of them in one piece: a file holds whole lines whenever we are killed.

    `path` is the file, None for standard output. What it holds is replaced, or kept where we are
    `going_on`; `heading` lines stand at its beginning. It may be none of the files that are `read`.

    Raises
    ------
    UnreadableFile
        The file cannot be written, is read, or is a picture.
    """

    def __init__(
        self, path: Path | None, going_on: bool = False, heading: tuple[str, ...] = (), read: Iterable[Path] = ()
    ) -> None:
        if path and any(_same(path, other) for other in read):
            raise UnreadableFile(f"{shown(path)} is read by this very command: name another file for the results.")
        self._file = _opened(path, going_on) if path else None
        if self._file is None or not os.fstat(self._file.fileno()).st_size:
            self.write(heading)

    def __enter__(self) -> Output:
        """Return the output, which is open already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file; standard output stays open."""
        if self._file:
            self._file.close()

    def write(self, lines: Iterable[str]) -> None:
        """Write `lines`, at once, so that whoever waits for them has them.

        Raises
        ------
        OutputLost
            They cannot be written; the file then holds none of them.
        """
        text = "".join(f"{line}\n" for line in lines)
        try:
            if self._file is None:
                _print(text)
            else:
                _append(self._file, text.encode("utf-8", "backslashreplace"))
        except BrokenPipeError:
            raise OutputLost from None
        except OSError as problem:
            raise OutputLost(problem.strerror) from None


def _print(text: str) -> None:
    if sys.stdout is None:
        raise OutputLost("standard output is closed")
    print(text, end="", flush=True)


def _append(file: BinaryIO, data: bytes) -> None:
    """Write all of `data` at the end of `file`, or, where that fails, none of it: the next run then begins with it."""
    size = os.fstat(file.fileno()).st_size
    try:
        while data:
            data = data[file.write(data) :]
    except OSError:
        with suppress(OSError):  # pipes keep what they were given
            file.truncate(size)
        raise


def _same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except (OSError, ValueError):  # one of them is not there
        return False


def _opened(path: Path, going_on: bool) -> BinaryIO:
    from recognizer.source import begins_well

    if kind_of(path) == "file" and begins_well(path):
        raise UnreadableFile(f"{shown(path)} is a picture or a drawing: name another file for the results.")
    try:
        return path.open("ab" if going_on else "wb", buffering=0)
    except OSError as problem:
        raise UnreadableFile(f"{shown(path)} cannot be written ({problem.strerror}): name another file.") from None
