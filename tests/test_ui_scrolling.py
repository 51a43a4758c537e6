"""What the wheel and the keys scroll."""

from __future__ import annotations

from dataclasses import replace

from ui_stage import after

from ui.commands import Command
from ui.events import Do, Key, ModelReady, PenDown, Scrolled
from ui.help import help_box, help_sheet
from ui.panel import panel_sheet
from ui.state import State
from ui.update import update

SMALL = State(size=(640, 480), settings=replace(State().settings, scale=2.0, panel=True))
LONG = ModelReady(tuple((f"fact {k}", "so it is") for k in range(60)))


def test_the_help_is_scrolled_to_its_end_and_back_and_begins_at_the_top_again() -> None:
    opened = update(SMALL, Key("F1"))
    most = help_sheet(opened).most(help_box(opened))
    assert most > 0
    assert 0 < update(opened, Key("PageDown")).scrolled < most
    assert 0 < update(opened, Key("Down")).scrolled < update(opened, Scrolled(-1)).scrolled
    end = after(opened, [Scrolled(-1)] * 99)
    assert (end.scrolled, end.help, end.settings.pen_width) == (most, True, 6)
    assert after(end, [Key("PageUp")] * 9) == opened
    for leave in (Key("Escape"), PenDown(300, 200)):
        assert update(end, leave).scrolled == 0


def test_the_panel_is_scrolled_by_the_wheel_over_it_and_by_keys() -> None:
    state = update(SMALL, LONG)
    left, top, _, _ = state.layout.panel
    most = panel_sheet(state).most(state.layout.panel)
    assert most > 0
    wheel = Scrolled(-2, left + 5, top + 5)
    assert 0 < update(state, wheel).scrolled < most
    assert update(state, Key("PageDown")).scrolled > 0
    assert after(state, [wheel] * 99).scrolled == most
    assert update(state, Scrolled(-2, left - 5, top + 5)).settings.pen_width == 4
    assert after(state, [wheel, Do(Command.PANEL)]).scrolled == 0


def test_what_fits_is_not_scrolled() -> None:
    state = replace(State(), settings=replace(State().settings, panel=True))
    left, top, _, _ = state.layout.panel
    for event in (Scrolled(-2, left + 5, top + 5), Key("PageDown"), Key("PageUp")):
        assert update(state, event) is state
    assert after(State(), [LONG, Key("PageDown")]).scrolled == 0
