from __future__ import annotations

import io
import sys
import threading

from recognizer.progress import Progress


def test_where_nobody_looks_there_is_no_line_and_sentences_are_printed(capsys):
    with Progress(False, lambda: 1 // 0) as progress:
        progress.step()
        progress.say("a sentence")
    assert capsys.readouterr() == ("", "a sentence\n")


def test_the_line_tells_how_many_are_read_of_how_many_and_how_fast(monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    before = set(threading.enumerate())
    with Progress(True, lambda: 4) as progress:
        for counting in set(threading.enumerate()) - before:
            counting.join()
        for _ in range(4):
            progress.step()
        progress.say("a sentence")
    shown = screen.getvalue()
    assert "a sentence\n" in shown
    last = shown.split("\r")[-1]
    assert "4/4" in last
    assert "files/s" in last


def test_a_count_that_is_unknown_leaves_the_line_without_an_end(monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    with Progress(True) as progress:
        progress.step()
    assert "1 files" in screen.getvalue()
