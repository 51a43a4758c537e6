from __future__ import annotations

import pytest
from scripted_pen import Hand, write

from recognizer import Drawing, Recognizer, Stroke
from recognizer.drawn import ink_of_drawing, inks_to_come


def bars(*heights: float) -> Drawing:
    """Upright strokes of so many pixels, side by side."""
    return Drawing(tuple(Stroke(((30.0 * k, 0.0), (30.0 * k, height))) for k, height in enumerate(heights)))


def test_the_scale_of_the_next_stroke_is_foreseen():
    for seed in range(12):
        strokes = write("3141592653589793", Hand(seed, height=74)).strokes
        for count in range(2, len(strokes)):
            before = Drawing(strokes[:count])
            known = {ink_of_drawing(before).scale} | {ink.scale for ink in inks_to_come(before)}
            assert ink_of_drawing(Drawing(strokes[: count + 1])).scale in known


def test_what_is_foreseen_is_the_ink_that_comes():
    (foreseen,) = inks_to_come(bars(80, 75, 60, 60))
    come = ink_of_drawing(bars(80, 75, 60, 60, 60))
    assert (foreseen.marks, foreseen.scale) == (come.marks[:-1], come.scale)
    assert foreseen.scale != ink_of_drawing(bars(80, 75, 60, 60)).scale


def test_no_other_scale_is_foreseen_where_all_is_of_one_height():
    assert inks_to_come(bars(64, 64, 64)) == ()
    assert inks_to_come(Drawing()) == ()


@pytest.mark.parametrize("aside", [0.0, 1.0, 3.0, 10.0])
def test_dots_beside_a_stroke_are_not_what_writing_is_measured_by(aside):
    dots = [Stroke(((50.0 + 60 * place, 300.0),), 4.0) for place in range(12)]
    for tall in (50, 500):
        line = Stroke(tuple((400.0 + aside * (step % 2), 50 + tall * step / 99) for step in range(100)), 4.0)
        marks = ink_of_drawing(Drawing((*dots, line))).marks
        assert 40 < marks[-1].height < 120
        assert len(marks) == 13


@pytest.mark.parametrize("dots", [4, 8, 20])
def test_a_number_after_a_row_of_dots_is_read(dots):
    number = write("604", Hand(3))
    left = min(x for stroke in number.strokes for x, _ in stroke.points)
    foot = max(y for stroke in number.strokes for _, y in stroke.points)
    row = tuple(Stroke(((left - 20 * place, foot),), 3.0) for place in range(1, dots + 1))
    assert Recognizer.load().read(Drawing((*row, *number.strokes))).number == "604"


@pytest.mark.parametrize("high", [1e-7, 1e-3, 0.1, 1.0])
def test_the_least_strokes_far_from_each_other_are_not_enlarged_without_end(high):
    strokes = tuple(Stroke(((45.0 * place, 0.0), (45.0 * place, high))) for place in range(20))
    ink = ink_of_drawing(Drawing(strokes))
    assert max(mark.x + mark.width for mark in ink.marks) < 60_000
    assert len(ink.marks) == 20


def test_no_scale_is_foreseen_at_which_a_flat_stroke_would_be_endless():
    flat = Drawing(tuple(Stroke(((0.0, 20.0 * k), (100.0, 20.0 * k + 0.1))) for k in range(5)))
    assert ink_of_drawing(flat).marks
    assert all(mark.width < 1000 for ink in inks_to_come(flat) for mark in ink.marks)
