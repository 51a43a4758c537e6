"""Rubbing out."""

from __future__ import annotations

import numpy as np
import pytest

from recognizer.drawing import Stroke
from ui import eraser
from ui.canvas import Points, smooth
from ui.eraser import erase_area, erase_strokes

ARC = Stroke(((0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)), 4.0)
LINE = Stroke(((0.0, 100.0), (400.0, 100.0)), 4.0)
DOT = Stroke(((200.0, 300.0),), 9.0)


def test_a_fast_stroke_is_hit_between_its_points() -> None:
    assert erase_strokes((LINE, DOT), ((200, 95),), 8) == (DOT,)


def test_a_fast_eraser_hits_between_its_points() -> None:
    assert erase_strokes((LINE, DOT), ((100, 200), (300, 400)), 5) == (LINE,)


def test_an_eraser_that_hits_nothing_gives_back_the_same_strokes() -> None:
    strokes = (LINE, DOT)
    assert erase_strokes(strokes, ((200, 150),), 20) is strokes
    assert erase_area(strokes, ((200, 150),), 20) is strokes
    assert erase_area((), ((200, 150),), 20) == ()


def test_the_area_eraser_leaves_the_ends_of_a_stroke() -> None:
    left, right, dot = erase_area((LINE, DOT), ((150, 100), (250, 100)), 10)
    assert dot is DOT
    assert (left.points[0], right.points[-1]) == ((0, 100), (400, 100))
    assert 138 <= left.points[-1][0] <= 140 and 260 <= right.points[0][0] <= 262
    assert left.width == right.width == 4.0


def test_what_is_left_of_a_stroke_lies_where_it_was_drawn() -> None:
    drawn, (bulge, _) = smooth(ARC.points), smooth(ARC.points).max(axis=0)
    assert bulge > 105
    assert erase_strokes((ARC,), ((bulge + 5, 50),), 6) == ()
    left = erase_area((ARC,), ((0, 100),), 20)[0]
    for point in smooth(left.points):
        assert np.hypot(*(drawn - point).T).min() < 5
    assert smooth(left.points)[:, 0].max() > bulge - 1


def test_ink_under_the_area_eraser_is_gone() -> None:
    strokes = tuple(Stroke(((10.0 * k, 0.0), (400.0 - 10 * k, 200.0)), 3.0) for k in range(20))
    path = ((0.0, 100.0), (400.0, 100.0), (200.0, 0.0))
    for stroke in erase_area(strokes, path, 12):
        for x, y in stroke.points:
            assert abs(y - 100) > 12
            along = np.linspace(0, 1, 400)[:, None] * (np.array(path[2]) - path[1]) + path[1]
            assert np.hypot(*(along - (x, y)).T).min() > 11


def test_only_strokes_near_the_eraser_are_looked_at_closely(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Points] = []
    monkeypatch.setattr(eraser, "smooth", lambda points: looked.append(points) or smooth(points))
    strokes = tuple(Stroke(((10.0 * k, 0.0), (10.0 * k + 3, 7.25)), 3.0) for k in range(100))
    left = erase_strokes(strokes, ((500, 0), (502, 4)), 4)
    assert [stroke for stroke in strokes if stroke not in left] == [strokes[50]]
    assert looked == [strokes[50].points]


def test_a_dot_under_the_eraser_is_gone() -> None:
    assert erase_area((DOT,), ((201, 301),), 5) == ()
