from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.caption import blank, caption, percent, stacked, tiers, width_of

SPANS = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)).map(lambda s: (s[0], s[0] + s[1])), max_size=20)


@given(SPANS)
def test_nothing_overlaps_on_a_tier_and_no_tier_is_left_out(spans):
    rows = tiers(spans)
    for i, (left, right) in enumerate(spans):
        for (low, high), row in zip(spans[:i], rows, strict=False):
            assert row != rows[i] or right <= low or high <= left
    assert set(rows) == set(range(len(set(rows))))


def test_a_caption_is_as_wide_as_its_text():
    picture = caption("(617) 321-8625 $%", 16)
    inked = np.flatnonzero((picture < 128).any((0, 2)))
    assert picture.shape[1] == width_of("(617) 321-8625 $%", 16) + 2
    assert inked[0] < 4
    assert inked[-1] > picture.shape[1] - 8
    assert not (picture[[0, -1]] < 128).any()


def test_stacked_pictures_lie_one_below_the_other():
    made = stacked([blank(3, 2) * 0, blank(5, 1) * 0], 4)
    assert made.shape == (7, 5, 3)
    assert (made[:, :, 0] == 0).sum(1).tolist() == [3, 3, 0, 0, 0, 0, 5]


@pytest.mark.parametrize(("share", "text"), [(0.0, "<1%"), (0.0149, "1%"), (0.5, "50%"), (0.99, "99%"), (1.0, ">99%")])
def test_no_probability_is_none_or_all(share, text):
    assert percent(share) == text
