"""What the hand does on the paper: writing, erasing, and sliding the pen's width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from recognizer.drawing import Stroke
from ui.chrome import offer_box
from ui.commands import Command
from ui.eraser import erase_area, erase_strokes
from ui.events import PenDown, PenMove, PenUp
from ui.gestures import PAUSE, box_of, scratched, written_over
from ui.layout import banner_buttons, inside, slider_width
from ui.state import Gesture, Hint, Point, State, Tool, learned, with_page, with_setting

ERASER_RADIUS = 10.0
"""Pixels at scale 1."""

CLICK = 4
"""Pixels that the pointer may move in a click."""


def command_at(state: State, x: float, y: float) -> Command | None:
    """Return what the button at the point asks for, if one is there."""
    if not state.offer.blank:
        answers = zip(banner_buttons(state.layout, state.scale), _ANSWERS, strict=True)
        for box, answer in answers:
            if inside(box, x, y):
                return answer
    for button in state.layout.buttons:
        if inside(button.box, x, y):
            return button.command
    return None


_ANSWERS = (Command.RESTORE, Command.DISCARD)


def pressed(state: State, event: PenDown, command: Command | None = None) -> State:
    """Return `state` with the hand on a button, whose `command` is given when it lets go there, or on a list."""
    touched = ((event.x, event.y),)
    return replace(state, gesture=Gesture("press", touched, state.page, event.time, event.erase, command=command))


def began(state: State, event: PenDown, closes: bool = False) -> State:
    """Return `state` with the pen, or the eraser, on the paper; `closes` is as in `Gesture`."""
    x, y = _in_window(state, event.x, event.y)
    if inside(state.layout.slider, x, y):
        return _slid(replace(state, gesture=Gesture("slide", ((x, y),), state.page, event.time, event.erase)), x)
    layout = state.layout
    if any(inside(box, x, y) for box in (layout.bar, layout.panel, layout.copy, offer_box(state))):
        return pressed(state, event)
    state = replace(state, notice="", pointer=(x, y))
    erasing = event.erase or state.tool is not Tool.PEN
    label = None if erasing else label_at(state, x, y)
    kind = "erase" if erasing else "write"
    gesture = Gesture(kind, ((x, y),), state.page, event.time, event.erase, label, closes=closes and not erasing)
    state = replace(state, gesture=gesture)
    return _erased(state, ((x, y),)) if erasing else learned(state, Hint.WRITE)


def label_at(state: State, x: float, y: float) -> int | None:
    """Return the index of the label at the point, if one is there; the classic layout has labels on its copy alone."""
    x -= state.layout.copy[0] if state.classic else 0
    return next((k for k, label in enumerate(state.labels) if inside(label, x, y)), None)


def moved(state: State, event: PenMove) -> State:
    """Return `state` after a movement of the hand, kept within the window."""
    x, y = _in_window(state, event.x, event.y)
    gesture = state.gesture
    if gesture is None:
        return _hovered(state, x, y)
    if not event.pressed:
        return ended(state, PenUp(gesture.began))
    if gesture.kind == "slide":
        return _slid(state, x)
    last = gesture.points[-1]
    if last == (x, y):
        return state
    kind = _kind(state, gesture, x, y)
    gesture = replace(gesture, kind=kind, points=(*gesture.points, (x, y)))
    state = replace(state, pointer=(x, y), gesture=gesture)
    return _erased(state, (last, (x, y))) if gesture.kind == "erase" else state


def _kind(state: State, gesture: Gesture, x: float, y: float) -> str:
    """Return what the gesture is now that it came to the point: a stroke may begin on the toolbar and leave it."""
    bar = state.layout.bar
    leaves = gesture.kind == "press" and inside(bar, *gesture.points[0]) and not inside(bar, x, y)
    return "write" if leaves and state.tool is Tool.PEN else gesture.kind


def _in_window(state: State, x: float, y: float) -> Point:
    """Return the point, or the one at the window's edge that is nearest."""
    return min(max(x, 0), state.size[0] - 1), min(max(y, 0), state.size[1] - 1)


def ended(state: State, event: PenUp) -> State:
    """Return `state` after the hand let go: the gesture becomes ink, or undoes ink, as one step of history."""
    gesture = state.gesture
    if gesture is None:
        return state
    if gesture.kind == "erase":
        return with_page(state, state.page)
    state = replace(state, gesture=None)
    return _written(state, gesture, event.time) if gesture.kind == "write" else state


def _written(state: State, gesture: Gesture, time: float) -> State:
    """Return `state` with the new stroke, or without what it scratched out or was written over."""
    page, points = state.page, gesture.points
    gone = scratched(points, page.strokes)
    new: tuple[Stroke, ...] = ()
    if not gone:
        new = (Stroke(points, state.settings.pen_width),)
        if gesture.began - state.lifted > PAUSE:
            gone = written_over(points, state.shown.symbols, page.strokes)
    lost = {id(stroke) for stroke in gone}
    kept = tuple(stroke for stroke in page.strokes if id(stroke) not in lost) if lost else page.strokes
    return with_page(replace(state, lifted=time), replace(page, strokes=kept + new))


def _erased(state: State, path: Sequence[Point]) -> State:
    """Return `state` with the ink under `path` rubbed out; history is written when the hand lets go."""
    radius = ERASER_RADIUS * state.scale
    rub = erase_area if state.tool is Tool.AREA_ERASER else erase_strokes
    strokes = rub(state.page.strokes, path, radius)
    return state if strokes is state.page.strokes else replace(state, page=replace(state.page, strokes=strokes))


def _slid(state: State, x: float) -> State:
    width = slider_width(state.layout.slider, x)
    return with_setting(state, pen_width=width) if width != state.settings.pen_width else state


def _hovered(state: State, x: float, y: float) -> State:
    """Return `state` with the symbol under the pointer, where anything shows which it is."""
    symbols, left = state.shown.symbols, state.layout.copy[0]
    across = x - left if state.classic and x >= left else x
    over = next((k for k, symbol in enumerate(symbols) if inside(symbol.box, across, y)), label_at(state, x, y))
    if state.tool is not Tool.PEN:
        return replace(state, pointer=(x, y), hovered=over)
    return state if over == state.hovered else replace(state, hovered=over)


def is_click(points: Sequence[Point]) -> bool:
    """Return whether the pointer stayed where it was, but for a tremble."""
    return max(box_of(points)[2:]) <= CLICK + 1
