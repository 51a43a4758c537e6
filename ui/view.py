"""The state on the screen: `View.paint` draws it, and of what did not change as little as it can."""

from __future__ import annotations

from dataclasses import fields, replace

import pygame

from ui.canvas import NOWHERE, Ink, together
from ui.changes import Part, changed, gathered
from ui.chrome import (
    draw_choices,
    draw_offer,
    draw_picker,
    draw_toolbar,
    notice_box,
    notice_words,
    offer_box,
    offer_words,
    toolbar_part,
)
from ui.events import Placed
from ui.hand import ERASER_RADIUS
from ui.help import draw_help
from ui.labels import HIDDEN, Labels
from ui.lettering import area_of, put
from ui.marks import Marks, Wardrobe, changed_marks, draw_marks
from ui.page import Picture
from ui.panel import draw_panel, panel_part
from ui.picture import ShownPicture
from ui.readout import number_lines, number_spot, number_words, readout_parts
from ui.state import State, Tool
from ui.theme import THEMES, Theme

PEN_FIELDS = frozenset({"gesture", "pointer", "lifted", "page", "past", "future", "revision", "asked"})
"""What changes of the state while the pen moves, and when it is lifted."""


class View:
    """Paints states on a surface of the window's size; keeps the ink that it has painted."""

    def __init__(self, state: State) -> None:
        self._last: State | None = None
        self._tail = NOWHERE
        self._ink = Ink(state.size, THEMES[state.settings.theme].ink)
        self._inked = NOWHERE
        self._labels = Labels()
        self._unlabelled = NOWHERE
        self._parts: frozenset[Part] = frozenset()
        self._wardrobe = Wardrobe()
        self._marks = Marks()
        self._picture: ShownPicture | None = None
        self._placed_on: Picture | None = None

    def paint(self, surface: pygame.Surface, state: State) -> list[pygame.Rect]:
        """Paint `state` on `surface` and return the areas that changed."""
        self.lay_ink(state)
        tail = self._trace_tail(state)
        areas = gathered(self._changes(state, tail[1] if tail else NOWHERE), surface.get_rect())
        for area in areas:
            surface.set_clip(area)
            self._draw(surface, state, tail)
        surface.set_clip(None)
        self._tail = tail[1] if tail else NOWHERE
        self._last = state
        return areas

    def _changes(self, state: State, tail: pygame.Rect) -> list[pygame.Rect]:
        """Return the areas in which `state` looks different from what was painted last."""
        ink, self._inked = self._inked, NOWHERE
        areas = [ink, self._tail, tail]
        if state.classic:
            areas.append(ink.move(state.layout.copy[0], 0))
        if self._last is None or not _only_pen_moved(self._last, state):
            before, self._parts = self._parts, parts_of(state)
            areas += changed(before, self._parts)
            marks, self._marks = self._marks, self._wardrobe.marks(state)
            areas += changed_marks(marks, self._marks)
        return areas + [_eraser_area(s) for s in (self._last, state) if s is not None and _erases(s)]

    def placed(self, state: State) -> Placed:
        """Return where the number and the labels of the reading stand, clear of the ink of `state`."""
        self.lay_ink(state)
        number = number_spot(state, self._ink.coverage)
        worn = self._wardrobe.worn(state)
        near = self._wardrobe.near(worn, state.layout.paper)
        boxes, sizes = [worn[k].box for k in near], [worn[k].size for k in near]
        written = [box for _, box in number_lines(replace(state, number=number))[0]]
        written += [notice_box(state), offer_box(state)]
        shown = self._shown_picture(state)
        coverage = self._ink.coverage if shown is None else shown.cover(self._ink.coverage)
        inked = self._unlabelled if self._placed_on is state.page.picture else None
        self._unlabelled, self._placed_on = NOWHERE, state.page.picture
        labels = [HIDDEN] * len(worn)
        spots = self._labels.place(boxes, sizes, coverage, state.layout.paper, written, inked)
        for k, spot in zip(near, spots, strict=True):
            labels[k] = spot
        return Placed(tuple(labels), number)

    def lay_ink(self, state: State) -> None:
        """Bring the ink to `state`; the next `paint` will show it."""
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
        self._inked = together(self._inked, *areas)
        self._unlabelled = together(self._unlabelled, *areas)

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
        self._draw_picture(surface, state)
        for words in (*number_words(state, theme), *notice_words(state, theme)):
            put(surface, *words)
        surface.blit(self._ink.layer, (0, 0))
        if tail:
            surface.blit(*tail)
        if state.classic:
            self._draw_copy(surface, state, theme)
        else:
            draw_marks(surface, self._marks)
        draw_offer(surface, state, theme)
        for box, draw in ((state.layout.bar, draw_toolbar), (state.layout.panel, draw_panel)):
            if surface.get_clip().colliderect(box):
                draw(surface, state, theme)
        draw_choices(surface, state, theme)
        if _erases(state):
            pygame.draw.circle(surface, theme.muted, state.pointer, _eraser_radius(state), 1)

    def _draw_copy(self, surface: pygame.Surface, state: State, theme: Theme) -> None:
        """Draw the page once more beside itself, with boxes and labels."""
        box = pygame.Rect(state.layout.copy)
        copy = surface.subsurface(box)
        copy.set_clip(surface.get_clip().clip(box).move(-box.left, -box.top))
        copy.fill(theme.paper)
        self._draw_picture(copy, state)
        copy.blit(self._ink.layer, (0, 0))
        draw_marks(copy, self._marks)
        pygame.draw.line(copy, theme.rule, (0, 0), (0, box.height))

    def _shown_picture(self, state: State) -> ShownPicture | None:
        """Return the opened picture, if there is one, made ready once for each theme."""
        picture, theme = state.page.picture, THEMES[state.settings.theme]
        if picture is None:
            self._picture = None
        elif self._picture is None or self._picture.picture is not picture or self._picture.theme is not theme:
            self._picture = ShownPicture(picture, theme)
        return self._picture

    def _draw_picture(self, surface: pygame.Surface, state: State) -> None:
        """Draw the opened picture under the ink."""
        shown = self._shown_picture(state)
        if shown is not None:
            surface.blit(shown.surface, shown.picture.at)


def parts_of(state: State) -> frozenset[Part]:
    """Return what is seen of `state` besides ink, marks and eraser, part by part; the first is what changes it all."""
    theme = THEMES[state.settings.theme]
    corrected = None if state.selected is None else state.shown.symbols[state.selected]
    over = (
        state.help and (state.scrolled, True),
        state.picker,
        offer_words(state),
        state.selected,
        state.choice,
        corrected,
    )
    looks = state.settings.theme, state.scale, state.settings.panel, state.classic, id(state.page.picture)
    parts: list[Part] = [((0, 0, *state.size), (looks, over)), toolbar_part(state)]
    parts += [(area_of(words), words) for words in notice_words(state, theme)]
    if state.settings.panel:
        parts.append(panel_part(state))
    return frozenset([*parts, *readout_parts(state, theme)])


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


def _erases(state: State) -> bool:
    """Return whether the pointer is an eraser: the tool, or the right button, is."""
    return state.tool is not Tool.PEN or (state.gesture is not None and state.gesture.kind == "erase")


def _eraser_radius(state: State) -> float:
    return ERASER_RADIUS * state.scale


def _eraser_area(state: State) -> pygame.Rect:
    reach = int(_eraser_radius(state)) + 2
    x, y = state.pointer
    return pygame.Rect(int(x) - reach, int(y) - reach, 2 * reach, 2 * reach)
