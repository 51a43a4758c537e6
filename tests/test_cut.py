from __future__ import annotations

import gc
from weakref import ref

import numpy as np
from sketch import BOX, TWO_BOXES_JOINED

from recognizer.cut import Part, cut
from recognizer.ink import Mark


def test_two_digits_that_touch_are_cut_where_they_do():
    (parts,) = cut([Mark(7, 3, TWO_BOXES_JOINED)], height=28, pen=4)
    marks = [part.mark for part in parts]
    assert any(7 + 18 <= mark.x <= 7 + 38 for mark in marks[1:])
    assert marks[-1].x + marks[-1].width == 7 + TWO_BOXES_JOINED.shape[1]


def test_parts_hold_all_the_ink_and_none_twice():
    (parts,) = cut([Mark(0, 0, TWO_BOXES_JOINED)], height=28, pen=4)
    together = np.zeros(TWO_BOXES_JOINED.shape, int)
    for p in parts:
        mark = p.mark
        together[mark.y : mark.y + mark.height, mark.x : mark.x + mark.width] += mark.gray
    assert np.array_equal(together, TWO_BOXES_JOINED)


def test_a_digit_whose_every_way_down_crosses_it_twice_is_not_cut():
    assert [len(parts) for parts in cut([Mark(0, 0, BOX)], height=36, pen=6)] == [1]


def test_narrow_marks_are_left_alone():
    one = Mark(0, 0, np.full((30, 6), 255, np.uint8))
    assert cut([one], height=30, pen=6) == [[Part(one)]]


def test_how_a_mark_was_cut_is_forgotten_with_the_mark():
    mark = Mark(0, 0, TWO_BOXES_JOINED.copy())
    whole = Mark(0, 0, np.full((30, 6), 255, np.uint8))
    kept = [ref(mark), ref(whole)]
    cut([mark, whole], height=28, pen=4)
    del mark, whole
    gc.collect()
    assert [r() for r in kept] == [None, None]
