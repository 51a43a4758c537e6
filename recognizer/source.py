"""Where pages come from: files, folders, pipes and bytes; pictures and drawings are told apart by what they hold."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from recognizer.drawing import Drawing, is_inkml, load_drawing
from recognizer.file import UnreadableFile, kind_of, read_file, read_stream, shown
from recognizer.page import MOST_BYTES, UnreadablePage, pages_in
from recognizer.pdf import is_pdf, pdf_pages
from recognizer.picture_header import picture_kind

Page = NDArray[np.uint8] | Drawing
"""What is read at once: a gray picture (H, W), or a drawing."""

_HEAD = 1024  # bytes that tell what a file holds
ENDINGS = frozenset(
    {
        ".png",
        ".jpg",
        ".jpeg",
        ".bmp",
        ".tif",
        ".tiff",
        ".webp",
        ".gif",
        ".avif",
        ".jp2",
        ".pbm",
        ".pgm",
        ".ppm",
        ".pdf",
        ".inkml",
    }
)
"""Endings of names by which a file counts as a picture or a drawing, whatever it holds."""


def load_source(source: str | os.PathLike[str] | bytes, name: str = "") -> tuple[NDArray[np.uint8], ...] | Drawing:
    """Return the gray pages (H, W) of a picture or PDF, or the drawing in an InkML file, given its path or its bytes.

    Raises
    ------
    UnreadablePage, UnreadableDrawing
        The file is missing, or is neither; the message calls it `name`, or by its path.
    """
    pages: list[NDArray[np.uint8]] = []
    for page in pages_of(source, name):
        if isinstance(page, Drawing):
            return page
        pages.append(page)
    return tuple(pages)


def pages_of(source: str | os.PathLike[str] | bytes, name: str = "") -> Iterator[Page]:
    """Yield what `load_source` returns, one page after the other, so that no two need be in memory.

    Raises
    ------
    UnreadablePage, UnreadableDrawing
        As `load_source`; or a later page cannot be decoded.
    """
    if not isinstance(source, bytes) and kind_of(source) == "other":  # pipes and devices give their bytes only once
        name = shown(name or source)
        source = read_file(source, MOST_BYTES, inspect=lambda head: _check_head(head, name))
    if is_inkml(source):
        yield load_drawing(source, name)
    elif is_document(source):
        name = shown(name or ("the document" if isinstance(source, bytes) else source))
        data = source if isinstance(source, bytes) else read_file(source, MOST_BYTES, UnreadablePage)
        yield from pdf_pages(data, name)
    else:
        yield from pages_in(source, name)


def is_document(source: str | os.PathLike[str] | bytes) -> bool:
    """Tell whether a file, or bytes that one begins with, are a PDF and no picture."""
    if isinstance(source, bytes):
        return is_pdf(source) and not picture_kind(source)
    try:
        with Path(source).open("rb") as stream:
            return is_document(stream.read(_HEAD))
    except (OSError, ValueError):
        return False


def stream_pages(stream: BinaryIO, name: str) -> Iterator[Page]:
    """Yield the pages or the drawing that a stream of bytes holds, as `pages_of` does."""
    yield from pages_of(read_stream(stream, name, MOST_BYTES, inspect=lambda head: _check_head(head, name)), name)


def files_below(folder: Path, without: Collection[Path] = ()) -> Iterator[Path | UnreadableFile]:
    """Yield the pictures and drawings in a folder and the folders in it, by name; and what could not be looked into.

    Folders that, resolved, are among those `without` are passed over.

    A file counts by its first bytes or by its ending: one that is named as a picture and is none
    is worth an error, a text among the pictures is not. What begins with a dot is passed over, and
    links to folders are not followed.
    """
    problems: list[UnreadableFile] = []
    found = False
    waiting = [folder]
    while waiting:
        folders, files = _entries(waiting.pop(), problems)
        waiting += [below for below in reversed(folders) if not without or below.resolve() not in without]
        for path in files:
            if path.suffix.lower() in ENDINGS or begins_well(path):
                found = True
                yield path
    yield from problems
    if not found and not problems:
        yield UnreadableFile(f"{shown(folder)} holds no picture and no drawing: name a folder that does.")


def _entries(folder: Path, problems: list[UnreadableFile]) -> tuple[list[Path], list[Path]]:
    """Return the folders and the files in a folder, each by name; what closes it to us goes to `problems`."""
    try:
        with os.scandir(folder) as found:
            entries = sorted((entry for entry in found if not entry.name.startswith(".")), key=lambda e: e.name)
            folders = [folder / entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
            return folders, [folder / entry.name for entry in entries if _is_file(entry)]
    except OSError as problem:
        problems.append(_closed(folder, problem))
        return [], []


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Tell whether an entry is a file or leads to one; links that lead in a circle do not."""
    try:
        return entry.is_file()
    except OSError:
        return False


def _check_head(head: bytes, name: str) -> None:
    """Raise UnreadableFile, before more is read, where a stream begins neither as a picture nor as a drawing."""
    if not (picture_kind(head) or is_inkml(head) or is_document(head)):
        raise UnreadableFile(
            f"{name} is neither a picture nor a drawing: give a PNG, JPEG, BMP, TIFF, WebP, PDF or InkML."
        )


def begins_well(path: Path) -> bool:
    """Tell whether a file begins as a picture or a drawing does."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        return False
    return bool(picture_kind(head)) or is_document(head) or (is_inkml(head) and b"<ink" in head)


def _closed(folder: Path, error: OSError) -> UnreadableFile:
    return UnreadableFile(f"{shown(folder)} cannot be looked into ({error.strerror}): ask for the right to.")
