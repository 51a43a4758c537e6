"""What stands round the page and over it: toolbar, choices, notices, the list of files."""

from __future__ import annotations

from pathlib import PurePath

import pygame

from ui.about import SHIPPED_NAME
from ui.changes import Part
from ui.choosing import NO_DIGIT, choice_rows, choices, chosen
from ui.commands import Command
from ui.layout import WIDEST_PEN, banner_buttons, picker_rows
from ui.lettering import Words, font, put, put_centred, shortened, wrapped
from ui.page import Box
from ui.picking import first_row
from ui.state import Purpose, State, Tool
from ui.theme import THEMES, Theme, colour_of, mark_of

TEXT = 19
"""Pixels that letters of buttons and lists are high, at scale 1."""


def text_height(state: State, height: int = TEXT) -> int:
    """Return `height` at the scale of `state`, in whole pixels."""
    return round(height * state.scale)


def draw_toolbar(surface: pygame.Surface, state: State, theme: Theme) -> None:
    """Draw the buttons along the bottom and the slider of the pen's width."""
    layout = state.layout
    surface.fill(theme.chrome, layout.bar)
    pygame.draw.line(surface, theme.rule, layout.bar[:2], (layout.bar[2], layout.bar[1]))
    for box, name, on, ready in _buttons(state):
        draw_button(surface, state, theme, box, name, theme.pressed if on else theme.button, ready)
    _draw_slider(surface, state, theme)


def toolbar_part(state: State) -> Part:
    """Return what the toolbar shows."""
    return state.layout.bar, (_buttons(state), state.settings.pen_width)


def _buttons(state: State) -> tuple[tuple[Box, str, bool, bool], ...]:
    """Return each button's box and name, whether it shows that it is on, and whether it would do anything now."""
    pressed, idle = _pressed(state), _idle(state)
    return tuple(
        (b.box, _button_name(state, b.command, b.name), b.command in pressed, b.command not in idle)
        for b in state.layout.buttons
    )


def draw_button(
    surface: pygame.Surface, state: State, theme: Theme, box: Box, name: str, fill: tuple[int, int, int], ready: bool
) -> None:
    """Draw one button; one that would do nothing now is pale."""
    area = pygame.Rect(box)
    pygame.draw.rect(surface, fill, area, border_radius=6)
    pygame.draw.rect(surface, theme.rule, area, 1, border_radius=6)
    put_centred(surface, name, area, text_height(state), theme.text if ready else theme.muted)


def _pressed(state: State) -> set[Command]:
    """Return the commands whose buttons show that they are on."""
    return {
        command
        for command, on in (
            (Command.PEN, state.tool is Tool.PEN),
            (Command.ERASER, state.tool is not Tool.PEN),
            (Command.FORMAT, bool(state.settings.format)),
            (Command.LIVE, state.settings.live),
            (Command.PANEL, state.settings.panel),
            (Command.HELP, state.help),
        )
        if on
    }


def _idle(state: State) -> set[Command]:
    """Return the commands whose buttons would do nothing now."""
    return {
        command
        for command, idle in (
            (Command.UNDO, not state.past),
            (Command.REDO, not state.future),
            (Command.CLEAR, state.page.blank),
            (Command.COPY, not state.shown.reading.text),
            (Command.SAVE, state.page.blank),
            (Command.READ, state.page.blank),
        )
        if idle
    }


def _button_name(state: State, command: Command, name: str) -> str:
    if command is Command.ERASER and state.tool is Tool.AREA_ERASER:
        return "Area"
    if command is Command.FORMAT:
        return state.settings.format or name
    if command is Command.THEME:
        return "Dark" if state.settings.theme == "light" else "Light"
    return name


def _draw_slider(surface: pygame.Surface, state: State, theme: Theme) -> None:
    """Draw the slider: a wedge from thin to thick, and a dot as thick as the pen."""
    box = pygame.Rect(state.layout.slider)
    middle, half = box.centery, box.height // 4
    pygame.draw.polygon(
        surface, theme.rule, [(box.left, middle), (box.right - 1, middle - half), (box.right - 1, middle + half)]
    )
    width = state.settings.pen_width
    x = box.left + (width - 1) / (WIDEST_PEN - 1) * (box.width - 1)
    pygame.draw.aacircle(surface, theme.sure, (x, middle), max(4.0, width / 2))


def draw_choices(surface: pygame.Surface, state: State, theme: Theme) -> None:
    """Draw the list of alternatives beside the selected label: how likely each is, or said, and that none is right."""
    if state.selected is None:
        return
    symbol = state.shown.symbols[state.selected]
    likely = dict(symbol.alternatives)
    height = text_height(state)
    for row, label in zip(choice_rows(state), choices(symbol), strict=True):
        area = pygame.Rect(row)
        surface.fill(theme.pressed if label == chosen(symbol, state.choice) else theme.button, area)
        pygame.draw.rect(surface, theme.rule, area, 1)
        left, top = area.left + height // 2, area.centery - font(height).get_height() // 2
        if label == NO_DIGIT:
            put(surface, "no digit (Del)", (left, top), height, theme.muted)
            continue
        put(surface, label, (left, top), height, theme.text)
        said = label == symbol.label and state.selected in state.shown.said
        share = symbol.confidence if said else likely.get(label, symbol.confidence)
        told = mark_of(share, said) if said else f"{share:.1%}"
        bar = pygame.Rect(left + height, area.top + 8, round((area.width - 5 * height) * share), area.height - 16)
        pygame.draw.rect(surface, colour_of(theme, share, said), bar)
        put(surface, told, (area.right - round(2.8 * height), top), height, theme.muted)


