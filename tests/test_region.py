from __future__ import annotations

import numpy as np
import pytest

from recognizer.drawing import Drawing, Stroke
from recognizer.reading import Reading, Symbol
from recognizer.region import OutsidePage, part_of, placed

PAGE = np.arange(40 * 60, dtype=np.uint16).reshape(40, 60).astype(np.uint8)
READING = Reading("7", 0.9, (Symbol("7", 0.9, (1, 2, 3, 4)),))


def test_a_region_is_a_part_of_the_page():
    assert np.array_equal(part_of(PAGE, (10, 20, 5, 6)), PAGE[20:26, 10:15])
    assert np.array_equal(part_of(np.dstack([PAGE] * 3), (10, 20, 5, 6))[..., 0], PAGE[20:26, 10:15])


def test_what_lies_beyond_the_page_is_left_out():
    assert np.array_equal(part_of(PAGE, (-5, -6, 15, 16)), PAGE[:10, :10])
    assert np.array_equal(part_of(PAGE, (50, 30, 1000, 1000)), PAGE[30:, 50:])


@pytest.mark.parametrize("region", [(60, 0, 5, 5), (0, 40, 5, 5), (-9, 0, 5, 5), (0, -9, 5, 5)])
def test_a_region_beside_the_page_is_refused(region):
    with pytest.raises(OutsidePage, match="lies outside the page of 60 x 40 pixels"):
        part_of(PAGE, region)


def test_boxes_are_told_where_they_lie_on_the_page():
    assert placed(READING, PAGE, (10, 20, 30, 15)).symbols[0].box == (11, 22, 3, 4)
    assert placed(READING, PAGE, (-5, -6, 50, 50)).symbols[0].box == (1, 2, 3, 4)
    assert placed(READING, PAGE, (10, 20, 30, 15)).text == "7"


def test_without_a_region_everything_stays():
    assert part_of(PAGE, None) is PAGE
    assert placed(READING, PAGE, None) is READING


def test_of_a_drawing_the_strokes_are_taken_whose_middle_lies_there():
    inside, outside = Stroke(((1, 1), (9, 9))), Stroke(((8, 8), (40, 40)))
    drawing = Drawing((inside, outside), (50, 60))
    assert part_of(drawing, (0, 0, 10, 10)) == Drawing((inside,), (50, 60))
    assert placed(READING, drawing, (5, 5, 10, 10)) is READING
