"""What is shown through a window that it may be too high for, and is scrolled in then."""

from __future__ import annotations

from dataclasses import dataclass, field

import pygame

from ui.lettering import Words, font, put
from ui.page import Box
from ui.theme import Colour, Theme

THUMB = 4
"""Pixels that what tells how far a sheet is scrolled is wide."""


@dataclass
class Sheet:
    """Words, bars and pictures with their places on a sheet that grows to hold them, `foot` and what is below it left.

    A bar is a box, its colour, and the pixels that its outline is wide, 0 where it is filled.
    """

    foot: int = 0
    words: list[Words] = field(default_factory=list)
    bars: list[tuple[Box, Colour, int]] = field(default_factory=list)
    pictures: list[tuple[pygame.Surface, tuple[int, int]]] = field(default_factory=list)

    @property
    def height(self) -> int:
        """How high it is, in pixels, with as much paper at the end as `foot`."""
        ends = [at[1] + font(height).get_height() for _, at, height, _ in self.words]
        ends += [box[1] + box[3] for box, _, _ in self.bars]
        ends += [at[1] + picture.get_height() for picture, at in self.pictures]
        return max(ends, default=0) + self.foot

    def most(self, box: Box) -> int:
        """Return how many pixels it can be scrolled down where it is seen through `box`."""
        return max(0, self.height - box[3])

    def draw(self, surface: pygame.Surface, theme: Theme, box: Box, scrolled: int) -> None:
        """Draw what is seen of it through `box`, `scrolled` pixels down or as far as it goes."""
        most = self.most(box)
        up = min(scrolled, most)
        clip = surface.get_clip()
        surface.set_clip(clip.clip(box))
        left, top = box[0], box[1] - up
        for picture, (x, y) in self.pictures:
            surface.blit(picture, (left + x, top + y))
        for bar, colour, outline in self.bars:
            pygame.draw.rect(surface, colour, pygame.Rect(bar).move(left, top), outline)
        for text, (x, y), height, colour in self.words:
            if -height < top + y < box[1] + box[3]:
                put(surface, text, (left + x, top + y), height, colour)
        if most:
            share = box[3] / (box[3] + most)
            thumb = (box[0] + box[2] - THUMB, box[1] + round(up * share), THUMB, round(box[3] * share))
            pygame.draw.rect(surface, theme.muted, thumb, border_radius=2)
        surface.set_clip(clip)
