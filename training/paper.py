"""What paper, pen, light and camera do to a page: kinds of distortion, each at three strengths.

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

from recognizer.drawing import Drawing, Stroke
from recognizer.render import Sheet, render_drawing

HEIGHT = 90.0  # pixels that the digits of a drawing stand tall
STRENGTHS = ("mild", "moderate", "strong")

Random: TypeAlias = np.random.Generator
Field: TypeAlias = NDArray[np.float32]  # (H, W), or (H, W, 3) in BGR order: ink 0 to 1, or light 0 to 255
_MARGIN = 0.45  # heights of paper around the ink
_SEAM = 8  # corners that a shadow has


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


def ink_of(drawing: Drawing, scale: float = 1.0, thicker: float = 1.0, margin: float = _MARGIN) -> Field:
    """Return the ink (H, W), 0 to 1, of `drawing` enlarged by `scale`, its pen `thicker` times as wide."""
    points = np.concatenate([np.asarray(s.points) for s in drawing.strokes])
    low, high = points.min(0) - margin * HEIGHT, points.max(0) + margin * HEIGHT
    columns, rows = np.ceil((high - low) * scale).astype(int).tolist()
    drawn = Drawing(tuple(replace(s, width=(s.width or 7.0) * thicker) for s in drawing.strokes))
    page = render_drawing(drawn, Sheet((float(low[0]), float(low[1])), scale, columns, rows))
    return np.asarray(1 - page.astype(np.float32) / 255, np.float32)


def mapped(drawing: Drawing, linear: NDArray[np.float64]) -> Drawing:
    """Return `drawing` with every point mapped by `linear` (2, 2)."""
    strokes = [Stroke(tuple(map(tuple, (np.asarray(s.points) @ linear.T).tolist())), s.width) for s in drawing.strokes]
    return Drawing(tuple(strokes))


def clean(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Black on white, as it was drawn."""
    return _saved(255 * (1 - ink_of(drawing)))


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
    return _saved(_on_paper(ink, rng) * light + rng.normal(0, 1.5, ink.shape))


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
    return _saved(_on_paper(ink, rng) * light + rng.normal(0, 1.5, ink.shape))


