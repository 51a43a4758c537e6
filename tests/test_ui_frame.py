"""Pages that lie on other pages."""

from __future__ import annotations

import pytest

from recognizer.drawing import Drawing, Stroke
from recognizer.reading import Reading, Symbol
from ui.frame import Frame, fitted, moved, on_paper
from ui.page import Correction, Page, Picture

LINE = Stroke(((100.0, 100.0), (100.0, 200.0)), 6.0)


def test_a_drawing_of_our_own_that_fits_stays_where_it_was() -> None:
    drawing = Drawing((LINE,), (500, 500))
    assert fitted(drawing, (800, 600)) is drawing


def test_boxes_are_moved_outwards_and_back() -> None:
    reading = Reading("1", 1.0, (Symbol("1", 1.0, (3, 3, 4, 4)),))
    assert moved(reading, Frame(0.5, 10, 20)).symbols[0].box == (11, 21, 3, 3)
    assert moved(reading, Frame()) is reading
    there = moved(reading, Frame(2.0, 10, 20))
    assert there.symbols[0].box == (16, 26, 8, 8)
    assert moved(there, Frame(2.0, 10, 20).inverse) == reading


@pytest.mark.parametrize(
    ("x", "y", "to"),
    [(10, 90, (10, 90)), (900, 700, (747, 387)), (-50, 20, (13, 93)), (300, 600, (300, 387)), (300, 20, (300, 20))],
)
def test_ink_off_the_paper_is_moved_no_further_than_it_must_be(x: int, y: int, to: tuple[int, int]) -> None:
    page = Page((Stroke(((x, y), (x + 40, y + 60)), 6.0),))
    there = on_paper(page, (800, 380), 80)
    assert there.strokes == (Stroke((to, (to[0] + 40, to[1] + 60)), 6.0),)
    assert (there is page) == ((x, y) == to)


def test_a_page_larger_than_the_paper_is_shrunk_with_all_that_is_on_it() -> None:
    line = Stroke(((13.0, 13.0), (1587.0, 813.0)), 6.0)
    page = Page(
        (line,), Picture(b"\xff" * 6, (3, 2), 100.0, (100, 300)), (Correction("1", (12, 12, 1576, 802), (line,)),)
    )
    there = on_paper(page, (800, 600))
    (moved_line,) = there.strokes
    assert moved_line == Stroke(((6.5, 6.5), (793.5, 406.5)), 3.0)
    assert there.picture == Picture(b"\xff" * 6, (3, 2), 50.0, (50, 150))
    assert there.corrections == (Correction("1", (6, 6, 788, 401), (moved_line,)),)
    assert there.corrections[0].strokes[0] is moved_line


def test_nothing_is_on_the_paper() -> None:
    assert on_paper(Page(), (800, 600)) == Page()
