"""The way through: page or drawing -> ink -> lines of pieces -> candidates -> probabilities -> reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.candidates import candidates_of, geometry
from recognizer.classify import SHIPPED, Classifier, Glyphs, Probabilities, load_classifier, shipped_labels
from recognizer.decode import BEAM, Lattice
from recognizer.decode import Path as Way
from recognizer.drawing import Drawing
from recognizer.ink import Ink, Mark, ink_of_drawing, ink_of_page
from recognizer.locate import Line, lines_of
from recognizer.normalize import normalize
from recognizer.reading import ALTERNATIVES, Reading, joined
from recognizer.rescore import load_weights, weighed
from recognizer.score import Score, features, load_score
from recognizer.source import load_source
from recognizer.transcribe import transcribed


@dataclass(frozen=True, eq=False)
class Explanation:
    """A reading with what it came from.

    `glyphs` (symbols, 28, 28) are as the model saw them; each line has its lattice, the ways through
    it, likeliest first, and what each candidate looks like by itself: (candidates, labels).
    """

    reading: Reading
    glyphs: Glyphs
    ink: Ink
    lines: tuple[Line, ...]
    lattices: tuple[Lattice, ...]
    ways: tuple[tuple[Way, ...], ...]
    looks: tuple[Probabilities, ...] = ()


@dataclass(frozen=True, eq=False)
class Recognizer:
    """Reads handwritten numbers with one model. Safe to use from many threads."""

    classifier: Classifier
    score: Score
    merits: Mapping[str, float]

    @classmethod
    def load(cls, model: str | Path | None = None, engine: str = "litert") -> Recognizer:
        """Open `model` (a file or a folder; the shipped one by default) for `engine`, "litert" or "keras".

        Raises
        ------
        ModelUnavailable
            Where there is no such model, or what the engine needs is not installed.
        """
        classifier = load_classifier(Path(model) if model else None, engine)
        score, merits = load_score(SHIPPED / "lattice.npz"), load_weights(SHIPPED / "readings.json")
        return cls(classifier.among(shipped_labels()), score, merits)

    @property
    def card(self) -> dict[str, Any]:
        """What the model is: its labels, data, seed, command, scores and credits."""
        return self.classifier.card

    def read(self, page: NDArray[np.uint8] | str | Path | Drawing, alternatives: int = ALTERNATIVES) -> Reading:
        """Read `page`: a picture (H, W) or (H, W, 3), the path of one, or a drawing.

        So many `alternatives` of the whole page are looked for, its text the first of them.

        Raises
        ------
        UnreadablePage, UnreadableDrawing
            Where a path leads to no picture or drawing.
        """
        if isinstance(page, str | Path):
            held = load_source(page)
            pages = (held,) if isinstance(held, Drawing) else held
            return joined([self.read(p, alternatives) for p in pages])
        return self.explain(page, alternatives).reading

    def explain(self, page: NDArray[np.uint8] | Drawing, alternatives: int = ALTERNATIVES) -> Explanation:
        """Read `page` and return the reading together with every stage's result."""
        ink = ink_of_drawing(page) if isinstance(page, Drawing) else ink_of_page(_gray(page))
        lines = lines_of(ink)
        found = [candidates_of(line) for line in lines]
        glyphs = _glyphs([c.mark for line in found for c in line])
        looks = self.classifier.probabilities(glyphs)
        lattices, ways, parts, seen = [], [], [], 0
        for line, candidates in zip(lines, found, strict=True):
            part = looks[seen : seen + len(candidates)]
            seen += len(candidates)
            parts.append(part)
            places = geometry(line, candidates, ink)
            potentials = self.score.potentials(features(part, places))
            lattices.append(Lattice(len(line.pieces), candidates, self.classifier.labels, potentials))
            through = lattices[-1].paths(max(alternatives, BEAM))
            ways.append(weighed(through, self.classifier.labels, places, self.merits))
        reading, chosen = transcribed(ink, lines, lattices, ways, alternatives)
        return Explanation(reading, glyphs[chosen], ink, lines, tuple(lattices), tuple(ways), tuple(parts))


def _gray(page: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if page.ndim == 2:
        return page
    return np.asarray(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), np.uint8)


def _glyphs(marks: Sequence[Mark]) -> Glyphs:
    return np.stack([_glyph(m) for m in marks]) if marks else np.zeros((0, 28, 28), np.uint8)


@lru_cache(maxsize=1024)
def _glyph(mark: Mark) -> Glyphs:
    """Return the glyph (28, 28) of `mark`; on a canvas, most marks were there at the last reading too."""
    return normalize(mark.gray)
