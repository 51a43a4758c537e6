"""The state on the screen: `View.paint` draws it, and of what did not change as little as it can."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache

import numpy as np
import pygame

from recognizer.reading import SURE
from ui.canvas import NOWHERE, Ink, together
from ui.chrome import draw_choices, draw_help, draw_notice, draw_offer, draw_picker, draw_toolbar, text_height
from ui.hand import ERASER_RADIUS
from ui.labels import HIDDEN, place_labels
from ui.lettering import font, lettering, put, wrapped
from ui.page import Box, Picture
from ui.panel import draw_panel
from ui.state import State, Tool
from ui.theme import THEMES, Colour, Theme, colour_of, mark_of

NUMBER = 64
"""Pixels that the number is high at scale 1, where it fits."""

MARGIN = 20

DASH = 5
"""Pixels of a dash, and of the gap after it, in the box of a digit that is not sure."""

PEN_FIELDS = frozenset({"gesture", "pointer", "lifted", "page", "past", "future", "revision", "asked"})
"""What changes of the state while the pen moves, and when it is lifted."""


class View:
    """Paints states on a surface of the window's size; keeps the ink that it has painted."""

    def __init__(self, state: State) -> None:
        self._last: State | None = None
        self._tail = NOWHERE
        self._ink = Ink(state.size, THEMES[state.settings.theme].ink)
        self._picture: tuple[Picture, pygame.Surface] | None = None

    def paint(self, surface: pygame.Surface, state: State) -> pygame.Rect:
        """Paint `state` on `surface` and return the area that changed."""
        whole = surface.get_rect()
        changed = self._ink_changes(state)
        if self._last is None or not _only_pen_moved(self._last, state):
            changed = whole
        elif state.tool is not Tool.PEN:
            changed = together(changed, _eraser_area(self._last), _eraser_area(state))
        if state.classic and changed.width:
            changed = together(changed, changed.move(state.layout.copy[0], 0))
        tail = self._trace_tail(state)
        surface.set_clip(together(changed, self._tail, tail[1] if tail else NOWHERE))
        area = surface.get_clip()
        self._draw(surface, state, tail)
        surface.set_clip(None)
        self._tail = tail[1] if tail else NOWHERE
        self._last = state
        return area

    def labels(self, state: State) -> tuple[Box, ...]:
        """Return where the labels of the reading stand, clear of the ink of `state`."""
        self._ink_changes(state)
        symbols = state.shown.reading.symbols
        sizes = [label_surface(state, k, THEMES[state.settings.theme]).get_size() for k in range(len(symbols))]
        number = [box for _, box in number_lines(state)[0]]
        return place_labels([s.box for s in symbols], sizes, self._ink.coverage, state.layout.paper, number)

    def _ink_changes(self, state: State) -> pygame.Rect:
        """Bring the ink to `state` and return the area in which that changed the page."""
        if self._ink.layer.get_size() != state.size:
            self._ink.resize(state.size)
        if self._last is not None and self._last.settings.theme != state.settings.theme:
            self._ink.recolour(THEMES[state.settings.theme].ink)
        gesture = state.gesture
        writing = gesture is not None and gesture.kind == "write"
        areas = [] if writing else [self._ink.end_trace()]
        areas.append(self._ink.show(state.page.strokes))
        if writing and gesture is not None:
            areas.append(self._ink.trace(gesture.points, state.settings.pen_width))
        return together(*areas)

    def _trace_tail(self, state: State) -> tuple[pygame.Surface, pygame.Rect] | None:
        """Return the last bit of the stroke under the pen, which the ink does not hold yet."""
        if state.gesture is None or state.gesture.kind != "write":
            return None
        return self._ink.tail(state.gesture.points, state.settings.pen_width)

    def _draw(self, surface: pygame.Surface, state: State, tail: tuple[pygame.Surface, pygame.Rect] | None) -> None:
        theme = THEMES[state.settings.theme]
        if state.help:
            draw_help(surface, state, theme)
            return
        if state.picker is not None:
            draw_picker(surface, state, theme)
            return
        surface.fill(theme.paper)
        self._draw_picture(surface, state.page.picture)
        draw_number(surface, state, theme)
        draw_notice(surface, state, theme)
        surface.blit(self._ink.layer, (0, 0))
        if tail:
            surface.blit(*tail)
        if state.classic:
            self._draw_copy(surface, state, theme)
        else:
            draw_symbols(surface, state, theme)
        draw_offer(surface, state, theme)
        for box, draw in ((state.layout.bar, draw_toolbar), (state.layout.panel, draw_panel)):
            if surface.get_clip().colliderect(box):
                draw(surface, state, theme)
        draw_choices(surface, state, theme)
        if state.tool is not Tool.PEN:
            pygame.draw.circle(surface, theme.muted, state.pointer, _eraser_radius(state), 1)

    def _draw_copy(self, surface: pygame.Surface, state: State, theme: Theme) -> None:
        """Draw the page once more beside itself, with boxes and labels."""
        box = pygame.Rect(state.layout.copy)
        copy = surface.subsurface(box)
        copy.set_clip(surface.get_clip().clip(box).move(-box.left, -box.top))
        copy.fill(theme.paper)
        self._draw_picture(copy, state.page.picture)
        copy.blit(self._ink.layer, (0, 0))
        draw_symbols(copy, state, theme)
        pygame.draw.line(copy, theme.rule, (0, 0), (0, box.height))

    def _draw_picture(self, surface: pygame.Surface, picture: Picture | None) -> None:
        """Draw the opened picture under the ink, scaled once."""
        if picture is None:
            self._picture = None
            return
        if self._picture is None or self._picture[0] is not picture:
            gray = np.frombuffer(picture.pixels, np.uint8).reshape(picture.size[::-1])
            own = pygame.surfarray.make_surface(np.repeat(gray.T[:, :, None], 3, axis=2))
            self._picture = picture, pygame.transform.smoothscale(own, picture.shown_size)
        surface.blit(self._picture[1], picture.at)


