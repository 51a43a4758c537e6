"""What a number may be written on and with: kinds of paper and pen, each at three strengths.

A kind takes a drawing whose digits stand about `HEIGHT` pixels tall and gives the picture that somebody might
save of it. Everything is drawn from a random generator, so the same seed gives the same pictures everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.drawing import Drawing
from recognizer.render import Sheet, render_drawing

HEIGHT = 90.0  # pixels that the digits of a drawing stand tall
STRENGTHS = ("mild", "moderate", "strong")

Random: TypeAlias = np.random.Generator
Field: TypeAlias = NDArray[np.float32]  # (H, W), or (H, W, 3) in BGR order: ink 0 to 1, or light 0 to 255
_MARGIN = 0.45  # heights of paper around the ink


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture to save: uint8 or uint16, (H, W), (H, W, 3) or (H, W, 4) in BGR order; `quality` is that of a JPEG."""

    image: NDArray[np.uint8] | NDArray[np.uint16]
    quality: int | None = None

    def encoded(self) -> bytes:
        """Return the picture as a file: PNG, or JPEG where a quality is given."""
        if self.quality is None:
            return cv2.imencode(".png", self.image, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()
        return cv2.imencode(".jpg", self.image, [cv2.IMWRITE_JPEG_QUALITY, self.quality])[1].tobytes()


Kind: TypeAlias = Callable[[Drawing, int, Random], Picture]  # the number is that of the strength in STRENGTHS


def ink_of(drawing: Drawing, scale: float = 1.0, thicker: float = 1.0) -> Field:
    """Return the ink (H, W), 0 to 1, of `drawing` enlarged by `scale`, its pen `thicker` times as wide."""
    points = np.concatenate([np.asarray(s.points) for s in drawing.strokes])
    low, high = points.min(0) - _MARGIN * HEIGHT, points.max(0) + _MARGIN * HEIGHT
    columns, rows = np.ceil((high - low) * scale).astype(int).tolist()
    drawn = Drawing(tuple(replace(s, width=(s.width or 7.0) * thicker) for s in drawing.strokes))
    page = render_drawing(drawn, Sheet((float(low[0]), float(low[1])), scale, columns, rows))
    return np.asarray(1 - page.astype(np.float32) / 255, np.float32)


def white(rng: Random) -> float:
    """Return the light of some white paper."""
    return float(rng.uniform(215, 250))


def on_paper(ink: Field | cv2.typing.MatLike, rng: Random) -> Field:
    """Return the light of `ink` on white paper: neither of them quite black or white."""
    paper, black = white(rng), rng.uniform(10, 60)
    return np.asarray(paper - (paper - black) * ink, np.float32)


def saved(light: Field | NDArray[np.float64]) -> Picture:
    """Return the picture (H, W) or (H, W, 3), 8 bits deep, of `light`."""
    return Picture(np.clip(np.rint(light), 0, 255).astype(np.uint8))


def clean(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Black on white, as it was drawn."""
    return saved(255 * (1 - ink_of(drawing)))


# Paper ----------------------------------------------------------------------------------------------------------------


def coloured_paper(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Tinted paper and coloured ink: paper from pastel to as dark as wrapping paper, the ink black, blue or red."""
    ink = ink_of(drawing)[..., None]
    light, saturation = ((245, 0.2), (225, 0.45), (170, 0.6))[strength]
    paper = _hued(float(rng.uniform(0, 180)), saturation, light)
    pen = np.array([(25, 20, 20), (150, 50, 25), (40, 30, 150)][int(rng.integers(3))], np.float32)
    return saved(paper * (1 - ink) + np.minimum(pen, paper) * ink + rng.normal(0, 2, (*ink.shape[:2], 1)))


def patterned_paper(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Waves, dots or weave of security paper and napkins, 12, 25 or 40 % as strong as the ink."""
    ink = ink_of(drawing)
    y, x = np.mgrid[0 : ink.shape[0], 0 : ink.shape[1]].astype(np.float32)
    pitch, phase = rng.uniform(8, 26), rng.uniform(0, 6.28, 3)
    if (form := int(rng.integers(3))) == 0:
        pattern = np.sin((y + 6 * np.sin(x / (2.3 * pitch) + phase[0])) * 6.28 / pitch) > 0.6
    elif form == 1:
        pattern = np.sin(x * 6.28 / pitch + phase[1]) * np.sin(y * 6.28 / pitch + phase[2]) > 0.55
    else:
        pattern = (np.sin((x + y) * 6.28 / pitch) > 0.75) | (np.sin((x - y) * 6.28 / pitch) > 0.75)
    lines = cv2.GaussianBlur(pattern.astype(np.float32), (0, 0), 0.8)
    return saved(238 - 200 * np.maximum(ink, (0.12, 0.25, 0.4)[strength] * lines) + rng.normal(0, 2, ink.shape))


def ruled(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Lined paper, the writing on or across the lines; lines 30, 55 or 100 % as strong as the ink, 2, 3 or 4 px.

    Lines lie askew by up to 0, 0.7 or 2 degrees, on this paper and on the next two.
    """
    ink = ink_of(drawing)
    pitch = rng.uniform(1.1, 1.7) * HEIGHT
    return saved(_ruled(ink, strength, rng, pitch, None))


def squared(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Squared paper, half to four fifths of a digit a square; lines 25, 40 or 60 % as strong as the ink, 2 px."""
    ink = ink_of(drawing)
    pitch = rng.uniform(0.5, 0.8) * HEIGHT
    return saved(_ruled(ink, strength, rng, pitch, pitch))


def boxed(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Field of a form: a frame as dark as the ink, 2, 3 or 4 px, at 0.3, 0.15 or 0.04 heights from the writing.

    Half of the frames have a line between every two symbols that do not overlap.
    """
    ink = ink_of(drawing)
    away, width = (0.3, 0.15, 0.04)[strength] * HEIGHT, strength + 2
    columns, rows = (np.flatnonzero((ink > 0.3).any(axis)) for axis in (0, 1))
    left, right, top, bottom = (round(v) for v in (*_around(columns, away + width), *_around(rows, away + width)))
    frame = np.zeros(ink.shape, np.float32)
    cv2.rectangle(frame, (left, top), (right, bottom), 1.0, width)
    if rng.random() < 0.5:
        for before in np.flatnonzero(np.diff(columns) > width + 4):
            x = int(columns[before] + columns[before + 1]) // 2
            cv2.line(frame, (x, top), (x, bottom), 1.0, width)
    frame = _askew(frame, strength, rng)
    return saved(on_paper(np.maximum(ink, 0.9 * frame), rng) + rng.normal(0, 2, ink.shape))


# Pen ------------------------------------------------------------------------------------------------------------------


def pencil(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Graphite, 120, 85 or 50 levels darker than the paper; the paper's tooth leaves holes in the strokes."""
    ink = ink_of(drawing, thicker=0.8)
    tooth = cv2.GaussianBlur(rng.normal(0, 1, ink.shape).astype(np.float32), (0, 0), 1.1) * 2.7
    held = np.clip(1 - (0.18, 0.3, 0.42)[strength] * (1 + tooth), 0, 1)
    return saved(white(rng) - (120, 85, 50)[strength] * ink * held + rng.normal(0, 2, ink.shape))


def ballpoint(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Thin blue line, 4, 3 or 2.2 px at 90 px, pressed unevenly and skipping in places."""
    width = (4.0, 3.0, 2.2)[strength]
    fine = cv2.resize(ink_of(_with_pen(drawing, width), 2.0), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    uneven = np.asarray(rng.normal(0, 1, fine.shape), np.float32)
    pressure = 22 * cv2.GaussianBlur(uneven, (0, 0), 9)
    pressed = np.clip(1 - (0.1, 0.25, 0.4)[strength] * (1 + pressure), (0.6, 0.35, 0.1)[strength], 1)
    ink = np.asarray(fine * pressed, np.float32)[..., None]
    blue = np.array((150, 60, 40), np.float32)
    return saved(white(rng) * (1 - ink) + blue * ink + rng.normal(0, 2, ink.shape))


def marker(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Felt tip of 10, 13 or 17 px at 90 px whose ink runs a little into the paper."""
    ink = ink_of(_with_pen(drawing, (10.0, 13.0, 17.0)[strength]))
    fibres = cv2.GaussianBlur(rng.normal(0, 1, ink.shape).astype(np.float32), (0, 0), 1.5) * 0.8
    run = np.clip((cv2.GaussianBlur(ink, (0, 0), 1.5) + (0.04, 0.08, 0.12)[strength] * fibres - 0.3) * 2.5, 0, 1)
    return saved(white(rng) - 190 * run + rng.normal(0, 2, ink.shape))


def light_on_dark(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """White on black; chalk on a board; chalk on a board that was wiped badly."""
    ink = ink_of(drawing)
    if strength == 0:
        return saved(255 * ink)
    smears = cv2.GaussianBlur(rng.normal(0, 1, ink.shape).astype(np.float32), (0, 0), sigmaX=40, sigmaY=8) * 60
    dust = cv2.GaussianBlur(rng.normal(0, 1, ink.shape).astype(np.float32), (0, 0), 1.1) * 2.7
    board = 45 + (4, 14)[strength - 1] * smears
    chalk = (0.85, 0.7)[strength - 1] * ink * np.clip(0.9 + (0.15, 0.25)[strength - 1] * dust, 0, 1)
    return saved(board + (230 - board) * chalk + rng.normal(0, 4, ink.shape))


def _with_pen(drawing: Drawing, width: float) -> Drawing:
    return Drawing(tuple(replace(s, width=width) for s in drawing.strokes))


def _hued(hue: float, saturation: float, light: float) -> Field:
    """Return the colour (3,), BGR, of `hue` in half degrees."""
    colour = cv2.cvtColor(np.array([[[2 * hue, saturation, light / 255]]], np.float32), cv2.COLOR_HSV2BGR)
    return np.asarray(colour[0, 0] * 255, np.float32)


def _around(places: NDArray[np.int64], away: float) -> tuple[float, float]:
    return float(places[0]) - away, float(places[-1]) + away


def _askew(lines: Field, strength: int, rng: Random) -> Field:
    """Return `lines` turned about their middle by up to 0, 0.7 or 2 degrees."""
    if not (most := (0, 0.7, 2)[strength]):
        return lines
    middle = lines.shape[1] / 2, lines.shape[0] / 2
    turn = cv2.getRotationMatrix2D(middle, float(rng.uniform(-most, most)), 1.0)
    turned = cv2.warpAffine(lines, turn, lines.shape[::-1], flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.float32)


def _ruled(ink: Field, strength: int, rng: Random, level: float, upright: float | None) -> Field:
    """Return the light of `ink` on paper with level lines, so many pixels apart, and upright ones where asked."""
    lines = np.zeros(ink.shape, np.float32)
    width = 2 if upright else strength + 2
    for y in np.arange(rng.uniform(0, level), ink.shape[0], level):
        cv2.line(lines, (0, round(y)), (ink.shape[1], round(y)), 1.0, width)
    for x in np.arange(rng.uniform(0, upright), ink.shape[1], upright) if upright else ():
        cv2.line(lines, (round(x), 0), (round(x), ink.shape[0]), 1.0, width)
    share = ((0.25, 0.4, 0.6) if upright else (0.3, 0.55, 1.0))[strength]
    both = np.maximum(ink, share * _askew(lines, strength, rng))
    return np.asarray(on_paper(both, rng) + rng.normal(0, 2, ink.shape), np.float32)
