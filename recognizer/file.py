"""Files as bytes: read within a limit, written whole or not at all, named so that a message stays one line."""

from __future__ import annotations

import json
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

HEAD = 65536
"""How many of a file's first bytes are inspected before the rest is read."""


class UnreadableFile(ValueError):
    """A file that cannot be used as asked; its message is one sentence that names it and says what to do."""


def shown(name: str | os.PathLike[str]) -> str:
    r"""Return a name for one line of a terminal: what cannot be printed is escaped, a line break as `\n`.

    >>> print(shown("two\nlines \x1b[31m.png"))
    two\nlines \x1b[31m.png
    """
    escaped = (c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in os.fspath(name))
    return "".join(escaped)


def kind_of(path: str | os.PathLike[str]) -> str:
    """Return what stands at `path`: "file", "folder", "other" for pipes and devices, or "" where nothing can be told.

    Unlike the questions of `pathlib`, it has an answer for names too long, links in a circle and closed folders.
    """
    try:
        mode = Path(path).stat().st_mode
    except (OSError, ValueError):
        return ""
    return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "other"


def read_file(
    path: str | os.PathLike[str],
    most: int,
    error: type[UnreadableFile] = UnreadableFile,
    inspect: Callable[[bytes], object] = bool,
) -> bytes:
    """Return the bytes of `path`, of which there must be 1 to `most`; pipes and other special files are read too.

    The first bytes go to `inspect`, which may raise before the rest is read.

    Raises
    ------
    UnreadableFile
        Or the kind of it that `error` names: the file is missing, a folder, closed to us, empty or too large.
    """
    name = shown(path)
    try:
        with Path(path).open("rb") as stream:
            return read_stream(stream, name, most, error, inspect)
    except UnreadableFile:
        raise
    except FileNotFoundError:
        raise error(f"{name} does not exist: check the path.") from None
    except IsADirectoryError:
        raise error(f"{name} is a folder: name a file in it.") from None
    except PermissionError:
        raise error(f"{name} may not be opened: ask for the right to read it.") from None
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise error(f"{name} cannot be opened ({reason}): check the path.") from None


def read_stream(
    stream: BinaryIO,
    name: str,
    most: int,
    error: type[UnreadableFile] = UnreadableFile,
    inspect: Callable[[bytes], object] = bool,
) -> bytes:
    """Return the 1 to `most` bytes that are left in `stream`, the first of them once `inspect` has seen them."""
    head = stream.read(HEAD)
    inspect(checked(head, name, most, error))
    return checked(head + stream.read(most + 1 - len(head)), name, most, error)


def checked(data: bytes, name: str, most: int, error: type[UnreadableFile] = UnreadableFile) -> bytes:
    """Return `data` if there are 1 to `most` bytes of it, else raise `error`."""
    if not data:
        raise error(f"{name} is empty: save or download it again.")
    if len(data) > most:
        raise error(f"{name} has more than the {most // 1_000_000} MB that are read: save a smaller one.")
    return data


def from_json(text: str | bytes) -> Any:
    """Return what a JSON text says.

    Raises
    ------
    ValueError
        It is no JSON, or nested so deep that only hostile files are.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def write_file(path: str | os.PathLike[str], data: bytes) -> None:
    """Write `data` to `path` through a temporary file beside it, so that no half of it is ever seen there.

    Raises
    ------
    OSError
        The folder is missing, closed to us or full; what stood at `path` before is untouched.
    """
    target = Path(path)
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(target.stat().st_mode if target.exists() else 0o666 & ~_umask())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    """Return the process's mask of file modes, which can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
