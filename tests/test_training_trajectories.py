"""The trajectory model's training: strokes in order, epochs drawn anew, and what glyph and trajectory are worth."""

from __future__ import annotations

import numpy as np
import pytest

from recognizer.classify import Classifier, load_classifier
from recognizer.looks import WEIGHTS
from recognizer.trajectory import CHANNELS, POINTS
from training import mix, trajectories
from training.mix import LABELS, Mix
from training.trajectories import TrajectoryMaker, in_order

DRAWN = Mix(mnist=0, scans=0, digits=30, marks=10, others=10, rejects=10)


@pytest.fixture(scope="module")
def corpus(handwriting):
    return mix.load(handwriting, lambda _: True)


def test_strokes_stand_from_left_to_right_by_their_middles():
    wide, late = np.array([(0.0, 0.0), (10.0, 0.0)]), np.array([(6.0, 0.0), (7.0, 9.0)])
    assert [t is late for t in in_order([late, wide])] == [False, True]


def test_an_epoch_holds_a_trajectory_of_each_kind(corpus):
    maker = TrajectoryMaker(corpus, 1.0, DRAWN)
    ways, classes = maker.epoch(3)
    assert ways.shape == (maker.size(), POINTS, CHANNELS) and ways.dtype == np.uint8
    assert set(np.unique(classes)) > {len(LABELS) - 1} and (classes < 10).sum() == 30
    again, others = maker.epoch(3)[0], maker.epoch(4)[0]
    assert (again == ways).all() and not (others == ways).all()


def test_the_network_tells_the_labels(corpus):
    ways = TrajectoryMaker(corpus, 1.0, DRAWN).epoch(3)[0]
    assert trajectories.network(len(LABELS))(ways[:4, ..., None]).shape == (4, len(LABELS))


def test_the_better_witness_weighs_more(corpus):
    classifier = load_classifier()
    seen = trajectories.checks(corpus)
    known = {way.tobytes(): c for ways, classes in seen.values() for way, c in zip(ways, classes, strict=True)}

    def run(ways: np.ndarray) -> np.ndarray:
        """Know every way of the corpus, and of others that they are no symbol."""
        told = np.full((len(ways), len(LABELS)), 1e-3, np.float32)
        for row, way in zip(told, ways[..., 0].astype(np.uint8), strict=True):
            row[known.get(way.tobytes(), len(LABELS) - 1)] = 1
        return told

    knowing = Classifier(run, {"labels": list(LABELS)})
    guessing = Classifier(lambda ways: np.full((len(ways), len(LABELS)), 1 / len(LABELS)), {"labels": list(LABELS)})
    glyph, trajectory = (trajectories.weights(corpus, classifier, knowing)[name] for name in WEIGHTS)
    assert trajectory > glyph
    assert trajectories.weights(corpus, classifier, guessing)[WEIGHTS[0]] > 0.3


def test_without_ink_nothing_is_worth_anything(corpus):
    empty = mix.corpus_of(corpus.mnist, ())
    classifier = load_classifier()
    assert trajectories.weights(empty, classifier, classifier) == dict.fromkeys(WEIGHTS, 0.0)
    assert trajectories.checks(empty) == {}
