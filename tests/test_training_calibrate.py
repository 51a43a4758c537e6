"""Calibration: against what is known beforehand of probabilities made to order."""

from __future__ import annotations

import numpy as np
import pytest

from training.calibrate import calibration_error, softened, temperature


def made(truth_at: float, count: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities (count, 5), and classes drawn from them after they were softened to the temperature `truth_at`."""
    rng = np.random.default_rng(1)
    logits = rng.normal(0, 2, (count, 5))
    stated = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    real = np.exp(logits / truth_at) / np.exp(logits / truth_at).sum(1, keepdims=True)
    return stated, (rng.random((count, 1)) > real.cumsum(1)).sum(1)


@pytest.mark.parametrize("truth", [0.5, 1.0, 2.5])
def test_the_temperature_that_made_the_classes_is_found_again(truth):
    assert temperature(*made(truth)) == pytest.approx(truth, rel=0.06)


@pytest.mark.parametrize("by", [0.3, 1.0, 4.0])
def test_softened_probabilities_sum_to_one_and_keep_their_order(by):
    likely, _ = made(1.0, 50)
    soft = softened(likely, by)
    assert np.allclose(soft.sum(1), 1)
    assert (soft.argsort(1) == likely.argsort(1)).all()
    if by == 1.0:
        assert np.allclose(soft, likely)
    else:
        assert (soft.max(1) < likely.max(1)).all() == (by > 1)


def test_softening_bears_probabilities_of_nothing():
    assert softened(np.array([[1.0, 0.0, 0.0]]), 2.0)[0, 0] > 0.99


def test_confidences_that_keep_their_word_have_no_error():
    rng = np.random.default_rng(2)
    confidences = rng.random(200_000)
    assert calibration_error(confidences, rng.random(200_000) < confidences) < 0.005


def test_the_error_is_the_gap_between_word_and_deed():
    confidences = np.full(1000, 0.9)
    assert calibration_error(confidences, np.arange(1000) < 600) == pytest.approx(0.3)
    two = np.r_[np.full(500, 0.9), np.full(500, 0.5)]
    right = np.r_[np.arange(500) < 450, np.arange(500) < 350]
    assert calibration_error(two, right) == pytest.approx(0.5 * 0.2)


def test_full_confidence_falls_into_the_last_bin():
    assert calibration_error(np.ones(10), np.ones(10, bool)) == 0.0


def test_calibrating_mends_overconfidence():
    likely, classes = made(3.0)
    before = calibration_error(likely.max(1), likely.argmax(1) == classes)
    soft = softened(likely, temperature(likely, classes))
    assert before > 0.1
    assert calibration_error(soft.max(1), soft.argmax(1) == classes) < 0.02
