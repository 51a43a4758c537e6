"""Boxes are shown round ink, however thick the pen was."""

from __future__ import annotations

import pytest
from ui_stage import ONE, SEVEN, ZERO, counted

from recognizer.drawing import Drawing, Stroke
from ui.corrections import Corrected
from ui.files import rendered
from ui.gestures import box_of
from ui.layout import WIDEST_PEN
from ui.marks import Wardrobe
from ui.page import Page
from ui.reach import Reach
from ui.state import State


@pytest.mark.parametrize("width", [8.0, 14.0, WIDEST_PEN])
@pytest.mark.parametrize("line", [SEVEN, ONE, ZERO])
def test_a_frame_goes_round_all_ink_of_its_digit(line: tuple[tuple[float, float], ...], width: float) -> None:
    page = Page((Stroke(line, width), Stroke(((600.0, 100.0), (600.0, 200.0)), width)))
    reading = counted(Drawing(page.strokes))
    worn, _ = Wardrobe().worn(State(page=page, shown=Corrected(reading, reading.symbols, (0, 1))))
    gray, _ = rendered(Page(page.strokes[:1]), (1000, 640))
    left, top, right, bottom = worn.box[0] - 2, worn.box[1] - 2, sum(worn.box[::2]) + 2, sum(worn.box[1::2]) + 2
    assert gray[top:bottom, left:right].min() == 0
    gray[top:bottom, left:right] = 255  # the frame is drawn three pixels outside
    assert gray.min() == 255
    assert reading.symbols[0].box == box_of(line)


def test_thin_pens_and_those_elsewhere_change_no_box() -> None:
    reach = Reach()
    reach.look_at((Stroke(SEVEN, 6.0), Stroke(ONE), Stroke(ZERO, 24.0)))
    assert reach.box(box_of(SEVEN)) == box_of(SEVEN)
    assert reach.box(box_of(ONE)) == box_of(ONE)


def test_of_a_stroke_that_is_two_digits_each_box_holds_its_own_part() -> None:
    reach = Reach()
    reach.look_at((Stroke(tuple((float(x), 50.0) for x in range(101)), 20.0),))
    assert reach.box((0, 45, 50, 10)) == (-10, 40, 73, 20)
    assert reach.box((50, 45, 55, 10)) == (37, 40, 73, 20)


def test_a_neighbour_that_reaches_into_a_box_does_not_grow_it() -> None:
    reach = Reach()
    own, other = Stroke(((10.0, 10.0), (20.0, 60.0)), 20.0), Stroke(((19.0, 40.0), (60.0, 20.0), (70.0, 60.0)), 20.0)
    reach.look_at((own, other))
    assert reach.box((8, 8, 14, 54)) == (0, 0, 30, 70)
