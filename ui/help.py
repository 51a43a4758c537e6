"""The page that tells all keys and gestures."""

from __future__ import annotations

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

LEAST_COLUMN = 16
"""Letter heights that a column is wide at least; where there is no room for two, there is one."""

KEY_SHARE = 0.4
"""Of a column, that keys and gestures take."""

SMALLER = (1.0, 0.9, 0.8)
"""Shares of the usual letters that are tried, so that all is seen at once; where none does, it is scrolled."""


def help_box(state: State) -> Box:
    """Return the part of the window that the page is seen through."""
    return 0, 0, state.size[0], state.size[1] - 6


def draw_help(surface: pygame.Surface, state: State, theme: Theme) -> None:
    """Draw the page over all else."""
    surface.fill(theme.paper)
    help_sheet(state).draw(surface, theme, help_box(state), state.scrolled)


def help_sheet(state: State) -> Sheet:
    """Return the page, in letters that let it fit in the window, or else in the usual ones."""
    usual = text_height(state)
    sheets = (_sheet(state, round(share * usual)) for share in SMALLER)
    return next((sheet for sheet in sheets if not sheet.most(help_box(state))), _sheet(state, usual))


def _sheet(state: State, height: int) -> Sheet:
    """Return the page in letters of `height`."""
    theme = THEMES[state.settings.theme]
    sheet = Sheet(foot=height // 2)
    sheet.words.append(("Keys and gestures", (MARGIN, height // 2), round(1.4 * height), theme.text))
    room = state.size[0] - MARGIN
    count = 2 if room >= 2 * LEAST_COLUMN * height else 1
    width = room // count
    first = round(KEY_SHARE * width)
    entries = [
        (wrapped(key, height, first - height // 2), wrapped(what, height, width - first - height))
        for key, what in (*((", ".join(names), command.value) for command, names in KEYS.items()), *GESTURES)
    ]
    step, gap = round(1.1 * height), round(0.25 * height)
    tall = [max(map(len, entry)) * step + gap for entry in entries]
    ends = list(accumulate(tall))
    left, top = MARGIN, round(2.6 * height)
    for (keys, what), end, own in zip(entries, ends, tall, strict=True):
        if count > 1 and left == MARGIN and 2 * (end - gap) > ends[-1]:
            left, top = left + width, top - end + own
        y = top + end - own
        sheet.words += [(line, (left, y + k * step), height, theme.sure) for k, line in enumerate(keys)]
        sheet.words += [(line, (left + first, y + k * step), height, theme.text) for k, line in enumerate(what)]
    return sheet
