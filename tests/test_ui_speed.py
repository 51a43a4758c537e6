"""How long the canvas lets people wait: `python -m pytest tests/test_ui_speed.py --benchmark-enable`.

Without that option each is run once, untimed, so that it stays runnable. The window is a real one where there is a
screen (`xvfb-run` makes one), else SDL's dummy. Ink is the scripted pen's, every page another hand. Before each release
that is timed, the reader may work ahead for as long as a hand takes for a stroke, or until nothing is left to do: the
pen does not wait in vain. It moves as fast as it is heard of. Where it is said to rest, it stands still for another
moment before it is lifted, as a mouse does; else it is lifted in full motion, as a pen may be.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from time import monotonic, process_time

import numpy as np
import pygame
import pytest
from conftest import ROOT
from pytest_benchmark.fixture import BenchmarkFixture
from scripted_pen import Hand, write

from recognizer import Recognizer
from recognizer.drawing import Stroke
from ui.errands import Folders
from ui.events import Key, Opened
from ui.frame import fitted
from ui.page import Page
from ui.state import State
from ui.update import update
from ui.window import Window

ROUNDS = 100
DIGITS = "31415926535897932384"
SIZE = (1000, 640)
PAPER = (SIZE[0], SIZE[1] - 100)
STROKE = 150
"""Milliseconds from one release to the next at least: few hands write more than six strokes a second."""

PACE = 8
"""Milliseconds from one movement that a mouse tells of to the next; it is let go as soon as the last is told."""

STANDSTILL = 100
"""Milliseconds that a hand that rests keeps the button down before it lets go."""

WHICH_RELEASES = pytest.mark.parametrize(
    ("nth", "rounds"),
    [(10, ROUNDS), (20, ROUNDS), (None, 3 * ROUNDS)],
    ids=["10th digit", "20th digit", "all strokes"],
)


@pytest.fixture
def window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    if "DISPLAY" not in os.environ:
        monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    opened = Window(State(size=SIZE), Recognizer.load, Folders(tmp_path, tmp_path, tmp_path))
    opened.open()
    run_until(opened, lambda: opened.state.facts is not None)
    yield opened
    opened.close()


def run_until(window: Window, reached, seconds: float = 60) -> None:
    """Run the window's loop until what is waited for."""
    end = monotonic() + seconds
    while not reached() and monotonic() < end:
        window.take([pygame.event.wait(1000), *pygame.event.get()])
    assert reached()


def pointer(stroke: Stroke) -> list[pygame.event.Event]:
    """The mouse's events of one stroke, the last of them letting go."""
    points = [(round(x), round(y)) for x, y in stroke.points]
    moves = [pygame.event.Event(pygame.MOUSEMOTION, pos=p, rel=(1, 1), buttons=(1, 0, 0)) for p in points[1:]]
    down = pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=points[0], button=1)
    return [down, *moves, pygame.event.Event(pygame.MOUSEBUTTONUP, pos=points[-1], button=1)]


def shows_labels(window: Window) -> bool:
    """Whether the newest ink is read and its labels are on the screen."""
    state = window.state
    return state.read == state.revision and bool(state.labels) and window._painted is state


def percentile(benchmark: BenchmarkFixture) -> None:
    """Note the 99th percentile, which the table does not show, in milliseconds."""
    if benchmark.stats is not None:
        benchmark.extra_info["p99_ms"] = round(1000 * float(np.percentile(benchmark.stats.stats.data, 99)), 2)


def let_go(window: Window, release: pygame.event.Event) -> None:
    """Let go of the mouse and wait for the labels."""
    pygame.event.post(release)
    window.take([pygame.event.wait(1000)])
    run_until(window, lambda: shows_labels(window))


def work_ahead(window: Window, longest: int) -> None:
    """Let the reader do all that it may do before it is asked, for so many milliseconds at most."""
    reader, end = window._reader, monotonic() + longest / 1000
    while monotonic() < end:
        if reader._ahead is None and (reader._expected is None or reader._expected.events):
            return
        pygame.time.wait(1)


def held(window: Window, stroke: Stroke, rests: bool = False) -> pygame.event.Event:
    """Draw `stroke` as far as its release, which is returned."""
    work_ahead(window, STROKE)
    *drawn, release = pointer(stroke)
    for number, event in enumerate(drawn):
        pygame.time.wait(PACE if number else 0)
        window.take([event])
    if rests:
        window.take([pygame.event.Event(pygame.NOEVENT)])
        work_ahead(window, STANDSTILL)
    return release


def write_at_once(window: Window, strokes: Sequence[Stroke]) -> None:
    """Draw `strokes` without having any of them read before the last."""
    window.handle(Key("L"))
    for stroke in strokes:
        window.take(pointer(stroke))
    window.handle(Key("L"))
    window.take([])
    run_until(window, lambda: shows_labels(window))


