"""Where training data comes from: places named on the command line, told apart by what they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.cheques import amount_digits
from training.data import (
    PEN,
    WRITERS,
    BadData,
    Pictures,
    Sample,
    fold,
    knows_writers,
    pen_file,
    read_mnist,
    read_pen,
    strangers,
)
from training.drawings import read_drawings, texts_among
from training.mix import Corpus, corpus_of
from training.unipen import is_unipen, read_unipen

SPLITS = ("train", "test")
KERAS = "keras"  # the place that keras.datasets downloads MNIST from, rather than a folder
VALIDATION = 12  # one training writer in so many validates: chooses the epoch, sets the temperature
TEST = 5  # one scan in so many is for testing, where nobody has parted them
_INSIDE = ("mnist", "pen", "cheques")
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
        files = {*self._pen_kinds(), *(PEN if self.unipen else ())}
        made_of = {"digits": {"digits", "numbers"}, "marks": {"symbols", "numbers"}, "others": {"letters", "symbols"}}
        pen = [kind for kind, some in made_of.items() if some & files or (kind == "digits" and self.drawings)]
        rejects = ["rejects"] if "digits" in pen and len(pen) > 1 else []  # digits alone make a model with ten labels
        return (*(["mnist"] if self.mnist else []), *(["scans"] if self.cheques else []), *pen, *rejects)

    def told(self) -> str:
        """Return in words what is here, for a model's card."""
        some = self._pen_kinds()
        pen = "pen data" if some == PEN else f"pen data ({', '.join(some)})"
        kinds = {"MNIST": self.mnist, pen: self.pen, "scanned cheques": self.cheques}
        kinds |= {"UNIPEN's distribution": self.unipen, "drawings kept by the canvas": self.drawings}
        there = [name for name, place in kinds.items() if place]
        held_out = "pictures" if self.unknown and there == ["MNIST"] else "writers"
        return "; ".join(filter(None, (", ".join(there), f"{held_out} held out by hash", self.unknown)))

    @property
    def unknown(self) -> str:
        """What to know of MNIST's digits where QMNIST does not say who wrote them, else nothing."""
        if self.mnist is None or (isinstance(self.mnist, Path) and knows_writers(self.mnist)):
            return ""
        return "MNIST's writers are unknown: its held-out digits are other pictures, perhaps of the same writers"

    def cautions(self) -> Iterator[str]:
        """Yield in sentences what whoever learns or measures with these places should know of them."""
        if self.unknown:
            yield f"{self.unknown}; name a folder that holds {WRITERS.format('train')}.gz beside MNIST."
        for folder in self.pen:
            if missing := [f"{kind}.{split}" for split in SPLITS for kind in PEN if kind not in _there(folder, split)]:
                yield f"{folder} lacks pen data ({', '.join(missing)}): what is there is used."
        for folder in self.drawings:
            if count := texts_among(folder):
                yield f"{folder} holds {count} drawings of several symbols, uncut: only adapt learns from such."

    def _pen_kinds(self) -> tuple[str, ...]:
        """Return the kinds of pen data that there are to learn from."""
        return tuple(kind for kind in PEN if any(kind in _there(folder, "train") for folder in self.pen))

    def credit(self) -> str:
        """Return who is to be thanked for it, for a model's card."""
        there = {"mnist": self.mnist, "pen": self.pen or self.unipen, "cheques": self.cheques}
        return " ".join(CREDITS[kind] for kind, place in there.items() if place)

    def load(self, use: Use, split: str = "train") -> Corpus:
        """Read the `split` of all places, of the writers that `use` admits."""
        none = Pictures(np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.int64), np.zeros(0, np.str_))
        ink = [read_pen(folder, use, split, _there(folder, split)) for folder in self.pen]
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

    A folder that is named twice, or with the one it is in, is read once.

    Raises
    ------
    BadData
        Where a place is missing or holds no handwriting that can be read, or where several hold MNIST: a picture
        in two of them could be learnt from and held out at once.
    """
    mnist: list[str | Path] = []
    found: dict[str, list[Path]] = {"pen": [], "cheques": [], "unipen": [], "drawings": []}
    for place in _once([inside for outside in places for inside in _opened(outside)]):
        if place == KERAS or (isinstance(place, Path) and any(place.glob("*images?idx3-ubyte*"))):
            mnist.append(place)
        elif isinstance(place, Path):
            found[_kind(place)].append(place)
    if len(mnist) > 1:
        raise BadData(f"{len(mnist)} places hold MNIST, and one is expected: name {' or '.join(map(str, mnist))}.")
    return Sources(mnist[0] if mnist else None, **{kind: tuple(folders) for kind, folders in found.items()})


def _kind(folder: Path) -> str:
    """Return what `folder` holds, by the name of its field in `Sources`."""
    if any(_there(folder, split) for split in SPLITS):
        return "pen"
    if (folder / "labels.jsonl").exists():
        return "cheques"
    if is_unipen(folder):
        return "unipen"
    if any(folder.glob("*.inkml")):
        return "drawings"
    raise BadData(
        f"{folder} holds no handwriting that can be read: name a folder with MNIST's files, with pen data "
        "(digits.train.jsonl.gz and the like), with labelled cheques, with UNIPEN's data and include, with drawings "
        f"that the canvas kept, or one that holds such folders; or say {KERAS}."
    )


def _there(folder: Path, split: str) -> tuple[str, ...]:
    """Return the kinds of pen data that `folder` has for a split."""
    return tuple(kind for kind in PEN if pen_file(folder, kind, split).exists())


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


def _once(places: Sequence[str | Path]) -> list[str | Path]:
    """Return the first of those `places` that are the same."""
    first: dict[str | Path, str | Path] = {}
    for place in places:
        first.setdefault(place.resolve() if isinstance(place, Path) else place, place)
    return list(first.values())


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
