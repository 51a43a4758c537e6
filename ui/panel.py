"""The panel at the right: what the model saw, what else it might be, and which model it is."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pygame

from ui.changes import Part
from ui.chrome import text_height
from ui.lettering import wrapped
from ui.sheet import Sheet
from ui.state import State
from ui.theme import THEMES, Theme, colour_of

GLYPH = 28
"""Pixels a side of a glyph as the model sees it."""

MARGIN = 12

MOST_BARS, MOST_RIVALS = 6, 5


def draw_panel(surface: pygame.Surface, state: State, theme: Theme) -> None:
    """Draw the panel, where it is open."""
    panel = pygame.Rect(state.layout.panel)
    if not panel.width:
        return
    surface.fill(theme.chrome, panel)
    pygame.draw.line(surface, theme.rule, panel.topleft, (panel.left, panel.bottom))
    panel_sheet(state).draw(surface, theme, state.layout.panel, state.scrolled)


def panel_part(state: State) -> Part:
    """Return what the panel shows."""
    unread = state.page.blank or not state.read
    shown = state.shown, state.marks, state.hovered, state.seconds, unread, state.facts, state.scrolled
    return state.layout.panel, shown


def panel_sheet(state: State) -> Sheet:
    """Return what the panel shows, however high it is."""
    sheet, theme = Sheet(foot=MARGIN), THEMES[state.settings.theme]
    y = MARGIN
    for section in (_add_last, _add_glyphs, _add_classes, _add_rivals, _add_model):
        y = section(sheet, state, theme, y)
    return sheet


def _room(state: State) -> int:
    return state.layout.panel[2] - 2 * MARGIN


def _add_title(sheet: Sheet, state: State, theme: Theme, y: int, title: str) -> int:
    height = text_height(state)
    sheet.words.append((title, (MARGIN, y), height, theme.text))
    return y + round(1.2 * height)


def _add_row(sheet: Sheet, state: State, theme: Theme, y: int, text: str) -> int:
    """Add `text` in as many lines as it takes, and return where the next row begins."""
    height = text_height(state, 18)
    lines = wrapped(text, height, _room(state))
    step = round(1.1 * height)
    sheet.words += [(line, (MARGIN, y + k * step), height, theme.muted) for k, line in enumerate(lines)]
    return y + len(lines) * step


def _add_last(sheet: Sheet, state: State, theme: Theme, y: int) -> int:
    """Add how sure the number is and how long the reading took; return where the next section begins."""
    y = _add_title(sheet, state, theme, y, "Last reading")
    if state.page.blank or not state.read:
        told = "nothing read yet"
    else:
        told = f"{state.shown.reading.confidence:.1%} sure, read in {1000 * state.seconds:.1f} ms"
    return _add_row(sheet, state, theme, y, told) + MARGIN


def _add_glyphs(sheet: Sheet, state: State, theme: Theme, y: int) -> int:
    """Add the glyphs in rows, the one under the pointer framed."""
    if not state.shown.origin or not state.marks:
        return y
    y = _add_title(sheet, state, theme, y, "What the model saw")
    side = round(GLYPH * 1.25 * state.scale)
    columns, rows = max(1, _room(state) // (side + 4)), max(1, (state.layout.panel[3] // 3) // (side + 4))
    for k, origin in enumerate(state.shown.origin[: columns * rows]):
        if origin >= len(state.marks):
            break
        at = (MARGIN + k % columns * (side + 4), y + k // columns * (side + 4))
        sheet.pictures.append((glyph_surface(state.marks[origin].glyph.tobytes(), side), at))
        if k == state.hovered:
            sheet.bars.append(((at[0] - 2, at[1] - 2, side + 4, side + 4), theme.doubtful, 2))
    count = min(len(state.shown.origin), columns * rows)
    return y + -(-count // columns) * (side + 4) + MARGIN


@lru_cache(maxsize=256)
def glyph_surface(glyph: bytes, side: int) -> pygame.Surface:
    """Return a glyph (28 x 28 bytes, 0 paper .. 255 ink) as a picture, white on black, `side` pixels a side."""
    gray = np.frombuffer(glyph, np.uint8).reshape(GLYPH, GLYPH)
    picture = pygame.surfarray.make_surface(np.repeat(gray.T[:, :, None], 3, axis=2))
    return pygame.transform.scale(picture, (side, side))


def _add_classes(sheet: Sheet, state: State, theme: Theme, y: int) -> int:
    """Add bars for the best classes of the digit under the pointer, or of the one least sure."""
    symbols = state.shown.symbols
    if not symbols:
        return y
    unsure = min(range(len(symbols)), key=lambda k: symbols[k].confidence)
    over = state.hovered if state.hovered is not None else unsure
    title = "Digit under the pointer" if state.hovered is not None else "Least sure digit"
    y = _add_title(sheet, state, theme, y, title)
    height, room = text_height(state, 18), _room(state)
    for label, share in symbols[over].alternatives[:MOST_BARS]:
        sheet.words.append((label, (MARGIN, y), height, theme.text))
        wide = max(1, round((room - 4 * height) * share))
        sheet.bars.append(((MARGIN + height, y, wide, round(0.7 * height)), colour_of(theme, share), 0))
        sheet.words.append((f"{share:.1%}", (MARGIN + room - round(2.6 * height), y), height, theme.muted))
        y += round(1.1 * height)
    return y + MARGIN


def _add_rivals(sheet: Sheet, state: State, theme: Theme, y: int) -> int:
    """Add the other numbers that the page may say."""
    rivals = state.shown.reading.alternatives[1:]
    if not rivals:
        return y
    y = _add_title(sheet, state, theme, y, "Or else")
    for text, share in rivals[:MOST_RIVALS]:
        y = _add_row(sheet, state, theme, y, f"{share:.1%} {' / '.join(text.split(chr(10)))}")
    return y + MARGIN


def _add_model(sheet: Sheet, state: State, theme: Theme, y: int) -> int:
    """Add what is known of the model."""
    y = _add_title(sheet, state, theme, y, "Model")
    if state.facts is None:
        return _add_row(sheet, state, theme, y, "being loaded")
    for name, value in state.facts:
        y = _add_row(sheet, state, theme, y, f"{name}: {value}")
    return y
