"""Amounts on scanned bank cheques: whole ones as pages and as strips, their digits as glyphs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.candidates import merged
from recognizer.contrast import Gray
from recognizer.file import UnreadableFile, read_file, write_file
from recognizer.ink import Ink, Mark, ink_of_page
from recognizer.ink_model import InkModel
from recognizer.locate import lines_of
from recognizer.normalize import SIDE, inked, normalize
from recognizer.page import MOST_BYTES, load_pages
from recognizer.strip import strip_of
from training.data import BadData, Pictures
from training.mix import MARKS
from training.pages import Page
from training.strips import Scan

LABELS = "labels.jsonl"
FREE = (*MARKS, "")  # what stands between the digits of an amount, written down by nobody

Use = Callable[[str], bool]


@dataclass(frozen=True)
class Amount:
    """One amount: its picture's `name` below the folder, its digits, and the box [x, y, width, height] of each."""

    name: str
    digits: str
    boxes: tuple[tuple[int, int, int, int], ...]


def listed(folder: Path) -> Iterator[Amount]:
    """Yield the amounts that `folder` names in labels.jsonl.

    Raises
    ------
    BadData
        Where the labels are missing, or a line of them is broken (its number is named).
    """
    labels = folder / LABELS
    if not labels.exists():
        raise BadData(f"{labels} is missing: name the folder that holds the cheques with --data.")
    for number, line in enumerate(labels.read_bytes().splitlines(), 1):
        try:
            yield _amount(json.loads(line))
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise BadData(f"{labels}, line {number}: not a labelled amount ({error}).") from error


def _amount(row: dict[str, object]) -> Amount:
    name, digits, boxes = str(row["image"]), str(row["digits"]), row["boxes"]
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise ValueError(f"the picture {name} lies elsewhere")
    if not (digits.isascii() and digits.isdecimal()):
        raise ValueError(f"digits must be digits, not {digits!r}")
    if not isinstance(boxes, list) or len(boxes) != len(digits):
        raise ValueError(f"{len(digits)} digits need as many boxes [x, y, width, height]")
    if not all(len(box) == 4 and all(isinstance(v, int) for v in box) and min(box[2:]) > 0 for box in boxes):
        raise ValueError("a box is [x, y, width, height] in whole pixels")
    return Amount(name, digits, tuple((box[0], box[1], box[2], box[3]) for box in boxes))


def amounts(folder: Path, use: Use) -> Iterator[tuple[Amount, NDArray[np.uint8]]]:
    """Yield each amount in `folder` whose file name `use` admits, with its picture (H, W).

    Raises
    ------
    BadData
        Where the labels are missing or broken, or a picture cannot be read.
    """
    for amount in listed(folder):
        if use(amount.name):
            try:
                yield amount, load_pages(folder / amount.name)[0]
            except UnreadableFile as error:
                raise BadData(str(error)) from error


def write_part(folder: Path, use: Use, out: Path) -> int:
    """Copy the amounts in `folder` whose file name `use` admits to `out`, laid out alike; return how many.

    The labels are written last, so that a folder that has them is whole.

    Raises
    ------
    BadData
        Where the labels are missing or broken, or a picture is missing.
    """
    rows = []
    for amount in listed(folder):
        if use(amount.name):
            place = out / amount.name
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                write_file(place, read_file(folder / amount.name, MOST_BYTES))
            except UnreadableFile as error:
                raise BadData(str(error)) from error
            rows.append({"image": amount.name, "digits": amount.digits, "boxes": amount.boxes})
    if not rows:
        raise BadData(f"{folder} holds no such amounts: name the folder that holds the cheques with --data.")
    write_file(out / LABELS, "".join(f"{json.dumps(row)}\n" for row in rows).encode())
    return len(rows)


def amount_pages(folder: Path, use: Use) -> Iterator[Page]:
    """Yield each amount as a page to read; marks may stand anywhere on it."""
    for amount, picture in amounts(folder, use):
        yield Page(picture, amount.digits, amount.name, "cheque", FREE)


def amount_digits(folder: Path, use: Use, ink_model: InkModel | None = None) -> Pictures:
    """Return the digits of the amounts as glyphs, each cut out by its box of the ink that `ink_model` finds."""
    glyphs, labels, writers = [], [], []
    for amount, picture in amounts(folder, use):
        inks = digit_inks(amount, ink_of_page(picture, ink_model), picture.shape)
        for digit, ink in zip(amount.digits, inks, strict=False):
            if ink.size:
                glyphs.append(normalize(ink))
                labels.append(int(digit))
                writers.append(amount.name)
    images = np.array(glyphs, np.uint8).reshape(-1, SIDE, SIDE)
    return Pictures(images, np.array(labels, np.int64), np.array(writers, np.str_))


def amount_scans(folder: Path, use: Use, ink_model: InkModel | None = None) -> tuple[Scan, ...]:
    """Return the amounts whose every digit has ink as scanned lines, the longest line where ink makes several."""
    scans = []
    for amount, picture in amounts(folder, use):
        ink = ink_of_page(picture, ink_model)
        digits = digit_inks(amount, ink, picture.shape)
        if digits and all(digit.size for digit in digits):
            strips = [strip_of(line) for line in lines_of(ink)]
            scans.append(Scan(max(strips, key=lambda s: s.shape[1]), amount.digits, digits))
    return tuple(scans)


def digit_inks(amount: Amount, ink: Ink, shape: tuple[int, ...]) -> tuple[Gray, ...]:
    """Return the `ink` (H, W) in the box of each digit on a page of this `shape`; nothing where ink was scaled."""
    if ink.scale != 1:
        return ()
    clean = merged((Mark(0, 0, np.zeros(shape[:2], np.uint8)), *ink.marks)).gray
    crops = [clean[max(0, y - 1) : y + h + 1, max(0, x) : x + w] for x, y, w, h in amount.boxes]
    return tuple(inked(crop) for crop in crops)
