"""The way through: page or drawing -> ink -> lines of pieces -> candidates -> probabilities -> reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.candidates import Candidate, candidates_of, geometry
from recognizer.classify import SHIPPED, Classifier, Glyphs, load_classifier, shipped_labels
from recognizer.decode import Lattice, number_probability
from recognizer.decode import Path as Way
from recognizer.drawing import Drawing
from recognizer.ink import Ink, Mark, ink_of_drawing, ink_of_page
from recognizer.locate import Line, lines_of
from recognizer.normalize import normalize
from recognizer.reading import Reading, Symbol
from recognizer.score import Score, features, load_score

SPACE = 0.75  # gaps from this share of the writing's height on are written as a space
_ALTERNATIVES = 5  # labels and rival readings that are kept


@dataclass(frozen=True, eq=False)
class Explanation:
    """A reading with what it came from.

    `glyphs` (symbols, 28, 28) are as the model saw them; each line has its lattice and the ways
    through it, likeliest first.
    """

    reading: Reading
    glyphs: Glyphs
    ink: Ink
    lines: tuple[Line, ...]
    lattices: tuple[Lattice, ...]
    ways: tuple[tuple[Way, ...], ...]


@dataclass(frozen=True, eq=False)
class Recognizer:
    """Reads handwritten numbers with one model. Safe to use from many threads."""

    classifier: Classifier
    score: Score

    @classmethod
    def load(cls, model: str | Path | None = None, engine: str = "litert") -> Recognizer:
        """Open `model` (a file or a folder; the shipped one by default) for `engine`, "litert" or "keras".

        Raises
        ------
        ModelUnavailable
            Where there is no such model, or what the engine needs is not installed.
        """
        classifier = load_classifier(Path(model) if model else None, engine)
        return cls(classifier.among(shipped_labels()), load_score(SHIPPED / "lattice.npz"))

    @property
    def card(self) -> dict[str, Any]:
        """What the model is: its labels, data, seed, command, scores and credits."""
        return self.classifier.card

    def read(self, page: NDArray[np.uint8] | str | Path | Drawing) -> Reading:
        """Read `page`: a picture (H, W) or (H, W, 3), the path of one, or a drawing.

        Raises
        ------
        UnreadablePage, UnreadableDrawing
            Where a path leads to no picture or drawing.
        """
        if isinstance(page, str | Path):
            return self._read_file(Path(page))
        return self.explain(page).reading

    def explain(self, page: NDArray[np.uint8] | Drawing) -> Explanation:
        """Read `page` and return the reading together with every stage's result."""
        ink = ink_of_drawing(page) if isinstance(page, Drawing) else ink_of_page(_gray(page))
        lines = lines_of(ink)
        found = [candidates_of(line) for line in lines]
        glyphs = _glyphs([c.mark for line in found for c in line])
        looks = self.classifier.probabilities(glyphs)
        lattices, ways, seen = [], [], 0
        for line, candidates in zip(lines, found, strict=True):
            part = looks[seen : seen + len(candidates)]
            seen += len(candidates)
            potentials = self.score.potentials(features(part, geometry(line, candidates, ink)))
            lattices.append(Lattice(len(line.pieces), candidates, self.classifier.labels, potentials))
            ways.append(lattices[-1].paths())
        return _explanation(ink, lines, lattices, ways, glyphs)

    def _read_file(self, path: Path) -> Reading:
        from recognizer.drawing import is_inkml, load_drawing
        from recognizer.page import load_pages

        if is_inkml(path):
            return self.read(load_drawing(path))
        return joined([self.read(page) for page in load_pages(path)])


def joined(readings: Sequence[Reading]) -> Reading:
    """Return the readings of several pages as one, their lines one below the other."""
    if len(readings) == 1:
        return readings[0]
    symbols: list[Symbol] = []
    lines = 0
    for reading in readings:
        symbols += [Symbol(s.label, s.confidence, s.box, s.line + lines, s.alternatives) for s in reading.symbols]
        lines += len(reading.lines)
    text = "\n".join(r.text for r in readings if r.text)
    return Reading(text, float(np.prod([r.confidence for r in readings])), tuple(symbols), ((text, 1.0),))


