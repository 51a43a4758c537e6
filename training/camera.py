"""What light, a camera and a file do to a page of white paper, each at three strengths."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.drawing import Drawing, Stroke
from training.paper import HEIGHT, Picture, Random, ink_of, on_paper, saved

_SEAM = 8  # corners that a shadow has


# Light ----------------------------------------------------------------------------------------------------------------


def uneven_light(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Light from one side or from a lamp above: the darkest paper has 65, 40 or 22 % of the brightest's light."""
    ink = ink_of(drawing)
    rows, columns = ink.shape
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    if rng.random() < 0.5:
        angle = rng.uniform(0, 2 * np.pi)
        far = x * np.cos(angle) + y * np.sin(angle)
    else:
        far = -np.hypot(x - rng.uniform(0, columns), y - rng.uniform(0, rows))
    least = (0.65, 0.4, 0.22)[strength]
    light = least + (1 - least) * (far - far.min()) / np.ptp(far)
    return saved(on_paper(ink, rng) * light + rng.normal(0, 1.5, ink.shape))


def shadow(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Shadow of a hand or a head across the page: 75, 55 or 35 % of the light, its edge 12, 6 or 2 px soft."""
    ink = ink_of(drawing)
    rows, columns = ink.shape
    angles = np.sort(rng.uniform(0, 2 * np.pi, _SEAM))
    reach = rng.uniform(0.3, 0.9, _SEAM) * (0.4 * columns, rows)[int(rng.integers(2))]
    centre = rng.uniform(0.2, 0.8, 2) * (columns, rows)
    corners = centre + np.stack([np.cos(angles), np.sin(angles)], 1) * reach[:, None]
    shade = np.zeros(ink.shape, np.float32)
    cv2.fillPoly(shade, [np.round(corners).astype(np.int32)], 1.0)
    soft = cv2.GaussianBlur(shade, (0, 0), (12, 6, 2)[strength])
    light = 1 - (1 - (0.75, 0.55, 0.35)[strength]) * soft
    return saved(on_paper(ink, rng) * light + rng.normal(0, 1.5, ink.shape))


def low_contrast(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Washed-out copy: ink 110, 55 or 28 gray levels darker than the paper, and a grain of 1.2 levels."""
    ink = ink_of(drawing)
    paper = rng.uniform(150, 245)
    return saved(paper - (110, 55, 28)[strength] * ink + rng.normal(0, 1.2, ink.shape))


# Camera ---------------------------------------------------------------------------------------------------------------


def blur(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Out of focus by a Gaussian of 2, 3.5 or 5.5 px at 90 px, or shaken over 5, 10 or 16 px."""
    ink = ink_of(drawing)
    if rng.random() < 0.5:
        return saved(on_paper(cv2.GaussianBlur(ink, (0, 0), (2, 3.5, 5.5)[strength]), rng))
    reach, angle = (5, 10, 16)[strength], rng.uniform(0, np.pi)
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    end = np.round(reach + reach / 2 * np.array([np.cos(angle), np.sin(angle)])).astype(int)
    start = 2 * reach - end
    cv2.line(kernel, (int(start[0]), int(start[1])), (int(end[0]), int(end[1])), 1.0)
    return saved(on_paper(cv2.filter2D(ink, -1, kernel / kernel.sum()), rng))


def noise(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Grain of a camera in bad light, of 10, 22 or 40 gray levels, in the strong case with dead pixels besides."""
    ink = ink_of(drawing)
    page = on_paper(ink, rng) + rng.normal(0, (10, 22, 40)[strength], ink.shape)
    if strength == 2:
        dead = rng.random(ink.shape)
        page = np.where(dead < 0.01, 0, np.where(dead > 0.99, 255, page))
    return saved(page)


def rotation(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Page turned by 3, 8 or 15 degrees to either side."""
    angle = np.radians((3, 8, 15)[strength]) * rng.choice([-1, 1])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return saved(on_paper(ink_of(_mapped(drawing, turn)), rng))


def slant(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Leaning more by 0.2, 0.4 or 0.6 of its height, to the right, or half as much to the left."""
    lean = (0.2, 0.4, 0.6)[strength] * rng.choice([1.0, -0.5])
    return saved(on_paper(ink_of(_mapped(drawing, np.array([[1.0, -lean], [0.0, 1.0]]))), rng))


def perspective(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Seen from aside: each corner of the page moved inwards by up to 4, 9 or 15 % of its sides."""
    ink = ink_of(drawing)
    rows, columns = ink.shape
    corners = np.array([(0, 0), (columns, 0), (columns, rows), (0, rows)], np.float32)
    inward = np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)]) * (columns, rows)
    moved = (corners + inward * rng.uniform(0, (0.04, 0.09, 0.15)[strength], (4, 2))).astype(np.float32)
    seen = cv2.warpPerspective(ink, cv2.getPerspectiveTransform(corners, moved), (columns, rows), flags=cv2.INTER_AREA)
    return saved(on_paper(seen, rng) + rng.normal(0, 2, ink.shape))


def _mapped(drawing: Drawing, linear: NDArray[np.float64]) -> Drawing:
    """Return `drawing` with every point mapped by `linear` (2, 2)."""
    strokes = [Stroke(tuple(map(tuple, (np.asarray(s.points) @ linear.T).tolist())), s.width) for s in drawing.strokes]
    return Drawing(tuple(strokes))


# File -----------------------------------------------------------------------------------------------------------------


def jpeg(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Compressed with a quality of 40, 15 or 6, writing 50 to 90 px tall."""
    ink = ink_of(drawing, float(rng.uniform(0.55, 1.0)))
    return replace(saved(on_paper(ink, rng) + rng.normal(0, 2, ink.shape)), quality=(40, 15, 6)[strength])


def small(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Digits 45, 30 or 16 px tall, averaged as a scanner does."""
    ink = cv2.resize(
        ink_of(drawing), None, fx=(f := (45, 30, 16)[strength] / HEIGHT), fy=f, interpolation=cv2.INTER_AREA
    )
    return saved(on_paper(ink, rng))


def large(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Digits 300, 1000 or 3000 px tall, or as tall as fits on 90 megapixels; soft and grainy as sensors have it."""
    scale = (300, 1000, 3000)[strength] / HEIGHT
    rows, columns = ink_of(drawing).shape
    ink = cv2.GaussianBlur(ink_of(drawing, min(scale, (90e6 / rows / columns) ** 0.5)), (0, 0), 2.0)
    return saved(on_paper(ink, rng) + 4 * rng.standard_normal(ink.shape, np.float32))


def transparency(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Ink on nothing: black or white; of any colour; of any colour and half clear itself."""
    ink = ink_of(drawing)
    colour = np.full(3, 255.0 * rng.integers(2)) if strength == 0 else rng.uniform(0, 255, 3)
    alpha = 255 * ink * (1.0, 1.0, 0.5)[strength]
    image = np.dstack([np.broadcast_to(colour, (*ink.shape, 3)), alpha])
    return Picture(np.rint(image).astype(np.uint8))


def sixteen_bit(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """16 bits a pixel: all in use; 12 of them; all, the page in a sixteenth of their range."""
    page = np.clip(on_paper(ink_of(drawing), rng), 0, 255) * 257
    deep = (page, page / 16, 30_000 + page / 16)[strength]
    return Picture(np.rint(np.clip(deep + rng.normal(0, 8, page.shape), 0, 65_535)).astype(np.uint16))
