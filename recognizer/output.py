"""Where results go: to standard output, or to a file as they come, which a later run can go on with."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from recognizer.file import UnreadableFile, from_json, kind_of, shown

_BLOCK = 1 << 20  # bytes of the file that are looked at together


class OutputLost(Exception):
    """The output takes no more; the reason, or nothing where whoever read our lines has had enough."""


class Output:
    """Takes lines of results, each group of them in one piece: a file holds whole lines whenever we are killed.

    `path` is the file, None for standard output. What it holds is replaced, or kept where we are
    `going_on`; `heading` lines stand at its beginning.

    Raises
    ------
    UnreadableFile
        The file cannot be written, or is a picture.
    """

    def __init__(self, path: Path | None, going_on: bool = False, heading: tuple[str, ...] = ()) -> None:
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
            They cannot be written.
        """
        text = "".join(f"{line}\n" for line in lines)
        try:
            if self._file is None:
                print(text, end="", flush=True)
                return
            left = text.encode("utf-8", "backslashreplace")
            while left:
                left = left[self._file.write(left) :]
        except BrokenPipeError:
            raise OutputLost from None
        except OSError as problem:
            raise OutputLost(problem.strerror) from None


def names_told(path: Path, form: str) -> frozenset[str]:
    """Return the names, as `shown` has them, of which a file of results in `form` ("json", "csv" or "") tells.

    Half a line at its end is cut off. A file that is missing tells of none. Of plain lines
    everything up to a colon counts as a name, since names may hold colons.

    Raises
    ------
    UnreadableFile
        The file cannot be opened, or holds something else.
    """
    if kind_of(path) not in {"file", ""}:
        raise UnreadableFile(f"{shown(path)} is no file, and only a file can be gone on with: name another.")
    try:
        with path.open("r+b") as stream:
            _cut(stream)
            stream.seek(0)
            return frozenset(_NAMES[form](line.decode("utf-8", "replace") for line in stream))
    except FileNotFoundError:
        return frozenset()
    except OSError as problem:
        raise UnreadableFile(f"{shown(path)} cannot be gone on with ({problem.strerror}): name another.") from None
    except (ValueError, LookupError, TypeError, csv.Error):
        raise UnreadableFile(
            f"{shown(path)} holds other lines than this command writes: give it the options of its first run."
        ) from None


def _opened(path: Path, going_on: bool) -> BinaryIO:
    from recognizer.source import begins_well

    if kind_of(path) == "file" and begins_well(path):
        raise UnreadableFile(f"{shown(path)} is a picture or a drawing: name another file for the results.")
    try:
        return path.open("ab" if going_on else "wb", buffering=0)
    except OSError as problem:
        raise UnreadableFile(f"{shown(path)} cannot be written ({problem.strerror}): name another file.") from None


def _cut(stream: BinaryIO) -> None:
    """Cut off what follows the last line feed, which a power failure or a full disk may have left."""
    end = size = stream.seek(0, os.SEEK_END)
    while end:
        begin = max(0, end - _BLOCK)
        stream.seek(begin)
        found = stream.read(end - begin).rfind(b"\n")
        end = begin + found + 1 if found >= 0 else begin
        if found >= 0:
            break
    if end < size:
        stream.truncate(end)


def _of_json(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield shown(from_json(line)["path"])


def _of_csv(lines: Iterable[str]) -> Iterator[str]:
    rows = csv.reader(lines)
    head = next(rows, None)
    if head is None:
        return
    column = head.index("path")
    for row in rows:
        yield row[column]


def _of_plain(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        before, colon, after = line.partition(": ")
        while colon:
            yield before
            more, colon, after = after.partition(": ")
            before += f": {more}"


_NAMES = {"json": _of_json, "csv": _of_csv, "": _of_plain}
