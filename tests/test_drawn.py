from __future__ import annotations

from scripted_pen import Hand, write

from recognizer import Drawing, Stroke
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
