"""What the tests of the canvas share: a reader that is quick and known, and a hand that makes events."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import pygame
from numpy.typing import NDArray

from recognizer.drawing import Drawing
from recognizer.formats import Format
from recognizer.ink import Mark
from recognizer.reading import Reading, Symbol
from ui.events import Event, PenDown, PenMove, PenUp
from ui.gestures import box_of
from ui.state import State
from ui.update import update
from ui.window import Window

SEVEN = ((200, 200), (240, 200), (215, 270))
ONE = ((300, 200), (300, 235), (300, 270))
MARK = Mark(0, 0, np.full((28, 28), 128, np.uint8))
ZERO = tuple((400 + 30 * np.cos(t), 235 + 35 * np.sin(t)) for t in np.linspace(0, 2 * np.pi, 24))


@dataclass(frozen=True)
class Explained:
    reading: Reading
    marks: tuple[Mark, ...]

    def with_unread(self) -> tuple[Reading, tuple[Mark, ...]]:
        return self.reading, self.marks


@dataclass
class CountingRecognizer:
    """Calls the strokes of a drawing 0, 1, 2, … in the order they were drawn; remembers what it was asked."""

    confidence: float = 0.99
    pages: list[Drawing | NDArray[np.uint8]] = field(default_factory=list)
    foreseen: list[Drawing] = field(default_factory=list)
    card: dict[str, Any] = field(default_factory=lambda: {"labels": list("0123456789"), "seed": 7})
    file: Path | None = None

    def explain(self, page: Drawing | NDArray[np.uint8]) -> Explained:
        self.pages.append(page)
        reading = counted(page, self.confidence)
        return Explained(reading, (MARK,) * len(reading.symbols))

    def explaining(
        self, page: Drawing | NDArray[np.uint8], format: Format | None = None, passing: bool = False
    ) -> Generator[None, None, Explained]:
        yield
        return self.explain(page, **({"format": format} if format else {}))

    def foresee(self, drawing: Drawing, format: Format | None = None) -> Iterator[None]:
        self.foreseen.append(drawing)
        yield


def counted(page: Drawing | NDArray[np.uint8], confidence: float = 0.99) -> Reading:
    """Return the reading in which stroke k of a drawing is the digit k."""
    if not isinstance(page, Drawing):
        symbols: tuple[Symbol, ...] = (Symbol("5", confidence, (2, 2, 10, 12), 0, (("5", confidence), ("6", 0.01))),)
    else:
        symbols = tuple(
            Symbol(str(k % 10), confidence, box_of(s.points), 0, ((str(k % 10), confidence), (str((k + 1) % 10), 0.01)))
            for k, s in enumerate(page.strokes)
        )
    text = "".join(symbol.label for symbol in symbols)
    return Reading(text, confidence, symbols, ((text, confidence),))


def stroke(points: Sequence[tuple[float, float]], time: float = 0.0, erase: bool = False) -> list[Event]:
    """Return the events of one stroke through `points`, begun at `time`."""
    first, *rest = points
    return [PenDown(*first, time, erase), *(PenMove(*point) for point in rest), PenUp(time + 0.1, erase)]


def after(state: State, events: Iterable[Event]) -> State:
    """Return `state` after all of `events`."""
    for event in events:
        state = update(state, event)
    return state


def mouse(points: Sequence[tuple[int, int]], button: int = 1) -> list[pygame.event.Event]:
    """Return Pygame's events of the mouse drawing through `points`."""
    held = (int(button == 1), 0, int(button == 3))
    moves = [
        pygame.event.Event(pygame.MOUSEMOTION, pos=point, rel=(1, 1), buttons=held, touch=False) for point in points[1:]
    ]
    down = pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=points[0], button=button, touch=False)
    return [down, *moves, pygame.event.Event(pygame.MOUSEBUTTONUP, pos=points[-1], button=button, touch=False)]


def key(name: int, text: str = "", mod: int = 0) -> list[pygame.event.Event]:
    """Return Pygame's event of a key going down."""
    return [pygame.event.Event(pygame.KEYDOWN, key=name, unicode=text, mod=mod)]


def play(window: Window, events: Iterable[pygame.event.Event], until: Callable[[State], bool]) -> State:
    """Put `events` into Pygame's queue, run the window until its state is as expected, and return the state.

    After ten seconds it gives up and returns the state as it is: what the test expects then fails.
    """
    for event in events:
        pygame.event.post(event)
    window.take(pygame.event.get())
    end = monotonic() + 10
    while not until(window.state) and monotonic() < end:
        window.take([pygame.event.wait(100), *pygame.event.get()])
    return window.state
