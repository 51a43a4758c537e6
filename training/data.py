"""Reads handwriting: MNIST from IDX files, pen trajectories from JSON Lines; splits it by writer."""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PEN = ("digits", "letters", "symbols", "numbers")  # what the pen data's files hold, one for each split
WRITERS = "qmnist-{}-labels-idx2-int"  # QMNIST's file of a split, which tells who wrote each picture of MNIST
_MOST_SIDES = 3  # dimensions of an IDX file: pictures have them
_STRANGER = "unknown "  # before the number of a picture that nobody is known to have written

Trace = NDArray[np.float64]  # (points, 2): x to the right, y downwards


class BadData(Exception):
    """A data file is missing or not what it should be; the message says which and what to do."""


@dataclass(frozen=True, eq=False)
class Sample:
    """Ink that one person wrote, with what it says.

    `counts` holds the strokes of each character of `label` without its spaces, in order, where
    the true segmentation is known.
    """

    label: str
    writer: str
    traces: tuple[Trace, ...]
    counts: tuple[int, ...] = ()

    def characters(self) -> Iterator[Sample]:
        """Yield each character as a sample of its own; none where the segmentation is unknown."""
        start = 0
        for label, count in zip(self.label.replace(" ", ""), self.counts, strict=False):
            yield Sample(label, self.writer, self.traces[start : start + count])
            start += count


