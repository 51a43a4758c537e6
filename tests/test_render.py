from __future__ import annotations

import numpy as np
import pytest

from recognizer.drawing import Drawing, Stroke
from recognizer.render import LONGEST_SIDE, SHORTEST_SIDE, Sheet, render_drawing, sheet_of

BAR = Stroke(((20, 30), (20, 70)), 6)


def test_a_drawing_with_a_page_is_rendered_on_it_pixel_for_unit():
    page = render_drawing(Drawing((BAR,), (100, 80)))
    assert page.shape == (80, 100)
    assert page[50, 20] == 0
    columns = np.flatnonzero(page[50] < 128)
    assert (columns.min(), columns.max()) in {(17, 22), (17, 23)}
    assert page[:, 30:].min() == 255


def test_edges_are_smooth():
    page = render_drawing(Drawing((Stroke(((10, 10), (60, 75)), 5),), (80, 80)))
    assert np.count_nonzero((page > 30) & (page < 225)) > 50


def test_one_point_is_a_dot_as_wide_as_the_pen():
    page = render_drawing(Drawing((Stroke(((40, 40),), 10),), (80, 80)))
    assert 60 < np.count_nonzero(page < 128) < 100
    assert page[40, 40] == 0


def test_a_pen_of_unknown_width_is_drawn_by_the_height_of_the_writing():
    thin, thick = (render_drawing(Drawing((Stroke(((20, 10), (20, 10 + h))),), (99, 600))) for h in (40, 400))
    assert 2 <= np.count_nonzero(thin[30] < 128) < 6
    assert 25 < np.count_nonzero(thick[200] < 128) < 40


@pytest.mark.parametrize("scale", [1e-4, 0.01, 1, 100, 1e6])
def test_a_drawing_of_any_scale_fits_a_page_that_can_be_looked_at(scale):
    points = ((3 * scale, 2 * scale), (60 * scale, 90 * scale))
    sheet = sheet_of(Drawing((Stroke(points),)))
    assert SHORTEST_SIDE <= max(sheet.width, sheet.height) <= LONGEST_SIDE
    assert render_drawing(Drawing((Stroke(points),))).min() < 64


def test_ink_beyond_its_page_is_on_the_sheet():
    sheet = sheet_of(Drawing((Stroke(((-50, 10), (150, 10)), 4),), (100, 80)))
    assert (sheet.origin, sheet.width, sheet.height) == ((-50, 0), 200, 80)


@pytest.mark.parametrize(("drawing", "shape"), [(Drawing(), (64, 64)), (Drawing((), (30, 20)), (20, 30))])
def test_a_drawing_without_ink_is_a_white_page(drawing, shape):
    page = render_drawing(drawing)
    assert page.shape == shape
    assert page.min() == 255


def test_a_dot_alone_is_on_a_page():
    assert render_drawing(Drawing((Stroke(((7, 7),)),))).min() < 128


def test_boxes_move_with_the_sheet():
    assert Sheet((10, 20), 0.5, 9, 9).box((30, 40, 20, 10)) == (10, 10, 10, 5)
    assert Sheet((0, 0), 0.01, 9, 9).box((0, 0, 1, 1)) == (0, 0, 1, 1)
