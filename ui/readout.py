"""What was read, as it is seen: the number at the top, and round each symbol a frame and a label."""

from __future__ import annotations

from functools import lru_cache

import pygame

from recognizer.reading import SURE
from ui.changes import Part
from ui.chrome import text_height
from ui.grouping import grouped
from ui.labels import HIDDEN
from ui.lettering import Words, area_of, font, lettering, wrapped
from ui.page import Box
from ui.state import State
from ui.theme import Colour, Theme, colour_of, mark_of

NUMBER = 64
"""Pixels that the number is high at scale 1, where it fits."""

MARGIN = 20

DASH = 5
"""Pixels of a dash, and of the gap after it, in the frame of a digit that is not sure."""

FRAME = 5
"""Pixels that a frame reaches beyond the box of its symbol at most."""


def number_lines(state: State) -> tuple[tuple[tuple[str, Box], ...], int]:
    """Return the lines of what was read with the boxes that they take at the top, and the height of the type."""
    room = state.layout.paper[2] - 2 * MARGIN - text_height(state, 60), state.layout.paper[3]
    lines = tuple(grouped(line, state.settings.format) for line in state.shown.reading.lines)
    return _number_lines(lines, room, text_height(state, NUMBER))


@lru_cache(maxsize=8)
def _number_lines(
    lines: tuple[str, ...], room: tuple[int, int], height: int
) -> tuple[tuple[tuple[str, Box], ...], int]:
    if not lines:
        return (), 0
    longest = max(font(height).size(line)[0] for line in lines)
    height = max(14, min(height, height * max(40, room[0]) // longest, room[1] // (4 * len(lines))))
    step = font(height).get_height()
    sizes = [(line, font(height).size(line)) for line in lines]
    return tuple((line, (MARGIN, MARGIN // 2 + k * step, *size)) for k, (line, size) in enumerate(sizes)), height


def number_words(state: State, theme: Theme) -> tuple[Words, ...]:
    """Return what was read in large type at the top, line for line, and how sure it is; or why nothing can be read."""
    small = text_height(state)
    lines, height = number_lines(state)
    if not lines:
        return _excuse(state, theme, small)
    colour = theme.muted if state.stale else theme.text
    large = tuple((line, box[:2], height, colour) for line, box in lines)
    sure = state.shown.reading.confidence
    x, y, width, tall = lines[-1][1]
    at = x + width + small // 2, y + tall // 2 - small // 3
    told = mark_of(sure) if state.shown.reading.fits else f"not of format {state.settings.format}"
    return (*large, (told, at, small, colour_of(theme, sure)))


def _excuse(state: State, theme: Theme, height: int) -> tuple[Words, ...]:
    told, colour = state.problem, theme.guess
    if not told and state.facts is None and not state.page.blank:
        told, colour = "The model is being loaded …", theme.muted
    lines = wrapped(told, height, state.layout.paper[2] - 2 * MARGIN)
    return tuple((line, (MARGIN, MARGIN + k * height), height, colour) for k, line in enumerate(lines))


def label_surface(state: State, index: int, theme: Theme) -> pygame.Surface:
    """Return the label of symbol `index`: what it is, and smaller how sure."""
    return _label(*_label_looks(state, index, theme))


def _label_looks(state: State, index: int, theme: Theme) -> tuple[str, str, int, int, Colour]:
    """Return what makes the label of symbol `index`: its text, its mark, the heights of both, the colour."""
    symbol, corrected = state.shown.reading.symbols[index], index in state.shown.said
    colour = colour_of(theme, symbol.confidence, corrected)
    return symbol.label, mark_of(symbol.confidence, corrected), text_height(state, 24), text_height(state, 16), colour


@lru_cache(maxsize=512)
def _label(label: str, mark: str, large: int, small: int, colour: Colour) -> pygame.Surface:
    big, little = lettering(label, large, colour), lettering(mark, small, colour)
    width, height = big.get_width() + 2 + little.get_width(), max(big.get_height(), little.get_height())
    surface = pygame.Surface((width, height), pygame.SRCALPHA)
    surface.blit(big, (0, 0))
    surface.blit(little, (big.get_width() + 2, height - little.get_height() - height // 6))
    return surface


def readout_parts(state: State, theme: Theme) -> list[Part]:
    """Return what of the reading is seen: the words of the number, and each symbol's frame and label."""
    parts: list[Part] = [(area_of(words), words) for words in number_words(state, theme)]
    if len(state.labels) != len(state.shown.reading.symbols):
        return parts
    shift = state.layout.copy[0] if state.classic else 0
    for k, (symbol, label) in enumerate(zip(state.shown.reading.symbols, state.labels, strict=True)):
        looks = _label_looks(state, k, theme)
        x, y, width, height = symbol.box
        frame = (x + shift - FRAME, y - FRAME, width + 2 * FRAME, height + 2 * FRAME)
        parts.append((frame, (k in (state.selected, state.hovered), symbol.confidence >= SURE, looks[-1])))
        parts.append(((label[0] + shift, *label[1:]), looks))
    return parts


def draw_symbols(surface: pygame.Surface, state: State, theme: Theme) -> None:
    """Draw frame and label of every symbol whose label has its place; the frame of one that is not sure is dashed."""
    if len(state.labels) != len(state.shown.reading.symbols):
        return
    clip = surface.get_clip()
    for k, (symbol, label) in enumerate(zip(state.shown.reading.symbols, state.labels, strict=True)):
        box = pygame.Rect(symbol.box)
        if clip.colliderect(box.inflate(2 * FRAME, 2 * FRAME)):
            _draw_frame(
                surface, state, k, box.inflate(6, 6), colour_of(theme, symbol.confidence, k in state.shown.said)
            )
        if label != HIDDEN and clip.colliderect(label):
            surface.blit(label_surface(state, k, theme), label[:2])


def _draw_frame(surface: pygame.Surface, state: State, index: int, box: pygame.Rect, colour: Colour) -> None:
    if index in (state.selected, state.hovered):
        pygame.draw.rect(surface, colour, box.inflate(2, 2), 3, border_radius=3)
    elif state.shown.reading.symbols[index].confidence >= SURE:
        pygame.draw.rect(surface, colour, box, 1, border_radius=3)
    else:
        draw_dashed(surface, box, colour)


def draw_dashed(surface: pygame.Surface, box: pygame.Rect, colour: Colour) -> None:
    """Draw the outline of `box` in dashes."""
    for x in range(box.left, box.right, 2 * DASH):
        width = min(DASH, box.right - x)
        surface.fill(colour, (x, box.top, width, 1))
        surface.fill(colour, (x, box.bottom - 1, width, 1))
    for y in range(box.top, box.bottom, 2 * DASH):
        height = min(DASH, box.bottom - y)
        surface.fill(colour, (box.left, y, 1, height))
        surface.fill(colour, (box.right - 1, y, 1, height))
