"""What changed on the screen: the window as parts, each of which says where it is and what it shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import pygame

from ui.page import Box

Part: TypeAlias = tuple[Box, Any]
"""A box of the window and, as a value that can be hashed, all that its looks depend on."""

PASS = 20_000
"""Pixels whose painting costs about as much as one more pass over the window's parts, to paint an area of its own."""

MOST_PASSES = 8
"""Areas that are painted apart at most."""


def changed(before: frozenset[Part], now: frozenset[Part]) -> list[pygame.Rect]:
    """Return the areas of parts that went, came, moved or look different."""
    return [pygame.Rect(box) for box, _ in before ^ now]


def gathered(areas: Iterable[pygame.Rect], whole: pygame.Rect) -> list[pygame.Rect]:
    """Return areas within `whole` that hold all of `areas`: fewer where that is quicker to paint, none empty."""
    found: list[pygame.Rect] = []
    for area in areas:
        new = area.clip(whole)
        if not (new.width and new.height):
            continue
        while (near := next((other for other in found if _better_together(other, new)), None)) is not None:
            found.remove(near)
            new = new.union(near)
        found.append(new)
    return found if len(found) <= MOST_PASSES else [found[0].unionall(found[1:])]


def _better_together(one: pygame.Rect, other: pygame.Rect) -> bool:
    both = one.union(other)
    return both.width * both.height <= one.width * one.height + other.width * other.height + PASS
