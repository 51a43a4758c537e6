"""What the canvas opens and saves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from urllib.parse import unquote, urlparse
from urllib.request import url2pathname

import numpy as np
import pygame
from numpy.typing import NDArray

from recognizer.drawing import Drawing, Stroke, save_drawing
from recognizer.file import write_file
from recognizer.report import Terms, json_line
from ui.canvas import PEN_WIDTH, bounds, raster, smooth
from ui.corrections import corrections_by, truths_of
from ui.events import Opened
from ui.frame import Frame, fitted, moved
from ui.page import MIDDLE, Correction, Page, Picture
from ui.state import State

LARGEST_ENLARGEMENT = 8.0
"""How many times a small picture is enlarged at most, so that an MNIST digit can be seen."""

MODELS = frozenset({".tflite", ".keras"})
"""Endings of models, which can be opened like pictures and drawings."""


def path_of(text: str) -> Path:
    """Return the path in `text`: a path, in quotes or not, or a file's address as file managers copy it."""
    line = text.strip().splitlines()[0].strip().strip("\"'") if text.strip() else ""
    try:
        if line.startswith("file:"):
            line = url2pathname(unquote(urlparse(line).path))
        return Path(line).expanduser()
    except (ValueError, RuntimeError):  # no address, or of a user whom there is not
        return Path(line)


def open_page(path: Path, room: tuple[int, int], top: int = 0) -> Opened:
    """Open the picture or drawing at `path`, fit into `room` (width, height), which begins at `top`.

    What was said of a drawing's ink is on its page too. Of several pages it is the first.

    Raises
    ------
    UnreadableFile
        It is neither; the message is one sentence that names it and says what to do.
    """
    from recognizer.source import pages_of

    first, *more = islice(pages_of(path), 2)
    if not isinstance(first, Drawing):
        return Opened(picture_page(first, room, top), f"the first page of {path.name}" if more else path.name)
    drawing = fitted(first, room, top)
    return Opened(Page(drawing.strokes, corrections=corrections_by(drawing.truths, drawing.strokes)), path.name)


