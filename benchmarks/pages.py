"""What is read for the figures: numbers in the scripted pen's hands, no two pages alike."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from recognizer import Drawing
from recognizer.drawing import to_inkml
from recognizer.page import as_png
from recognizer.render import render_drawing
from training.scripted_pen import Hand, write

LINE = 20  # digits a line at most


def drawings(count: int) -> Iterator[Drawing]:
    """Yield drawings of `count` digits, in lines of `LINE`.

    The reader remembers ink that it has seen, which is for canvases and would flatter it: all are of other hands.
    """
    seed = 0
    while True:
        text = "".join(np.random.default_rng(seed).choice(list("0123456789"), count).tolist())
        lines = (text[i : i + LINE] for i in range(0, count, LINE))
        yield write("\n".join(lines), Hand(seed))
        seed += 1


def pictures(count: int) -> Iterator[NDArray[np.uint8]]:
    """Yield pictures (H, W) of `count` digits, as `drawings` writes them."""
    return map(render_drawing, drawings(count))


def files(kind: str, count: int) -> Iterator[bytes]:
    """Yield files of `count` digits: PNG of a "picture", InkML of a "drawing"."""
    return map(as_png, pictures(count)) if kind == "picture" else map(to_inkml, drawings(count))
