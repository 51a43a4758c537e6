"""Words and numbers in pictures: how wide they are, where they find room beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]  # (H, W, 3), RGB
Colour = tuple[int, int, int]

BLACK, GRAY = (0, 0, 0), (110, 110, 110)
PLAIN, BOLD = 400, 800
_LEADING = 1.45  # height of a line of text, in heights of its letters


def width_of(text: str, height: int, weight: int = PLAIN) -> int:
    """Return how many pixels wide `text` is written."""
    return int(cv2.getTextSize((0, 0), text, (0, 0), cv2.FontFace("sans"), height, weight)[2])


def leading(height: int) -> int:
    """Return how many pixels a line of text takes whose letters are `height` tall."""
    return round(_LEADING * height)


def write(
    picture: Picture, text: str, corner: tuple[int, int], height: int, colour: Colour = BLACK, weight: int = PLAIN
) -> None:
    """Write `text` into `picture`, the upper left corner of its line at `corner` (x, y)."""
    foot = corner[0], corner[1] + round(1.1 * height)
    cv2.putText(picture, text, foot, colour, cv2.FontFace("sans"), height, weight)


def caption(text: str, height: int, colour: Colour = BLACK, weight: int = PLAIN) -> Picture:
    """Return `text` as a picture of its own, black on white by default."""
    picture = blank(width_of(text, height, weight) + 2, leading(height))
    write(picture, text, (0, 0), height, colour, weight)
    return picture


def blank(width: int, height: int) -> Picture:
    """Return a white picture."""
    return np.full((height, width, 3), 255, np.uint8)


def stacked(blocks: Sequence[Picture], gap: int) -> Picture:
    """Return `blocks` as one picture, one below the other, their left sides in line, `gap` pixels between them."""
    width = max(block.shape[1] for block in blocks)
    rows: list[Picture] = []
    for block in blocks:
        rows += [_widened(block, width), blank(width, gap)]
    return np.concatenate(rows[:-1])


def _widened(block: Picture, width: int) -> Picture:
    return np.concatenate([block, blank(width - block.shape[1], block.shape[0])], axis=1)


def tiers(spans: Iterable[tuple[float, float]]) -> list[int]:
    """Return for each of `spans`, from left to right half open, the first tier where it overlaps none before it."""
    placed: list[list[tuple[float, float]]] = []
    found = []
    for left, right in spans:
        free = (t for t, others in enumerate(placed) if all(right <= low or high <= left for low, high in others))
        tier = next(free, len(placed))
        if tier == len(placed):
            placed.append([])
        placed[tier].append((left, right))
        found.append(tier)
    return found


def percent(share: float) -> str:
    """Return a probability in percent; never 0 or 100, which none is."""
    if share > 0.99:
        return ">99%"
    return "<1%" if share < 0.01 else f"{100 * share:.0f}%"
