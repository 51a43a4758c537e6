"""Reading beside the window: one thread loads the model and reads the newest page, and only that.

Drawing never waits for it. A page that is asked for while another is read waits in the one slot;
a newer one takes its place. While the pen is on the paper, the page that there would be if it were
lifted now is read before it is, and given up for the next; while nothing waits, what the next
stroke may ask for is done ahead.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from time import monotonic, perf_counter
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recognizer.drawing import Drawing, Stroke
from recognizer.formats import Format
from recognizer.memory import common
from recognizer.reading import Reading
from ui.about import about
from ui.events import Event, ModelMissing, ModelReady, Notice, Ready
from ui.files import rendered
from ui.frame import Frame, moved
from ui.page import Page

if TYPE_CHECKING:
    from recognizer import Recognizer


Load: TypeAlias = "Callable[[], Recognizer]"
Steps: TypeAlias = "Generator[None, None, tuple[Event, ...]]"  # of a reading: in the end, what comes of it

FIRST = Drawing((Stroke(((20.0, 20.0), (20.0, 60.0)), 6.0),), (80, 80))
"""Read once before the first page: what is made at first use is made while the hand still writes."""


REST = 0.05
"""Seconds after a reading in which the window shows it undisturbed; what is done ahead is done later."""


@dataclass(frozen=True)
class Job:
    """A page to read: its `revision`, the (width, height) of the paper, and the name of the format to read it by."""

    revision: int
    page: Page
    size: tuple[int, int]
    format: str = ""


@dataclass
class _Expected:
    """A page that will be asked for if the pen is lifted now; `events` are what came of reading it, by its `steps`."""

    job: Job
    steps: Steps | None = None
    events: tuple[Event, ...] = ()


class Reader:
    """Loads models and reads pages, and calls `post` with every result, all on its own thread."""

    def __init__(self, load: Load, post: Callable[[Event], object]) -> None:
        self._post = post
        self._load: Load | None = load
        self._chosen: str | None = None
        self._job: Job | None = None
        self._expected: _Expected | None = None
        self._recognizer: Recognizer | None = None
        self._ahead: Iterator[None] | None = None
        self._resting = 0.0
        self._shown = Reading()
        self._closed = False
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="reader", daemon=True)

    def start(self) -> None:
        """Begin to load the model."""
        self._thread.start()

    def use(self, load: Load, chosen: str) -> None:
        """Read with another model as soon as it is loaded; if it cannot be, go on with the present one.

        `chosen` is what is to be told of it, as in `ModelReady`.
        """
        with self._news:
            self._load, self._chosen, self._expected = load, chosen, None
            self._news.notify()

    def ask(self, job: Job) -> None:
        """Have `job` read next, in place of one that still waits; where it was expected, its result comes at once."""
        with self._news:
            expected = self._expected if self._expected and self._expected.job == job else None
            events = expected.events if expected else ()
            self._job, self._expected = (None, None) if events else (job, expected)
            if events:
                self._rest(job)
            self._news.notify()
        for event in events:
            self._post(event)

    def expect(self, job: Job) -> None:
        """Have `job` read while nothing is asked for, in place of what was expected, and keep what comes of it."""
        with self._news:
            if self._expected is None or self._expected.job != job:
                self._expected = _Expected(job)
                self._news.notify()

    def close(self) -> None:
        """End the thread as soon as it has read what it is reading."""
        with self._news:
            self._closed = True
            self._news.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=2)

    def _run(self) -> None:
        while (task := self._next()) is not None:
            task()

    def _next(self) -> Callable[[], object] | None:
        """Return what to do next, None when closed: models, pages that are asked for, those that may be, the rest."""
        with self._news:
            while not self._has_task() and (left := self._time_to_rest()) != 0:
                self._news.wait(left)
            if self._closed:
                return None
            if self._load is not None:
                load, self._load = self._load, None
                return partial(self._begin, load, self._chosen)
            if self._job is not None:
                asked, self._job = _Expected(self._job), None
                if self._expected is not None and self._expected.job == asked.job:
                    asked, self._expected = self._expected, None
                return partial(self._read_asked, asked)
            if self._expected is not None and not self._expected.events:
                return partial(self._step_expected, self._expected)
            return self._step_ahead

    def _has_task(self) -> bool:
        expected = self._recognizer is not None and self._expected is not None and not self._expected.events
        return self._load is not None or self._job is not None or expected or self._closed

    def _time_to_rest(self) -> float | None:
        """Return the seconds until there is something to do ahead, None where there is nothing."""
        return None if self._ahead is None else max(0.0, self._resting - monotonic())

    def _rest(self, job: Job) -> None:
        """Do what `job`, which was just read, makes worth doing ahead, but not yet: the window shows its labels."""
        self._resting = monotonic() + REST
        self._ahead = None if self._recognizer is None else self._work_ahead(self._recognizer, job)

    def _begin(self, load: Load, chosen: str | None) -> None:
        """Read with the model that `load` gives from now on, if it gives one."""
        recognizer = self._loaded(load, chosen)
        with self._news:
            if recognizer is not None:
                self._recognizer, self._ahead = recognizer, None

    def _read_asked(self, asked: _Expected) -> None:
        """Read a page, as far as it was not read when it was expected, and post what comes of it."""
        while self._recognizer is not None and not asked.events:
            self._step(self._recognizer, asked, passing=False)
        if not asked.events:
            return
        with self._news:
            self._rest(asked.job)
        for event in asked.events:
            self._post(event)

    def _step_expected(self, expected: _Expected) -> None:
        """Do the next bit of reading a page before it is asked for."""
        if self._recognizer is not None:
            self._step(self._recognizer, expected, passing=True)

    def _step(self, recognizer: Recognizer, page: _Expected, passing: bool) -> None:
        if page.steps is None:
            page.steps = self._read(recognizer, page.job, passing)
        try:
            next(page.steps)
        except StopIteration as end:
            with self._news:
                page.events = end.value

    def _step_ahead(self) -> None:
        """Do the next bit of what is to be done ahead."""
        ahead = self._ahead
        for _ in ahead or ():
            return
        with self._news:
            if self._ahead is ahead:
                self._ahead = None

    def _loaded(self, load: Load, chosen: str | None) -> Recognizer | None:
        """Return the recognizer that `load` makes, warmed up, or None where it cannot, and post which it is."""
        from recognizer import ModelUnavailable

        try:
            recognizer = load()
            recognizer.explain(FIRST)
            gc.freeze()  # what is loaded stays: to look through it for garbage would hold up a release
        except ModelUnavailable as problem:
            self._post(ModelMissing(str(problem)))
            return None
        except Exception as problem:  # an incomplete installation, say: without a word the window would wait for ever
            told = f"The reader cannot be started ({type(problem).__name__}: {problem}): install it again."
            self._post(ModelMissing(told))
            return None
        self._post(ModelReady(about(recognizer.card, recognizer.file), chosen))
        return recognizer

    def _read(self, recognizer: Recognizer, job: Job, passing: bool) -> Steps:
        """Return what comes of reading `job`; a page that breaks the reader must not end the reading of others."""
        started = perf_counter()
        try:
            page, frame = sheet(job.page, job.size)
            explained = yield from recognizer.explaining(page, format=_format(job), passing=passing)
        except Exception as problem:
            told = f"This page cannot be read ({type(problem).__name__}: {problem}): undo the last step."
            return Ready(job.revision, Reading()), Notice(told)
        read, marks = explained.with_unread()
        reading = self._shown = _as_before(moved(read, frame), self._shown)
        return (Ready(job.revision, reading, marks, perf_counter() - started),)

    def _work_ahead(self, recognizer: Recognizer, job: Job) -> Iterator[None]:
        """Do what the stroke after `job` may make necessary; yield at each line."""
        if job.page.picture is None:
            with suppress(Exception):  # it is told where a page that is asked for cannot be read
                yield from recognizer.foresee(Drawing(job.page.strokes, job.size), _format(job))


def _as_before(now: Reading, before: Reading) -> Reading:
    """Return `now` with the very symbols of the reading `before` at both ends, where they are equal.

    So the window need not look at them to know that they are what it shows.
    """
    one, two = before.symbols, now.symbols
    head = common(one, two)
    tail = common(one[head:][::-1], two[head:][::-1])
    return replace(now, symbols=(*one[:head], *two[head : len(two) - tail], *one[len(one) - tail :]))


def _format(job: Job) -> Format | None:
    return Format.of(job.format) if job.format else None


def sheet(page: Page, size: tuple[int, int]) -> tuple[Drawing | NDArray[np.uint8], Frame]:
    """Return what to read, and how it lies on the page.

    Without a picture that is the drawing itself, of which the reader knows the strokes; else the picture with ink.
    """
    return (Drawing(page.strokes, size), Frame()) if page.picture is None else rendered(page, size)
