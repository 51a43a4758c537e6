from __future__ import annotations

import pytest

from recognizer.risk import NoSuchPromise, Risk, curve_of, threshold_for

CURVE = (Risk(0.0, 0.08, 1.0), Risk(0.9, 0.02, 0.8), Risk(0.99, 0.004, 0.5), Risk(0.999, 0.006, 0.2))


@pytest.mark.parametrize(("error", "threshold"), [(0.5, 0.0), (0.08, 0.0), (0.0799, 0.9), (0.006, 0.99), (0.004, 0.99)])
def test_the_threshold_is_that_which_accepts_the_most(error, threshold):
    assert threshold_for(CURVE, error) == threshold


def test_the_least_that_can_be_promised_is_named():
    with pytest.raises(NoSuchPromise, match=r"promised is 0\.004, at a confidence of 0\.99, which 50%"):
        threshold_for(CURVE, 0.001)


def test_a_model_without_a_curve_promises_nothing():
    with pytest.raises(NoSuchPromise, match="recognizer-train risk"):
        threshold_for((), 0.5)


def test_the_curve_stands_in_the_card_in_any_order():
    card = {"risk coverage": {"points": [[0.9, 0.02, 0.8], [0, 0.08, 1]]}}
    assert curve_of(card) == CURVE[:2]


BROKEN = [[], {"points": [[1, 2]]}, {"points": [["a", 1, 2]]}, {"points": 3}]


@pytest.mark.parametrize("held", [{}, *({"risk coverage": curve} for curve in BROKEN)])
def test_a_card_without_a_curve_that_can_be_read_has_none(held):
    assert curve_of(held) == ()
