"""Undo and redo, without limit: the steps of history that a state holds, taken back and made again."""

from __future__ import annotations

from dataclasses import replace

from ui.page import Edit, redone, undone
from ui.state import State, Wish, turned_to, wishing


def undo(state: State) -> State:
    """Return `state` a step of history back, if there is one and the hand is at nothing."""
    if not state.past or state.gesture is not None:
        return state
    edit = state.past[-1]
    state = replace(state, past=state.past[:-1], future=(*state.future, edit))
    return turned_to(_reconsidered(state, edit), undone(state.page, edit))


def redo(state: State) -> State:
    """Return `state` with the step that was taken back last made again, likewise."""
    if not state.future or state.gesture is not None:
        return state
    edit = state.future[-1]
    state = replace(state, past=(*state.past, edit), future=state.future[:-1])
    return turned_to(_reconsidered(state, edit), redone(state.page, edit))


def _reconsidered(state: State, edit: Edit) -> State:
    """Return `state` wishing that corrected ink is kept as it is said to be after `edit` was undone or redone."""
    before, after = edit.corrections
    return wishing(state, Wish.KEEP_INK) if state.settings.keep and before != after else state
