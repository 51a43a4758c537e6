"""A data folder for the training, written by the scripted pen: as the real one is laid out, and small."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
from scripted_pen import Hand, write

from recognizer.normalize import normalize
from recognizer.render import render_drawing

LETTERS = {
    "A": [[(0, 10), (4, 0), (8, 10)], [(2, 6), (6, 6)]],
    "L": [[(0, 0), (0, 10), (6, 10)]],
    "V": [[(0, 0), (3, 10), (6, 0)]],
    "X": [[(0, 0), (6, 10)], [(6, 0), (0, 10)]],
}
FIRST = 12  # writer of the training split; of this one and the next five, one validates in each kind of data
NUMBERS = ("555-0123", "(678) 901-23", "12/24", "3.14", "47", "60-8")


def strokes_of(text: str, seed: int) -> list[list[list[float]]]:
    """The points of `text` in the hand that the seed stands for."""
    drawing = write(text, Hand(seed, slant=0.05 * (seed % 5), unevenness=1.0))
    return [[list(point) for point in stroke.points] for stroke in drawing.strokes]


def write_data(folder: Path, writers: int = 6) -> Path:
    """Write MNIST, pen data and cheques of `writers` writers for each split below `folder`, and return it."""
    for first, split, mnist in ((FIRST, "train", "train"), (100 + FIRST, "test", "t10k")):
        seeds = range(first, first + writers)
        _mnist(folder / "mnist", split, mnist, seeds)
        _pen(folder / "pen", split, seeds)
    _cheques(folder / "cheques")
    return folder


def write_idx(path: Path, array: np.ndarray) -> None:
    """Write `array` of bytes or 32-bit integers as gzipped IDX."""
    kind = {"uint8": 8, "int32": 12}[array.dtype.name]
    sizes = b"".join(int(n).to_bytes(4, "big") for n in array.shape)
    content = bytes([0, 0, kind, array.ndim]) + sizes + array.astype(array.dtype.newbyteorder(">")).tobytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content))


def write_rows(path: Path, rows: Iterable[dict[str, object]]) -> None:
    """Write `rows` as gzipped JSON Lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)


def _mnist(folder: Path, split: str, name: str, seeds: range) -> None:
    digits = [(d, s) for s in seeds for d in range(10)]
    images = np.stack([normalize(255 - render_drawing(write(str(d), Hand(s)))) for d, s in digits])
    write_idx(folder / f"{name}-images-idx3-ubyte.gz", images)
    write_idx(folder / f"{name}-labels-idx1-ubyte.gz", np.array([d for d, _ in digits], np.uint8))
    who = np.zeros((len(digits), 8), np.int32)
    who[:, 2] = [s for _, s in digits]
    write_idx(folder / f"qmnist-{split}-labels-idx2-int.gz", who)


def _pen(folder: Path, split: str, seeds: range) -> None:
    def row(label: str, seed: int, strokes: list[list[list[float]]], **more: object) -> dict[str, object]:
        own = {"id": f"{label}{seed}", "source": "pen", "writer": f"w{seed}"}
        return own | {"label": label, "strokes": strokes} | more

    write_rows(folder / f"digits.{split}.jsonl.gz", [row(c, s, strokes_of(c, s)) for s in seeds for c in "0123456789"])
    write_rows(folder / f"symbols.{split}.jsonl.gz", [row(c, s, strokes_of(c, s)) for s in seeds for c in "-.,:/()+"])
    letters = [row(c, s, [[list(p) for p in t] for t in traces]) for s in seeds for c, traces in LETTERS.items()]
    write_rows(folder / f"letters.{split}.jsonl.gz", letters)
    numbers = []
    for s in seeds:
        label = NUMBERS[s % len(NUMBERS)]
        chars = [{"n": len(strokes_of(c, s))} for c in label.replace(" ", "")]
        strokes = strokes_of(label, s)
        known = sum(c["n"] for c in chars) == len(strokes)
        digits = "".join(c for c in label if c.isdigit())
        numbers.append(row(label, s, strokes, digits=digits, chars=chars if known else None, level="WORD"))
    write_rows(folder / f"numbers.{split}.jsonl.gz", numbers)


def _cheques(folder: Path) -> None:
    (folder / "images").mkdir(parents=True, exist_ok=True)
    rows = []
    for seed in range(4):
        page = np.full((50, 150), 230, np.uint8)
        boxes = []
        for place, digit in enumerate("407"):
            glyph = normalize(255 - render_drawing(write(digit, Hand(seed))))
            part = page[10:38, 10 + 40 * place : 38 + 40 * place]
            part[:] = np.minimum(part, 230 - (glyph * 0.8).astype(np.uint8))
            left, top, width, height = cv2.boundingRect(glyph)
            boxes.append([10 + 40 * place + left, 10 + top, width, height])
        name = f"images/cheque{seed}.png"
        cv2.imwrite(str(folder / name), page)
        rows.append({"image": name, "digits": "407", "boxes": boxes})
    (folder / "labels.jsonl").write_text("\n".join(json.dumps(r) for r in rows) + "\n")
