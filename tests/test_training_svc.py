"""A support vector machine as a network decides as scikit-learn does."""

from __future__ import annotations

import numpy as np
import pytest

from training import mix, svc
from training.data import BadData
from training.mix import LABELS, Maker, Mix


@pytest.fixture(scope="module")
def makers(handwriting):
    corpus = mix.load(handwriting, lambda _: True)
    return {10: Maker(corpus, 1.0, Mix(digits=60, marks=0, others=0, rejects=0)), 23: Maker(corpus, 0.005)}


@pytest.mark.parametrize("side", svc.SIDES.values())
@pytest.mark.parametrize("labels", [10, 23])
def test_the_network_decides_as_the_machine(makers, labels, side):
    glyphs, classes = makers[labels].epoch(1)
    machine = svc.fitted(glyphs, classes, side, seed=1)
    others, truth = makers[labels].epoch(2)
    expected = machine.decision_function(svc.seen(others, side))
    found = svc.network(machine, side, labels)(others[..., None].astype(np.float32)).numpy()
    assert np.allclose(found[:, machine.classes_], expected, atol=1e-4)
    assert (found.argmax(1) == machine.classes_[expected.argmax(1)]).all()
    assert (found.argmax(1) == truth).mean() > 5 / labels


def test_two_classes_are_a_single_pair(makers):
    glyphs, classes = makers[10].epoch(1)
    glyphs, classes = glyphs[classes < 2], classes[classes < 2]
    machine = svc.fitted(glyphs, classes, 8, seed=1)
    found = svc.network(machine, 8, 10)(glyphs[..., None].astype(np.float32)).numpy()
    assert (found.argmax(1) == machine.predict(svc.seen(glyphs, 8))).all()


def test_a_label_that_was_never_seen_is_never_read(makers):
    glyphs, classes = makers[10].epoch(1)
    machine = svc.fitted(glyphs, classes, 8, seed=1)
    found = svc.network(machine, 8, len(LABELS))(glyphs[..., None].astype(np.float32)).numpy()
    assert found[:, 10:].max() < found[:, :10].min()


def test_eight_by_eight_digits_are_means_of_blocks_from_0_to_16():
    glyph = np.zeros((1, 28, 28), np.uint8)
    glyph[0, 2:5, 2:5] = 255
    glyph[0, 23:26, 23:26] = 51
    seen = svc.seen(glyph, 8).reshape(8, 8)
    assert seen[0, 0] == pytest.approx(16)
    assert seen[7, 7] == pytest.approx(3.2)
    assert np.count_nonzero(seen) == 2


@pytest.mark.parametrize("count", [0, 3])
def test_less_than_two_classes_are_refused(count):
    with pytest.raises(BadData, match="two classes at least"):
        svc.fitted(np.zeros((count, 28, 28), np.uint8), np.zeros(count, np.int64), 8, seed=1)
