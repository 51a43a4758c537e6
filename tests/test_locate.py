from __future__ import annotations

import cv2
import numpy as np
import pytest
from scripted_pen import Hand, write
from sketch import page

from recognizer import Drawing, Recognizer, Stroke
from recognizer.ink import Ink, Mark, ink_of_page
from recognizer.locate import TooManyMarks, lines_of, parted, rejoined
from recognizer.render import render_drawing


def mark(x: int, y: int, width: int = 10, height: int = 20) -> Mark:
    return Mark(x, y, np.full((height, width), 255, np.uint8))


def test_four_phone_numbers_are_read_column_by_column():
    numbers = ("555 0142", "678 9013", "404 2986", "312 7745")
    strokes = [
        Stroke(tuple((x + 1000 * (place // 2), y + 180 * (place % 2)) for x, y in stroke.points), stroke.width)
        for place, number in enumerate(numbers)
        for stroke in write(number, Hand(7)).strokes
    ]
    drawing = Drawing(tuple(strokes))
    recognizer = Recognizer.load()
    for seen in (drawing, render_drawing(drawing)):
        assert recognizer.read(seen).number.split("\n") == [n.replace(" ", "") for n in numbers]


def test_a_texture_makes_no_line_on_a_picture_and_scribbles_on_a_canvas_do():
    rng = np.random.default_rng(1)
    grain = tuple(mark(int(x), int(y), 3, 12) for x, y in rng.uniform((0, 0), (200, 8), (150, 2)))
    assert parted(Ink(grain)) == ()
    assert parted(Ink(grain, strokes=True))
    written = tuple(mark(14 * i, 0) for i in range(100))
    assert len(parted(Ink(written))) == 1


def test_no_line_has_a_thousand_marks_and_no_picture_thousands_of_them():
    endless = tuple(mark(14 * i, 0) for i in range(1000))
    assert parted(Ink(endless)) == parted(Ink(endless, strokes=True)) == ()
    rows = tuple(mark(14 * i, 40 * row) for row in range(40) for i in range(51))
    with pytest.raises(TooManyMarks, match="it has 2040 marks and writing at most 2000"):
        parted(Ink(rows))
    assert len(parted(Ink(rows, strokes=True))) == len(parted(Ink(rows[:1989]))) + 1 == 40


def test_dust_beside_a_number_says_nothing():
    page = render_drawing(write("604", Hand(3)))
    page = np.pad(page, ((0, 900), (0, 300)), constant_values=255)
    for place in range(20):
        cv2.circle(page, (40 + 37 * place % 900, page.shape[0] - 850 + 41 * place), 5 + place % 3, 0, -1, cv2.LINE_AA)
    assert Recognizer.load().read(page).text == "604"


def test_two_lines_that_few_marks_make_close_above_each_other_may_be_one_broken_symbol():
    above, below = Ink((mark(0, 0, 20, 20), mark(22, 0, 20, 20))), Ink((mark(10, 22, 20, 20),))
    (whole,) = rejoined((above, below))
    assert [m.x for m in whole.marks] == [0, 10, 22]
    far = Ink((mark(10, 60, 20, 20),))
    many = Ink(tuple(mark(10 * i, 22, 8, 20) for i in range(6)))
    assert rejoined((above, far)) == rejoined((above, many)) == rejoined((above,)) == ()


@pytest.mark.parametrize("hand", range(3))
def test_a_five_that_fell_into_four_pieces_is_read_as_one(hand):
    seen = render_drawing(write("5", Hand(hand)))
    rows, columns = (np.flatnonzero((seen < 128).any(axis)) for axis in (1, 0))
    tall, wide = np.ptp(rows), np.ptp(columns)
    row, column = round(rows[0] + 0.6 * tall), round(columns[0] + 0.5 * wide)
    seen[row - round(0.02 * tall) : row + round(0.02 * tall)] = 255
    seen[:, column - round(0.025 * wide) : column + round(0.025 * wide)] = 255
    assert len(parted(ink_of_page(seen))) == 2
    assert Recognizer.load().read(seen).text == "5"


def test_pieces_run_from_left_to_right_with_the_middle_line_under_them():
    (line,) = lines_of(ink_of_page(page("#  #  #", "#  #  #", "#  #  #", times=6, margin=10)))
    middles = [p.middle for p in line.pieces]
    assert middles == sorted(middles)
    assert len(middles) == 3
    assert abs(line.offset + line.slope * 30 - (10 + 9)) < 1


def test_no_ink_gives_no_lines():
    assert lines_of(ink_of_page(np.full((20, 20), 255, np.uint8))) == ()
