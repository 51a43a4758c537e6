"""Where training data comes from: places named on the command line, told apart by what they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.cheques import amount_digits
from training.data import WRITERS, BadData, Pictures, Sample, fold, knows_writers, read_mnist, strangers
from training.drawings import read_drawings
from training.mix import Corpus, corpus_of, read_pen
from training.unipen import is_unipen, read_unipen

KERAS = "keras"  # the place that keras.datasets downloads MNIST from, rather than a folder
VALIDATION = 12  # one training writer in so many validates: chooses the epoch, sets the temperature
TEST = 5  # one scan in so many is for testing, where nobody has parted them
_INSIDE = ("mnist", "pen", "cheques")
_STRANGERS = "its held-out digits are other pictures, perhaps of the same writers"
CREDITS = {
    "mnist": "Digits: MNIST (Y. LeCun, C. Cortes, C. Burges), writers from QMNIST (C. Yadav, L. Bottou).",
    "pen": "Pen writing: UNIPEN train_r01_v07 (I. Guyon, L. Schomaker, R. Plamondon, M. Liberman, S. Janet, "
    "ICPR 1994), doi:10.5281/zenodo.1195803, CC BY 4.0.",
    "cheques": "Cheque amounts: ORAND-CAR-A (ICFHR 2014), boxes by the Labeled_ORAND-CAR-A project.",
}

Use = Callable[[str], bool]
Ink = tuple[tuple[Sample, ...], tuple[Sample, ...]]


@dataclass(frozen=True)
class Sources:
    """The places that hold MNIST, pen data, cheques, UNIPEN's distribution and drawings kept by the canvas.

    UNIPEN's distribution holds the ink of the pen data too: name one of the two.
    """

    mnist: str | Path | None = None
    pen: tuple[Path, ...] = ()
    cheques: tuple[Path, ...] = ()
    unipen: tuple[Path, ...] = ()
    drawings: tuple[Path, ...] = ()

    def holds(self) -> tuple[str, ...]:
        """Return the kinds of a mix that these places can give."""
        pen: tuple[str, ...] = ("digits",) if self.drawings else ()
        if self.pen or self.unipen:
            pen = ("digits", "marks", "others", "rejects")
        return (*(["mnist"] if self.mnist else []), *(["scans"] if self.cheques else []), *pen)

    def told(self) -> str:
        """Return in words what is here, for a model's card."""
        kinds = {"MNIST": self.mnist, "pen data": self.pen, "scanned cheques": self.cheques}
        kinds |= {"UNIPEN's distribution": self.unipen, "drawings kept by the canvas": self.drawings}
        there = ", ".join(name for name, place in kinds.items() if place)
        unknown = f"; MNIST's writers unknown: {_STRANGERS}" if self.has_strangers else ""
        return f"{there}; {'pictures' if there == 'MNIST' and unknown else 'writers'} held out by hash{unknown}"

    @property
    def has_strangers(self) -> bool:
        """Whether there are digits of MNIST that QMNIST names no writers of."""
        return self.mnist is not None and not (isinstance(self.mnist, Path) and knows_writers(self.mnist))

    def cautions(self) -> Iterator[str]:
        """Yield in sentences what whoever learns or measures with these places should know of them."""
        if self.has_strangers:
            beside = WRITERS.format("train")
            yield f"MNIST's writers are unknown: {_STRANGERS}; name a folder that holds {beside}.gz beside MNIST."

    def credit(self) -> str:
        """Return who is to be thanked for it, for a model's card."""
        there = {"mnist": self.mnist, "pen": self.pen or self.unipen, "cheques": self.cheques}
        return " ".join(CREDITS[kind] for kind, place in there.items() if place)

    def load(self, use: Use, split: str = "train") -> Corpus:
        """Read the `split` of all places, of the writers that `use` admits."""
        none = Pictures(np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.int64), np.zeros(0, np.str_))
        ink = [read_pen(folder, use, split) for folder in self.pen]
        ink += [
            _of(read_unipen(f), lambda w: use(w) and (fold(w, TEST) == 0) == (split == "test")) for f in self.unipen
        ]
        ink += [_of(read_drawings(f), lambda w: use(w) and split == "train") for f in self.drawings]
        characters, numbers = (tuple(s for part in ink for s in part[i]) for i in (0, 1))
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
        Where a place is missing or holds no handwriting that can be read, or where several hold MNIST: a picture
        in two of them could be learnt from and held out at once.
    """
    mnist: list[str | Path] = []
    found: dict[str, list[Path]] = {"pen": [], "cheques": [], "unipen": [], "drawings": []}
    for place in [inside for outside in places for inside in _opened(outside)]:
        if place == KERAS or (isinstance(place, Path) and any(place.glob("*images?idx3-ubyte*"))):
            mnist.append(place)
        elif isinstance(place, Path):
            found[_kind(place)].append(place)
    if len(mnist) > 1:
        raise BadData(f"{len(mnist)} places hold MNIST, and one is expected: name {' or '.join(map(str, mnist))}.")
    return Sources(mnist[0] if mnist else None, **{kind: tuple(folders) for kind, folders in found.items()})


def _kind(folder: Path) -> str:
    """Return what `folder` holds, by the name of its field in `Sources`."""
    if any(folder.glob("*.jsonl.gz")):
        return "pen"
    if (folder / "labels.jsonl").exists():
        return "cheques"
    if is_unipen(folder):
        return "unipen"
    if any(folder.glob("*.inkml")):
        return "drawings"
    raise BadData(
        f"{folder} holds no handwriting that can be read: name a folder with MNIST's files, with pen data "
        "(*.jsonl.gz), with labelled cheques, with UNIPEN's data and include, with drawings that the canvas kept, "
        f"or one that holds such folders; or say {KERAS}."
    )


def _of(ink: Ink, use: Use) -> Ink:
    """Return the characters and numbers of `ink` by the writers that `use` admits."""
    single, whole = ink
    return tuple(s for s in single if use(s.writer)), tuple(s for s in whole if use(s.writer))


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
    return Pictures(images, labels.astype(np.int64), strangers(len(images)))


def joined(parts: Sequence[Pictures]) -> Pictures:
    """Return all the pictures of `parts`."""
    return Pictures(
        np.concatenate([p.images for p in parts]),
        np.concatenate([p.labels for p in parts]),
        np.concatenate([p.writers for p in parts]),
    )