def _only_pen_moved(last: State, state: State) -> bool:
    """Return whether nothing on the screen but strokes and the eraser under the pen can have changed.

    Lifting the pen is such a change as well: the labels wait for the reading, and the buttons need
    painting only where one of them becomes, or ceases to be, of use.
    """
    names = (field.name for field in fields(State) if field.name not in PEN_FIELDS)
    return all(getattr(last, name) is getattr(state, name) for name in names) and _besides_ink(last) == _besides_ink(
        state
    )


def _besides_ink(state: State) -> tuple[object, ...]:
    """Return what of the fields that change with the pen shows elsewhere than in the ink."""
    page = state.page
    return bool(state.past), bool(state.future), page.blank, state.stale, id(page.picture), page.corrections


def _eraser_radius(state: State) -> float:
    return ERASER_RADIUS * state.settings.scale


def _eraser_area(state: State) -> pygame.Rect:
    reach = int(_eraser_radius(state)) + 2
    x, y = state.pointer
    return pygame.Rect(int(x) - reach, int(y) - reach, 2 * reach, 2 * reach)


def number_lines(state: State) -> tuple[tuple[tuple[str, Box], ...], int]:
    """Return the lines of what was read with the boxes that they take at the top, and the height of the type."""
    lines = state.shown.reading.lines
    if not lines:
        return (), 0
    paper = state.layout.paper
    height = text_height(state, NUMBER)
    room = max(40, paper[2] - 2 * MARGIN - text_height(state, 60))
    longest = max(font(height).size(line)[0] for line in lines)
    height = max(14, min(height, height * room // longest, paper[3] // (4 * len(lines))))
    step = font(height).get_height()
    sizes = [(line, font(height).size(line)) for line in lines]
    return tuple((line, (MARGIN, MARGIN // 2 + k * step, *size)) for k, (line, size) in enumerate(sizes)), height


def draw_number(surface: pygame.Surface, state: State, theme: Theme) -> None:
    """Draw what was read in large type at the top, line for line, and how sure it is; or why nothing can be read."""
    reading = state.shown.reading
    small = text_height(state)
    lines, height = number_lines(state)
    if not lines:
        told, colour = state.problem, theme.guess
        if not told and state.facts is None and not state.page.blank:
            told, colour = "The model is being loaded …", theme.muted
        for k, line in enumerate(wrapped(told, small, state.layout.paper[2] - 2 * MARGIN)):
            put(surface, line, (MARGIN, MARGIN + k * small), small, colour)
        return
    for line, box in lines:
        put(surface, line, box[:2], height, theme.muted if state.stale else theme.text)
    x, y, width, tall = lines[-1][1]
    mark = mark_of(reading.confidence)
    put(
        surface, mark, (x + width + small // 2, y + tall // 2 - small // 3), small, colour_of(theme, reading.confidence)
    )


def label_surface(state: State, index: int, theme: Theme) -> pygame.Surface:
    """Return the label of symbol `index`: what it is, and smaller how sure."""
    symbol = state.shown.reading.symbols[index]
    corrected = index in state.shown.said
    colour = colour_of(theme, symbol.confidence, corrected)
    mark = mark_of(symbol.confidence, corrected)
    return _label(symbol.label, mark, text_height(state, 24), text_height(state, 16), colour)


@lru_cache(maxsize=512)
def _label(label: str, mark: str, large: int, small: int, colour: Colour) -> pygame.Surface:
    big, little = lettering(label, large, colour), lettering(mark, small, colour)
    width, height = big.get_width() + 2 + little.get_width(), max(big.get_height(), little.get_height())
    surface = pygame.Surface((width, height), pygame.SRCALPHA)
    surface.blit(big, (0, 0))
    surface.blit(little, (big.get_width() + 2, height - little.get_height() - height // 6))
    return surface


def draw_symbols(surface: pygame.Surface, state: State, theme: Theme) -> None:
    """Draw box and label of every symbol whose label has its place; a box that is not sure is dashed."""
    if len(state.labels) != len(state.shown.reading.symbols):
        return
    for k, (symbol, label) in enumerate(zip(state.shown.reading.symbols, state.labels, strict=True)):
        colour = colour_of(theme, symbol.confidence, k in state.shown.said)
        box = pygame.Rect(symbol.box).inflate(6, 6)
        if k in (state.selected, state.hovered):
            pygame.draw.rect(surface, colour, box.inflate(2, 2), 3, border_radius=3)
        elif symbol.confidence >= SURE:
            pygame.draw.rect(surface, colour, box, 1, border_radius=3)
        else:
            draw_dashed(surface, box, colour)
        if label != HIDDEN:
            surface.blit(label_surface(state, k, theme), label[:2])


def draw_dashed(surface: pygame.Surface, box: pygame.Rect, colour: tuple[int, int, int]) -> None:
    """Draw the outline of `box` in dashes."""
    for x in range(box.left, box.right, 2 * DASH):
        width = min(DASH, box.right - x)
        surface.fill(colour, (x, box.top, width, 1))
        surface.fill(colour, (x, box.bottom - 1, width, 1))
    for y in range(box.top, box.bottom, 2 * DASH):
        height = min(DASH, box.bottom - y)
        surface.fill(colour, (box.left, y, 1, height))
        surface.fill(colour, (box.right - 1, y, 1, height))
