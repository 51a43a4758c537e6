"""The system's clipboard: text through Pygame; pictures where it can give them."""

from __future__ import annotations

import warnings

import numpy as np
import pygame
from numpy.typing import NDArray

from recognizer.file import UnreadableFile

PICTURES = ("image/png", "image/jpeg", "image/bmp", "image/tiff", "image/webp")
"""Kinds of pictures asked for, best first."""


def put_text(text: str) -> None:
    """Put `text` on the clipboard."""
    pygame.scrap.put_text(text)


def get_text() -> str:
    """Return the clipboard's text, empty where there is none."""
    return pygame.scrap.get_text() if pygame.scrap.has_text() else ""


def get_picture() -> NDArray[np.uint8] | None:
    """Return the clipboard's picture as gray (H, W), or None where there is none that can be read.

    Pygame has no other way to a picture on the clipboard than the one that it calls deprecated.
    """
    from recognizer.page import load_pages

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            pygame.scrap.init()
            data = next((data for kind in PICTURES if (data := pygame.scrap.get(kind))), None)
        except (pygame.error, NotImplementedError):
            return None
    if not data:
        return None
    try:
        return load_pages(data, "the picture on the clipboard")[0]
    except UnreadableFile:
        return None
