"""Files that belong together, as a model and its card: all are written before the first of them takes its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def together(folder: Path) -> Iterator[Path]:
    """Yield a folder to write files into; once all are there, each takes its place in `folder`.

    Where one cannot be written, as on a full disk, what stands in `folder` stays as it was.
    """
    with TemporaryDirectory(dir=folder, prefix=".together-") as made:
        yield Path(made)
        for written in sorted(Path(made).iterdir()):
            written.replace(folder / written.name)