def picture_page(gray: NDArray[np.uint8], room: tuple[int, int], top: int = 0) -> Page:
    """Return a page with the picture (H, W) in the middle of `room` (width, height), which begins at `top`.

    It is shrunk to that or, if tiny, enlarged.
    """
    height, width = gray.shape
    scale = min(room[0] / width, room[1] / height, LARGEST_ENLARGEMENT)
    if scale > 1 and min(width, height) > 64:
        scale = 1.0
    left, above = (max(0, round(side - own * scale) // 2) for side, own in zip(room, (width, height), strict=True))
    return Page(picture=Picture(gray.tobytes(), (width, height), scale, (left, top + above)))


def listed(folder: Path) -> tuple[str, ...]:
    """Return the names in `folder` that can be opened: the folder above, folders, then files, each sorted."""
    from recognizer.source import ENDINGS

    try:
        entries = [entry for entry in folder.iterdir() if not entry.name.startswith(".")]
    except OSError:
        entries = []
    folders = sorted(entry.name for entry in entries if entry.is_dir())
    endings = MODELS | ENDINGS | {".xml"}
    files = sorted(entry.name for entry in entries if entry.suffix.lower() in endings and not entry.is_dir())
    return ("..", *folders, *files)


def save(state: State, folder: Path, now: datetime) -> tuple[str, ...]:
    """Write the page and what was read of it into `folder`, and return the files' names.

    A picture, an annotated picture, InkML, JSON and the glyphs as the model saw them, in one row.

    Raises
    ------
    OSError
        One of the files cannot be written.
    """
    from recognizer.annotate import annotate
    from recognizer.page import save_picture

    reading = state.shown.reading
    stem = _free_stem(folder, f"{'-'.join(reading.number.split())[:40] or 'page'}-{now:%Y%m%d-%H%M%S}")
    gray, frame = rendered(state.page, state.size)
    reading = moved(reading, frame.inverse)
    save_picture(folder / f"{stem}.png", gray)
    save_picture(folder / f"{stem}-annotated.png", annotate(gray, reading))
    names = [f"{stem}.png", f"{stem}-annotated.png"]
    if state.page.strokes:
        save_drawing(folder / f"{stem}.inkml", drawing_of(state.page, state.size))
        names.append(f"{stem}.inkml")
    write_file(folder / f"{stem}.json", (json_line(f"{stem}.png", reading, Terms()) + "\n").encode())
    names.append(f"{stem}.json")
    symbols = zip(state.shown.origin, state.shown.symbols, strict=True)
    glyphs = [state.marks[k].glyph for k, symbol in symbols if state.marks and symbol.label]
    if glyphs:
        save_picture(folder / f"{stem}-glyphs.png", np.concatenate(glyphs, axis=1))
        names.append(f"{stem}-glyphs.png")
    return tuple(names)


def drawing_of(page: Page, size: tuple[int, int]) -> Drawing:
    """Return the ink of `page`, which is of `size` (width, height), with what was said of it; not of its picture."""
    said = (truth for truth in truths_of(page) if truth.strokes or page.picture is None)
    return Drawing(page.strokes, size, tuple(said))


def rendered(page: Page, size: tuple[int, int]) -> tuple[NDArray[np.uint8], Frame]:
    """Return the page as a gray picture (H, W), and how that lies on the page.

    Without a picture that is dark ink on white paper of `size` (width, height). A picture keeps its
    full resolution; its paper grows to hold all the ink, which is white where the picture is dark.
    """
    if page.picture is None:
        return drawn_on(np.full((size[1], size[0]), 255, np.uint8), page.strokes, Frame())
    own = page.picture
    gray = np.frombuffer(own.pixels, np.uint8).reshape(own.size[::-1])
    return drawn_on(gray, page.strokes, Frame(own.scale, *own.at))


def drawn_on(gray: NDArray[np.uint8], strokes: Sequence[Stroke], frame: Frame) -> tuple[NDArray[np.uint8], Frame]:
    """Return a copy of `gray` (H, W), which lies on the page as `frame` tells, with `strokes` on it, and its frame."""
    if not strokes:
        return gray, frame
    widths = [(stroke.width or PEN_WIDTH) / frame.scale for stroke in strokes]
    lines = [(smooth(stroke.points) - (frame.x, frame.y)) / frame.scale for stroke in strokes]
    areas = [bounds(line, width) for line, width in zip(lines, widths, strict=True)]
    whole = pygame.Rect(0, 0, gray.shape[1], gray.shape[0]).unionall(areas)
    paper = int(np.median(gray))
    beyond = ((-whole.top, whole.bottom - gray.shape[0]), (-whole.left, whole.right - gray.shape[1]))
    drawn = np.pad(gray, beyond, constant_values=paper)
    for line, width, area in zip(lines, widths, areas, strict=True):
        coverage = raster(line, width, area)
        left, top = area.left - whole.left, area.top - whole.top
        part = drawn[top : top + area.height, left : left + area.width]
        part[:] = np.minimum(part, 255 - coverage) if paper > MIDDLE else np.maximum(part, coverage)
    return drawn, Frame(frame.scale, frame.x + whole.left * frame.scale, frame.y + whole.top * frame.scale)


def keep_ink(corrections: Sequence[Correction], folder: Path) -> int:
    """Write each correction's strokes into `folder` as InkML, and return how many files that made.

    A file's name begins with what the ink is said to be, as the training command expects of
    drawings, and ends with what tells this ink from any other: a later word on it replaces the
    file of the earlier one. What is no digit, and ink of pictures, of which there are no strokes,
    has none.

    Raises
    ------
    OSError
        A file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for correction in corrections:
        if not correction.strokes:
            continue
        ink = blake2b(repr([s.points for s in correction.strokes]).encode(), digest_size=8).hexdigest()
        path = folder / f"{correction.label}-{ink}.inkml" if correction.label.isalnum() else None
        if path and not path.exists():
            save_drawing(path, Drawing(correction.strokes))
            count += 1
        for other in folder.glob(f"*-{ink}.inkml"):
            if other != path:
                other.unlink()
    return count


def _free_stem(folder: Path, stem: str) -> str:
    """Return `stem`, or with a number after it where files of that name are there already."""
    if not (folder / f"{stem}.png").exists():
        return stem
    return next(name for n in range(2, 10_000) if not (folder / f"{(name := f'{stem}-{n}')}.png").exists())
