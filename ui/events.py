"""What happens to the canvas: events of our own, and how Pygame's become them.

Coordinates are window pixels, x to the right, y downwards. Times are seconds on any one clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias

import pygame

from recognizer.reading import Reading
from ui.commands import Command
from ui.page import Box, Page

if TYPE_CHECKING:
    from recognizer.ink import Mark

LEFT_BUTTON, RIGHT_BUTTON = 1, 3


@dataclass(frozen=True)
class PenDown:
    """The pen touches the paper, or with `erase` the other end of it."""

    x: float
    y: float
    time: float = 0.0
    erase: bool = False


@dataclass(frozen=True)
class PenMove:
    """The pen or the bare pointer moves; `pressed` tells whether it touches the paper."""

    x: float
    y: float
    pressed: bool = True


@dataclass(frozen=True)
class PenUp:
    """The pen leaves the paper where it was last seen, or with `erase` the other end of it."""

    time: float = 0.0
    erase: bool = False


@dataclass(frozen=True)
class Key:
    """A key goes down: its chord ("Ctrl+Shift+Z", "Left", "?") and the text that it types, if any."""

    chord: str
    text: str = ""


@dataclass(frozen=True)
class Do:
    """A command given by a button or by a script."""

    command: Command


@dataclass(frozen=True)
class Scrolled:
    """The wheel turns by `steps`, away from the hand counting up, with the pointer at `x`, `y`."""

    steps: int
    x: float = -1.0
    y: float = -1.0


@dataclass(frozen=True)
class Resized:
    """The window has a new size, (width, height) in pixels."""

    size: tuple[int, int]


@dataclass(frozen=True)
class Ready:
    """The page of `revision` is read: `marks` are the ink of its symbols, in order.

    Symbols of a `reading` without a label are ink that was not read.
    """

    revision: int
    reading: Reading
    marks: tuple[Mark, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True)
class ModelReady:
    """The model is loaded: its facts as (name, value), for the panel.

    `chosen` is the path of one that the person chose while the window was open, empty for the shipped one.
    """

    facts: tuple[tuple[str, str], ...] = ()
    chosen: str | None = None


@dataclass(frozen=True)
class Placed:
    """Where the labels of the present reading stand, one box a symbol, and where the number does; if it is known.

    An empty box is not shown, nor a number of no height, (left, top, height).
    """

    labels: tuple[Box, ...]
    number: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class Opened:
    """Something became a page; `name` is what the person knows it by, `stored` whether it stays where it came from."""

    page: Page
    name: str
    stored: bool = True


@dataclass(frozen=True)
class Saved:
    """A page is in files; `told` is one sentence on them."""

    page: Page
    told: str


@dataclass(frozen=True)
class Listed:
    """A folder's readable files, folders first; `folder` is its path."""

    folder: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Notice:
    """One sentence for the person."""

    text: str


@dataclass(frozen=True)
class ModelMissing:
    """There is no model to read with; `problem` is one sentence that says why and what to do."""

    problem: str


@dataclass(frozen=True)
class Found:
    """A page that an earlier run left unsaved, at its end or in a crash."""

    page: Page


@dataclass(frozen=True)
class Dropped:
    """A file was dropped on the window, or its path was pasted."""

    path: str


@dataclass(frozen=True)
class Closed:
    """The window was asked to close."""


Event: TypeAlias = (
    PenDown
    | PenMove
    | PenUp
    | Key
    | Do
    | Scrolled
    | Resized
    | Ready
    | ModelReady
    | ModelMissing
    | Placed
    | Opened
    | Saved
    | Listed
    | Notice
    | Found
    | Dropped
    | Closed
)


def translate(event: pygame.event.Event, size: tuple[int, int], pointer: tuple[int, int] = (-1, -1)) -> Event | None:
    """Return our event for Pygame's, or None where the canvas does not care.

    `size` is the window's: fingers are told in fractions of it. `pointer` is where the mouse is: the
    wheel is told without. A finger also makes a mouse event,
    marked `touch`, which is left aside, or every stroke would be drawn twice.
    """
    if getattr(event, "touch", False):
        return None
    if event.type in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP, pygame.MOUSEMOTION):
        return _from_mouse(event)
    if event.type in (pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP):
        return _from_finger(event, size)
    if event.type == pygame.KEYDOWN:
        return _from_key(event)
    if event.type == pygame.MOUSEWHEEL:
        return Scrolled(event.y, *pointer) if event.y else None
    if event.type == pygame.VIDEORESIZE:
        return Resized((event.w, event.h))
    if event.type == pygame.DROPFILE:
        return Dropped(event.file)
    return Closed() if event.type == pygame.QUIT else None


def _from_mouse(event: pygame.event.Event) -> Event | None:
    x, y = event.pos
    if event.type == pygame.MOUSEMOTION:
        return PenMove(x, y, pressed=bool(event.buttons[0] or event.buttons[2]))
    if event.button not in (LEFT_BUTTON, RIGHT_BUTTON):
        return None
    erase = event.button == RIGHT_BUTTON
    return PenDown(x, y, monotonic(), erase) if event.type == pygame.MOUSEBUTTONDOWN else PenUp(monotonic(), erase)


def _from_finger(event: pygame.event.Event, size: tuple[int, int]) -> Event | None:
    x, y = event.x * size[0], event.y * size[1]
    if event.type == pygame.FINGERMOTION:
        return PenMove(x, y)
    return PenDown(x, y, monotonic()) if event.type == pygame.FINGERDOWN else PenUp(monotonic())


_NAMED_KEYS = {
    pygame.K_LEFT: "Left",
    pygame.K_RIGHT: "Right",
    pygame.K_UP: "Up",
    pygame.K_DOWN: "Down",
    pygame.K_PAGEUP: "PageUp",
    pygame.K_PAGEDOWN: "PageDown",
    pygame.K_RETURN: "Return",
    pygame.K_KP_ENTER: "Return",
    pygame.K_ESCAPE: "Escape",
    pygame.K_DELETE: "Delete",
    pygame.K_BACKSPACE: "Backspace",
    pygame.K_TAB: "Tab",
    pygame.K_F1: "F1",
    pygame.K_F11: "F11",
}


def _from_key(event: pygame.event.Event) -> Key | None:
    """Name a key by what it types, so that `?` and `+` are found on every keyboard.

    What AltGr types, as `{` on many, is no chord, though Windows tells of Ctrl and Alt then.
    """
    written = event.unicode if event.unicode.isprintable() else ""
    third = bool(written and event.mod & (pygame.KMOD_RALT | pygame.KMOD_MODE))
    ctrl = bool(event.mod & (pygame.KMOD_CTRL | pygame.KMOD_META)) and not third
    shift = bool(event.mod & pygame.KMOD_SHIFT)
    typed = "" if ctrl else written
    name = _NAMED_KEYS.get(event.key) or typed.upper() or pygame.key.name(event.key).upper()
    if not name or "SHIFT" in name or "CTRL" in name:
        return None
    return Key(("Ctrl+" if ctrl else "") + ("Shift+" if ctrl and shift else "") + name, typed)
