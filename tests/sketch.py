"""Pages drawn in the tests themselves: # is ink."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def page(*rows: str, times: int = 1, margin: int = 0) -> NDArray[np.uint8]:
    """Return the page (H, W) that `rows` show, black on white, each character `times` x `times` pixels."""
    ink = np.array([[c == "#" for c in row.ljust(max(map(len, rows)))] for row in rows])
    large = np.pad(ink.repeat(times, 0).repeat(times, 1), margin)
    return np.where(large, 0, 255).astype(np.uint8)


def ink(*rows: str, times: int = 1) -> NDArray[np.uint8]:
    """Return the ink (H, W) that `rows` show: 255 is ink."""
    return 255 - page(*rows, times=times)


TWO_BOXES_JOINED = ink(
    "#####    #####",
    "#   #    #   #",
    "#   #    #   #",
    "#   ######   #",
    "#   #    #   #",
    "#   #    #   #",
    "#####    #####",
    times=4,
)
BOX = ink("#####", "#   #", "#   #", "#   #", "#####", times=6)
