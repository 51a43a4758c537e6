"""The way through: page or drawing -> ink -> lines of pieces -> candidates -> probabilities -> reading."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from recognizer.candidates import candidates_of, geometry
from recognizer.classify import SHIPPED, Classifier, found_model, load_classifier, shipped_labels
from recognizer.constrain import CUT_OUT, Weighing, as_one_digit, held_to
from recognizer.decode import BEAM, Lattice
from recognizer.decode import Path as Way
from recognizer.drawing import Drawing
from recognizer.drawn import ink_of_drawing, inks_to_come
from recognizer.explanation import Explanation, LineReading, Question, likelier
from recognizer.file import UnreadableFile
from recognizer.formats import Format
from recognizer.ink import Ink
from recognizer.ink_model import InkModel, load_ink_model
from recognizer.line_model import LineModel, load_line_model
from recognizer.locate import line_of, parted, rejoined
from recognizer.looks import Sight
from recognizer.memory import Memory
from recognizer.opinion import Opinion, seconded, spelled
from recognizer.page import gray_of
from recognizer.printed import ink_beside_print
from recognizer.reading import ALTERNATIVES, Reading, joined, judged
from recognizer.region import Region, part_of, placed
from recognizer.rescore import load_weights, merits, weighed
from recognizer.score import Score, features, load_score
from recognizer.source import load_source, pages_of
from recognizer.strip import strip_of
from recognizer.trajectory import load_trajectory_model
from recognizer.transcribe import transcribed, transcript

T = TypeVar("T")

SURE_ALONE = 0.99  # probability of a reading from which on the line model is not asked


@dataclass(frozen=True, eq=False)
class Recognizer:
    """Reads handwritten numbers with one model. Safe to use from many threads.

    On lines that the lattice is less than `sure` of, the line model is asked for its opinion too; of
    drawn strokes, the trajectory model.
    """

    classifier: Classifier
    score: Score
    merits: Mapping[str, float]
    line_model: LineModel | None = None
    sure: float = SURE_ALONE
    trajectory_model: Classifier | None = None
    ink_model: InkModel | None = None
    _known: Memory[Question, LineReading] = field(default_factory=Memory, init=False, repr=False)

    @classmethod
    def load(cls, model: str | Path | None = None, engine: str = "litert") -> Recognizer:
        """Open `model` (a file or a folder; the shipped one by default) for `engine`, "litert" or "keras".

        The shipped models of lines and of trajectories are asked beside the shipped classifier alone: how much
        they weigh beside another is not known, and they would hold back one that knows its user's hand.

        Raises
        ------
        ModelUnavailable
            Where there is no such model, or what the engine needs is not installed.
        """
        path = found_model(Path(model) if model else SHIPPED, engine)
        classifier = load_classifier(path, engine)
        score, merits = load_score(SHIPPED / "lattice.npz"), load_weights(SHIPPED / "readings.json")
        ink_model, labels = load_ink_model(SHIPPED / "ink.tflite"), shipped_labels()
        if path.resolve().parent != SHIPPED.resolve():
            return cls(classifier.among(labels), score, merits, ink_model=ink_model)
        line_model = load_line_model(SHIPPED / "line.tflite", labels)
        trajectory_model = load_trajectory_model(SHIPPED / "trajectory.tflite", labels)
        return cls(classifier, score, merits, line_model, trajectory_model=trajectory_model, ink_model=ink_model)

    @cached_property
    def _sight(self) -> Sight:
        return Sight(self.classifier, self.trajectory_model, self.merits)

    @property
    def card(self) -> dict[str, Any]:
        """What the model is: its labels, data, seed, command, scores and credits."""
        return self.classifier.card

    @property
    def file(self) -> Path | None:
        """The file that the model was loaded from, if it was."""
        return self.classifier.file

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
            Where a path leads to no picture or drawing, or an array is no picture.
        TooManyMarks
            A picture holds so many marks that it is no page of writing.
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

        Raises
        ------
        TypeError
            A single path is given, whose letters would be taken for pages.
        """
        if isinstance(pages, str):
            raise TypeError(f"Several pages were expected, and this is one path: give [{pages!r}].")
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
        UnreadablePage, UnreadableDrawing, TooManyMarks
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
        return _ended(self.explaining(page, alternatives, format))

    def explaining(
        self,
        page: NDArray[np.uint8] | Drawing,
        alternatives: int = ALTERNATIVES,
        format: Format | None = None,
        passing: bool = False,
    ) -> Generator[None, None, Explanation]:
        """Return in the end what `explain` does, and yield between stages, so that the reading may be given up.

        It is for canvases, which read while the pen moves. A drawing in `passing` takes no place in the
        memory of what was read, unless what comes after it is foreseen.
        """
        ink = ink_of_drawing(page) if isinstance(page, Drawing) else self._ink_of(gray_of(page))
        yield
        apart = parted(ink)
        asked = [Question(own, max(alternatives, BEAM), format) for own in (*apart, *rejoined(apart))]
        yield
        # Marks of a picture are new each time, those of a stroke that was there before are the same.
        known = self._known if ink.strokes else Memory[Question, LineReading]()
        made = {}
        for own in known.unknown(asked):
            made[own] = yield from self._reading_of(own)
        read = known.recall(asked, lambda own: made.get(own) or self._read_line(own), passing)
        read = likelier(read[: len(apart)], read[len(apart) :])
        reading = transcribed([r.said for r in read], alternatives)
        if format:
            reading = judged(reading, transcribed([r.free for r in read], alternatives), all(r.fits for r in read))
        return Explanation.of(reading, ink, read)

    def _ink_of(self, page: NDArray[np.uint8]) -> Ink:
        return ink_beside_print(page, self.classifier, self.ink_model)

    def foresee(self, drawing: Drawing, format: Format | None = None) -> Iterator[None]:
        """Read `drawing`, after it was read, at the scales that its next stroke may bring it to; yield at each line.

        What a reading says does not depend on it. It is for canvases: whoever has the time while the
        hand still writes need not wait when a stroke changes how tall the writing stands.
        """
        self._known.keep()
        for ink in inks_to_come(drawing):
            apart = parted(ink)
            for own in (*apart, *rejoined(apart)):
                self._known.foresee(Question(own, BEAM, format), self._read_line)
                yield

    def _read_line(self, asked: Question) -> LineReading:
        """Return one line read."""
        return _ended(self._reading_of(asked))

    def _reading_of(self, asked: Question) -> Generator[None, None, LineReading]:
        """Return one line read in the end, and yield between stages."""
        ink, labels = asked.ink, self.classifier.labels
        line = line_of(ink)
        yield
        candidates = candidates_of(line)
        yield
        looks = self._sight.looks(line, candidates)
        yield
        places = geometry(line, candidates, ink)
        seen = features(looks, places)
        lattice = Lattice(len(line.pieces), candidates, labels, self.score.potentials(seen))
        weighing: Weighing = partial(weighed, merit_of=merits(labels, places, self.merits))
        yield
        found = lattice.paths(asked.count)
        yield
        ways, opinion = weighing(found), None
        yield
        if self.line_model and ways[0].probability < self.sure:
            opinion = Opinion(self.line_model.frames(strip_of(line)), labels, seen)
            yield
            weighing = partial(_agreed, weighing, opinion, self.merits)
            found += spelled(lattice, opinion, found)
            ways = weighing(found)
            yield
        if ink.page and max(ink.page) <= CUT_OUT:
            weighing = partial(as_one_digit, weighing)
            ways = weighing(found)
        free = transcript(ink, line, lattice, ways)
        if not asked.format:
            return LineReading(line, looks, lattice, opinion, ways, free, free)
        (held,), fits = held_to(asked.format, (lattice,), (ways,), (weighing,), asked.count)
        return LineReading(line, looks, lattice, opinion, held, free, transcript(ink, line, lattice, held), fits)


def _ended(steps: Generator[None, None, T]) -> T:
    """Return what `steps` return, all of them done."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            value: T = end.value
            return value


def _agreed(
    weighing: Weighing, opinion: Opinion, weights: Mapping[str, float], paths: Sequence[Way]
) -> tuple[Way, ...]:
    """Return `paths` as they weigh by themselves and by the line model's `opinion`."""
    return seconded(weighing(paths), opinion, weights)
