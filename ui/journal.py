"""A journal of strokes, so that a crash loses nothing: every change of the page is on disk at once.

Each running window has a journal of its own and holds a lock on it. One whose lock is free was left
behind by a window that did not end as it should.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from recognizer.drawing import Stroke
from recognizer.file import from_json
from ui.page import Page, edit_between

PREFIX = "journal-"
_FARTHEST = 32_768.0  # pixels: no window is larger

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
    """Writes down what changes on the page, in a file of `folder` that is gone after an orderly end.

    Raises
    ------
    OSError
        The folder is missing, closed to us or full.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"{PREFIX}{os.getpid()}-{time.time_ns()}.jsonl"
        self._file = self._path.open("ab", buffering=0)
        _lock(self._file)
        self._strokes: tuple[Stroke, ...] = ()
        self._end = 0

    def record(self, strokes: tuple[Stroke, ...]) -> None:
        """Write down what leads from the strokes recorded last to `strokes`, if anything does.

        What could not be written is tried again with the next change.

        Raises
        ------
        OSError
            It cannot be written; the journal holds what it held.
        """
        if strokes is self._strokes:
            return
        edit = edit_between(Page(self._strokes), Page(strokes))
        line = {
            "at": edit.at,
            "removed": len(edit.removed),
            "added": [{"points": stroke.points, "width": stroke.width} for stroke in edit.added],
        }
        self._write(f"{json.dumps(line)}\n".encode())
        self._strokes = strokes

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

    def close(self, orderly: bool) -> None:
        """End: after an orderly end there is nothing to restore, after another the journal stays."""
        self._file.close()
        if orderly:
            self._path.unlink(missing_ok=True)


def lost(folder: Path) -> tuple[tuple[Stroke, ...], tuple[Path, ...]]:
    """Return the strokes of the window that ended early last, and the journals that hold them or nothing.

    What earlier windows left is offered another time: on one page their strokes would lie on each other.
    """
    left = [path for path in sorted(folder.glob(f"{PREFIX}*.jsonl"), key=_started) if not _in_use(path)]
    held = {path: replayed(path) for path in left}
    last = next((path for path in reversed(left) if held[path]), None)
    return held[last] if last else (), tuple(path for path in left if path == last or not held[path])


def _started(path: Path) -> int:
    """Return when the window whose journal is at `path` was opened, in nanoseconds of the system's clock."""
    time = path.stem.rpartition("-")[2]
    return int(time) if time.isdecimal() else 0


def replayed(path: Path) -> tuple[Stroke, ...]:
    """Return the strokes that were on the page when the journal at `path` ends; a broken last line is left out."""
    strokes: list[Stroke] = []
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            entry = from_json(line)
            added = [_stroke(each["points"], each["width"]) for each in entry["added"]]
            strokes[entry["at"] : entry["at"] + entry["removed"]] = added
    except (OSError, ValueError, KeyError, TypeError):
        return tuple(strokes)
    return tuple(strokes)


def _stroke(points: list[list[float]], width: float | None) -> Stroke:
    stroke = Stroke(tuple((float(x), float(y)) for x, y in points), None if width is None else float(width))
    if not stroke.points or not all(abs(value) <= _FARTHEST for point in stroke.points for value in point):
        raise ValueError("a stroke that no hand has drawn")
    if stroke.width is not None and not 0 < stroke.width <= _FARTHEST:
        raise ValueError("a pen of no width")
    return stroke


def _in_use(path: Path) -> bool:
    """Return whether a window that still runs holds the journal at `path`."""
    try:
        with path.open("ab") as file:
            _lock(file)
    except OSError:
        return True
    return False
