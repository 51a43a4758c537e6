"""What a classifier makes of the labels that its network knows, and of glyphs however many."""

from __future__ import annotations

import numpy as np
import pytest

from recognizer.classify import AT_ONCE, Classifier, shipped_labels
from recognizer.engine import ModelUnavailable

GLYPHS = np.arange(2 * 784, dtype=np.int64).reshape(2, 28, 28).astype(np.uint8)


def fixed(glyphs):
    return np.tile(np.array([[0.7, 0.2, 0.1]], np.float32), (len(glyphs), 1))


def test_known_labels_keep_their_probability_and_the_others_have_none():
    small = Classifier(fixed, {"labels": ["1", "0", "7"]})
    wide = small.among(("0", "1", "-", "7", ""))
    assert wide.labels == ("0", "1", "-", "7", "")
    assert wide.card is small.card
    assert np.allclose(wide.probabilities(GLYPHS), [[0.2, 0.7, 0, 0.1, 0]] * 2, atol=1e-6)
    assert np.allclose(small.probabilities(GLYPHS), [[0.7, 0.2, 0.1]] * 2)


def test_the_temperature_is_applied_once():
    card = {"labels": ["1", "0", "7"], "temperature": 2.0}
    root = np.sqrt([0.2, 0.7, 0.1])
    likely = Classifier(fixed, card).among(("0", "1", "7", "+")).probabilities(GLYPHS)
    assert np.allclose(likely[0, :3], root / root.sum(), atol=1e-4)


def test_the_same_labels_need_no_other_classifier():
    small = Classifier(fixed, {"labels": ["1", "0", "7"]})
    assert small.among(("1", "0", "7")) is small


def test_a_label_that_is_not_scored_is_refused():
    with pytest.raises(ModelUnavailable, match=r"The model reads 'A', 'B', which is not scored here"):
        Classifier(fixed, {"labels": ["A", "1", "B"]}).among(("0", "1"))


def test_shipped_labels_are_digits_marks_and_what_is_neither():
    labels = shipped_labels()
    assert labels[:10] == tuple("0123456789")
    assert labels[-1] == ""
    assert len(set(labels)) == len(labels)


def test_very_many_glyphs_go_through_the_network_a_few_at_a_time():
    glyphs = np.random.default_rng(0).integers(0, 256, (2 * AT_ONCE + 5, 28, 28)).astype(np.uint8)
    batches = []

    def run(batch):
        batches.append(len(batch))
        bright = batch.mean((1, 2, 3)) / 255
        return np.stack([bright, 1 - bright], 1)

    likely = Classifier(run, {"labels": ["0", "1"]}).probabilities(glyphs)
    assert batches == [AT_ONCE, AT_ONCE, 5]
    assert np.allclose(likely[:, 0], glyphs.mean((1, 2)) / 255, atol=1e-6)
