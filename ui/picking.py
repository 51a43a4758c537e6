"""Lists that cover the page: files to open, formats to read by. They take keys and clicks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from recognizer.formats import NAMED, BadFormat, Format
from ui.about import SHIPPED_NAME
from ui.events import Key
from ui.layout import inside, picker_rows
from ui.state import Picker, Purpose, State, Wish, asking, wishing, with_setting

ANY = "any number"
"""What stands in the list of formats for none."""


def pick(state: State, key: Key) -> State:
    """Return `state` after a key for the list: arrows choose, letters narrow it, Return takes what is chosen."""
    picker = state.picker
    if picker is None:
        return state
    if key.chord == "Escape":
        return replace(state, picker=None)
    if key.chord == "Return":
        return take_chosen(state)
    if key.chord in ("Up", "Down"):
        chosen = picker.chosen + (1 if key.chord == "Down" else -1)
        return replace(state, picker=replace(picker, chosen=min(max(0, chosen), max(0, len(picker.found) - 1))))
    typed = picker.typed[:-1] if key.chord == "Backspace" else picker.typed + key.text
    return replace(state, picker=replace(picker, typed=typed, chosen=0)) if typed != picker.typed else state


def picked_in_list(state: State, x: float, y: float) -> State:
    """Return `state` after a click on the list; a click beside it closes it."""
    if state.picker is None:
        return state
    for k, row in enumerate(picker_rows(state.size, state.scale)):
        if inside(row, x, y):
            at = first_row(state) + k
            if at >= len(state.picker.found):
                return state
            return take_chosen(replace(state, picker=replace(state.picker, chosen=at)))
    return replace(state, picker=None)


def first_row(state: State) -> int:
    """Return which of the found files stands in the list's first row, so that the chosen one is in sight."""
    rows = len(picker_rows(state.size, state.scale))
    return max(0, (state.picker.chosen if state.picker else 0) - rows + 1)


def take_chosen(state: State) -> State:
    """Return `state` reading by the chosen format, or wishing the chosen file opened; that list stays until it is."""
    picker = state.picker
    if picker is None:
        return state
    if picker.purpose is Purpose.FORMAT:
        return by_format(state, picker.found[picker.chosen] if picker.found else picker.typed)
    if not picker.found:
        return state
    name = picker.found[picker.chosen]
    if name == SHIPPED_NAME:
        return wishing(replace(state, notice=_opening(name)), Wish.SHIPPED)
    return open_file(state, f"{picker.title}/{name}")


def open_file(state: State, path: str) -> State:
    """Return `state` wishing the file at `path` opened, and telling so: a model takes seconds."""
    return wishing(replace(state, opening=path, notice=_opening(PurePath(path).name)), Wish.OPEN)


def _opening(name: str) -> str:
    return f"Opening {name} …"


def list_formats(state: State) -> State:
    """Return `state` with the list of formats that numbers can be read by."""
    own = state.settings.format
    names = (ANY, *NAMED, *((own,) if own and own not in NAMED else ()))
    listed = Picker("", names, chosen=names.index(own) if own else 0, purpose=Purpose.FORMAT)
    return replace(state, notice="", picker=listed)


def by_format(state: State, name: str) -> State:
    """Return `state` with numbers read by the format called `name`, the page anew; or, still asking, why it is none."""
    try:
        name = "" if name == ANY else Format.of(name).name
    except BadFormat as problem:
        return replace(state, notice=str(problem))
    state = replace(state, picker=None, notice="")
    if name == state.settings.format:
        return state
    state = with_setting(state, format=name)
    return state if state.page.blank else asking(replace(state, revision=state.revision + 1))
