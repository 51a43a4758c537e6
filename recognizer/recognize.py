"""The way through: page or drawing -> ink -> lines of pieces -> candidates -> probabilities -> reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.candidates import candidates_of, geometry
from recognizer.classify import SHIPPED, Classifier, Glyphs, Probabilities, load_classifier, shipped_labels
from recognizer.constrain import held_to
from recognizer.decode import BEAM, Lattice
from recognizer.decode import Path as Way
from recognizer.drawing import Drawing
from recognizer.file import UnreadableFile
from recognizer.formats import Format
from recognizer.ink import Ink, Mark, ink_of_drawing, ink_of_page
from recognizer.locate import Line, lines_of
from recognizer.normalize import normalize
from recognizer.reading import ALTERNATIVES, Reading, joined, judged
from recognizer.region import Region, part_of, placed
from recognizer.rescore import load_weights, weighed
from recognizer.score import Score, features, load_score
from recognizer.source import load_source, pages_of
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

    def read(
        self,
        page: NDArray[np.uint8] | str | Path | Drawing,
        alternatives: int = ALTERNATIVES,
        format: Format | None = None,
    ) -> Reading:
        """Read `page`: a picture (H, W) or (H, W, 3), the path of one, or a drawing.

        So many `alternatives` of the whole page are looked for, its text the first of them. Where a
        `format` is given, as `Format.of("phone")`, every line is read as the likeliest text that has
        it; `Reading.otherwise` tells where another would be likelier, `Reading.fits` whether any has it.

        Raises
        ------
        UnreadablePage, UnreadableDrawing
            Where a path leads to no picture or drawing.
        """
        if isinstance(page, str | Path):
            held = load_source(page)
            pages = (held,) if isinstance(held, Drawing) else held
            return joined([self.read(p, alternatives, format) for p in pages])
        return self.explain(page, alternatives, format).reading

    def read_many(
        self, pages: Iterable[NDArray[np.uint8] | str | Path | Drawing], otherwise: Reading | None = None
    ) -> Iterator[Reading]:
        """Yield the reading of each of `pages`, in order, each read when it is asked for.

        A page that cannot be read raises what `read` raises, or reads as `otherwise` where that is given.
        """
        for page in pages:
            try:
                reading = self.read(page)
            except UnreadableFile:
                if otherwise is None:
                    raise
                reading = otherwise
            yield reading

    def read_field(self, page: NDArray[np.uint8] | str | Path | Drawing, region: Region) -> Reading:
        """Read what lies in `region`, (x, y, width, height), of a page alone; boxes are told in the page's own pixels.

        Raises
        ------
        UnreadablePage, UnreadableDrawing
            As `read`.
        OutsidePage
            The region has no pixel of the page.
        """
        if isinstance(page, str | Path):
            return joined([self.read_field(held, region) for held in pages_of(page)])
        return placed(self.read(part_of(page, region)), page, region)

    def explain(
        self, page: NDArray[np.uint8] | Drawing, alternatives: int = ALTERNATIVES, format: Format | None = None
    ) -> Explanation:
        """Read `page` as `read` does and return the reading together with every stage's result."""
        ink = ink_of_drawing(page) if isinstance(page, Drawing) else ink_of_page(_gray(page))
        lines = lines_of(ink)
        found = [candidates_of(line) for line in lines]
        glyphs = _glyphs([c.mark for line in found for c in line])
        looks = self.classifier.probabilities(glyphs)
        lattices, parts, weighings, seen = [], [], [], 0
        ways: list[tuple[Way, ...]] = []
        for line, candidates in zip(lines, found, strict=True):
            part = looks[seen : seen + len(candidates)]
            seen += len(candidates)
            parts.append(part)
            places = geometry(line, candidates, ink)
            potentials = self.score.potentials(features(part, places))
            lattices.append(Lattice(len(line.pieces), candidates, self.classifier.labels, potentials))
            weighings.append(partial(weighed, labels=self.classifier.labels, seen=places, weights=self.merits))
            ways.append(weighings[-1](lattices[-1].paths(max(alternatives, BEAM))))
        reading, chosen = transcribed(ink, lines, lattices, ways, alternatives)
        if format:
            free = reading
            ways, fits = held_to(format, lattices, ways, weighings, alternatives)
            reading, chosen = transcribed(ink, lines, lattices, ways, alternatives)
            reading = judged(reading, free, fits)
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