def releases(window: Window, nth: int | None, rests: bool = False) -> Iterator[pygame.event.Event]:
    """Write twenty digits on page after page, stroke by stroke, and yield the release of the `nth` digit, or each.

    What is yielded is for the caller to let go of: all that is before it is written and read.
    """
    for seed in count():
        window.handle(Key("C"))
        strokes = fitted(write(DIGITS, Hand(seed)), PAPER).strokes
        first = len(write(DIGITS[:nth], Hand(seed)).strokes) - 1 if nth else 0
        if first:
            write_at_once(window, strokes[:first])
        for stroke in strokes[first : first + 1] if nth else strokes:
            yield held(window, stroke, rests)


def releases_below(
    window: Window, pages: Iterator[tuple[Stroke, ...]], last: int, rests: bool = False
) -> Iterator[pygame.event.Event]:
    """Open each of `pages` without its `last` strokes, then write these and yield the release of each."""
    for strokes in pages:
        window.handle(Opened(Page(strokes[:-last]), "all but the last strokes"))
        run_until(window, lambda: shows_labels(window), 600)
        for stroke in strokes[-last:]:
            yield held(window, stroke, rests)


@WHICH_RELEASES
@pytest.mark.benchmark(group="writing digit after digit: letting go of the mouse until labels are on the screen")
def test_release_while_writing(benchmark, window, nth, rounds):
    due = releases(window, nth)
    warmup = 2 if nth else 24
    benchmark.pedantic(let_go, setup=lambda: ((window, next(due)), {}), rounds=rounds, warmup_rounds=warmup)
    percentile(benchmark)
    assert shows_labels(window)


@pytest.mark.parametrize("digits", [10, 20])
@pytest.mark.benchmark(group="all digits new at once: letting go of the mouse until labels are on the screen")
def test_release_to_labels(benchmark, window, digits):
    seeds = count()

    def write_all_but_the_release():
        strokes = fitted(write(DIGITS[:digits], Hand(next(seeds))), PAPER).strokes
        window.handle(Opened(Page(strokes[:-1]), "all but one stroke"))
        run_until(window, lambda: shows_labels(window))
        *held, release = pointer(strokes[-1])
        window.take(held)
        return (window, release), {}

    benchmark.pedantic(let_go, setup=write_all_but_the_release, rounds=ROUNDS, warmup_rounds=2)
    percentile(benchmark)
    assert window.state.shown.reading.number


@pytest.mark.benchmark(group="moving the pointer until the ink is on the screen")
@pytest.mark.parametrize("strokes", [10, 10_000])
def test_pointer_to_ink(benchmark, window, strokes):
    rng = np.random.default_rng(7)
    window.state = _with_strokes(window.state, strokes, rng)
    window.paint()
    window.take(pointer(Stroke(((100, 500), (120, 510))))[:-1])
    positions = iter((100 + 800 * rng.random((10**5, 2)) * (1, 0.5)).astype(int).tolist())

    def hold():
        x, y = next(positions)
        return (pygame.event.Event(pygame.MOUSEMOTION, pos=(x, y), rel=(1, 1), buttons=(1, 0, 0)),), {}

    def move(motion):
        pygame.event.post(motion)
        window.take([pygame.event.wait(1000), *pygame.event.get()])
        assert window._painted is window.state

    benchmark.pedantic(move, setup=hold, rounds=ROUNDS, warmup_rounds=2)
    percentile(benchmark)


@pytest.mark.benchmark(group="writing below: letting go of the mouse until labels are on the screen")
@pytest.mark.parametrize("lines", [1, 5])
def test_release_on_a_full_page(benchmark, window, lines):
    """The last twelve strokes of so many lines of twenty digits."""
    text = "\n".join([DIGITS] * lines)
    due = releases_below(window, (fitted(write(text, Hand(seed)), PAPER).strokes for seed in count()), 12)
    benchmark.pedantic(let_go, setup=lambda: ((window, next(due)), {}), rounds=ROUNDS, warmup_rounds=2)
    percentile(benchmark)
    assert shows_labels(window)


@pytest.mark.benchmark(group="writing below: letting go of the mouse until labels are on the screen")
@pytest.mark.parametrize("strokes", [1_000, 10_000])
def test_release_among_many_strokes(benchmark, window, strokes):
    """The next stroke below so many, in lines of twenty digits that reach up far beyond the window."""
    due = releases_below(window, iter([_lines(strokes if benchmark.enabled else 100)]), 40)
    benchmark.pedantic(let_go, setup=lambda: ((window, next(due)), {}), rounds=30, warmup_rounds=2)
    percentile(benchmark)
    assert shows_labels(window)


