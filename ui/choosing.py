"""Correcting a digit: a list beside it that takes keys and clicks."""

from __future__ import annotations

from dataclasses import replace

from recognizer.reading import Symbol
from recognizer.truth import LONGEST_LABEL
from ui.corrections import MOSTLY, around, strokes_in, within
from ui.events import Key
from ui.layout import inside, popup_rows
from ui.page import Box, Correction
from ui.state import Hint, State, Wish, learned, wishing, with_page

MOST_CHOICES = 5
"""Alternatives offered for a digit; below them stands that it is no digit."""

NO_DIGIT = ""
"""The label that says so."""


def select(state: State, index: int | None) -> State:
    """Return `state` with symbol `index` being corrected, or none."""
    if index == state.selected:
        return state
    if state.selected is not None and state.corrected and state.settings.keep:
        state = wishing(state, Wish.KEEP_INK)
    return replace(state, selected=index, choice=None, typed="", corrected=False, hovered=index)


def choices(symbol: Symbol) -> tuple[str, ...]:
    """Return the labels to choose from for `symbol`, best first, its own among them, and last that it is no digit."""
    labels = [label for label, _ in symbol.alternatives[:MOST_CHOICES]]
    return (*([] if symbol.label in (NO_DIGIT, *labels) else [symbol.label]), *labels, NO_DIGIT)


def chosen(symbol: Symbol, choice: str | None) -> str:
    """Return the label that stands out of the choices for `symbol`: `choice`, if that is one, else what it is now."""
    return symbol.label if choice is None or choice not in choices(symbol) else choice


def choice_rows(state: State) -> tuple[Box, ...]:
    """Return the boxes of the choices for the selected symbol, none where none is selected."""
    if state.selected is None:
        return ()
    symbols = state.shown.symbols
    shift = state.layout.copy[0] if state.classic else 0
    boxes = [(x + shift, y, width, height) for x, y, width, height in (symbol.box for symbol in symbols)]
    own = boxes.pop(state.selected)
    count = len(choices(symbols[state.selected]))
    return popup_rows(own, count, state.size, state.scale, (*boxes, state.layout.bar))


def choose(state: State, x: float, y: float) -> State | None:
    """Return `state` after a click on one of the choices, or None where the point is on none."""
    if state.selected is None:
        return None
    for row, label in zip(choice_rows(state), choices(state.shown.symbols[state.selected]), strict=True):
        if inside(row, x, y):
            return select(said(state, label), None)
    return None


def said(state: State, label: str) -> State:
    """Return `state` with the selected symbol said to be `label`; of several digits each gets a box of its own."""
    if state.selected is None:
        return state
    box = _said_before(state) or state.shown.symbols[state.selected].box
    return _with_correction(state, Correction(label, box, strokes_in(box, state.page.strokes)))


def _unsaid(state: State) -> State:
    """Return `state` with the selected symbol as it was read."""
    box = _said_before(state)
    others = tuple(c for c in state.page.corrections if c.box != box)
    return with_page(state, replace(state.page, corrections=others))


def _said_before(state: State) -> Box | None:
    """Return the box of the correction that the selected symbol stands for, if it does."""
    if state.selected is None or state.selected not in state.shown.said:
        return None
    box = state.shown.symbols[state.selected].box
    return next((c.box for c in state.page.corrections if c.label and within(box, c.box) >= MOSTLY), None)


def _with_correction(state: State, correction: Correction) -> State:
    """Return `state` with `correction` in place of those said of the same ink."""
    others = tuple(c for c in state.page.corrections if within(c.box, correction.box) < MOSTLY)
    state = learned(replace(state, corrected=True), Hint.CORRECT)
    return with_page(replace(state, choice=None), replace(state.page, corrections=(*others, correction)))


def join(state: State) -> State:
    """Return `state` with the selected symbol and the next on its line made one, called as the first that is known."""
    symbols = state.shown.symbols
    if state.selected is None or state.selected + 1 >= len(symbols):
        return state
    one, two = symbols[state.selected], symbols[state.selected + 1]
    if one.line != two.line:
        return state
    box = around([one.box, two.box])
    return _with_correction(state, Correction(one.label or two.label, box, strokes_in(box, state.page.strokes)))


def selection_key(state: State, key: Key) -> State | None:
    """Return `state` after a key for the symbol being corrected, or None where the key is not for it."""
    if state.selected is None:
        return None
    symbol = state.shown.symbols[state.selected]
    labels, label = choices(symbol), chosen(symbol, state.choice)
    if key.chord in ("Up", "Down"):
        step = 1 if key.chord == "Down" else -1
        return replace(state, choice=labels[(labels.index(label) + step) % len(labels)])
    if key.chord == "Return":
        return select(state if state.typed else said(state, label), None)
    if key.chord == "Escape":
        return select(state, None)
    if key.chord == "Backspace" and state.typed:
        typed = state.typed[:-1]
        return replace(said(state, typed) if typed else _unsaid(state), typed=typed)
    if key.chord in ("Delete", "Backspace"):
        return select(said(state, NO_DIGIT), None)
    if not key.text or key.text.isspace() or key.text.isalpha():
        return None
    typed = (state.typed + key.text)[:LONGEST_LABEL]
    return replace(said(state, typed), typed=typed)
