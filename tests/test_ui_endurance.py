"""A window that is used without rest, by random hands: `SOAK_MINUTES=30 python -m pytest tests/test_ui_endurance.py`.

Without that variable it lasts seconds. Nothing may raise, no page may break the reader, and files, threads and memory
may not become more with the time. What is wished for is done: pages are saved, listed, opened again and copied.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from time import monotonic

import pygame
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from test_ui_soak import check, sequences, told

from recognizer import Recognizer
from ui.errands import Folders
from ui.events import Event, Resized
from ui.state import State
from ui.window import Window

MINUTES = float(os.environ.get("SOAK_MINUTES", "0.05"))

MOST_GROWTH = 48
"""Megabytes that the process may gain in the second half of a run; what is kept of ink fills up in the first."""


@pytest.fixture
def window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    folders = Folders(tmp_path, tmp_path / "saved", tmp_path / "ink")
    opened = Window(State(size=(600, 400)), lambda model: Recognizer.load(), folders)
    opened.open()
    yield opened
    opened.close()


def do(window: Window, event: Event | str) -> None:
    """Have `event` happen, then what the window's loop does with what came meanwhile."""
    if isinstance(event, Resized):
        pygame.display.set_mode(event.size, pygame.RESIZABLE)
    if event not in ("ready", "placed"):
        window.handle(told(window.state, event))
    window.take(pygame.event.get())
    window.state = replace(window.state, done=False)
    check(window.state)
    assert "cannot be read" not in window.state.notice


def at_rest(window: Window, folder: Path) -> tuple[int, int, float]:
    """Return how many files are open, how many threads run, and the megabytes in use, with what was saved forgotten.

    Fonts do not count: one of each size stays open, and there are no more sizes than the window's scale needs.
    """
    end = monotonic() + 30
    while any(thread.name == "files" for thread in threading.enumerate()) and monotonic() < end:
        window.take([pygame.event.wait(100), *pygame.event.get()])
    shutil.rmtree(folder, ignore_errors=True)
    window.state = replace(window.state, past=(), future=())
    files, memory = Path("/proc/self/fd"), Path("/proc/self/statm")
    names = [os.path.realpath(file) for file in files.iterdir()] if files.exists() else []
    handles = sum(not name.endswith(".ttf") for name in names)
    pages = int(memory.read_text().split()[1]) if memory.exists() else 0
    return handles, threading.active_count(), pages * 4096 / 2**20


def test_hours_of_use_leave_nothing_behind(window: Window, tmp_path: Path) -> None:
    started = monotonic()
    rests = []
    for number in count():

        @seed(number)
        @settings(
            max_examples=5,
            derandomize=False,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(sequences(5, 40))
        def use(events: list[Event | str]) -> None:
            for event in events:
                do(window, event)

        use()
        rests.append((monotonic() - started, at_rest(window, tmp_path / "saved")))
        if monotonic() - started > 60 * MINUTES and len(rests) > 2:
            break
    middle = next(rest for when, rest in rests if when >= rests[-1][0] / 2)
    handles, threads, megabytes = rests[-1][1]
    assert (handles, threads) <= (middle[0] + 2, middle[1])
    assert megabytes - middle[2] < MOST_GROWTH
