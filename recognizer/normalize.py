"""Candidates -> glyphs: every symbol at the size and place that MNIST gave its digits.

Y. LeCun, C. Cortes and C. Burges fitted each NIST digit into 20 x 20 pixels, keeping its aspect
ratio, and set its centre of mass to the middle of 28 x 28 (http://yann.lecun.com/exdb/mnist).
Training, canvas and files all come through here, so MNIST is a fixed point of this stage.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 28  # pixels of a glyph's side, as in MNIST
LONG_SIDE = 20  # pixels of the longer side of the ink in it, as in MNIST
CENTRE = 14.0  # where the centre of mass goes; MNIST's digits come back identical only at 14.0

Ink = NDArray[np.uint8]


def normalize(ink: Ink) -> Ink:
    """Return the glyph (28, 28) of one candidate's `ink` (H, W): 0 is paper, 255 is ink.

    The longer side of what is not paper becomes 20 px, averaged over areas when it shrinks; then
    the ink is shifted by whole pixels until its centre of mass lies at (14, 14), or as near as
    the glyph's edges allow. A crop without ink gives an empty glyph.
    """
    glyph = np.zeros((SIDE, SIDE), np.uint8)
    crop = inked(ink)
    if not crop.size:
        return glyph
    height, width = crop.shape
    scale = LONG_SIDE / max(height, width)
    if scale != 1:
        size = max(1, round(width * scale)), max(1, round(height * scale))
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        crop = np.asarray(cv2.resize(crop, size, interpolation=method), np.uint8)
        height, width = crop.shape
    left, top = _corner(crop)
    glyph[top : top + height, left : left + width] = crop
    return glyph


def inked(ink: Ink) -> Ink:
    """Return what of `ink` (H, W) is within the bounds of its ink; (0, 0) where there is none."""
    left, top, width, height = cv2.boundingRect(ink)
    return ink[top : top + height, left : left + width]


def _corner(crop: Ink) -> tuple[int, int]:
    """Return where the (left, top) of a fitted crop goes, so that its mass is centred."""
    height, width = crop.shape
    moments = cv2.moments(crop)
    if not moments["m00"]:
        return (SIDE - width) // 2, (SIDE - height) // 2
    x, y = moments["m10"] / moments["m00"], moments["m01"] / moments["m00"]
    return (
        min(max(round(CENTRE - x), 0), SIDE - width),
        min(max(round(CENTRE - y), 0), SIDE - height),
    )
