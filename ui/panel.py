"""The panel at the right: what the model saw, what else it might be, and which model it is."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pygame

from ui.changes import Part
from ui.chrome import text_height
from ui.lettering import put, shortened, wrapped
from ui.state import State
from ui.theme import Theme, colour_of

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
    clip = surface.get_clip()
    surface.set_clip(clip.clip(panel))
    y = panel.top + MARGIN
    for section in (_draw_last, _draw_glyphs, _draw_classes, _draw_rivals, _draw_model):
        y = section(surface, state, theme, y)
    surface.set_clip(clip)


def panel_part(state: State) -> Part:
    """Return what the panel shows."""
    unread = state.page.blank or not state.read
    return state.layout.panel, (state.shown, state.marks, state.hovered, state.seconds, unread, state.facts)


def _title(surface: pygame.Surface, state: State, theme: Theme, y: int, title: str) -> int:
    height = text_height(state)
    put(surface, title, (state.layout.panel[0] + MARGIN, y), height, theme.text)
    return y + round(1.2 * height)


def _row(surface: pygame.Surface, state: State, theme: Theme, y: int, text: str) -> int:
    height = text_height(state, 18)
    words = shortened(text, height, state.layout.panel[2] - 2 * MARGIN)
    put(surface, words, (state.layout.panel[0] + MARGIN, y), height, theme.muted)
    return y + round(1.1 * height)


def _draw_last(surface: pygame.Surface, state: State, theme: Theme, y: int) -> int:
    """Draw how sure the number is and how long the reading took; return where the next section begins."""
    y = _title(surface, state, theme, y, "Last reading")
    if state.page.blank or not state.read:
        told = "nothing read yet"
    else:
        told = f"{state.shown.reading.confidence:.1%} sure, read in {1000 * state.seconds:.1f} ms"
    return _row(surface, state, theme, y, told) + MARGIN


def _draw_glyphs(surface: pygame.Surface, state: State, theme: Theme, y: int) -> int:
    """Draw the glyphs in rows, the one under the pointer framed."""
    if not state.shown.origin or not state.marks:
        return y
    y = _title(surface, state, theme, y, "What the model saw")
    side = round(GLYPH * 1.25 * state.scale)
    left, room = state.layout.panel[0] + MARGIN, state.layout.panel[2] - 2 * MARGIN
    columns, rows = max(1, room // (side + 4)), max(1, (state.layout.panel[3] // 3) // (side + 4))
    for k, origin in enumerate(state.shown.origin[: columns * rows]):
        if origin >= len(state.marks):
            break
        at = (left + k % columns * (side + 4), y + k // columns * (side + 4))
        surface.blit(glyph_surface(state.marks[origin].glyph.tobytes(), side), at)
        if k == state.hovered:
            pygame.draw.rect(surface, theme.doubtful, (at[0] - 2, at[1] - 2, side + 4, side + 4), 2)
    count = min(len(state.shown.origin), columns * rows)
    return y + -(-count // columns) * (side + 4) + MARGIN


@lru_cache(maxsize=256)
def glyph_surface(glyph: bytes, side: int) -> pygame.Surface:
    """Return a glyph (28 x 28 bytes, 0 paper .. 255 ink) as a picture, white on black, `side` pixels a side."""
    gray = np.frombuffer(glyph, np.uint8).reshape(GLYPH, GLYPH)
    picture = pygame.surfarray.make_surface(np.repeat(gray.T[:, :, None], 3, axis=2))
    return pygame.transform.scale(picture, (side, side))


def _draw_classes(surface: pygame.Surface, state: State, theme: Theme, y: int) -> int:
    """Draw bars for the best classes of the digit under the pointer, or of the one least sure."""
    symbols = state.shown.reading.symbols
    if not symbols:
        return y
    unsure = min(range(len(symbols)), key=lambda k: symbols[k].confidence)
    over = state.hovered if state.hovered is not None else unsure
    title = "Digit under the pointer" if state.hovered is not None else "Least sure digit"
    y = _title(surface, state, theme, y, title)
    height = text_height(state, 18)
    left, room = state.layout.panel[0] + MARGIN, state.layout.panel[2] - 2 * MARGIN
    for label, share in symbols[over].alternatives[:MOST_BARS]:
        put(surface, label, (left, y), height, theme.text)
        bar = pygame.Rect(left + height, y, max(1, round((room - 4 * height) * share)), round(0.7 * height))
        pygame.draw.rect(surface, colour_of(theme, share), bar)
        put(surface, f"{share:.1%}", (left + room - round(2.6 * height), y), height, theme.muted)
        y += round(1.1 * height)
    return y + MARGIN


def _draw_rivals(surface: pygame.Surface, state: State, theme: Theme, y: int) -> int:
    """Draw the other numbers that the page may say."""
    rivals = state.shown.reading.alternatives[1:]
    if not rivals:
        return y
    y = _title(surface, state, theme, y, "Or else")
    for text, share in rivals[:MOST_RIVALS]:
        y = _row(surface, state, theme, y, f"{share:.1%}  {' / '.join(text.split(chr(10)))}")
    return y + MARGIN


def _draw_model(surface: pygame.Surface, state: State, theme: Theme, y: int) -> int:
    """Draw what is known of the model."""
    y = _title(surface, state, theme, y, "Model")
    if state.facts is None:
        return _row(surface, state, theme, y, "being loaded")
    height = text_height(state, 18)
    for name, value in state.facts:
        for line in wrapped(f"{name}: {value}", height, state.layout.panel[2] - 2 * MARGIN):
            y = _row(surface, state, theme, y, line)
    return y
