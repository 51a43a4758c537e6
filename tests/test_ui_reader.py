"""The reader beside the window: what it is asked comes first, whatever is expected meanwhile."""

from __future__ import annotations

import threading
from queue import Queue

from ui_stage import ONE, SEVEN, CountingRecognizer

from recognizer.drawing import Stroke
from ui.events import Event, Ready
from ui.page import Page
from ui.reader import Job, Reader

SIZE = (600, 400)


def test_what_is_expected_takes_no_place_of_what_is_asked_for() -> None:
    asked = Job(1, Page((Stroke(SEVEN),)), SIZE)
    expected = Job(2, Page((Stroke(SEVEN), Stroke(ONE))), SIZE)
    busy, posted = threading.Event(), Queue[Event]()

    def load() -> CountingRecognizer:
        busy.wait(30)
        return CountingRecognizer()

    reader = Reader(load, posted.put)  # type: ignore[arg-type]
    reader.start()
    try:
        reader.ask(asked)
        reader.expect(expected)
        busy.set()
        posted.get(timeout=30)  # that the model is ready
        first = posted.get(timeout=30)
        assert isinstance(first, Ready)
        assert (first.revision, first.reading.number) == (1, "0")
        reader.ask(expected)
        second = posted.get(timeout=30)
        assert isinstance(second, Ready)
        assert (second.revision, second.reading.number) == (2, "01")
    finally:
        reader.close()
