"""Frames and labels: what the symbols of the reading wear on the page, and what of it changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import compress, count
from operator import attrgetter, ne
from typing import TypeAlias

import numpy as np
import pygame

from recognizer.memory import Row, Table, common
from recognizer.reading import SURE, UNSURE, Symbol
from ui.chrome import text_height
from ui.labels import HIDDEN
from ui.lettering import lettering
from ui.page import Box
from ui.reach import Reach
from ui.state import State
from ui.theme import THEMES, Colour, colour_of, mark_of

DASH = 5
"""Pixels of a dash, and of the gap after it, in the frame of a digit that is not sure."""

FRAME = 5
"""Pixels that a frame reaches beyond the box of its symbol at most."""

ROUND = 3
"""Pixels between a box and its frame."""

_BOX = attrgetter("box")

Label: TypeAlias = tuple[str, str, int, int, Colour]
"""What makes a label: its text, what tells how sure it is, the heights of both, the colour."""


@dataclass(frozen=True, eq=False)
class Worn:
    """The frame of one symbol, round `box`, dashed where it is not `sure`, and its label of `size` (width, height)."""

    box: Box
    sure: bool
    label: Label
    size: tuple[int, int]

    @cached_property
    def area(self) -> pygame.Rect:
        """What the frame takes at most."""
        return pygame.Rect(self.box).inflate(2 * FRAME, 2 * FRAME)

    @property
    def colour(self) -> Colour:
        """The colour of frame and label."""
        return self.label[-1]

    @property
    def surface(self) -> pygame.Surface:
        """The label: what the symbol is, and smaller how sure."""
        return _surface(*self.label)


@dataclass(frozen=True, eq=False)
class Marks:
    """What the symbols in the window wear: where each label stands, and which of them are `picked`.

    On the screen they are `shift` pixels further right than on the page. `paper` is the colour that
    labels lie on, None where that of the page is enough to tell them from it.
    """

    worn: tuple[Worn, ...] = ()
    labels: tuple[Box, ...] = ()
    picked: frozenset[int] = frozenset()
    shift: int = 0
    paper: Colour | None = None

    def areas(self, numbers: Sequence[int]) -> Iterator[pygame.Rect]:
        """Yield the areas on the screen of frame and label of each symbol of these `numbers`."""
        for k in numbers:
            yield self.worn[k].area.move(self.shift, 0)
            yield pygame.Rect(self.labels[k]).move(self.shift, 0)


class Wardrobe:
    """Tells what symbols wear, and has it ready for those that stay from one reading to the next."""

    def __init__(self) -> None:
        self._looks: tuple[str, float] | None = None
        self._row: Row[Symbol, Worn] = Row()
        self._boxes: Table[Worn] = Table()
        self._reach = Reach()

    def worn(self, state: State) -> tuple[Worn, ...]:
        """Return what each symbol of the reading wears."""
        looks = state.settings.theme, state.scale
        if looks != self._looks:
            self._looks, self._row = looks, Row()
        self._reach.look_at(state.page.strokes)
        symbols = state.shown.symbols
        found = self._row.values(symbols, lambda symbol: self._worn(state, symbol))
        if not state.shown.said:
            return found
        said = {k: self._worn(state, symbols[k], said=True) for k in state.shown.said}
        return tuple(said.get(k, one) for k, one in enumerate(found))

    def near(self, worn: tuple[Worn, ...], area: Box) -> list[int]:
        """Return the numbers of those of `worn` whose frames may reach into `area`."""
        left, top, width, height = self._boxes.values(worn, _BOX, 4).T
        x, y, wide, high = pygame.Rect(area).inflate(2 * FRAME, 2 * FRAME)
        within = (left < x + wide) & (left + width > x) & (top < y + high) & (top + height > y)
        return np.flatnonzero(within).tolist()

    def _worn(self, state: State, symbol: Symbol, said: bool = False) -> Worn:
        """Return what `symbol` wears; another colour where a person `said` what it is, a "?" where it was not read."""
        sure = symbol.confidence if symbol.label else 0.0
        told = symbol.label or UNSURE, mark_of(sure, said) if symbol.label else ""
        colour = colour_of(THEMES[state.settings.theme], sure, said)
        label = *told, text_height(state, 24), text_height(state, 16), colour
        return Worn(self._reach.box(symbol.box), sure >= SURE, label, _surface(*label).get_size())

    def marks(self, state: State) -> Marks:
        """Return what is seen of that: nothing until every label has its place."""
        if len(state.labels) != len(state.shown.symbols):
            return Marks()
        shift = state.layout.copy[0] if state.classic else 0
        paper = None if state.page.picture is None else THEMES[state.settings.theme].paper
        worn = self.worn(state)
        near = self.near(worn, (0, 0, *state.size))
        picked = frozenset(n for n, k in enumerate(near) if k in (state.selected, state.hovered))
        return Marks(tuple([worn[k] for k in near]), tuple([state.labels[k] for k in near]), picked, shift, paper)


@lru_cache(maxsize=512)
def _surface(label: str, mark: str, large: int, small: int, colour: Colour) -> pygame.Surface:
    big, little = lettering(label, large, colour), lettering(mark, small, colour)
    width, height = big.get_width() + 2 + little.get_width(), max(big.get_height(), little.get_height())
    surface = pygame.Surface((width, height), pygame.SRCALPHA)
    surface.blit(big, (0, 0))
    surface.blit(little, (big.get_width() + 2, height - little.get_height() - height // 6))
    return surface


def changed_marks(before: Marks, now: Marks) -> Iterator[pygame.Rect]:
    """Yield the areas on the screen of all that went, came, moved or looks different."""
    head = common(before.worn, now.worn)
    tail = common(before.worn[head:][::-1], now.worn[head:][::-1])
    if before.shift != now.shift:
        head = tail = 0
    ends = len(before.worn) - tail, len(now.worn) - tail
    moved = [
        *compress(count(), map(ne, before.labels[:head], now.labels[:head])),
        *compress(count(ends[1]), map(ne, before.labels[ends[0] :], now.labels[ends[1] :])),
    ]
    later = ends[1] - ends[0]
    yield from before.areas([*range(head, ends[0]), *(k if k < head else k - later for k in moved)])
    yield from now.areas([*range(head, ends[1]), *moved])
    yield from before.areas([k for k in before.picked if k < len(before.worn)])
    yield from now.areas([k for k in now.picked if k < len(now.worn)])


def draw_marks(surface: pygame.Surface, marks: Marks) -> None:
    """Draw frame and label of every symbol within the clip of `surface`."""
    clip = surface.get_clip()
    for k in clip.collidelistall([worn.area for worn in marks.worn]):
        _draw_frame(surface, marks.worn[k], k in marks.picked)
    for k in clip.collidelistall(list(marks.labels)):
        if marks.labels[k] == HIDDEN:
            continue
        if marks.paper is not None:
            pygame.draw.rect(surface, marks.paper, marks.labels[k], border_radius=3)
        surface.blit(marks.worn[k].surface, marks.labels[k][:2])


def _draw_frame(surface: pygame.Surface, worn: Worn, picked: bool) -> None:
    box = worn.area.inflate(2 * (ROUND - FRAME), 2 * (ROUND - FRAME))
    if picked:
        pygame.draw.rect(surface, worn.colour, box.inflate(2, 2), 3, border_radius=3)
    elif worn.sure:
        pygame.draw.rect(surface, worn.colour, box, 1, border_radius=3)
    else:
        draw_dashed(surface, box, worn.colour)


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
