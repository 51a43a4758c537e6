"""A pen that writes by itself: a stroke font of digits and marks, and hands that write it as people do.

Everything is made from a seed, so a sample is the same wherever and whenever it is made.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognizer.drawing import Drawing, Stroke

# Variants of each symbol, drawn by hand on squared paper: x to the right, y from 0 (top) to 1 (baseline). Strokes are
# parted by ";", corners where the pen turns without lifting by "/"; between corners the pen runs smoothly.
FONT: dict[str, tuple[str, ...]] = {
    "0": (
        ".36,.0 .14,.12 .03,.45 .08,.82 .27,1 .48,.86 .56,.5 .5,.15 .33,.01",
        ".42,.05 .2,.03 .03,.3 .04,.72 .24,.98 .46,.9 .55,.55 .5,.2 .36,.03",
    ),
    "1": (".1,.0 .08,.5 .07,1", "-.08,.24 .04,.14 .14,.0 / .13,.5 .12,1", ".16,.0 .1,.5 .04,1"),
    "2": (
        ".03,.24 .14,.05 .36,.0 .52,.18 .42,.48 .2,.77 .0,.99 / .3,.97 .6,.98",
        ".02,.2 .22,.0 .47,.1 .48,.36 .3,.66 .05,.93 .03,1.0 .14,.93 .3,.93 .45,1.0 .62,.96",
    ),
    "3": (
        ".04,.12 .22,.0 .46,.1 .44,.32 .2,.46 / .42,.52 .54,.74 .36,.97 .1,.98 .0,.9",
        ".02,.04 .26,.0 .5,.02 / .24,.4 / .46,.48 .54,.72 .38,.96 .12,.99 .0,.9",
    ),
    "4": (
        ".14,.0 .08,.3 .02,.6 / .3,.6 .6,.57 ; .43,.22 .4,.6 .38,1",
        ".44,.0 .2,.36 .0,.66 / .3,.65 .62,.63 ; .44,.02 .43,.5 .41,1",
    ),
    "5": (
        ".12,.02 .07,.44 / .25,.37 .48,.5 .52,.74 .34,.97 .1,1 .0,.93 ; .12,.03 .3,.02 .56,.0",
        ".54,.0 .3,.03 .13,.03 / .08,.43 / .28,.37 .5,.52 .5,.8 .28,1 .0,.93",
    ),
    "6": (
        ".42,.0 .2,.2 .06,.52 .05,.84 .22,1 .42,.92 .48,.72 .36,.55 .18,.58 .06,.76",
        ".3,.0 .12,.24 .02,.6 .08,.92 .28,1 .46,.86 .44,.64 .26,.55 .1,.64 .04,.78",
    ),
    "7": (
        ".0,.06 .26,.05 .56,.02 / .42,.28 .28,.62 .2,1",
        ".0,.04 .28,.05 .56,.03 / .38,.4 .24,1 ; .1,.52 .3,.5 .5,.47",
        ".0,.16 .03,.03 / .3,.05 .54,.02 / .36,.4 .22,1",
    ),
    "8": (
        ".44,.14 .3,.0 .1,.1 .12,.3 .3,.48 .46,.68 .44,.92 .24,1 .05,.88 .08,.66 .28,.48 .44,.3 .45,.12",
        ".28,.47 .1,.34 .1,.12 .28,.0 .44,.12 .42,.34 .26,.47 .06,.68 .08,.92 .26,1 .45,.9 .46,.66 .26,.47",
    ),
    "9": (
        ".48,.14 .3,.0 .08,.12 .04,.34 .18,.48 .38,.4 .5,.14 / .48,.5 .42,1",
        ".5,.16 .34,.01 .1,.08 .03,.3 .16,.47 .38,.4 .5,.18 / .5,.55 .42,.88 .24,1 .08,.96",
    ),
    "-": (".0,.56 .16,.55 .34,.54",),
    ".": (".03,.98",),
    ",": (".08,.93 .08,1.04 .0,1.16",),
    ":": (".04,.42 ; .03,.9",),
    "/": (".4,-.06 .2,.5 .0,1.08",),
    "(": (".2,-.1 .06,.2 .03,.6 .1,.95 .2,1.12",),
    ")": (".0,-.1 .14,.2 .17,.6 .1,.95 .0,1.12",),
    "+": (".0,.56 .25,.55 .5,.54 ; .25,.3 .25,.55 .24,.82",),
    "=": (".0,.45 .25,.44 .5,.45 ; .0,.68 .26,.67 .5,.66",),
    "#": (".2,.05 .1,.98 ; .45,.05 .35,.98 ; .0,.36 .3,.34 .58,.33 ; -.03,.68 .28,.66 .55,.65",),
    "$": (".46,.16 .3,.06 .1,.14 .1,.36 .28,.48 .46,.62 .44,.86 .24,.95 .04,.84 ; .28,-.1 .26,.5 .24,1.1",),
    "%": (
        ".14,.04 .03,.12 .03,.26 .14,.34 .25,.26 .25,.12 .15,.04 ; .58,.0 .3,.5 .04,1 ; "
        ".5,.64 .4,.72 .4,.88 .5,.97 .61,.88 .6,.72 .51,.64",
    ),
}
_SPACE = 0.55  # width of a blank, in heights of a digit
_DENSE = 24  # places computed on each piece of a curve before the pen's speed chooses among them


@dataclass(frozen=True)
class Hand:
    """How someone writes: a digit's `height` and the pen's `width` in pixels, angles in radians, `gap` in heights."""

    seed: int
    height: float = 90.0
    width: float = 7.0
    slant: float = 0.12
    rise: float = 0.0
    gap: float = 0.24
    unevenness: float = 1.0


def write(text: str, hand: Hand) -> Drawing:
    """Return `text`, lines parted by line feeds, as `hand` writes it on a page with a margin of half a digit's height.

    Coordinates are rounded to tenths of a pixel, as a tablet gives them.
    """
    rng = np.random.default_rng(hand.seed)
    strokes: list[NDArray[np.float64]] = []
    for number, line in enumerate(text.split("\n")):
        strokes += [stroke + np.array([0.0, 1.75 * number]) for stroke in _line(line, hand, rng)]
    points = np.concatenate(strokes)
    low = points.min(0) - 0.5
    placed = [np.round((stroke - low) * hand.height, 1) for stroke in strokes]
    high = np.ceil((points.max(0) + 0.5 - low) * hand.height)
    return Drawing(
        tuple(Stroke(tuple(map(tuple, s.tolist())), hand.width) for s in placed), (int(high[0]), int(high[1]))
    )


def _line(text: str, hand: Hand, rng: np.random.Generator) -> list[NDArray[np.float64]]:
    """Return the strokes of one line whose first digit begins at x = 0 and stands on y = 1."""
    strokes: list[NDArray[np.float64]] = []
    x, drift, phase = 0.0, 0.03 * hand.unevenness, rng.uniform(0, 6.28)
    for symbol in text:
        if symbol == " ":
            x += _SPACE
            continue
        glyph = _glyph(symbol, hand, rng)
        left = min(float(stroke[:, 0].min()) for stroke in glyph)
        right = max(float(stroke[:, 0].max()) for stroke in glyph)
        shift = np.array([x - left, drift * np.sin(1.3 * x + phase) + 0.015 * hand.unevenness * rng.normal()])
        strokes += [stroke + shift for stroke in glyph]
        x += right - left + hand.gap * (1 + 0.15 * hand.unevenness * rng.normal())
    turn = np.array([[np.cos(hand.rise), -np.sin(hand.rise)], [np.sin(hand.rise), np.cos(hand.rise)]])
    return [stroke @ turn for stroke in strokes]


def _glyph(symbol: str, hand: Hand, rng: np.random.Generator) -> list[NDArray[np.float64]]:
    """Return the strokes of one symbol, a variant of it chosen and every stroke a little different each time."""
    variant = FONT[symbol][rng.integers(len(FONT[symbol]))]
    wide, tall = 1 + 0.07 * hand.unevenness * rng.normal(size=2)
    slant = hand.slant + 0.03 * hand.unevenness * rng.normal()
    strokes = []
    for part in variant.split(";"):
        runs = [_points(run) for run in part.split("/")]
        runs = [run + 0.012 * hand.unevenness * rng.normal(size=run.shape) for run in runs]
        curve = _pen_path(runs, hand, rng) * (wide, tall)
        curve[:, 1] += 1 - tall  # digits of any height stand on the baseline
        curve[:, 0] += slant * (1 - curve[:, 1])
        strokes.append(curve)
    return strokes


def _points(run: str) -> NDArray[np.float64]:
    return np.array([[float(number) for number in point.split(",")] for point in run.split()])


def _pen_path(runs: list[NDArray[np.float64]], hand: Hand, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the points of one stroke as a tablet sees it, equally far apart in time.

    A pen slows down where it turns: its speed goes with the curvature to the power of -1/3
    (F. Lacquaniti, C. Terzuolo and P. Viviani, "The law relating the kinematic and figural aspects
    of drawing movements", 1983). Its inertia rounds corners, and no hand is quite still.
    """
    if len(runs) == 1 and len(runs[0]) == 1:
        return runs[0]
    ends = [runs[0][0], *(run[-1] for run in runs)]
    curves = [_spline(run if number == 0 else np.vstack([ends[number], run])) for number, run in enumerate(runs)]
    path = np.vstack([curves[0], *(curve[1:] for curve in curves[1:])])
    step = np.linalg.norm(np.diff(path, axis=0), axis=1)
    keep = np.concatenate([[True], step > 1e-9])
    path, step = path[keep], step[step > 1e-9]
    heading = np.unwrap(np.arctan2(*np.diff(path, axis=0).T[::-1]))
    curvature = np.abs(np.diff(heading, append=heading[-1])) / step
    time = np.concatenate([[0.0], np.cumsum(step * np.cbrt(np.minimum(curvature, 40) + 1.0))])
    count = max(6, round(time[-1] * 14))
    at = np.linspace(0, time[-1], count)
    path = np.column_stack([np.interp(at, time, path[:, axis]) for axis in (0, 1)])
    return _smooth(path, 0.6) + 0.012 * hand.unevenness * _smooth(rng.normal(size=path.shape), 2.0)


def _spline(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a smooth curve through `points`: E. Catmull and R. Rom's cubic (1974), its ends continued straight."""
    if len(points) == 2:
        return np.linspace(points[0], points[1], _DENSE)
    around = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    at = np.linspace(0, 1, _DENSE, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(around, around[1:], around[2:], around[3:], strict=False):
        pieces.append(b + 0.5 * at * (c - a + at * (2 * a - 5 * b + 4 * c - d + at * (3 * (b - c) + d - a))))
    return np.vstack([*pieces, points[-1]])


def _smooth(path: NDArray[np.float64], spread: float) -> NDArray[np.float64]:
    """Return `path` averaged over neighbours by a Gaussian of `spread` points, its ends continued."""
    reach = int(3 * spread) + 1
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / spread) ** 2)
    padded = np.pad(path, ((reach, reach), (0, 0)), mode="edge")
    return np.column_stack([np.convolve(padded[:, axis], weights / weights.sum(), "valid") for axis in (0, 1)])
