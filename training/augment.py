"""Augmentation: other hands and other pens for the same ink, on traces and on glyphs."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from training.data import Trace
from training.pen import extent

Ink = NDArray[np.uint8]

_SIDE = 56  # pixels of a warped digit's page
_SPAN = 34  # MNIST pixels that it shows: more than 28, so that a stretched digit stays on it
_GRID = (np.stack(np.meshgrid(*2 * [np.arange(_SIDE)]), -1).astype(np.float32) - (_SIDE - 1) / 2) / _SIDE


def shear_rotate_scale(rng: np.random.Generator, strength: float) -> NDArray[np.float64]:
    """Return a random linear map (2, 2): slant, rotation and stretch, `strength` 1 for the usual range."""
    angle = rng.normal(0, 0.09) * strength
    slant = rng.normal(0, 0.2) * strength
    stretch = np.exp(rng.normal(0, 0.13) * strength)
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[cos, -sin], [sin, cos]])
    return np.asarray(turn @ np.array([[stretch, slant], [0, 1 / stretch]]))


def bend(traces: Sequence[Trace], rng: np.random.Generator, strength: float = 1.0) -> list[Trace]:
    """Return `traces` as another hand might have written them: mapped linearly, then waved.

    The waves are a sum of low-frequency sines over the plane, an elastic distortion (Simard,
    Steinkraus and Platt 2003) that works on points rather than on pixels.
    """
    low, high = extent(traces)
    middle, size = (low + high) / 2, max(float((high - low).max()), 1e-9)
    linear = shear_rotate_scale(rng, strength)
    frequency = rng.normal(0, 2.2, (2, 6))
    phase = rng.uniform(0, 2 * np.pi, 6)
    height = rng.normal(0, 0.022 * strength, 6)
    bent = []
    for trace in traces:
        unit = (trace - middle) / size @ linear.T
        waves = np.sin(unit @ frequency + phase) * height
        bent.append(unit + waves.reshape(-1, 3, 2).sum(1))
    return bent


def warp(glyph: Ink, rng: np.random.Generator, strength: float = 1.0) -> Ink:
    """Return the ink (56, 56) of `glyph` (28, 28) after a random linear map and elastic waves.

    It is drawn larger, so that fitting it to a glyph again averages as it does for a page. Where Simard,
    Steinkraus and Platt smooth noise on every pixel by a Gaussian, as `scipy.ndimage` would, a few random
    displacements are enlarged smoothly: the waves are alike, and cost far less. Both maps are taken in one step,
    so that ink is blurred once.
    """
    linear = np.linalg.inv(shear_rotate_scale(rng, strength))
    source = _GRID @ linear.T.astype(np.float32) * _SPAN + 13.5
    waves = rng.normal(0, 0.55 * strength, (4, 4, 2)).astype(np.float32)
    source += cv2.resize(waves, (_SIDE, _SIDE), interpolation=cv2.INTER_CUBIC)
    x, y = (np.ascontiguousarray(source[..., i], np.float32) for i in (0, 1))
    return np.asarray(cv2.remap(glyph, x, y, cv2.INTER_LINEAR, borderValue=0), np.uint8)


def repen(ink: Ink, rng: np.random.Generator) -> Ink:
    """Return `ink` as a thinner or thicker pen would have left it."""
    size = int(rng.integers(2, 4))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    changed = cv2.dilate(ink, kernel) if rng.random() < 0.5 else cv2.erode(ink, kernel)
    return np.asarray(changed, np.uint8)


def weather(glyph: Ink, rng: np.random.Generator) -> Ink:
    """Return `glyph` (28, 28) as a worse page shows it: shifted, blurred, faint, noisy or in part hidden."""
    out = glyph
    if rng.random() < 0.25:
        dx, dy = (int(v) for v in rng.integers(-1, 2, 2))
        out = np.roll(out, (dy, dx), (0, 1))
    if rng.random() < 0.15:
        out = np.asarray(cv2.GaussianBlur(out, (3, 3), float(rng.uniform(0.4, 0.9))), np.uint8)
    if rng.random() < 0.2:
        out = np.clip(out * rng.uniform(0.5, 1.3), 0, 255).astype(np.uint8)
    if rng.random() < 0.05:
        out = np.clip(out + rng.normal(0, rng.uniform(4, 16), out.shape), 0, 255).astype(np.uint8)
    if rng.random() < 0.05:
        out = out.copy()
        x, y = (int(v) for v in rng.integers(2, 22, 2))
        out[y : y + int(rng.integers(2, 5)), x : x + int(rng.integers(2, 5))] = 0
    return out
