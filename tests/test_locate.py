from __future__ import annotations

import numpy as np
from sketch import page

from recognizer.ink import Mark, ink_of_page
from recognizer.locate import gathered, lines_of


def mark(x: int, y: int, width: int = 10, height: int = 20) -> Mark:
    return Mark(x, y, np.full((height, width), 255, np.uint8))


def test_two_lines_are_read_top_to_bottom():
    marks = [mark(0, 60), mark(0, 0), mark(20, 60), mark(20, 0)]
    assert gathered(marks) == [[1, 3], [0, 2]]


def test_a_slanted_line_is_one_line():
    assert gathered([mark(20 * i, 8 * i) for i in range(9)]) == [list(range(9))]


def test_a_dash_and_a_dot_belong_to_the_line_they_are_in():
    marks = [mark(0, 0), mark(40, 0), mark(0, 60), mark(40, 60), mark(20, 9, 8, 3), mark(25, 78, 3, 3)]
    assert gathered(marks) == [[0, 4, 1], [2, 5, 3]]


def test_lines_that_reach_over_each_other_are_strung_apart():
    rising = [mark(20 * i, 90 - 3 * i) for i in range(9)]
    below = [mark(20 * i, 125 - 3 * i) for i in range(9)]
    far = [mark(20 * i, 400) for i in range(4)]
    assert gathered([*far, *below, *rising]) == [[*range(13, 22)], [*range(4, 13)], [*range(4)]]


def test_two_halves_of_an_eight_are_one_line():
    assert gathered([mark(0, 0, 20, 20), mark(0, 19, 20, 20)]) in ([[0, 1]], [[1, 0]])


def test_two_circles_that_do_not_quite_touch_are_one_line_and_two_digits_are_two():
    assert len(gathered([mark(0, 0, 20, 20), mark(0, 23, 20, 20)])) == 1
    assert len(gathered([mark(0, 0, 12, 20), mark(0, 32, 12, 20)])) == 2


def test_pieces_run_from_left_to_right_with_the_middle_line_under_them():
    (line,) = lines_of(ink_of_page(page("#  #  #", "#  #  #", "#  #  #", times=6, margin=10)))
    middles = [p.middle for p in line.pieces]
    assert middles == sorted(middles)
    assert len(middles) == 3
    assert abs(line.offset + line.slope * 30 - (10 + 9)) < 1


def test_no_ink_gives_no_lines():
    assert lines_of(ink_of_page(np.full((20, 20), 255, np.uint8))) == ()
