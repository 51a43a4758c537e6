"""One user's handwriting, as the canvas kept it: parted into what is learnt and what is asked afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from recognizer.decode import Lattice
from recognizer.normalize import SIDE, normalize
from recognizer.recognize import Recognizer
from training.data import BadData, Pictures
from training.drawings import WRITER, Kept, kept_drawings
from training.mix import REJECT, Maker, Mix, corpus_of, target

HELD_OUT = 4  # one drawing in so many is asked about, and never learnt
STRENGTH = 0.6  # of augmentation: it is one hand, not any
_REJECTS = 0.1  # share of glyphs that are no single symbol, made of this hand's
_NEVER = -60.0  # nats, for labels that are known not to stand in a line
_PATHS = 64  # readings of a line among which the right text is looked for


@dataclass(frozen=True)
class OwnHand:
    """Drawings of one user: those that are `learnt`, and those that are `asked` about before and after."""

    learnt: tuple[Kept, ...]
    asked: tuple[Kept, ...]


def own_hand(folder: Path, labels: Sequence[str]) -> OwnHand:
    """Return the drawings in `folder` that a model of `labels` can learn from, parted by drawing.

    Which part a drawing belongs to depends on its file's name alone, so that what was once asked
    about is not learnt when more has come; but one is always asked about. Letters teach a model what
    is no number's symbol, if it has a label for that; they are not asked about.

    Raises
    ------
    BadData
        Where the folder is missing, a file in it is broken, or there is too little to learn and to ask about.
    """
    if not folder.is_dir():
        raise BadData(f"{folder} is no folder: name the one in which the canvas keeps corrected ink.")
    kept = kept_drawings(folder)
    known = [k for k in kept if set(k.label) <= set(labels)]
    if len(known) < 2:
        raise BadData(
            f"{folder} holds {len(known)} drawings of what the model reads, and at least 2 are needed: correct "
            "more digits on the canvas, with keeping ink switched on (K)."
        )
    first = min(known, key=_place)
    asked = tuple(k for k in known if k is first or _place(k) < 1 / HELD_OUT)
    if len(asked) == len(known):
        asked = (first,)
    letters = [k for k in kept if REJECT in labels and len(k.label) == 1 and k.label not in labels]
    return OwnHand(tuple(k for k in (*known, *letters) if k not in asked), asked)


def _place(kept: Kept) -> float:
    """Return a number from 0 to 1 that only the name of the file decides."""
    return int.from_bytes(hashlib.sha256(kept.name.encode()).digest()[:4], "big") / 2**32


def own_maker(learnt: Sequence[Kept], reader: Recognizer, count: int, labels: Sequence[str]) -> Maker:
    """Return what makes epochs of about `count` glyphs of a model's `labels` out of `learnt` drawings.

    Drawings of several symbols are cut into them as `reader` would, if it had known the text.

    Raises
    ------
    BadData
        Where nothing is left to learn.
    """
    cut = _cut([k for k in learnt if len(k.label) > 1], reader)
    samples = tuple(k.sample for k in learnt if len(k.label) == 1)
    corpus = corpus_of(cut.some(0), samples, scans=cut)
    kinds = {kind: len(found) for kind, found in Maker(corpus).groups.items()}
    total = len(cut.labels) + sum(kinds.values())
    if not total:
        raise BadData("None of the drawings can be learnt from: correct single digits on the canvas.")
    each = count / total
    rejects = _REJECTS * count if REJECT in labels and Maker(corpus).writers else 0
    drawn = {kind: round(each * found) for kind, found in kinds.items()}
    blend = Mix(0, max(1, round(each)), 0, 0, 0, round(rejects), strength=STRENGTH)
    return Maker(corpus, 1.0, replace(blend, **drawn))


def _cut(texts: Sequence[Kept], reader: Recognizer) -> Pictures:
    """Return the symbols of `texts` as glyphs; those that cannot be told apart are left out."""
    glyphs: list[np.ndarray] = []
    classes: list[int] = []
    for kept in texts:
        found = reader.explain(kept.drawing)
        steps = _spelling(found.lattices[0], kept.label) if len(found.lattices) == 1 else ()
        for candidate, label in zip(steps, kept.label, strict=False):
            glyphs.append(normalize(found.lattices[0].candidates[candidate].mark.gray))
            classes.append(target(label))
    images = np.array(glyphs, np.uint8).reshape(-1, SIDE, SIDE)
    return Pictures(images, np.array(classes, np.int64), np.full(len(classes), WRITER, dtype="U16"))


def _spelling(lattice: Lattice, text: str) -> tuple[int, ...]:
    """Return the numbers of the candidates that best spell `text`; none where no likely way does."""
    absent = [label not in text or not label for label in lattice.labels]
    sure = Lattice(lattice.places, lattice.candidates, lattice.labels, np.where(absent, _NEVER, lattice.potentials))
    return next((tuple(s.candidate for s in p.steps) for p in sure.paths(_PATHS) if p.text == text), ())
