"""The one way in which the window's state changes: `update(state, event) -> state`.

Nothing here reads a file, a clock or a screen. What changes nothing returns the very state that
came in, so that the shell knows without looking that there is nothing to draw.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from ui import events, hand
from ui.about import SHIPPED_NAME
from ui.choosing import choose, join, select, selection_key
from ui.commands import BY_KEY, Command
from ui.corrections import standing
from ui.frame import on_paper
from ui.history import redo, undo
from ui.page import Page
from ui.picking import list_formats, open_file, pick, picked_in_list
from ui.readout import room_of
from ui.scrolling import paged, pen_width, wheeled
from ui.state import (
    SCALES,
    Hint,
    Picker,
    State,
    Tool,
    Wish,
    asking,
    learned,
    wishing,
    with_other_page,
    with_page,
    with_reading,
    with_setting,
)

THEMES = ("light", "dark")

OFF_PAPER = "Some of the page is off the paper: A brings it in."


def update(state: State, event: events.Event) -> State:
    """Return what becomes of `state` when `event` happens."""
    match event:
        case events.PenDown() | events.PenMove() | events.PenUp():
            return _by_hand(state, event)
        case events.Key():
            return _key(state, event)
        case events.Do():
            return command(state, event.command)
        case events.Scrolled():
            return wheeled(state, event)
        case events.Resized():
            return state if event.size == state.size else _laid_out(replace(state, size=event.size))
        case events.Placed():
            return replace(state, labels=event.labels, number=event.number)
        case _:
            return _told(state, event)


def _told(state: State, event: events.Event) -> State:
    """Return `state` after news from the shell: readings, files, notices."""
    match event:
        case events.Ready():
            return _ready(state, event)
        case events.ModelReady():
            return _with_model(state, event)
        case events.ModelMissing():
            state = replace(state, picker=None)
            if state.facts is not None:
                return replace(state, notice=event.problem)
            return replace(state, problem=event.problem)
        case events.Opened():
            opened = with_other_page(state, event.page)
            saved = event.page if event.stored else state.saved
            return replace(opened, notice=f"Opened {event.name}.", picker=None, opening="", saved=saved)
        case events.Saved():
            return replace(state, notice=event.told, saved=event.page)
        case events.Listed():
            names = (*event.names, SHIPPED_NAME) if state.settings.model else event.names
            return replace(state, notice="", picker=Picker(event.folder, names))
        case events.Notice():
            return replace(state, notice=event.text)
        case events.Found():
            return replace(state, offer=event.page)
        case events.Dropped():
            return open_file(replace(state, picker=None), event.path)
        case events.Closed():
            return command(state, Command.QUIT)
        case _:
            return state


def _by_hand(state: State, event: events.PenDown | events.PenMove | events.PenUp) -> State:
    """Return `state` after the pen, the finger or the mouse: what lies on top first, then the paper."""
    if not isinstance(event, events.PenDown):
        return hand.moved(state, event) if isinstance(event, events.PenMove) else _finished(state, event)
    if state.gesture is not None:
        return state
    if state.help:
        return hand.pressed(replace(state, help=False, scrolled=0), event)
    if state.picker is not None:
        return hand.pressed(picked_in_list(state, event.x, event.y), event)
    chosen = choose(state, event.x, event.y)
    if chosen is not None:
        return hand.pressed(chosen, event)
    asked = hand.command_at(state, event.x, event.y)
    if asked is not None:
        return hand.pressed(state, event, asked)
    if state.classic:
        if event.erase:
            return hand.pressed(command(state, Command.CLEAR), event)
        label = hand.label_at(state, event.x, event.y)
        if label is not None:
            return hand.pressed(select(state, label), event)
    return hand.began(select(state, None), event, closes=state.selected is not None)


def _finished(state: State, event: events.PenUp) -> State:
    """Return `state` after the hand let go: on the button it pressed, on what it clicked, or of the pen."""
    gesture = state.gesture
    if gesture is None or gesture.erase is not event.erase:
        return state
    if (gesture.closes or gesture.label is not None) and hand.is_click(gesture.points):
        label = None if gesture.label is None else hand.label_at(state, *gesture.points[-1])
        return select(replace(state, gesture=None), label)
    if gesture.kind == "press" and gesture.command is not None:
        state = replace(state, gesture=None)
        same = hand.command_at(state, *gesture.points[-1]) is gesture.command
        return command(state, gesture.command) if same else state
    return hand.ended(state, event)


def _key(state: State, key: events.Key) -> State:
    """Return `state` after a key: for the list of files, for the digit being corrected, or a command."""
    if state.picker is not None:
        return pick(state, key)
    if state.help:
        closing = key.chord in ("Escape", "F1", "?", "Return", "Q")
        return replace(state, help=False, scrolled=0) if closing else paged(state, key)
    if state.selected is not None:
        corrected = selection_key(state, key)
        if corrected is not None:
            return corrected
    if key.chord == "Escape":
        return replace(state, notice="", offer=Page()) if state.notice or not state.offer.blank else state
    if not state.offer.blank and key.chord == "Return":
        return command(state, Command.RESTORE)
    if key.chord in ("PageUp", "PageDown"):
        return paged(state, key)
    asked = BY_KEY.get(key.chord)
    return state if asked is None else command(state, asked)


def _with_model(state: State, ready: events.ModelReady) -> State:
    """Return `state` with a model; one that was chosen is told and kept, and what another one read is read anew."""
    unread = state.page.blank or (state.facts is None and not state.problem)
    state = replace(state, facts=ready.facts, problem="")
    if ready.chosen is not None:
        told = f"Reading with {PurePath(ready.chosen).name or SHIPPED_NAME}."
        state = replace(with_setting(state, model=ready.chosen), notice=told, picker=None, opening="")
    return state if unread else command(state, Command.READ)


def _ready(state: State, ready: events.Ready) -> State:
    """Return `state` with a reading, if it still belongs to the ink on the page."""
    if ready.revision != state.revision:
        return state
    waiting, state = state.waiting, replace(state, waiting=None)
    state = with_reading(
        replace(state, read=ready.revision, raw=ready.reading, marks=ready.marks, seconds=ready.seconds, labels=())
    )
    return command(state, waiting) if waiting else state


def command(state: State, asked: Command) -> State:
    """Return `state` after `asked`; what takes the reading away waits until all ink is read."""
    if asked in _WISHES:
        unread = asked in _TAKING and state.unread and state.facts is not None
        return asking(replace(state, waiting=asked)) if unread else wishing(state, _WISHES[asked])
    match asked:
        case Command.UNDO:
            return undo(state)
        case Command.REDO:
            return redo(state)
        case Command.CLEAR:
            return with_page(state, Page())
        case Command.PEN:
            return replace(state, tool=Tool.PEN)
        case Command.ERASER:
            tools = list(Tool)
            return replace(state, tool=tools[(tools.index(state.tool) + 1) % len(tools)])
        case Command.READ:
            return state if state.page.blank else asking(replace(state, revision=state.revision + 1))
        case Command.NEXT | Command.PREVIOUS:
            return _step(state, 1 if asked is Command.NEXT else -1)
        case Command.JOIN:
            return join(state)
        case Command.FIT:
            return with_other_page(replace(state, notice=""), on_paper(state.page, *room_of(state)))
        case Command.FORMAT:
            return list_formats(state)
        case Command.HELP:
            return learned(replace(state, help=True, scrolled=0), Hint.HELP)
        case Command.QUIT:
            ended = hand.ended(state, events.PenUp(state.gesture.began)) if state.gesture else state
            return replace(select(ended, None), done=True)
        case Command.RESTORE | Command.DISCARD:
            return _answered(state, restore=asked is Command.RESTORE)
        case _:
            return _set(state, asked)


_WISHES = {
    Command.COPY: Wish.COPY,
    Command.COPY_TEXT: Wish.COPY_TEXT,
    Command.PASTE: Wish.PASTE,
    Command.SAVE: Wish.SAVE,
    Command.OPEN: Wish.LIST,
    Command.FULLSCREEN: Wish.FULLSCREEN,
}
_TAKING = (Command.COPY, Command.COPY_TEXT, Command.SAVE)


def _set(state: State, asked: Command) -> State:
    """Return `state` with the setting changed that `asked` is about."""
    settings = state.settings
    match asked:
        case Command.THINNER | Command.THICKER:
            return pen_width(state, 1 if asked is Command.THICKER else -1)
        case Command.LIVE:
            turned = with_setting(state, live=not settings.live)
            return asking(turned) if turned.settings.live and not turned.page.blank else turned
        case Command.PANEL:
            return _laid_out(replace(with_setting(state, panel=not settings.panel), scrolled=0))
        case Command.THEME:
            return with_setting(state, theme=THEMES[settings.theme == THEMES[0]])
        case Command.KEEP:
            said = "no longer kept" if settings.keep else "kept for training"
            return replace(with_setting(state, keep=not settings.keep), notice=f"Corrected ink is {said}.")
        case Command.LARGER | Command.SMALLER:
            step = 0.25 if asked is Command.LARGER else -0.25
            scale = min(SCALES[1], max(SCALES[0], state.scale + step))
            return _laid_out(with_setting(state, scale=scale))
        case _:
            return state


def _laid_out(state: State) -> State:
    """Return `state`, in which the paper has other edges, with labels to be placed, and told if digits are off it."""
    _, _, width, height = state.layout.paper
    ends = [(x + wide, y + high) for x, y, wide, high in (symbol.box for symbol in state.shown.symbols)]
    if any(x > width or y > height for x, y in ends):
        return replace(state, labels=(), notice=OFF_PAPER)
    return replace(state, labels=(), notice="" if state.notice == OFF_PAPER else state.notice)


def _step(state: State, by: int) -> State:
    """Return `state` with the next symbol chosen, or the one before, round the ends."""
    count = len(state.shown.symbols)
    if not count:
        return state
    start = state.selected if state.selected is not None else (-1 if by > 0 else 0)
    return select(state, (start + by) % count)


def _answered(state: State, restore: bool) -> State:
    """Return `state` after the question whether an unsaved page shall come back; either way it is not asked again."""
    left, page = state.offer, state.page
    if left.blank:
        return state
    state = wishing(replace(state, offer=Page()), Wish.FORGET)
    if not restore:
        return state
    left = on_paper(left, *room_of(state))
    both = Page((*left.strokes, *page.strokes), left.picture or page.picture, page.corrections)
    return with_other_page(state, replace(both, corrections=(*left.corrections, *standing(both, page))))
