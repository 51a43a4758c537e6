"""The page that tells all keys and gestures."""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate

import pygame

from ui.chrome import text_height
from ui.commands import GESTURES, KEYS
from ui.lettering import wrapped
from ui.page import Box
from ui.sheet import Sheet
from ui.state import State
from ui.theme import THEMES, Theme

MARGIN = 24

COLUMN = 23
"""Letter heights that a column is wide, so that few of its lines are wrapped."""

SMALLEST = 0.7
"""Share of the usual letters that two columns may need; where they would need smaller ones, there is one column."""

KEY_SHARE = 0.4
"""Of a column, that keys and gestures take."""


def help_box(state: State) -> Box:
    """Return the part of the window that the page is seen through."""
    return 0, 0, state.size[0], state.size[1] - 6


def draw_help(surface: pygame.Surface, state: State, theme: Theme) -> None:
    """Draw the page over all else."""
    surface.fill(theme.paper)
    help_sheet(state).draw(surface, theme, help_box(state), state.scrolled)


def help_sheet(state: State) -> Sheet:
    """Return the page, however high it is."""
    return _sheet(state.size[0] - MARGIN, text_height(state), THEMES[state.settings.theme])


@lru_cache(maxsize=4)
def _sheet(room: int, usual: int, theme: Theme) -> Sheet:
    """Return the page, `room` pixels wide, in letters of the `usual` height, or smaller ones for two columns."""
    count = 2 if room // 2 >= SMALLEST * COLUMN * usual else 1
    width = room // count
    height = min(usual, width // COLUMN) if count > 1 else usual
    sheet = Sheet(foot=height // 2)
    sheet.words.append(("Keys and gestures", (MARGIN, height // 2), round(1.4 * height), theme.text))
    first = round(KEY_SHARE * width)
    entries = _entries(height, first - height // 2, width - first - height)
    step, gap = round(1.1 * height), round(0.25 * height)
    tall = [max(map(len, entry)) * step + gap for entry in entries]
    left, top = MARGIN, round(2.6 * height)
    for (keys, what), end, own in zip(entries, accumulate(tall), tall, strict=True):
        if count > 1 and left == MARGIN and 2 * (end - gap) > sum(tall):
            left, top = left + width, top - end + own
        y = top + end - own
        sheet.words += [(line, (left, y + k * step), height, theme.sure) for k, line in enumerate(keys)]
        sheet.words += [(line, (left + first, y + k * step), height, theme.text) for k, line in enumerate(what)]
    return sheet


def _entries(height: int, first: int, second: int) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return keys and gestures, and what they do, in lines of at most `first` and `second` pixels."""
    told = (*((", ".join(names), command.value) for command, names in KEYS.items()), *GESTURES)
    return [(wrapped(keys, height, first), wrapped(what, height, second)) for keys, what in told]
