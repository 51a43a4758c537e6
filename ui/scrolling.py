"""The wheel and the keys that scroll: the help, the list of files, the panel, else the pen's width."""

from __future__ import annotations

from dataclasses import replace

from ui.chrome import text_height
from ui.events import Key, Scrolled
from ui.help import help_box, help_sheet
from ui.layout import WIDEST_PEN, inside
from ui.panel import panel_sheet
from ui.state import State, with_setting

STEP = 3
"""Lines that one notch of the wheel scrolls."""


def wheeled(state: State, event: Scrolled) -> State:
    """Return `state` after the wheel: through what covers the page or is under the pointer, else the pen's width."""
    if state.picker is not None and not state.help:
        chosen = min(max(0, state.picker.chosen - event.steps), max(0, len(state.picker.found) - 1))
        return replace(state, picker=replace(state.picker, chosen=chosen))
    if state.help or inside(state.layout.panel, event.x, event.y):
        return scrolled(state, -event.steps * STEP * text_height(state))
    return pen_width(state, event.steps)


def paged(state: State, key: Key) -> State:
    """Return `state` after a key that scrolls the help or the panel, where one is open: by most of its height."""
    page = (help_box(state) if state.help else state.layout.panel)[3] - 2 * text_height(state)
    steps = {"PageUp": -page, "PageDown": page, "Up": -text_height(state), "Down": text_height(state)}
    return scrolled(state, steps[key.chord]) if key.chord in steps else state


def scrolled(state: State, by: int) -> State:
    """Return `state` with the help, or else the panel, `by` pixels further down, as far as it goes."""
    most = 0
    if state.help:
        most = help_sheet(state).most(help_box(state))
    elif state.settings.panel:
        most = panel_sheet(state).most(state.layout.panel)
    place = min(max(0, state.scrolled + by), most)
    return replace(state, scrolled=place) if place != state.scrolled else state


def pen_width(state: State, steps: int) -> State:
    """Return `state` with a pen that is wider by `steps` pixels, within limits."""
    width = min(WIDEST_PEN, max(1.0, state.settings.pen_width + steps))
    return with_setting(state, pen_width=width) if width != state.settings.pen_width else state