def low_contrast(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Washed-out copy: ink 110, 55 or 28 gray levels darker than the paper, and a grain of 1.2 levels."""
    ink = ink_of(drawing)
    paper = rng.uniform(150, 245)
    return _saved(paper - (110, 55, 28)[strength] * ink + rng.normal(0, 1.2, ink.shape))


# Paper ----------------------------------------------------------------------------------------------------------------


def coloured_paper(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Tinted paper and coloured ink: paper from pastel to as dark as wrapping paper, the ink black, blue or red."""
    ink = ink_of(drawing)[..., None]
    light, saturation = ((245, 0.2), (225, 0.45), (170, 0.6))[strength]
    paper = _hued(float(rng.uniform(0, 180)), saturation, light)
    pen = np.array([(25, 20, 20), (150, 50, 25), (40, 30, 150)][int(rng.integers(3))], np.float32)
    return _saved(paper * (1 - ink) + np.minimum(pen, paper) * ink + rng.normal(0, 2, (*ink.shape[:2], 1)))


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
    return _saved(238 - 200 * np.maximum(ink, (0.12, 0.25, 0.4)[strength] * lines) + rng.normal(0, 2, ink.shape))


def ruled(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Lined paper, the writing on or across the lines; lines 30, 55 or 100 % as strong as the ink, 2, 3 or 4 px.

    Lines lie askew by up to 0, 0.7 or 2 degrees, on this paper and on the next two.
    """
    ink = ink_of(drawing)
    pitch = rng.uniform(1.1, 1.7) * HEIGHT
    return _saved(_ruled(ink, strength, rng, pitch, None))


def squared(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Squared paper, half to four fifths of a digit a square; lines 25, 40 or 60 % as strong as the ink, 2 px."""
    ink = ink_of(drawing)
    pitch = rng.uniform(0.5, 0.8) * HEIGHT
    return _saved(_ruled(ink, strength, rng, pitch, pitch))


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
    return _saved(_on_paper(np.maximum(ink, 0.9 * frame), rng) + rng.normal(0, 2, ink.shape))


# Pen ------------------------------------------------------------------------------------------------------------------


def pencil(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Graphite, 120, 85 or 50 levels darker than the paper; the paper's tooth leaves holes in the strokes."""
    ink = ink_of(drawing, thicker=0.8)
    tooth = cv2.GaussianBlur(rng.normal(0, 1, ink.shape).astype(np.float32), (0, 0), 1.1) * 2.7
    held = np.clip(1 - (0.18, 0.3, 0.42)[strength] * (1 + tooth), 0, 1)
    return _saved(_paper(rng) - (120, 85, 50)[strength] * ink * held + rng.normal(0, 2, ink.shape))


def ballpoint(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Thin blue line, 4, 3 or 2.2 px at 90 px, pressed unevenly and skipping in places."""
    width = (4.0, 3.0, 2.2)[strength]
    fine = cv2.resize(ink_of(_with_pen(drawing, width), 2.0), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    uneven = np.asarray(rng.normal(0, 1, fine.shape), np.float32)
    pressure = 22 * cv2.GaussianBlur(uneven, (0, 0), 9)
    pressed = np.clip(1 - (0.1, 0.25, 0.4)[strength] * (1 + pressure), (0.6, 0.35, 0.1)[strength], 1)
    ink = np.asarray(fine * pressed, np.float32)[..., None]
    blue = np.array((150, 60, 40), np.float32)
    return _saved(_paper(rng) * (1 - ink) + blue * ink + rng.normal(0, 2, ink.shape))


def marker(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Felt tip of 10, 13 or 17 px at 90 px whose ink runs a little into the paper."""
    ink = ink_of(_with_pen(drawing, (10.0, 13.0, 17.0)[strength]))
    fibres = cv2.GaussianBlur(rng.normal(0, 1, ink.shape).astype(np.float32), (0, 0), 1.5) * 0.8
    run = np.clip((cv2.GaussianBlur(ink, (0, 0), 1.5) + (0.04, 0.08, 0.12)[strength] * fibres - 0.3) * 2.5, 0, 1)
    return _saved(_paper(rng) - 190 * run + rng.normal(0, 2, ink.shape))


# Camera and file ------------------------------------------------------------------------------------------------------


def blur(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Out of focus by a Gaussian of 2, 3.5 or 5.5 px at 90 px, or shaken over 5, 10 or 16 px."""
    ink = ink_of(drawing)
    if rng.random() < 0.5:
        return _saved(_on_paper(cv2.GaussianBlur(ink, (0, 0), (2, 3.5, 5.5)[strength]), rng))
    reach, angle = (5, 10, 16)[strength], rng.uniform(0, np.pi)
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    end = np.round(reach + reach / 2 * np.array([np.cos(angle), np.sin(angle)])).astype(int)
    start = 2 * reach - end
    cv2.line(kernel, (int(start[0]), int(start[1])), (int(end[0]), int(end[1])), 1.0)
    return _saved(_on_paper(cv2.filter2D(ink, -1, kernel / kernel.sum()), rng))


def noise(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Grain of a camera in bad light, of 10, 22 or 40 gray levels, in the strong case with dead pixels besides."""
    ink = ink_of(drawing)
    page = _on_paper(ink, rng) + rng.normal(0, (10, 22, 40)[strength], ink.shape)
    if strength == 2:
        dead = rng.random(ink.shape)
        page = np.where(dead < 0.01, 0, np.where(dead > 0.99, 255, page))
    return _saved(page)


def jpeg(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Compressed with a quality of 40, 15 or 6, writing 50 to 90 px tall."""
    ink = ink_of(drawing, float(rng.uniform(0.55, 1.0)))
    return replace(_saved(_on_paper(ink, rng) + rng.normal(0, 2, ink.shape)), quality=(40, 15, 6)[strength])


def small(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Digits 45, 30 or 16 px tall, averaged as a scanner does."""
    ink = cv2.resize(
        ink_of(drawing), None, fx=(f := (45, 30, 16)[strength] / HEIGHT), fy=f, interpolation=cv2.INTER_AREA
    )
    return _saved(_on_paper(ink, rng))


def large(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Digits 300, 1000 or 3000 px tall, or as tall as fits on 90 megapixels; soft and grainy as sensors have it."""
    scale = (300, 1000, 3000)[strength] / HEIGHT
    rows, columns = ink_of(drawing).shape
    ink = cv2.GaussianBlur(ink_of(drawing, min(scale, (90e6 / rows / columns) ** 0.5)), (0, 0), 2.0)
    return _saved(_on_paper(ink, rng) + 4 * rng.standard_normal(ink.shape, np.float32))


def rotation(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Page turned by 3, 8 or 15 degrees to either side."""
    angle = np.radians((3, 8, 15)[strength]) * rng.choice([-1, 1])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return _saved(_on_paper(ink_of(mapped(drawing, turn)), rng))


def slant(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Leaning more by 0.2, 0.4 or 0.6 of its height, to the right, or half as much to the left."""
    lean = (0.2, 0.4, 0.6)[strength] * rng.choice([1.0, -0.5])
    return _saved(_on_paper(ink_of(mapped(drawing, np.array([[1.0, -lean], [0.0, 1.0]]))), rng))


def perspective(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Seen from aside: each corner of the page moved inwards by up to 4, 9 or 15 % of its sides."""
    ink = ink_of(drawing)
    rows, columns = ink.shape
    corners = np.array([(0, 0), (columns, 0), (columns, rows), (0, rows)], np.float32)
    inward = np.array([(1, 1), (-1, 1), (-1, -1), (1, -1)]) * (columns, rows)
    moved = (corners + inward * rng.uniform(0, (0.04, 0.09, 0.15)[strength], (4, 2))).astype(np.float32)
    seen = cv2.warpPerspective(ink, cv2.getPerspectiveTransform(corners, moved), (columns, rows), flags=cv2.INTER_AREA)
    return _saved(_on_paper(seen, rng) + rng.normal(0, 2, ink.shape))


def light_on_dark(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """White on black; chalk on a board; chalk on a board that was wiped badly."""
    ink = ink_of(drawing)
    if strength == 0:
        return _saved(255 * ink)
    smears = cv2.GaussianBlur(rng.normal(0, 1, ink.shape).astype(np.float32), (0, 0), sigmaX=40, sigmaY=8) * 60
    dust = cv2.GaussianBlur(rng.normal(0, 1, ink.shape).astype(np.float32), (0, 0), 1.1) * 2.7
    board = 45 + (4, 14)[strength - 1] * smears
    chalk = (0.85, 0.7)[strength - 1] * ink * np.clip(0.9 + (0.15, 0.25)[strength - 1] * dust, 0, 1)
    return _saved(board + (230 - board) * chalk + rng.normal(0, 4, ink.shape))


def transparency(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """Ink on nothing: black or white; of any colour; of any colour and half clear itself."""
    ink = ink_of(drawing)
    colour = np.full(3, 255.0 * rng.integers(2)) if strength == 0 else rng.uniform(0, 255, 3)
    alpha = 255 * ink * (1.0, 1.0, 0.5)[strength]
    image = np.dstack([np.broadcast_to(colour, (*ink.shape, 3)), alpha])
    return Picture(np.rint(image).astype(np.uint8))


def sixteen_bit(drawing: Drawing, strength: int, rng: Random) -> Picture:
    """16 bits a pixel: all in use; 12 of them; all, the page in a sixteenth of their range."""
    page = np.clip(_on_paper(ink_of(drawing), rng), 0, 255) * 257
    deep = (page, page / 16, 30_000 + page / 16)[strength]
    return Picture(np.rint(np.clip(deep + rng.normal(0, 8, page.shape), 0, 65_535)).astype(np.uint16))


KINDS: dict[str, Kind] = {
    "clean": clean,
    "uneven light": uneven_light,
    "shadow": shadow,
    "low contrast": low_contrast,
    "coloured paper": coloured_paper,
    "patterned paper": patterned_paper,
    "ruled": ruled,
    "squared": squared,
    "boxed": boxed,
    "pencil": pencil,
    "ballpoint": ballpoint,
    "marker": marker,
    "blur": blur,
    "noise": noise,
    "JPEG": jpeg,
    "small": small,
    "large": large,
    "rotation": rotation,
    "slant": slant,
    "perspective": perspective,
    "light on dark": light_on_dark,
    "transparency": transparency,
    "16 bit": sixteen_bit,
}
"""Every kind by its name; "clean", which does nothing at any strength, to compare with."""


def _with_pen(drawing: Drawing, width: float) -> Drawing:
    return Drawing(tuple(replace(s, width=width) for s in drawing.strokes))


def _hued(hue: float, saturation: float, light: float) -> Field:
    """Return the colour (3,), BGR, of `hue` in half degrees."""
    colour = cv2.cvtColor(np.array([[[2 * hue, saturation, light / 255]]], np.float32), cv2.COLOR_HSV2BGR)
    return np.asarray(colour[0, 0] * 255, np.float32)


def _paper(rng: Random) -> float:
    return float(rng.uniform(215, 250))


def _on_paper(ink: Field | cv2.typing.MatLike, rng: Random) -> Field:
    """Return the light of `ink` on white paper: neither of them quite black or white."""
    paper, black = _paper(rng), rng.uniform(10, 60)
    return np.asarray(paper - (paper - black) * ink, np.float32)


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
    return np.asarray(_on_paper(both, rng) + rng.normal(0, 2, ink.shape), np.float32)


def _saved(light: Field | NDArray[np.float64]) -> Picture:
    return Picture(np.clip(np.rint(light), 0, 255).astype(np.uint8))