@dataclass(frozen=True, eq=False)
class Pictures:
    """Digits as MNIST holds them: `images` (n, 28, 28) uint8, `labels` (n,), `writers` (n,)."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    writers: NDArray[np.str_]

    def some(self, chosen: NDArray[np.bool_] | int) -> Pictures:
        """Return those of them that are `chosen`, or the first so many."""
        part = slice(chosen) if isinstance(chosen, int) else chosen
        return Pictures(self.images[part], self.labels[part], self.writers[part])

    def by(self, use: Callable[[str], bool]) -> Pictures:
        """Return those of the writers that `use` admits."""
        return self.some(np.array([use(w) for w in self.writers], np.bool_))


def fold(writer: str, folds: int) -> int:
    """Return the fold, 0 to folds - 1, that `writer` belongs to: the same on every machine."""
    return int(hashlib.sha256(writer.encode()).hexdigest(), 16) % folds


def pen_file(folder: Path, kind: str, split: str) -> Path:
    """Return where the pen data in `folder` has its samples of a kind and a split: gzipped, or unpacked."""
    packed = folder / f"{kind}.{split}.jsonl.gz"
    return packed.with_suffix("") if packed.with_suffix("").exists() and not packed.exists() else packed


def read_pen(
    folder: Path, use: Callable[[str], bool], split: str, kinds: Sequence[str] = PEN
) -> tuple[tuple[Sample, ...], tuple[Sample, ...]]:
    """Return the single characters and the numbers in the pen data's `folder`, of the writers that `use` admits.

    Raises
    ------
    BadData
        Where the file of one of the `kinds` is missing or broken.
    """
    pen = {k: read_samples(pen_file(folder, k, split), single=k in ("digits", "letters")) for k in kinds}
    numbers = tuple(s for s in pen.pop("numbers", ()) if use(s.writer))
    return tuple(s for samples in pen.values() for s in samples if use(s.writer)), numbers


def read_samples(path: Path, single: bool = False) -> list[Sample]:
    """Read one JSON Lines file of pen trajectories, as described beside the data; `single` where each is one character.

    Raises
    ------
    BadData
        Where the file is missing or a line of it is broken (its number is named).
    """
    if not path.exists():
        raise BadData(f"{path} is missing: name the folder that holds the pen data with --data.")
    try:
        raw = path.read_bytes()
        lines = (gzip.decompress(raw) if path.suffix == ".gz" else raw).splitlines()
    except (OSError, EOFError, zlib.error) as error:
        raise BadData(f"{path} cannot be read ({error}): download it again.") from error
    samples = []
    for number, line in enumerate(lines, 1):
        try:
            sample = _sample(json.loads(line))
            if single and len(sample.label) != 1:
                raise ValueError(f"its label {sample.label!r} is not one character")
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise BadData(f"{path}, line {number}: not a labelled drawing ({error}).") from error
        samples.append(sample)
    return samples


def _sample(row: dict[str, object]) -> Sample:
    strokes, chars = row["strokes"], row.get("chars") or ()
    if not isinstance(strokes, list) or not isinstance(chars, list | tuple):
        raise ValueError("strokes and chars must be lists")
    traces = tuple(np.asarray(stroke, np.float64).reshape(-1, 2) for stroke in strokes)
    if not all(len(t) and np.isfinite(t).all() for t in traces) or not traces:
        raise ValueError("every stroke must have points, all of them finite, and there must be strokes")
    counts = tuple(int(c["n"]) for c in chars)
    if any(count < 1 for count in counts) or sum(counts) > len(traces):
        raise ValueError(f"chars of {counts} strokes do not make up {len(traces)} strokes")
    label = row["digits"] if row.get("level") == "CHARTOK_NOSEP" else row["label"]
    if not isinstance(label, str) or not label:
        raise ValueError(f"the label must be text, got {label!r}")
    return Sample(label, str(row["writer"]), traces, counts)


def read_idx(path: Path) -> NDArray[np.integer]:
    """Read one IDX file, gzipped or not, of bytes or big-endian 32-bit integers (the format of MNIST).

    Raises
    ------
    BadData
        Where the file is missing, broken or of another size than its header says.
    """
    try:
        raw = path.read_bytes()
        raw = raw if raw[:2] == b"\0\0" else gzip.decompress(raw)
    except FileNotFoundError as error:
        raise BadData(f"{path} is missing: name the folder that holds MNIST with --data.") from error
    except (OSError, EOFError, zlib.error) as error:
        raise BadData(f"{path} is not an IDX file ({error}).") from error
    types: dict[int, np.dtype[np.integer]] = {8: np.dtype(np.uint8), 12: np.dtype(">i4")}
    if len(raw) < 4 or raw[2] not in types or raw[3] > _MOST_SIDES or len(raw) < 4 + 4 * raw[3]:
        raise BadData(f"{path} is not an IDX file of bytes or 32-bit integers, of up to {_MOST_SIDES} dimensions.")
    shape = tuple(int.from_bytes(raw[4 + 4 * i : 8 + 4 * i], "big") for i in range(raw[3]))
    dtype = types[raw[2]]
    if len(raw) != 4 + 4 * raw[3] + math.prod(shape) * dtype.itemsize:
        raise BadData(f"{path} holds {len(raw)} bytes, which is not what its header {shape} says.")
    return np.asarray(np.frombuffer(raw, dtype, offset=4 + 4 * raw[3])).reshape(shape)


def read_mnist(folder: Path, split: str) -> Pictures:
    """Read the `split` ("train" or "test") of MNIST, with QMNIST's writers where they are there.

    Raises
    ------
    BadData
        Where a file is missing, or images and labels do not belong together.
    """
    name = {"train": "train", "test": "t10k"}[split]
    images = read_idx(_idx(folder, f"{name}-images-idx3-ubyte"))
    labels = read_idx(_idx(folder, f"{name}-labels-idx1-ubyte")).astype(np.int64)
    if images.dtype != np.uint8 or images.shape[1:] != (28, 28) or labels.shape != images.shape[:1]:
        raise BadData(f"{folder}: {images.dtype} images {images.shape} and labels {labels.shape} are not MNIST's.")
    if (strange := labels[(labels < 0) | (labels > 9)]).size:
        raise BadData(f"{folder}: labels are not MNIST's: expected 0 to 9, got {strange[0]}.")
    return Pictures(np.asarray(images, np.uint8), labels, _writers(folder, split, len(images)))


def knows_writers(folder: Path) -> bool:
    """Tell whether QMNIST's writers of MNIST's training digits are in `folder`."""
    return _idx(folder, WRITERS.format("train")).exists()


def strangers(count: int) -> NDArray[np.str_]:
    """Return names for the writers of `count` pictures of whom nothing is known, as if nobody had written two."""
    return np.char.add(_STRANGER, np.arange(count).astype(str))


def are_known(writers: NDArray[np.str_]) -> bool:
    """Tell whether all `writers` are persons rather than `strangers`."""
    return not np.char.startswith(writers.astype(np.str_), _STRANGER).any()


def _writers(folder: Path, split: str, count: int) -> NDArray[np.str_]:
    """Return the writer of each of `count` pictures: by QMNIST, or a stranger."""
    known = _idx(folder, WRITERS.format(split))
    if not known.exists():
        return strangers(count)
    rows = read_idx(known)
    if rows.ndim != 2 or rows.shape[1] < 3 or len(rows) < count:
        raise BadData(f"{known} is not QMNIST's: expected at least {count} rows of 8 numbers, got {rows.shape}.")
    return np.char.add("nist", rows[:count, 2].astype(str))


def _idx(folder: Path, name: str) -> Path:
    """Return where the IDX file `name` is in `folder`: gzipped, or unpacked under either of its usual names."""
    unpacked = (folder / name, folder / name.replace("-idx", ".idx"))
    return next((path for path in unpacked if path.exists()), folder / f"{name}.gz")
