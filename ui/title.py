"""What the desktop sees of the window: its title and its icon."""

from __future__ import annotations

import locale

import pygame


def set_title(title: str) -> None:
    """Set the window's title, plain ASCII.

    In a locale such as C.UTF-8, X11 would store it as an encoding that other programs do not know,
    and a script that looks for a window by its name would not find it.
    """
    before = locale.setlocale(locale.LC_CTYPE)
    locale.setlocale(locale.LC_CTYPE, "C")
    pygame.display.set_caption(title)
    locale.setlocale(locale.LC_CTYPE, before)


def icon() -> pygame.Surface:
    """Return the window's icon: a handwritten 7 on paper."""
    drawn = pygame.Surface((32, 32))
    drawn.fill((255, 255, 252))
    pygame.draw.lines(drawn, (0, 100, 168), False, [(8, 8), (24, 8), (14, 26)], 4)
    pygame.draw.line(drawn, (0, 100, 168), (12, 17), (23, 17), 3)
    return drawn
