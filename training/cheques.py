"""Amounts on scanned bank cheques: whole ones as pages, their digits as glyphs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recognizer.file import UnreadableFile
from recognizer.ink import ink_of_page
from recognizer.normalize import SIDE, normalize
from recognizer.page import load_pages
from training.data import BadData, Pictures
from training.mix import MARKS
from training.pages import Page

FREE = (*MARKS, "")  # what stands between the digits of an amount, written down by nobody


def amounts(folder: Path, use: Callable[[str], bool]) -> Iterator[tuple[str, NDArray[np.uint8], str, list[list[int]]]]:
    """Yield the name, picture, digits and boxes of each amount in `folder` whose file name `use` admits.

    Raises
    ------
    BadData
        Where the labels are missing or broken, or a picture cannot be read.
    """
    labels = folder / "labels.jsonl"
    if not labels.exists():
        raise BadData(f"{labels} is missing: name the folder that holds the cheques with --data.")
    for number, line in enumerate(labels.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            name, digits, boxes = str(row["image"]), str(row["digits"]), row["boxes"]
            if len(boxes) != len(digits) or any(len(box) != 4 for box in boxes):
                raise ValueError(f"{len(digits)} digits need as many boxes [x, y, width, height]")
        except (ValueError, KeyError, TypeError) as error:
            raise BadData(f"{labels}, line {number}: not a labelled amount ({error}).") from error
        if use(name):
            try:
                yield name, load_pages(folder / name)[0], digits, boxes
            except UnreadableFile as error:
                raise BadData(str(error)) from error


def amount_pages(folder: Path, use: Callable[[str], bool]) -> Iterator[Page]:
    """Yield each amount as a page to read; marks may stand anywhere on it."""
    for name, picture, digits, _ in amounts(folder, use):
        yield Page(picture, digits, name, "cheque", FREE)


def amount_digits(folder: Path, use: Callable[[str], bool]) -> Pictures:
    """Return the digits of the amounts as glyphs, each cut out of its page's ink by its box."""
    glyphs, labels, writers = [], [], []
    for name, picture, digits, boxes in amounts(folder, use):
        ink = ink_of_page(picture)
        clean = np.zeros(picture.shape, np.uint8)
        if ink.scale != 1:
            continue
        for mark in ink.marks:
            part = clean[mark.y : mark.y + mark.height, mark.x : mark.x + mark.width]
            np.maximum(part, mark.gray, out=part)
        for digit, (x, y, w, h) in zip(digits, boxes, strict=True):
            crop = clean[max(0, y - 1) : y + h + 1, max(0, x) : x + w]
            if crop.any():
                glyphs.append(normalize(crop))
                labels.append(int(digit))
                writers.append(name)
    images = np.array(glyphs, np.uint8).reshape(-1, SIDE, SIDE)
    return Pictures(images, np.array(labels, np.int64), np.array(writers, np.str_))
