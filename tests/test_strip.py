"""A line as a strip: one height, level, whatever the page's own size and slope."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from scripted_pen import Hand, write

from recognizer.drawing import Drawing, Stroke
from recognizer.drawn import ink_of_drawing
from recognizer.ink import Mark, ink_of_page
from recognizer.locate import Piece, lines_of
from recognizer.strip import MARGIN, MOST_COLUMNS, ROWS, WRITING, strip_of


def line(drawing: Drawing):
    (found,) = lines_of(ink_of_drawing(drawing))
    return found


def bars(rise: float, scale: float = 1.0) -> Drawing:
    """Eight upright strokes on a line that rises by so much from each to the next."""
    return Drawing(
        tuple(
            Stroke(tuple((scale * (40 + 50 * i), scale * (300 - rise * i + t)) for t in range(0, 61, 4)))
            for i in range(8)
        )
    )


def rows_of(strip: np.ndarray) -> np.ndarray:
    """The first and last row with ink of each of eight equal parts."""
    found = []
    for part in np.array_split(strip[:, MARGIN:-MARGIN], 8, axis=1):
        inked = np.flatnonzero(part.max(1) > 60)
        found.append((inked[0], inked[-1]))
    return np.array(found)


@pytest.mark.parametrize("scale", [0.3, 1, 7])
def test_writing_stands_at_one_height_whatever_the_scale(scale):
    strip = strip_of(line(bars(0, scale)))
    assert strip.shape[0] == ROWS and strip.dtype == np.uint8
    top, bottom = rows_of(strip).T
    assert np.allclose(top, (ROWS - WRITING) / 2, atol=2) and np.allclose(bottom, (ROWS + WRITING) / 2, atol=2)
    assert not strip[:, : MARGIN - 1].any() and not strip[:, 1 - MARGIN :].any()


@pytest.mark.parametrize("rise", [-9, 5, 12])
def test_a_line_that_rises_is_level_on_its_strip(rise):
    assert np.ptp(rows_of(strip_of(line(bars(rise)))), axis=0).max() <= 2


def test_a_picture_and_a_drawing_of_one_number_give_much_the_same_strip():
    drawing = write("5550123", Hand(3))
    page = np.full((400, 900), 255, np.uint8)
    low = np.min([p for s in drawing.strokes for p in s.points], axis=0) - 40
    for stroke in drawing.strokes:
        cv2.polylines(page, [np.round(np.asarray(stroke.points) - low).astype(np.int32)], False, 0, 7, cv2.LINE_AA)
    (seen,) = lines_of(ink_of_page(page))
    strips = strip_of(seen), strip_of(line(drawing))
    wide = min(s.shape[1] for s in strips)
    assert max(s.shape[1] for s in strips) - wide < 0.1 * wide
    assert strips[0].astype(float).sum() == pytest.approx(strips[1].astype(float).sum(), rel=0.35)


def test_an_endless_line_is_squeezed():
    flat = Drawing(tuple(Stroke(((5000.0 * i, 0.0), (5000.0 * i, 60.0))) for i in range(3)))
    assert max(strip_of(found).shape[1] for found in lines_of(ink_of_drawing(flat))) <= MOST_COLUMNS + 2 * MARGIN


def test_ink_far_above_and_below_a_line_stands_on_no_strip():
    (own,) = lines_of(ink_of_drawing(bars(5)))
    specks = [Piece(Mark(300, y, np.full((4, 4), 255, np.uint8)), own.pieces[0].source) for y in (-(10**6), 10**6)]
    assert np.array_equal(strip_of(replace(own, pieces=(*own.pieces, *specks))), strip_of(own))