def _gray(page: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if page.ndim == 2:
        return page
    return np.asarray(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), np.uint8)


def _glyphs(marks: Sequence[Mark]) -> Glyphs:
    return np.stack([normalize(m.gray) for m in marks]) if marks else np.zeros((0, 28, 28), np.uint8)


def _explanation(
    ink: Ink, lines: Sequence[Line], lattices: Sequence[Lattice], ways: Sequence[Sequence[Way]], glyphs: Glyphs
) -> Explanation:
    symbols: list[Symbol] = []
    texts: list[str] = []
    chosen: list[int] = []
    first = 0
    confidence = 1.0
    for line, lattice, through in zip(lines, lattices, ways, strict=True):
        read = _symbols(ink, lattice, through[0], len(texts))
        confidence *= number_probability(through)
        if read:
            symbols += [s for _, s in read]
            chosen += [first + i for i, _ in read]
            texts.append(_spaced([lattice.candidates[i] for i, _ in read], [s.label for _, s in read], line))
        first += len(lattice.candidates)
    text = "\n".join(texts)
    rivals = _rivals(text, ways) if texts else ()
    reading = Reading(text, confidence, tuple(symbols), rivals)
    return Explanation(reading, glyphs[chosen], ink, tuple(lines), tuple(lattices), tuple(map(tuple, ways)))


def _symbols(ink: Ink, lattice: Lattice, way: Way, line: int) -> list[tuple[int, Symbol]]:
    """Return the symbols of `way`, each with its candidate's number; ink left out gives none."""
    posteriors = lattice.posteriors()
    out = []
    for step in way.steps:
        label = lattice.labels[step.label]
        if not label:
            continue
        likely = posteriors[step.candidate]
        order = [i for i in np.argsort(-likely) if lattice.labels[i]][:_ALTERNATIVES]
        rivals = tuple((lattice.labels[i], round(float(likely[i]), 4)) for i in order)
        box = _box(lattice.candidates[step.candidate].mark, ink)
        out.append((step.candidate, Symbol(label, min(1.0, float(likely[step.label])), box, line, rivals)))
    return out


def _box(mark: Mark, ink: Ink) -> tuple[int, int, int, int]:
    left, top = int(np.floor(mark.x / ink.scale)), int(np.floor(mark.y / ink.scale))
    right = int(np.ceil((mark.x + mark.width) / ink.scale))
    bottom = int(np.ceil((mark.y + mark.height) / ink.scale))
    return left, top, right - left, bottom - top


def _spaced(candidates: Sequence[Candidate], labels: Sequence[str], line: Line) -> str:
    text, reach = "", np.inf
    for candidate, label in zip(candidates, labels, strict=True):
        text += " " + label if candidate.mark.x - reach > SPACE * line.height else label
        reach = max(reach if np.isfinite(reach) else -np.inf, candidate.mark.x + candidate.mark.width)
    return text


def _rivals(text: str, ways: Sequence[Sequence[Way]]) -> tuple[tuple[str, float], ...]:
    """Return the likeliest readings of the whole page: `text` first, then with one line read otherwise."""
    base = float(np.prod([w[0].probability for w in ways]))
    rivals = [(text, base)]
    for place, through in enumerate(ways):
        for other in through[1:]:
            lines = [w[0].text for w in ways]
            lines[place] = other.text
            rivals.append(
                ("\n".join(t for t in lines if t), base * other.probability / max(through[0].probability, 1e-12))
            )
    return tuple(sorted(rivals[:1] + sorted(rivals[1:], key=lambda r: -r[1])[: _ALTERNATIVES - 1], key=lambda r: -r[1]))
