"""The number that was read, in large type where there is no ink."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pygame
from numpy.typing import NDArray

from ui.changes import Part
from ui.chrome import text_height
from ui.grouping import grouped
from ui.labels import free_place
from ui.lettering import Words, area_of, font, wrapped
from ui.page import Box
from ui.state import Spot, State
from ui.theme import Theme, colour_of, mark_of

NUMBER = 64
"""Pixels that the number is high at scale 1, where it fits."""

SMALLEST = 14
"""Pixels that it is high at least."""

MARGIN = 20

CLEAR = 6
"""Pixels round the number in which there is no ink."""

MOST_LINES = 6
"""Lines of the number that are shown: those written last are. Copied, saved and in the title are all."""


def number_lines(state: State) -> tuple[tuple[tuple[str, Box], ...], int]:
    """Return the lines of what was read with the boxes that they take, and the height of the type; 0 without room."""
    lines = _lines(state)
    x, y, height = state.number or (*_corner(state), _usual_height(state, lines))
    if not lines or not height:
        return (), 0
    step, sizes = font(height).get_height(), _sizes(lines, height)
    return tuple(
        (line, (x, y + k * step, *size)) for k, (line, size) in enumerate(zip(lines, sizes, strict=True))
    ), height


def number_spot(state: State, coverage: NDArray[np.uint8]) -> Spot:
    """Return where what was read goes, so that it lies on no ink, where `coverage` (H, W) is not 0.

    That is in the first of the paper's corners with room for it, the higher the type the better; where
    there is none, small and as near to the first corner as can be. Without any room, or any number, its height is 0.
    A picture under the ink has no say: it is opened below the number.
    """
    lines = _lines(state)
    if not lines:
        return (*_corner(state), 0)
    usual = _usual_height(state, lines)
    heights = [height for share in (1.0, 0.75, 0.5, 0.35) if (height := round(share * usual)) >= SMALLEST] or [usual]
    paper = pygame.Rect(state.layout.paper)
    for height in heights:
        area = pygame.Rect((0, 0), _block(state, lines, height))
        for at in _corners(state, area):
            area.topleft = at
            if paper.contains(area) and not _part(coverage, area.inflate(2 * CLEAR, 2 * CLEAR)).any():
                return (*at, height)
    size = _block(state, lines, heights[-1])
    found = free_place(_corner(state), size, np.minimum(_part(coverage, paper), 1), paper)
    return (*found.topleft, heights[-1]) if found else (*_corner(state), 0)


def room_of(state: State) -> tuple[tuple[int, int], int]:
    """Return the (width, height) of the paper that nothing covers, not even the number, and where it begins."""
    _, _, width, height = state.layout.paper
    band = MARGIN // 2 + text_height(state, NUMBER) + CLEAR
    top = band if 3 * band <= height else 0
    return (max(1, width), max(1, height - top)), top


def _lines(state: State) -> tuple[str, ...]:
    """Return the lines of what was read as they are shown, the last ones of many."""
    lines = state.shown.reading.lines
    shown = tuple(grouped(line, state.settings.format) for line in lines[-MOST_LINES:])
    return shown if len(lines) <= MOST_LINES else ("…", *shown[1:])


def _usual_height(state: State, lines: tuple[str, ...]) -> int:
    """Return how high the type is where there is room for it: less for long lines and for many."""
    usual = text_height(state, NUMBER)
    if not lines:
        return usual
    room = state.layout.paper[2] - 2 * MARGIN - text_height(state, 60), state.layout.paper[3]
    longest = max(width for width, _ in _sizes(lines, usual))
    return max(SMALLEST, min(usual, usual * max(40, room[0]) // longest, room[1] // (4 * len(lines))))


@lru_cache(maxsize=64)
def _sizes(lines: tuple[str, ...], height: int) -> tuple[tuple[int, int], ...]:
    return tuple(font(height).size(line) for line in lines)


def _block(state: State, lines: tuple[str, ...], height: int) -> tuple[int, int]:
    """Return (width, height) of all `lines` together and what is told beside the last."""
    if not lines:
        return 0, 0
    sizes = _sizes(lines, height)
    small = min(text_height(state), height)
    told = small // 2 + font(small).size(_told(state))[0]
    step = font(height).get_height()
    return max(*(width for width, _ in sizes), sizes[-1][0] + told), step * (len(lines) - 1) + sizes[-1][1]


def _corner(state: State) -> tuple[int, int]:
    return MARGIN, MARGIN // 2


def _corners(state: State, block: pygame.Rect) -> tuple[tuple[int, int], ...]:
    """Return where the left top of a `block` goes in each corner of the paper; notices stand below it."""
    left, top = _corner(state)
    right = state.layout.paper[2] - MARGIN - block.width
    bottom = state.layout.paper[3] - round(1.5 * text_height(state)) - block.height
    return (left, top), (right, top), (left, bottom), (right, bottom)


def _part(page: NDArray[np.uint8], area: pygame.Rect) -> NDArray[np.uint8]:
    return page[max(0, area.top) : max(0, area.bottom), max(0, area.left) : max(0, area.right)]


def number_words(state: State, theme: Theme) -> tuple[Words, ...]:
    """Return what was read in large type, line for line, and how sure it is; or why nothing can be read."""
    small = text_height(state)
    lines, height = number_lines(state)
    if not lines:
        return _excuse(state, theme, small)
    colour = theme.muted if state.stale else theme.text
    large = tuple((line, box[:2], height, colour) for line, box in lines)
    x, y, width, tall = lines[-1][1]
    small = min(small, height)
    at = x + width + small // 2, y + tall // 2 - small // 3
    return (*large, (_told(state), at, small, colour_of(theme, state.shown.reading.confidence)))


def _told(state: State) -> str:
    """Return what is told beside the number: how sure it is, or that its format is another."""
    reading = state.shown.reading
    return mark_of(reading.confidence) if reading.fits else f"not of format {state.settings.format}"


def _excuse(state: State, theme: Theme, height: int) -> tuple[Words, ...]:
    told, colour = state.problem, theme.guess
    if not told and state.facts is None and not state.page.blank:
        told, colour = "The model is being loaded …", theme.muted
    lines = wrapped(told, height, state.layout.paper[2] - 2 * MARGIN)
    return tuple((line, (MARGIN, MARGIN + k * height), height, colour) for k, line in enumerate(lines))


def readout_parts(state: State, theme: Theme) -> list[Part]:
    """Return what is seen of the words of the number."""
    return [(area_of(words), words) for words in number_words(state, theme)]
