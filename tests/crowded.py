"""Whole, legal files of pages with very many marks, as halftones, bar codes and scribbles have, and no number."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

A4 = 3508, 2480
"""Rows and columns of a sheet at 300 dots an inch."""

Chance = np.random.Generator
Page = NDArray[np.uint8]


def halftone(chance: Chance) -> Page:
    """A picture of soft hills in dots."""
    y, x = np.mgrid[0:2000, 0:2000].astype(np.float32)
    hills = 128 + 60 * np.sin(x / chance.uniform(20, 60)) + 50 * np.cos(y / chance.uniform(20, 60))
    pitch = chance.uniform(0.5, 1.0)
    return ((np.sin(x * pitch) + np.sin(y * pitch)) * 64 + 128 < hills).astype(np.uint8) * 255


def bars(chance: Chance) -> Page:
    """Bars from edge to edge of a strip."""
    page = np.full((int(chance.integers(5, 60)), 60_000), 255, np.uint8)
    page[:, :: int(chance.integers(2, 8))] = 0
    return page


def rings(chance: Chance) -> Page:
    """Small circles on top of each other."""
    page = np.full(A4, 255, np.uint8)
    for x, y, radius in chance.integers((0, 0, 2), (A4[1], A4[0], 9), (20_000, 3)).tolist():
        cv2.circle(page, (x, y), radius, 0, 1)
    return page


def scribble(chance: Chance) -> Page:
    """Short straight strokes here and there."""
    page = np.full(A4, 255, np.uint8)
    for x, y, aside, down in chance.integers((0, 0, -60, -60), (A4[1], A4[0], 60, 60), (3000, 4)).tolist():
        cv2.line(page, (x, y), (x + aside, y + down), 0, 2)
    return page


def grain(chance: Chance) -> Page:
    """Blotches of a coarse paper."""
    rows, columns = (side // 8 for side in A4)
    coarse = chance.normal(128, 60, (rows, columns)).clip(0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(coarse, A4[::-1], interpolation=cv2.INTER_CUBIC), np.uint8)


def strokes(chance: Chance) -> bytes:
    """Thousands of strokes side by side, as InkML."""
    step = int(chance.integers(8, 30))
    traces = (f"<trace>{x} 0, {x} 20</trace>" for x in range(0, 9000 * step, step))
    return f"<ink>{''.join(traces)}</ink>".encode()


KINDS: tuple[Callable[[Chance], Page | bytes], ...] = (halftone, bars, rings, scribble, grain, strokes)


def crowded(number: int) -> bytes:
    """Return the file of a crowded page of this number; the kinds take turns."""
    page = KINDS[number % len(KINDS)](np.random.default_rng(number))
    return page if isinstance(page, bytes) else cv2.imencode(".png", page)[1].tobytes()
