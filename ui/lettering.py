"""Text as surfaces, each drawn once."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import pygame

from ui.page import Box
from ui.theme import Colour

Words: TypeAlias = tuple[str, tuple[int, int], int, Colour]
"""A line of text: what it says, its left top corner, its height in pixels, its colour."""


@lru_cache(maxsize=16)
def font(height: int) -> pygame.font.Font:
    """Return the font that comes with Pygame, the same on every machine, `height` pixels high."""
    if not pygame.font.get_init():
        pygame.font.init()
    return pygame.font.Font(None, height)


@lru_cache(maxsize=512)
def lettering(text: str, height: int, colour: Colour) -> pygame.Surface:
    """Return `text` in one line on a transparent surface."""
    return font(height).render(text, True, colour)


def put(surface: pygame.Surface, text: str, at: tuple[int, int], height: int, colour: Colour) -> pygame.Rect:
    """Write `text` with its left top corner `at`, and return the area that it takes."""
    return surface.blit(lettering(text, height, colour), at)


def area_of(words: Words) -> Box:
    """Return the box that `words` take."""
    text, at, height, colour = words
    return (*at, *lettering(text, height, colour).get_size())


def put_centred(surface: pygame.Surface, text: str, box: pygame.Rect, height: int, colour: Colour) -> None:
    """Write `text` in the middle of `box`, shortened where it is too long."""
    words = lettering(shortened(text, height, box.width - 4), height, colour)
    surface.blit(words, words.get_rect(center=box.center))


@lru_cache(maxsize=512)
def shortened(text: str, height: int, width: int) -> str:
    """Return `text`, or as much of its beginning as fits in `width` pixels, and an ellipsis."""
    if font(height).size(text)[0] <= width:
        return text
    kept = next((n for n in range(len(text) - 1, 0, -1) if font(height).size(text[:n] + "…")[0] <= width), 0)
    return text[:kept] + "…"


@lru_cache(maxsize=128)
def wrapped(text: str, height: int, width: int) -> tuple[str, ...]:
    """Return `text` in lines of at most `width` pixels, broken at spaces, and where a word by itself is too long."""
    words, lines = text.split(), list[str]()
    if words and font(height).size(whole := " ".join(words))[0] <= width:
        return (whole,)
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font(height).size(longer)[0] <= width:
            lines[-1] = longer
        else:
            lines += _pieces(word, height, width)
    return tuple(lines)


def _pieces(word: str, height: int, width: int) -> list[str]:
    """Return `word` in pieces of at most `width` pixels, each of one character at least."""
    pieces = [""]
    for character in word:
        longer = pieces[-1] + character
        if pieces[-1] and font(height).size(longer)[0] > width:
            pieces.append(character)
        else:
            pieces[-1] = longer
    return pieces
