"""A journal of the page, so that a crash loses nothing: every change of it is on disk at once.

Each running window has a journal of its own and holds a lock on it. One whose lock is free was left
behind by a window that did not end as it should, or ended with a page that is in no file. A picture
on the page lies in a file beside the journal.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from ui.entry import entry, followed
from ui.page import Page, Picture

PREFIX = "journal-"

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 30  # a byte beyond all that is written: a locked one could not be read by others

    def _lock(file: IO[Any]) -> None:
        file.seek(_FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[Any]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Journal:
    """Writes down what changes on the page, in a file of `folder` that is gone at the end if it need not be kept.

    Raises
    ------
    OSError
        The folder is missing, closed to us or full.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"{PREFIX}{os.getpid()}-{time.time_ns()}.jsonl"
        self._file = self._path.open("ab", buffering=0)
        _lock(self._file)
        self._page = Page()
        self._stored = False
        self._picture = 0
        self._end = 0

    def record(self, page: Page, stored: bool = False) -> None:
        """Write down what leads from the page recorded last to `page`, if anything does, and whether a file has that.

        What could not be written is tried again with the next change.

        Raises
        ------
        OSError
            It cannot be written; the journal holds what it held.
        """
        if page is self._page and stored is self._stored:
            return
        new = page.picture is not None and page.picture is not self._page.picture
        number = self._picture + new
        try:
            if page.picture is not None and new:
                _keep(page.picture, _picture_path(self._path, number))
            self._write(entry(self._page, page, number, stored).encode())
        except OSError:
            _drop_pictures(self._path, but=self._picture)
            raise
        if page.picture is not self._page.picture:
            _drop_pictures(self._path, but=number if new else None)
        self._page, self._stored, self._picture = page, stored, number

    def _write(self, line: bytes) -> None:
        """Write a line, or nothing of it."""
        try:
            left = line
            while left:
                left = left[self._file.write(left) :]
        except OSError:
            with suppress(OSError):
                self._file.truncate(self._end)
            raise
        self._end += len(line)

    def close(self, keep: bool) -> None:
        """End: with `keep` the page can be brought back by the next window, else it is forgotten."""
        self._file.close()
        if not keep:
            forget(self._path)


def lost(folder: Path) -> tuple[Page, tuple[Path, ...]]:
    """Return the page that was left unsaved last, and the journals that hold it or nothing.

    What earlier windows left is offered another time: on one page their strokes would lie on each other.
    """
    page, found = Page(), []
    for path in sorted(folder.glob(f"{PREFIX}*.jsonl"), key=_started, reverse=True):
        if page.blank and not _in_use(path):
            page = replayed(path)
            found.append(path)
    return page, tuple(found)


def forget(path: Path) -> None:
    """Remove the journal at `path` with its picture."""
    path.unlink(missing_ok=True)
    _drop_pictures(path)


def _started(path: Path) -> int:
    """Return when the window whose journal is at `path` was opened, in nanoseconds of the system's clock."""
    time = path.stem.rpartition("-")[2]
    return int(time) if time.isdecimal() else 0


def replayed(path: Path) -> Page:
    """Return the page as it was when the journal at `path` ends; a broken last line and a lost picture are left out."""
    try:
        page, picture = followed(path.read_text(encoding="utf-8").splitlines())
    except (OSError, ValueError):
        return Page()
    if picture is None:
        return page
    pixels = _pixels(_picture_path(path, picture.number), picture.size)
    if pixels is None:
        return replace(page, corrections=tuple(c for c in page.corrections if c.strokes))
    return replace(page, picture=picture.with_pixels(pixels))


def _picture_path(journal: Path, number: int) -> Path:
    return journal.with_name(f"{journal.stem}-{number}.pgm")


def _head(size: tuple[int, int]) -> bytes:
    """Return what a file of gray bytes begins with, so that other programs can show it too."""
    return b"P5\n%d %d\n255\n" % size


def _keep(picture: Picture, path: Path) -> None:
    """Write the pixels of `picture` to `path`, as they are: to make them smaller would hold up the pen."""
    with path.open("wb") as file:
        file.writelines((_head(picture.size), picture.pixels))


def _pixels(path: Path, size: tuple[int, int]) -> bytes | None:
    """Return the pixels at `path` of a picture of `size` (width, height), None where they are not there."""
    head = _head(size)
    try:
        data = path.read_bytes()
    except OSError:
        return None
    return data[len(head) :] if data.startswith(head) and len(data) == len(head) + size[0] * size[1] else None


def _drop_pictures(journal: Path, but: int | None = None) -> None:
    """Remove the pictures beside `journal`, `but` the one of this number; what cannot be removed now is later."""
    for path in journal.parent.glob(f"{journal.stem}-*.pgm"):
        if but is None or path != _picture_path(journal, but):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _in_use(path: Path) -> bool:
    """Return whether a window that still runs holds the journal at `path`."""
    try:
        with path.open("ab") as file:
            _lock(file)
    except OSError:
        return True
    return False
