"""Standard error for our own messages alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Keep what native libraries write to file descriptor 2 off standard error, while Python's messages still reach it.

    Decoders of pictures and interpreters of models (libpng, libtiff, OpenCV, LiteRT, TensorFlow) write
    there whatever Python does, and some cannot be asked not to. This holds for the whole process: it is
    for a command, not for a library.
    """
    try:
        kept = os.dup(2)
    except OSError:  # standard error is closed: nothing to keep clean
        yield
        return
    before = sys.stderr
    with open(os.devnull, "wb") as nothing:  # noqa: PTH123 - a device, not a path
        os.dup2(nothing.fileno(), 2)
    try:
        with open(kept, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False) as ours:
            if _writes_to_2(before):
                sys.stderr = ours
            yield
    finally:
        sys.stderr = before
        os.dup2(kept, 2)
        os.close(kept)


def _writes_to_2(stream: object) -> bool:
    """Tell whether a stream is the real standard error and not something put in its place."""
    with suppress(OSError, ValueError, AttributeError):
        return bool(stream.fileno() == 2)  # type: ignore[attr-defined]
    return False
