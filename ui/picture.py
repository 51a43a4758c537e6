"""An opened picture as it lies under the ink: how it looks, and where there is ink on it already."""

from __future__ import annotations

import cv2
import numpy as np
import pygame
from numpy.typing import NDArray

from ui.page import MIDDLE, Picture
from ui.theme import Theme

BROADEST = 61
"""Pixels on the page that ink is narrower than: what is broader and darker than the paper round it is a shadow."""

DARKER = 48
"""Gray levels by which ink differs at least from the paper round it."""

MOST_INK = 0.3
"""Share of a picture that ink takes at most; where more seems to be ink, it is a pattern, and labels may lie on it."""


class ShownPicture:
    """A picture made ready to be shown on the paper of a theme."""

    def __init__(self, picture: Picture, theme: Theme) -> None:
        self.picture = picture
        self.theme = theme
        self.surface = _surface(picture, theme)
        self._ink: NDArray[np.bool_] | None = None

    def cover(self, coverage: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return a copy of `coverage` (H, W), of the page from its left top corner on, with the picture's ink on it."""
        if self._ink is None:
            self._ink = _ink(self.surface, self.theme)
        covered = coverage.copy()
        area = pygame.Rect(self.picture.at, self.picture.shown_size)
        both = area.clip(pygame.Rect((0, 0), coverage.shape[::-1]))
        left, top = both.left - area.left, both.top - area.top
        ink = self._ink[top : top + both.height, left : left + both.width]
        covered[both.top : both.bottom, both.left : both.right][ink] = 255
        return covered


def _surface(picture: Picture, theme: Theme) -> pygame.Surface:
    """Return `picture` in the size in which it is shown, its paper as light or as dark as that of `theme`.

    So ink and labels, which have the colours for that paper, can be told from it.
    """
    gray = np.frombuffer(picture.pixels, np.uint8).reshape(picture.size[::-1])
    own = pygame.surfarray.make_surface(np.repeat(gray.T[:, :, None], 3, axis=2))
    scaled = pygame.transform.smoothscale(own, picture.shown_size)
    pixels = pygame.surfarray.pixels3d(scaled)
    if (np.median(pixels) > MIDDLE) != (theme.paper[0] > MIDDLE):
        np.subtract(255, pixels, out=pixels)
    del pixels  # it keeps the surface locked
    return scaled


def _ink(surface: pygame.Surface, theme: Theme) -> NDArray[np.bool_]:
    """Return where there is ink on the picture (h, w): what differs from the paper round it and is narrow."""
    gray = np.ascontiguousarray(pygame.surfarray.pixels_red(surface).T)
    differs = cv2.MORPH_BLACKHAT if theme.paper[0] > MIDDLE else cv2.MORPH_TOPHAT
    ink = cv2.morphologyEx(gray, differs, np.ones((BROADEST, BROADEST), np.uint8)) >= DARKER
    return np.zeros_like(ink) if ink.mean() > MOST_INK else ink
