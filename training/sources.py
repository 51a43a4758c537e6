"""Where training data comes from: places named on the command line, told apart by what they hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.cheques import amount_digits
from training.data import BadData, Pictures, Sample, fold, read_mnist
from training.mix import Corpus, corpus_of, read_pen

KERAS = "keras"  # the place that keras.datasets downloads MNIST from, rather than a folder
VALIDATION = 12  # one training writer in so many validates: chooses the epoch, sets the temperature
TEST = 5  # one scan in so many is for testing, where nobody has parted them
_INSIDE = ("mnist", "pen", "cheques")

Use = Callable[[str], bool]


@dataclass(frozen=True)
class Sources:
    """The places that hold MNIST, pen data and cheques; of the last two there may be several."""

    mnist: str | Path | None = None
    pen: tuple[Path, ...] = ()
    cheques: tuple[Path, ...] = ()

    def holds(self) -> tuple[str, ...]:
        """Return the kinds of a mix that these places can give."""
        pen = ("digits", "marks", "others", "rejects") if self.pen else ()
        return (*(["mnist"] if self.mnist else []), *(["scans"] if self.cheques else []), *pen)

    def load(self, use: Use, split: str = "train") -> Corpus:
        """Read the `split` of all places, of the writers that `use` admits."""
        none = Pictures(np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.int64), np.zeros(0, np.str_))
        characters: tuple[Sample, ...] = ()
        numbers: tuple[Sample, ...] = ()
        for folder in self.pen:
            single, whole = read_pen(folder, use, split)
            characters, numbers = characters + single, numbers + whole
        scans = [
            amount_digits(folder, lambda name: use(name) and (fold(name, TEST) == 0) == (split == "test"))
            for folder in self.cheques
        ]
        mnist = _mnist(self.mnist, split).by(use) if self.mnist else none
        return corpus_of(mnist, characters, numbers, joined([none, *scans]))


def sources(places: Sequence[str]) -> Sources:
    """Tell what each of `places` holds: a data folder with mnist, pen and cheques in it, one of these, or "keras".

    Raises
    ------
    BadData
        Where a place is missing or holds no handwriting that can be read.
    """
    mnist: str | Path | None = None
    pen, cheques = [], []
    for place in [inside for outside in places for inside in _opened(outside)]:
        if place == KERAS or (isinstance(place, Path) and any(place.glob("*images-idx3-ubyte.gz"))):
            mnist = place
        elif isinstance(place, Path) and any(place.glob("*.jsonl.gz")):
            pen.append(place)
        elif isinstance(place, Path) and (place / "labels.jsonl").exists():
            cheques.append(place)
        else:
            raise BadData(
                f"{place} holds no handwriting that can be read: name a folder with MNIST's files, with pen data "
                f"(*.jsonl.gz), with labelled cheques, or one that holds such folders; or say {KERAS}."
            )
    return Sources(mnist, tuple(pen), tuple(cheques))


def _opened(place: str) -> list[str | Path]:
    """Return the folders with data in `place`, or `place` itself."""
    if place == KERAS:
        return [place]
    if not Path(place).is_dir():
        raise BadData(f"{place} is no folder: name one that holds handwriting, or say {KERAS}.")
    inside = [Path(place) / name for name in _INSIDE if (Path(place) / name).is_dir()]
    return list(inside) or [Path(place)]


def _mnist(place: str | Path, split: str) -> Pictures:
    if isinstance(place, Path):
        return read_mnist(place, split)
    import keras

    try:
        train, test = keras.datasets.mnist.load_data()
    except Exception as error:
        raise BadData(f"MNIST cannot be downloaded ({error}): name a folder that holds it instead.") from error
    images, labels = train if split == "train" else test
    return Pictures(images, labels.astype(np.int64), np.char.add("nist", np.arange(len(images)).astype(str)))


def joined(parts: Sequence[Pictures]) -> Pictures:
    """Return all the pictures of `parts`."""
    return Pictures(
        np.concatenate([p.images for p in parts]),
        np.concatenate([p.labels for p in parts]),
        np.concatenate([p.writers for p in parts]),
    )
