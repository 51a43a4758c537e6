"""The training's pen: ink as large, as wide and as complete as asked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.pen import draw, extent, mark

SEVEN = [np.array([[0.0, 0.0], [6.0, 0.0], [2.0, 12.0]])]


def test_extent_is_of_all_traces_together():
    low, high = extent([np.array([[1.0, 5.0]]), np.array([[-2.0, 7.0], [3.0, 6.0]])])
    assert low.tolist() == [-2, 5]
    assert high.tolist() == [3, 7]


@pytest.mark.parametrize("size", [20, 64, 110])
def test_the_longer_side_of_the_ink_is_as_asked_and_the_pen(size):
    ink = draw(SEVEN, size, 4)
    rows, columns = (np.flatnonzero((ink > 127).any(axis)) for axis in (1, 0))
    assert abs(np.ptp(rows) + 1 - (size + 4)) <= 2
    assert abs(np.ptp(columns) + 1 - (size / 2 + 4)) <= 2


def test_no_ink_is_cut_at_the_edge():
    for width in (1, 5, 12):
        ink = draw(SEVEN, 50, width) > 127
        assert not (ink[0].any() or ink[-1].any() or ink[:, 0].any() or ink[:, -1].any())


def test_a_wider_pen_leaves_more_ink():
    amounts = [draw(SEVEN, 60, width).astype(int).sum() for width in (2, 4, 8)]
    assert amounts == sorted(amounts)
    assert amounts[2] > 2.5 * amounts[0]


@pytest.mark.parametrize("trace", [[[3.0, 3.0]], [[3.0, 3.0], [3.0, 3.0]]])
def test_a_trace_without_length_is_a_round_dot(trace):
    ink = np.zeros((21, 21), np.uint8)
    mark(ink, np.array(trace) + 7, 8)
    assert ink[10, 10] == 255
    assert abs(int((ink > 127).sum()) - np.pi * 4.5**2) < 12
    assert (ink[5:16, 5:16] > 127).sum() == (ink > 127).sum()


def test_a_single_point_alone_can_be_drawn():
    assert draw([np.array([[4.0, 4.0]])], 1.0, 6).any()


@given(st.lists(st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4)), min_size=1, max_size=12), st.integers(1, 12))
def test_any_trace_leaves_ink_inside_its_page(points, width):
    ink = draw([np.array(points)], 40, width)
    assert ink.any()
    assert max(ink.shape) <= 40 + 2 * (width // 2 + 2) + 2