def notice_words(state: State, theme: Theme) -> tuple[Words, ...]:
    """Return the lines above the toolbar, or below a list: what was just done, else a hint."""
    top, step = notice_box(state)[1], _step(state)
    colour = theme.text if state.notice else theme.muted
    return tuple(
        (line, (12, top + k * step), text_height(state), colour) for k, line in enumerate(_notice_lines(state))
    )


def notice_box(state: State) -> Box:
    """Return the strip above toolbar and question, or below a list, of notices and hints; a line high at least."""
    tall = _step(state) * max(1, len(_notice_lines(state)))
    foot = offer_box(state)[1] if state.picker is None else state.size[1]
    return (0, foot - tall, state.layout.paper[2], tall)


def _notice_lines(state: State) -> tuple[str, ...]:
    hint = state.hint if not state.settings.panel and state.picker is None and state.offer.blank else None
    text = state.notice or (hint.value if hint else "")
    return wrapped(text, text_height(state), state.layout.paper[2] - 24)


def _step(state: State) -> int:
    """Return how far the lines of a notice lie apart."""
    return round(1.3 * text_height(state))


def offer_words(state: State) -> str:
    """Return the question whether an unsaved page shall come back, empty where there is none."""
    count = len(state.offer.strokes)
    parts = ["a picture"] * (state.offer.picture is not None) + [f"{count} stroke{'s' * (count > 1)}"] * bool(count)
    return f"The last run left {' and '.join(parts)} unsaved. Bring the page back?" if parts else ""


def offer_lines(state: State) -> tuple[Words, ...]:
    """Return that question in lines: left of the answers where they leave it half the window, else above them."""
    height, step = text_height(state), _step(state)
    left, top, _, tall = banner_buttons(state.layout, state.scale)[0]
    width = state.layout.panel[0]
    beside = 2 * left >= width
    lines = wrapped(offer_words(state), height, (left if beside else width) - 24)
    last = top + (tall - font(height).get_height()) // 2 if beside else top - step
    colour = THEMES[state.settings.theme].text
    return tuple((line, (12, last - k * step), height, colour) for k, line in enumerate(reversed(lines)))[::-1]


def offer_box(state: State) -> Box:
    """Return the strip above the toolbar that the question stands in with its answers; of no height without one."""
    lines, foot = offer_lines(state), state.layout.bar[1]
    top = min(banner_buttons(state.layout, state.scale)[0][1], lines[0][1][1]) - 8 if lines else foot
    return 0, top, state.layout.panel[0], foot - top


def draw_offer(surface: pygame.Surface, state: State, theme: Theme) -> None:
    """Draw the question about an unsaved page with a button for each answer."""
    lines = offer_lines(state)
    if not lines:
        return
    bring, forget = banner_buttons(state.layout, state.scale)
    surface.fill(theme.chrome, offer_box(state))
    for words in lines:
        put(surface, *words)
    draw_button(surface, state, theme, bring, "Bring back", theme.pressed, ready=True)
    draw_button(surface, state, theme, forget, "Forget (X)", theme.button, ready=True)


def draw_picker(surface: pygame.Surface, state: State, theme: Theme) -> None:
    """Draw the list of files that can be opened, or of formats to read by."""
    if state.picker is None:
        return
    height = text_height(state)
    rows = picker_rows(state.size, state.scale)
    surface.fill(theme.paper)
    left, top = rows[0][0], rows[0][1] - round(2.8 * height)
    opening = state.picker.purpose is Purpose.OPEN
    name = f"Open from {state.picker.title}" if opening else "Read numbers as"
    put(surface, shortened(name, height, rows[0][2]), (left, top), height, theme.muted)
    told = state.picker.typed or state.picker.purpose.value
    colour = theme.text if state.picker.typed else theme.muted
    put(surface, shortened(told, height, rows[0][2]), (left, top + round(1.4 * height)), height, colour)
    if not state.picker.found:
        none = "nothing of that name here" if opening else state.picker.purpose.value
        put(surface, shortened(none, height, rows[0][2]), rows[0][:2], height, theme.muted)
    start = first_row(state)
    for k, (row, name) in enumerate(zip(rows, state.picker.found[start:], strict=False), start):
        area = pygame.Rect(row)
        surface.fill(theme.pressed if k == state.picker.chosen else theme.button, area)
        pygame.draw.rect(surface, theme.rule, area, 1)
        folder = opening and name != SHIPPED_NAME and PurePath(name).suffix == ""
        at = (area.left + 8, area.centery - font(height).get_height() // 2)
        put(surface, shortened(name + "/" * folder, height, area.width - 16), at, height, theme.text)
    if state.notice:
        surface.fill(theme.paper, notice_box(state))
        for words in notice_words(state, theme):
            put(surface, *words)
