"""Fitting the score of the lattice: its sums against all paths counted one by one, its file against the network."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import tensorflow as tf

from recognizer.candidates import MOST_PIECES
from recognizer.classify import Classifier
from recognizer.engine import ModelUnavailable
from recognizer.looks import Sight
from recognizer.score import load_score
from recognizer.strip import MARGIN, ROWS
from training import lattice, rescore
from training.lattice import Example
from training.mix import LABELS
from training.pages import Page

NO_STRIP = np.zeros((ROWS, 2 * MARGIN), np.uint8)
LABELS_HERE = 4  # of which the last may stand free


def line(rng, places, classes, free=(3,), labels=LABELS_HERE, features=6):
    """A line of `places` pieces with most of its possible candidates, and random looks."""
    every = [(s, r) for s in range(places) for r in range(min(MOST_PIECES, places - s)) if r == 0 or rng.random() < 0.8]
    seen = rng.normal(0, 1, (len(every), features)).astype(np.float32)
    marked = np.array([label in free for label in range(labels)])
    return Example(np.array(every), seen, places, tuple(classes), marked, "w", "ink", NO_STRIP)


def every_path(example, potentials):
    """Yield (labels, weight) of each way to cut and label the line, found by trying all."""

    def cuts(place):
        if place == example.places:
            yield []
        for i, (start, run) in enumerate(example.runs):
            if start == place:
                for rest in cuts(place + int(run) + 1):
                    yield [i, *rest]

    for path in cuts(0):
        for labels in itertools.product(range(len(example.free)), repeat=len(path)):
            yield labels, sum(potentials[i, label] for i, label in zip(path, labels, strict=True))


def by_trying(example, potentials):
    """The two log weights of `log_likelihood` for one line, from all its paths."""
    spelling, whole = [], []
    for labels, weight in every_path(example, potentials):
        whole.append(weight)
        if tuple(label for label in labels if not example.free[label]) == example.classes:
            spelling.append(weight)
    return np.logaddexp.reduce(spelling), np.logaddexp.reduce(whole)


@pytest.mark.parametrize(
    "shapes",
    [[(1, (0,))], [(3, (0, 2))], [(4, (1,)), (2, (2, 2)), (3, ())], [(5, (0, 1, 0)), (1, ())]],
    ids=str,
)
def test_the_sums_are_those_over_all_paths(shapes):
    rng = np.random.default_rng(len(shapes))
    group = [line(rng, places, classes) for places, classes in shapes]
    potentials = [rng.normal(0, 1.5, (len(e.runs), LABELS_HERE)) for e in group]
    found = lattice.log_likelihood(tf.constant(np.concatenate(potentials), tf.float32), lattice.batch(group))
    expected = [by_trying(e, p) for e, p in zip(group, potentials, strict=True)]
    assert np.allclose(np.transpose(found), expected, atol=1e-4)


def test_a_text_that_no_path_spells_weighs_nothing():
    rng = np.random.default_rng(1)
    example = line(rng, 2, (0, 0, 0))
    spelling, whole = lattice.log_likelihood(tf.zeros((len(example.runs), LABELS_HERE)), lattice.batch([example]))
    assert float(spelling[0]) < -1e8
    assert float(whole[0]) > 0


def test_padding_a_line_changes_nothing():
    rng = np.random.default_rng(2)
    short, long = line(rng, 2, (1,)), line(rng, 7, (0, 1, 2))
    potentials = tf.constant(rng.normal(0, 1, (len(short.runs) + len(long.runs), LABELS_HERE)), tf.float32)
    alone = lattice.log_likelihood(potentials[: len(short.runs)], lattice.batch([short]))
    together = lattice.log_likelihood(potentials, lattice.batch([short, long]))
    assert np.allclose([a[0] for a in alone], [t[0] for t in together], atol=1e-5)


def learnable(rng, count):
    """Lines whose classes show in the features, those of a wrong cut in the last one alone."""
    found = []
    for _ in range(count):
        places = 3
        classes = tuple(rng.integers(0, 3, places).tolist())
        runs = np.array([(s, r) for s in range(places) for r in range(min(2, places - s))])
        seen = rng.normal(0, 0.1, (len(runs), 6)).astype(np.float32)
        seen[:, :4] -= 1
        for i, (start, run) in enumerate(runs):
            seen[i, 4] += classes[start] - 1
            seen[i, 5] += run
        found.append(Example(runs, seen, places, classes, np.zeros(4, bool), "w", "ink", NO_STRIP))
    return found


def test_fitting_learns_to_cut_and_to_name_and_does_it_again(capsys):
    found = learnable(np.random.default_rng(3), 296)
    network = lattice.fit(found[:256], 150, seed=1, hidden=16, digits=1)
    assert "epoch 150: loss" in capsys.readouterr().out
    new = list(rescore.contests(found[256:], network, ("1", "-", "/", "")))
    assert np.mean([c.right(c.paths[0].text) for c in new]) > 0.9
    again = lattice.fit(found[:256], 150, seed=1, hidden=16, digits=1)
    assert all((a == b).all() for a, b in zip(network.get_weights(), again.get_weights(), strict=True))


@pytest.fixture
def network():
    tf.keras.utils.set_random_seed(1)
    rng = np.random.default_rng(1)
    mean, deviation = (rng.uniform(0.5, 2, 9).astype(np.float32) for _ in range(2))
    made = lattice.score_network(9, LABELS_HERE, 12, mean, deviation, digits=2)
    made.set_weights([w + rng.normal(0, 0.3, w.shape) if w.ndim == 2 else w for w in made.get_weights()])
    return made


def test_a_saved_score_is_the_network(network, tmp_path):
    lattice.save_score(network, tmp_path / "score.npz")
    seen = np.random.default_rng(2).normal(0, 2, (50, 9)).astype(np.float32)
    expected = network(seen, training=False).numpy()
    assert np.allclose(load_score(tmp_path / "score.npz").potentials(seen), expected, atol=1e-4)
    assert np.abs(expected - 3 * seen[:, :LABELS_HERE]).max() > 0.1


def test_no_half_written_score_replaces_a_good_one(network, tmp_path, monkeypatch):
    path = tmp_path / "score.npz"
    lattice.save_score(network, path)
    good = path.read_bytes()

    def full(*arguments, **arrays):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr(np, "savez", full)
        lattice.save_score(network, path)
    assert path.read_bytes() == good
    with pytest.raises(ModelUnavailable, match="missing or broken"):
        load_score(tmp_path / "nowhere.npz")


def test_pages_become_examples_with_what_the_reader_sees(handwriting):
    from training import mix
    from training.pages import drawing

    corpus = mix.load(handwriting, lambda _: True)
    rng = np.random.default_rng(1)
    numbers = [s for s in corpus.numbers if " " not in s.label]
    made = [Page(drawing(s.traces, rng), s.label, s.writer, "ink") for s in numbers]
    made.append(Page(np.full((60, 60), 255, np.uint8), "", "nobody", "blank"))
    uniform = Classifier(lambda g: np.full((len(g), len(LABELS)), 1 / len(LABELS), np.float32), {"labels": LABELS})
    found = lattice.examples(made, Sight(uniform))
    assert len(found) == len(numbers)
    for example, sample in zip(found, numbers, strict=True):
        assert "".join(LABELS[c] for c in example.classes) == sample.label
        assert example.places >= len(sample.label)
        assert example.seen.shape[0] == len(example.runs)
        assert (example.runs.sum(1) < example.places).all()
        assert not example.free.any()
