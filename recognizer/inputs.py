"""What the command is to read: paths, folders, patterns and lists of names become inputs, one after the other."""

from __future__ import annotations

import glob
import io
import os
import re
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from recognizer.file import UnreadableFile, kind_of, shown

STANDARD_INPUT = "-"
_BETWEEN = f"[{re.escape(os.sep + (os.altsep or ''))}]"  # folders and names
_ANY_FOLDERS = re.compile(rf"(?:^|(?<={_BETWEEN}))\*\*{_BETWEEN}")
_CHUNK = 65536  # bytes of a list that are read at once
_LONGEST = 1_000_000  # bytes of one name: no system has longer ones, and no list need fill the memory


@dataclass(frozen=True)
class Input:
    """One thing to read: a file at `place`, standard input where there is none, or what is wrong with it."""

    name: str
    place: Path | None = None
    problem: str = ""

    @property
    def is_plain_file(self) -> bool:
        """Whether any process can read it: no stream that gives its bytes only once, and none only to us."""
        return self.place is not None and not self.problem and kind_of(self.place) == "file"


def inputs_of(paths: Sequence[str], without: Collection[Path] = ()) -> Iterator[Input]:
    """Yield what `paths` stand for: folders are replaced by what is in them, patterns by what they match.

    Folders `without`, resolved, are where copies are kept, which are not to be read in their turn.
    """
    for path in paths:
        if path == STANDARD_INPUT:
            yield Input(path)
        elif not path:
            yield Input(path, problem="An empty name was given: name a file or a folder.")
        elif glob.has_magic(path) and not os.path.lexists(path):
            yield from _matching(path, without)
        else:
            yield from _at(path, without)


def inputs_listed(stream: io.BufferedIOBase, separator: bytes, without: Collection[Path] = ()) -> Iterator[Input]:
    """Yield what the names in `stream` stand for, parted by `separator`; folders count, patterns do not. Close it.

    Raises
    ------
    UnreadableFile
        A name is longer than any can be: this is no list.
    """
    try:
        for name in _names(stream, separator):
            yield from _at(os.fsdecode(name), without)
    finally:
        if stream is not getattr(sys.stdin, "buffer", None):
            stream.close()


def is_several(paths: Sequence[str]) -> bool:
    """Tell whether `paths` may stand for more than one input, so that lines need the names of theirs."""
    return len(paths) != 1 or (paths[0] != "" and (kind_of(paths[0]) == "folder" or _is_pattern(paths[0])))


def open_list(path: str) -> io.BufferedIOBase:
    """Open a list of names, - being standard input.

    Raises
    ------
    UnreadableFile
        There is none that may be read.
    """
    if path == STANDARD_INPUT:
        return cast(io.BufferedIOBase, sys.stdin.buffer) if sys.stdin else io.BytesIO()
    try:
        return Path(path).open("rb")
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise UnreadableFile(f"{shown(path)} cannot be opened ({reason}): name a list of files.") from None


def _is_pattern(path: str) -> bool:
    return glob.has_magic(path) and not os.path.lexists(path)


def _matching(pattern: str, without: Collection[Path]) -> Iterator[Input]:
    """Yield what a pattern matches, by name, for shells that leave patterns to us; `**` means any folders.

    Below `**` links to folders are not followed: two of them that lead upwards would be endless.
    """
    found = sorted(_matches(pattern))
    for path in found:
        yield from _at(path, without)
    if not found:
        yield Input(pattern, problem=f"{shown(pattern)} matches no file: check the pattern.")


def _matches(pattern: str) -> set[str]:
    """Return the names, as `pattern` begins them, of what it matches."""
    first, *rest = _ANY_FOLDERS.split(pattern, maxsplit=1)
    if not rest:
        return set(glob.glob(pattern))  # noqa: PTH207 - names as given, without "." and such
    starts = _matches(first) if glob.has_magic(first) else {first}
    below = (glob.escape(folder) for start in starts for folder in _folders(start))
    return {name for folder in below for name in _matches(folder + rest[0])}


def _folders(start: str) -> Iterator[str]:
    """Yield `start`, which ends as folders do or is empty, and the folders below it, but for links and hidden ones."""
    waiting = [start]
    while waiting:
        folder = waiting.pop()
        yield folder
        with suppress(OSError), os.scandir(folder or os.curdir) as found:
            inside = [entry.name for entry in found if entry.is_dir(follow_symlinks=False)]
            waiting += [f"{folder}{name}{os.sep}" for name in inside if not name.startswith(".")]


def _at(path: str, without: Collection[Path]) -> Iterator[Input]:
    """Yield the file at `path`, or the files below it where it is a folder."""
    from recognizer.source import files_below

    if kind_of(path) != "folder":
        yield Input(path, Path(path))
        return
    if Path(path).resolve() in without:
        yield Input(path, problem=f"{shown(path)} is where copies are kept: name another folder for them.")
        return
    for found in files_below(Path(path), without):
        yield Input(path, problem=str(found)) if isinstance(found, UnreadableFile) else Input(str(found), found)


def _names(stream: io.BufferedIOBase, separator: bytes) -> Iterator[bytes]:
    """Yield the names in a list as they come; empty ones are passed over, and what Windows adds to lines."""
    rest, begun = b"", False
    while chunk := stream.read1(_CHUNK):
        whole = rest + chunk
        if not begun:
            whole, begun = whole.removeprefix(b"\xef\xbb\xbf"), True
        *names, rest = whole.split(separator)
        yield from filter(None, (_name(name, separator) for name in names))
        if len(rest) > _LONGEST:
            raise UnreadableFile("The list of files is none: put one name on a line.")
    if _name(rest, separator):
        yield _name(rest, separator)


def _name(name: bytes, separator: bytes) -> bytes:
    return name.removesuffix(b"\r") if separator == b"\n" else name
