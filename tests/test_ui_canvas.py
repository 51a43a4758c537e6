"""Ink: smooth, without gaps, and gone without a trace."""

from __future__ import annotations

import numpy as np
import pygame
import pytest

from recognizer.drawing import Stroke
from ui.canvas import NOWHERE, Ink, smooth

BLACK = (0, 0, 0)
SIZE = (200, 120)


def ink_of(*strokes: Stroke) -> Ink:
    ink = Ink(SIZE, BLACK)
    ink.show(strokes)
    return ink


def test_a_click_is_a_dot_as_wide_as_the_pen() -> None:
    ink = ink_of(Stroke(((50, 60),), 9))
    rows, columns = np.nonzero(ink.coverage > 127)
    assert (columns.min() + columns.max(), rows.min() + rows.max()) == (2 * 50, 2 * 60)
    assert 9 <= np.ptp(columns) + 1 == np.ptp(rows) + 1 <= 11


def test_points_far_apart_are_joined_without_a_gap() -> None:
    ink = ink_of(Stroke(((10, 10), (180, 100)), 4))
    along = [ink.coverage[round(10 + 90 * t), round(10 + 170 * t)] for t in np.linspace(0, 1, 200)]
    assert min(along) == 255


def test_edges_are_antialiased() -> None:
    coverage = ink_of(Stroke(((10, 10), (180, 40)), 6)).coverage
    assert np.count_nonzero((coverage > 20) & (coverage < 235)) > 100


def test_the_curve_goes_through_every_point() -> None:
    points = ((0.0, 0.0), (30.0, 5.0), (33.0, 40.0), (90.0, 20.0))
    curve = smooth(points)
    for point in points:
        assert np.hypot(*(curve - point).T).min() < 1e-9


def test_the_curve_of_a_straight_line_is_straight() -> None:
    curve = smooth(((0, 0), (10, 0), (50, 0), (53, 0)))
    assert np.allclose(curve[:, 1], 0)
    assert (np.diff(curve[:, 0]) > 0).all()


def test_a_circle_of_few_points_is_round() -> None:
    angles = np.linspace(0, 2 * np.pi, 13)
    curve = smooth([(100 * np.cos(t), 100 * np.sin(t)) for t in angles])
    radii = np.hypot(*curve.T)
    assert abs(radii[len(radii) // 4 : -len(radii) // 4] - 100).max() < 1


def test_points_that_repeat_do_no_harm() -> None:
    assert np.isfinite(smooth(((5, 5), (5, 5), (9, 9), (9, 9), (20, 5)))).all()


def test_removing_a_stroke_leaves_what_it_crossed() -> None:
    one, other = Stroke(((20, 60), (180, 60)), 6), Stroke(((100, 10), (100, 110)), 6)
    alone = ink_of(one).coverage
    ink = ink_of(one, other)
    ink.show((one,))
    assert np.array_equal(ink.coverage, alone)


def test_any_order_of_showing_gives_the_same_ink() -> None:
    strokes = tuple(Stroke(((10 + 20 * k, 10), (60 + 20 * k, 100)), 5) for k in range(5))
    ink = ink_of(*strokes[:3])
    ink.show(strokes[1:])
    ink.show((strokes[0], *strokes[2:]))
    assert np.array_equal(ink.coverage, ink_of(strokes[0], *strokes[2:]).coverage)


def test_a_large_stroke_is_taken_off_like_a_small_one() -> None:
    ink = Ink((900, 600), BLACK)
    large, small = Stroke(((5, 5), (890, 590)), 6), Stroke(((400, 300), (410, 300)), 6)
    ink.show((large, small))
    ink.show((small,))
    alone = Ink((900, 600), BLACK)
    alone.show((small,))
    assert np.array_equal(ink.coverage, alone.coverage)


def test_showing_the_same_strokes_changes_nothing() -> None:
    strokes = (Stroke(((20, 60), (180, 60)), 6),)
    ink = ink_of(*strokes)
    ink.show(strokes)
    assert ink.show(strokes) == NOWHERE


def test_strokes_off_the_paper_are_no_trouble() -> None:
    ink = ink_of(Stroke(((-500, -500), (-400, -450)), 6), Stroke(((190, 60), (5000, 60)), 6))
    assert ink.coverage[60, 199] == 255


@pytest.mark.parametrize("count", [1, 2, 3, 9])
def test_ink_under_the_pen_is_the_ink_that_stays(count: int) -> None:
    points = tuple((20.0 + 18 * k, 60 + 30 * float(np.sin(k))) for k in range(count))
    ink = Ink(SIZE, BLACK)
    for k in range(1, count + 1):
        ink.trace(points[:k], 6)
    tail, area = ink.tail(points, 6)
    wanted = ink_of(Stroke(points, 6)).coverage
    assert pygame.surfarray.array_alpha(tail).max() == 255
    for coverage in (ink.coverage, wanted):  # how the last segment bends is not known yet
        coverage[area.top : area.bottom, area.left : area.right] = 0
    assert np.count_nonzero(abs(ink.coverage.astype(int) - wanted) > 64) <= 2


def test_a_trace_that_becomes_no_stroke_leaves_no_ink() -> None:
    ink = ink_of(Stroke(((20, 60), (180, 60)), 6))
    before = ink.coverage.copy()
    ink.trace(((30.0, 20.0), (60.0, 90.0), (90.0, 20.0), (120.0, 90.0)), 6)
    assert not np.array_equal(ink.coverage, before)
    ink.end_trace()
    assert np.array_equal(ink.coverage, before)


def test_the_surface_shows_the_ink_in_its_colour() -> None:
    ink = ink_of(Stroke(((20, 60), (180, 60)), 6))
    ink.recolour((10, 20, 30))
    assert ink.layer.get_at((100, 60)) == (10, 20, 30, 255)
    assert ink.layer.get_at((100, 10)).a == 0
