"""Pages that lie on other pages."""

from __future__ import annotations

from recognizer.drawing import Drawing, Stroke
from recognizer.reading import Reading, Symbol
from ui.frame import Frame, fitted, moved

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
