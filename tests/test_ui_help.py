"""The page of keys and gestures can be read in any window."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pygame
import pytest

from ui.commands import GESTURES, KEYS
from ui.help import help_box, help_sheet
from ui.lettering import area_of
from ui.state import State


@pytest.mark.parametrize(
    ("size", "scale"),
    [((1000, 640), 1.0), ((640, 480), 2.0), ((320, 240), 1.0), ((800, 600), 2.0), ((2400, 1400), 3.0)],
)
def test_every_key_and_gesture_is_told_to_its_end(size: tuple[int, int], scale: float) -> None:
    state = State(size=size, settings=replace(State().settings, scale=scale))
    words = help_sheet(state).words
    told = " ".join(text for text, *_ in words)
    for keys, what in (*((", ".join(names), command.value) for command, names in KEYS.items()), *GESTURES):
        assert keys in told and what in told
    areas = [pygame.Rect(area_of(each)) for each in words]
    assert max(area.right for area in areas) <= size[0]
    assert not [
        pair for pair in combinations(areas, 2) if pair[0].clip(pair[1]).height > 2 and pair[0].colliderect(pair[1])
    ]


@pytest.mark.parametrize("key", ["Up", "Down", "Return", "Escape", "PageUp", "PageDown"])
def test_keys_for_what_is_open_are_told_too(key: str) -> None:
    assert [keys for keys, _ in GESTURES if key in keys.replace(",", "").split()]


def test_in_a_usual_window_it_is_seen_at_once() -> None:
    state = State()
    assert help_sheet(state).most(help_box(state)) == 0