@WHICH_RELEASES
@pytest.mark.benchmark(group="letting go of the mouse, which stood still before, until labels are on the screen")
def test_release_after_a_rest(benchmark, window, nth, rounds):
    due = releases(window, nth, rests=True)
    benchmark.pedantic(let_go, setup=lambda: ((window, next(due)), {}), rounds=rounds, warmup_rounds=2 if nth else 24)
    percentile(benchmark)
    assert shows_labels(window)


@pytest.mark.parametrize("strokes", [1_000, 10_000])
@pytest.mark.benchmark(group="letting go of the mouse, which stood still before, until labels are on the screen")
def test_release_after_a_rest_among_many_strokes(benchmark, window, strokes):
    due = releases_below(window, iter([_lines(strokes if benchmark.enabled else 100)]), 40, rests=True)
    benchmark.pedantic(let_go, setup=lambda: ((window, next(due)), {}), rounds=30, warmup_rounds=2)
    percentile(benchmark)
    assert shows_labels(window)


@pytest.mark.benchmark(group="undo with 10,000 strokes, until it is on the screen")
def test_undo_with_many_strokes(benchmark, window):
    window.state = _with_strokes(window.state, 10_000, np.random.default_rng(7))
    window.paint()
    window.state = update(window.state, Key("L"))  # what is undone is not read, or reading would be timed
    for k in range(ROUNDS + 1):
        window.take(pointer(Stroke(((50 + 8 * k, 100), (60 + 8 * k, 160)))))

    def undo():
        window.state = update(window.state, Key("Ctrl+Z"))
        window.paint()

    benchmark.pedantic(undo, rounds=ROUNDS)
    percentile(benchmark)


@pytest.mark.benchmark(group="erasing with 10,000 strokes, until it is on the screen")
def test_erasing_with_many_strokes(benchmark, window):
    window.state = _with_strokes(window.state, 10_000, np.random.default_rng(7))
    window.paint()
    down = pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(100, 300), button=3, touch=False)
    window.take([down])
    places = iter([(100 + 2 * k, 300) for k in range(ROUNDS + 4)])

    def rub():
        held = pygame.event.Event(pygame.MOUSEMOTION, pos=next(places), rel=(1, 1), buttons=(0, 0, 1))
        window.take([held])
        assert window._painted is window.state

    benchmark.pedantic(rub, rounds=ROUNDS, warmup_rounds=2)
    percentile(benchmark)


@pytest.mark.benchmark(group="two seconds in which nothing happens")
def test_nothing_to_do_costs_nothing(benchmark, window):
    """Its share of a core is told beside the table; on SDL's dummy screen, which is polled, it is higher."""

    def idle():
        began = process_time()
        window.take([event for event in [pygame.event.wait(2000)] if event.type != pygame.NOEVENT])
        benchmark.extra_info["share of a core"] = round((process_time() - began) / 2, 4)

    benchmark.pedantic(idle, rounds=1, warmup_rounds=1)


@pytest.mark.benchmark(group="opening")
def test_start_to_first_frame(benchmark, tmp_path):
    """The whole process: a window that ends as soon as it has painted once."""
    script = (
        "import sys; from ui.window import Window; Window.run = lambda window: window.paint();"
        "from ui.__main__ import main; sys.exit(main([]))"
    )
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "SDL_VIDEODRIVER": "dummy"}
    if "DISPLAY" in os.environ:
        del environment["SDL_VIDEODRIVER"]

    def start():
        subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=True)

    benchmark.pedantic(start, rounds=10, warmup_rounds=1)


def _lines(strokes: int) -> tuple[Stroke, ...]:
    """So many strokes and a line more, in lines of twenty digits, the last of them at the foot of the paper."""
    lines = 1 + strokes // len(write(DIGITS, Hand(1)).strokes)
    page = write("\n".join([DIGITS] * lines), Hand(1, height=40, width=4))
    up = page.size[1] - PAPER[1]
    return tuple(replace(s, points=tuple((x, y - up) for x, y in s.points)) for s in page.strokes)


def _with_strokes(state: State, count: int, rng: np.random.Generator) -> State:
    """A state with `count` small strokes on its page, not to be read."""
    corners = rng.random((count, 2)) * (SIZE[0] - 60, SIZE[1] - 140) + 10
    wave = np.stack([12 + 12 * np.sin(np.arange(20) / 4), 2 * np.arange(20)], axis=1)
    strokes = tuple(Stroke(tuple(map(tuple, (corner + wave).tolist())), 4.0) for corner in corners)
    return replace(state, page=Page(strokes))
