"""Makes the README's picture and animation of the canvas: `python tests/make_showcase.py`, into docs/.

The window is the real one, on SDL's dummy screen, and reads with the shipped model; the scripted pen
writes in it through Pygame's own events. A digit is scratched out and written anew on the way.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pygame
from numpy.typing import NDArray
from scripted_pen import Hand, write

from recognizer import Recognizer
from recognizer.drawing import Stroke
from recognizer.page import save_picture
from ui.errands import Folders
from ui.state import State
from ui.window import Window

DOCS = Path(__file__).resolve().parents[1] / "docs"
SIZE = (960, 560)
FRAME = 60
"""Milliseconds that a frame of the animation is shown."""

SPEED = 28
"""Pixels that the pen moves between two frames."""

SHRUNK = (720, 420)
"""Size of the animation."""


class Film:
    """Plays a hand in the window and keeps what the window shows after every step."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.frames: list[NDArray[np.uint8]] = []

    def shot(self, count: int = 1) -> None:
        """Keep `count` frames of what the window shows now."""
        surface = pygame.display.get_surface()
        assert surface is not None
        frame = np.ascontiguousarray(pygame.surfarray.array3d(surface).swapaxes(0, 1))
        self.frames += [frame] * count

    def wait(self, reached: Callable[[State], bool]) -> None:
        """Let the window go on until its state is as wanted."""
        while not reached(self.window.state):
            self.window.take([pygame.event.wait(1000), *pygame.event.get()])

    def read(self) -> None:
        """Let the window go on until the page is read and shown, and keep the frame."""
        self.wait(lambda state: state.read == state.revision and bool(state.labels))
        self.shot()

    def write(self, stroke: Stroke) -> None:
        """Write `stroke` with the left button, at the speed of a quick hand, and have it read."""
        for held in pen(stroke.points):
            self.window.take(held)
            self.shot()
        self.window.take([pygame.event.Event(pygame.MOUSEBUTTONUP, pos=stroke.points[-1], button=1)])
        self.read()

    def press(self, name: int, text: str = "", mod: int = 0, frames: int = 12) -> None:
        """Press a key and look at what it does."""
        self.window.take([pygame.event.Event(pygame.KEYDOWN, key=name, unicode=text, mod=mod)])
        self.shot(frames)

    def point(self, x: float, y: float, frames: int = 12) -> None:
        """Move the bare pointer."""
        self.window.take([pygame.event.Event(pygame.MOUSEMOTION, pos=(x, y), rel=(1, 1), buttons=(0, 0, 0))])
        self.shot(frames)


def pen(points: tuple[tuple[float, float], ...]) -> Iterator[list[pygame.event.Event]]:
    """Yield the mouse's events of a stroke, as many at a time as one frame lasts."""
    batch = [pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=points[0], button=1)]
    way = 0.0
    for before, point in pairwise(points):
        batch.append(pygame.event.Event(pygame.MOUSEMOTION, pos=point, rel=(1, 1), buttons=(1, 0, 0)))
        way += float(np.hypot(point[0] - before[0], point[1] - before[1]))
        if way > SPEED:
            yield batch
            batch, way = [], 0.0
    if batch:
        yield batch


def line(text: str, seed: int, left: float, top: float, height: float) -> list[Stroke]:
    """Return `text` in the hand of `seed`, `height` pixels tall, its left top corner at (left, top)."""
    strokes = write(text, Hand(seed)).strokes
    points = np.array([point for stroke in strokes for point in stroke.points])
    low, high = points.min(axis=0), points.max(axis=0)
    scale = height / (high[1] - low[1])
    return [
        Stroke(tuple((float(x), float(y)) for x, y in (np.array(s.points) - low) * scale + (left, top)))
        for s in strokes
    ]


def zigzag(box: tuple[int, int, int, int]) -> Stroke:
    """Return a quick zigzag over `box`."""
    x, y, width, height = box
    steps = np.linspace(0, 8, 81)
    across = x + width * (0.5 + 0.7 * (1 - 2 * abs(steps % 2 - 1)) / 2 * 1.2)
    down = y + height * steps / 8
    return Stroke(tuple((float(a), float(b)) for a, b in zip(across, down, strict=True)))


def play(film: Film) -> None:
    """Write two lines, scratch one digit out, write another in its place, look at what the model saw."""
    film.shot(10)
    for stroke in line("678 901", 5, 70, 150, 105):
        film.write(stroke)
    film.shot(10)
    for stroke in line("2026", 11, 90, 340, 105):
        film.write(stroke)
    film.shot(14)
    x, y, _, height = film.window.state.shown.symbols[-1].box
    film.write(zigzag(film.window.state.shown.symbols[-1].box))
    film.shot(8)
    for stroke in line("7", 4, x, y, height):
        film.write(stroke)
    film.shot(14)
    film.press(pygame.K_TAB)
    over = film.window.state.shown.symbols[2].box
    film.point(over[0] + over[2] / 2, over[1] + over[3] / 2, 16)


def animation(frames: list[NDArray[np.uint8]]) -> cv2.Animation:
    """Return the frames as an animation that begins again and again; frames alike become one that lasts longer."""
    made = cv2.Animation()
    made.loop_count = 0
    kept: list[NDArray[np.uint8]] = []
    lasting: list[int] = []
    for frame in frames:
        if kept and np.array_equal(frame, kept[-1]):
            lasting[-1] += FRAME
        else:
            kept.append(frame)
            lasting.append(FRAME)
    small = [cv2.resize(frame, SHRUNK, interpolation=cv2.INTER_AREA) for frame in kept]
    made.frames = [cv2.cvtColor(frame, cv2.COLOR_RGB2BGRA) for frame in small]
    made.durations = np.array(lasting)
    return made


def main() -> None:
    """Make the picture and the animation."""
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    DOCS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        window = Window(State(size=SIZE), lambda model: Recognizer.load(model), Folders(home, home, home))
        window.open()
        film = Film(window)
        film.wait(lambda state: state.facts is not None)
        play(film)
        save_picture(DOCS / "canvas.png", film.frames[-1])
        cv2.imwriteanimation(str(DOCS / "canvas.webp"), animation(film.frames), [cv2.IMWRITE_WEBP_QUALITY, 60])
        window.close()


if __name__ == "__main__":
    main()
