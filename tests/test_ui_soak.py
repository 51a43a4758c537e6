"""Whatever is done to it: random hands, keys and news, and the state stays sound."""

from __future__ import annotations

import os
import tracemalloc
from dataclasses import replace

import numpy as np
import pygame
from hypothesis import given, settings
from hypothesis import strategies as st
from ui_stage import MARK, counted

from recognizer.drawing import Drawing, Stroke
from recognizer.reading import Reading
from ui.commands import BY_KEY, Command
from ui.events import (
    Closed,
    Do,
    Event,
    Found,
    Key,
    Listed,
    ModelMissing,
    ModelReady,
    Notice,
    Opened,
    PenDown,
    PenMove,
    PenUp,
    Placed,
    Ready,
    Resized,
    Saved,
    Scrolled,
)
from ui.page import Correction, Page, Picture
from ui.state import State
from ui.update import update
from ui.view import View

X, Y = st.floats(-50, 1100, width=16), st.floats(-50, 700, width=16)
KEYS = st.sampled_from(
    [*BY_KEY, "Escape", "Return", "Up", "Down", "Left", "Right", "Backspace", "Delete", "0", "7", "."]
)
LOST = (Stroke(((10.0, 10.0), (40.0, 60.0)), 3.0),)
PICTURE = Page(picture=Picture(bytes(range(240)) * 5, (40, 30), 3.0))

EVENTS = st.one_of(
    st.builds(PenDown, X, Y, st.floats(0, 100), st.booleans()),
    st.builds(PenMove, X, Y, st.booleans()),
    st.builds(PenMove, X, Y),
    st.builds(PenUp, st.floats(0, 100)),
    st.builds(PenUp),
    st.builds(lambda chord: Key(chord, chord if len(chord) == 1 else ""), KEYS),
    st.builds(Do, st.sampled_from(Command)),
    st.builds(Scrolled, st.integers(-3, 3), st.sampled_from([-1.0, 590.0]), st.just(40.0)),
    st.builds(Resized, st.tuples(st.integers(240, 1200), st.integers(240, 800))),
    st.sampled_from(
        [
            "ready",
            "partly ready",
            "placed",
            Opened(PICTURE, "a picture"),
            Opened(Page(LOST), "a drawing"),
            Listed("/somewhere", ("..", "a.png", "b.inkml")),
            Notice("Something happened."),
            ModelReady((("seed", "7"),)),
            ModelMissing("No model."),
            Found(Page(LOST)),
            Found(replace(PICTURE, strokes=LOST, corrections=(Correction("7", (2, 2, 9, 9), LOST[:1]),))),
            Saved(Page(LOST), "Saved."),
            Key("PageDown"),
            Key("PageUp"),
        ]
    ),
)

POINTS = st.lists(st.tuples(st.integers(10, 580), st.integers(10, 300)), min_size=1, max_size=5)
STROKES = POINTS.map(lambda points: [PenDown(*points[0]), *(PenMove(*p) for p in points[1:]), PenUp()])
STEPS = st.one_of(EVENTS.map(lambda event: [event]), STROKES, STROKES, st.just([Key("Ctrl+Z")]), st.just(["ready"]))


def sequences(shortest: int, longest: int) -> st.SearchStrategy[list[Event | str]]:
    """Lists of events, among them whole strokes and what often follows them."""
    steps = st.lists(STEPS, min_size=shortest, max_size=longest)
    return steps.map(lambda chosen: [event for step in chosen for event in step])


def partly(reading: Reading) -> Reading:
    """Return `reading` as if every other symbol, the first among them, had not been read."""
    symbols = tuple(s if k % 2 else replace(s, label="") for k, s in enumerate(reading.symbols))
    return replace(reading, text="".join(symbol.label for symbol in symbols), symbols=symbols)


def told(state: State, event: Event | str) -> Event:
    """Return `event`, or where it is only named, the shell's answer to the state as it is."""
    if event in ("ready", "partly ready"):
        marks = (MARK,) * max(1, len(state.page.strokes))
        reading = counted(Drawing(state.page.strokes))
        return Ready(state.revision, reading if event == "ready" else partly(reading), marks, 0.01)
    if event == "placed":
        return Placed(tuple((s.box[0], s.box[1] - 20, 30, 16) for s in state.shown.symbols))
    assert not isinstance(event, str)
    return event


def check(state: State) -> None:
    """What always holds."""
    count = len(state.shown.symbols)
    assert len(state.shown.origin) == count
    assert len(state.labels) in (0, count)
    assert state.selected is None or state.selected < count
    assert state.hovered is None or state.hovered < count
    assert state.read <= state.revision and state.asked <= state.revision
    assert state.title.startswith("Recognizer")
    assert 1 <= state.settings.pen_width <= 24
    if state.page.blank and state.gesture is None:
        assert not state.shown.symbols


@settings(max_examples=60)
@given(sequences(0, 40))
def test_no_sequence_of_events_breaks_the_state_or_the_view(events: list[Event | str]) -> None:
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    state = State(size=(600, 400))
    view = View(state)
    surface = pygame.Surface(state.size)
    for event in events:
        state = update(state, told(state, event))
        state = replace(state, wishes=())
        check(state)
        if surface.get_size() != state.size:
            surface = pygame.Surface(state.size)
        assert all(surface.get_rect().contains(area) for area in view.paint(surface, state))
        assert len(view.placed(state).labels) == len(state.shown.symbols)


@settings(max_examples=15)
@given(sequences(12, 25))
def test_painting_what_changed_shows_the_same_as_painting_everything(events: list[Event | str]) -> None:
    state = State(size=(600, 400))
    view, surface = View(state), pygame.Surface(state.size)
    for event in events:
        if isinstance(event, Resized):
            continue
        state = replace(update(state, told(state, event)), wishes=())
        view.paint(surface, state)
        anew = pygame.Surface(state.size)
        View(state).paint(anew, state)
        seen, wanted = pygame.surfarray.array3d(surface), pygame.surfarray.array3d(anew)
        different = np.abs(seen.astype(int) - wanted).max(axis=2) > 32
        edges = 12 + 4 * len(state.page.strokes)  # where ink lies on ink, what is painted again is blended twice
        assert np.count_nonzero(different) <= edges, event


def test_memory_stays_flat_however_long_one_writes() -> None:
    """Pages written, read and cleared, with undone steps forgotten: what a round leaves must not grow."""
    state = State(size=(600, 400))
    view, surface = View(state), pygame.Surface(state.size)
    rng = np.random.default_rng(7)

    def write_and_clear(state: State) -> State:
        for _ in range(3):
            points = rng.random((12, 2)) * (500, 300) + 20
            events = [PenDown(*points[0]), *(PenMove(*point) for point in points[1:]), PenUp(), "ready", "placed"]
            for event in [*events, Key("Right"), Key("4", "4"), Key("Escape")]:
                state = replace(update(state, told(state, event)), wishes=())
                view.paint(surface, state)
        return replace(update(state, Key("C")), past=(), future=())

    for _ in range(10):
        state = write_and_clear(state)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(20):
        state = write_and_clear(state)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 200_000


def test_closing_ends_it_in_any_state() -> None:
    for state in (
        State(),
        update(State(), PenDown(5, 5)),
        update(State(), Key("F1")),
        update(State(), Found(Page(LOST))),
    ):
        assert update(state, Closed()).done
