"""Reading beside the window: one thread loads the model and reads the newest page, and only that.

Drawing never waits for it. A page that is asked for while another is read waits in the one slot;
a newer one takes its place. While nothing waits, what the next stroke may ask for is done ahead.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from recognizer.drawing import Drawing, Stroke
from recognizer.formats import Format
from recognizer.reading import Reading
from ui.events import Event, ModelMissing, ModelReady, Notice, Ready
from ui.files import Frame, moved, rendered
from ui.page import Page

if TYPE_CHECKING:
    from recognizer import Recognizer


Load: TypeAlias = "Callable[[], Recognizer]"

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


class Reader:
    """Loads models and reads pages, and calls `post` with every result, all on its own thread."""

    def __init__(self, load: Load, post: Callable[[Event], object]) -> None:
        self._post = post
        self._load: Load | None = load
        self._job: Job | None = None
        self._closed = False
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="reader", daemon=True)

    def start(self) -> None:
        """Begin to load the model."""
        self._thread.start()

    def use(self, load: Load) -> None:
        """Read with another model as soon as it is loaded; if it cannot be, go on with the present one."""
        with self._news:
            self._load = load
            self._news.notify()

    def ask(self, job: Job) -> None:
        """Have `job` read next, in place of one that still waits."""
        with self._news:
            self._job = job
            self._news.notify()

    def close(self) -> None:
        """End the thread as soon as it has read what it is reading."""
        with self._news:
            self._closed = True
            self._news.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=2)

    def _run(self) -> None:
        recognizer: Recognizer | None = None
        while (task := self._next()) is not None:
            if not isinstance(task, Job):
                recognizer = self._loaded(task) or recognizer
            elif recognizer is not None:
                self._read(recognizer, task)
                self._work_ahead(recognizer, task)

    def _next(self) -> Job | Load | None:
        """Return what to do next as soon as there is something, models before pages, or None when closed."""
        with self._news:
            self._news.wait_for(self._has_task)
            if self._closed:
                return None
            if self._load is not None:
                load, self._load = self._load, None
                return load
            job, self._job = self._job, None
            return job

    def _has_task(self) -> bool:
        return self._load is not None or self._job is not None or self._closed

    def _loaded(self, load: Load) -> Recognizer | None:
        """Return the recognizer that `load` makes, warmed up, or None where it cannot, and post which it is."""
        from recognizer import ModelUnavailable

        try:
            recognizer = load()
            recognizer.explain(FIRST)
        except ModelUnavailable as problem:
            self._post(ModelMissing(str(problem)))
            return None
        except Exception as problem:  # an incomplete installation, say: without a word the window would wait for ever
            told = f"The reader cannot be started ({type(problem).__name__}: {problem}): install it again."
            self._post(ModelMissing(told))
            return None
        self._post(ModelReady(facts_of(recognizer.card)))
        return recognizer

    def _read(self, recognizer: Recognizer, job: Job) -> None:
        """Read `job` and post the result; a page that breaks the reader must not end the reading of others."""
        started = perf_counter()
        try:
            page, frame = sheet(job.page, job.size)
            explained = recognizer.explain(page, format=_format(job)) if job.format else recognizer.explain(page)
        except Exception as problem:
            self._post(Ready(job.revision, Reading()))
            self._post(Notice(f"This page cannot be read ({type(problem).__name__}: {problem}): undo the last step."))
            return
        reading = moved(explained.reading, frame)
        glyphs = tuple(glyph.tobytes() for glyph in explained.glyphs)
        self._post(Ready(job.revision, reading, glyphs, perf_counter() - started))

    def _work_ahead(self, recognizer: Recognizer, job: Job) -> None:
        """Do what the stroke after `job` may make necessary, line by line, until there is something to read."""
        if job.page.picture is not None or self._is_wanted(REST):
            return
        try:
            for _ in recognizer.foresee(Drawing(job.page.strokes, job.size), _format(job)):
                if self._is_wanted():
                    return
        except Exception:  # it is told where a page that is asked for cannot be read
            return

    def _is_wanted(self, seconds: float = 0.0) -> bool:
        """Return whether there is something to do, now or within so many `seconds`."""
        with self._news:
            return self._news.wait_for(self._has_task, seconds)


def _format(job: Job) -> Format | None:
    return Format.of(job.format) if job.format else None


def sheet(page: Page, size: tuple[int, int]) -> tuple[Drawing | NDArray[np.uint8], Frame]:
    """Return what to read, and how it lies on the page.

    Without a picture that is the drawing itself, of which the reader knows the strokes; else the picture with ink.
    """
    return (Drawing(page.strokes, size), Frame()) if page.picture is None else rendered(page, size)


def facts_of(card: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return what is worth showing of a model's card as (name, value)."""
    return tuple(
        (name.replace("_", " "), _told(value)) for name, value in card.items() if value not in (None, "", [], {})
    )


def _told(value: object) -> str:
    """Return a value of the card in few words."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {_told(each)}" for name, each in value.items())
    if isinstance(value, list | tuple):
        return " ".join(_told(each) for each in value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)
