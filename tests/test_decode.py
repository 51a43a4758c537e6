from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.candidates import Candidate
from recognizer.decode import Lattice, number_probability
from recognizer.ink import Mark

MARK = Mark(0, 0, np.zeros((1, 1), np.uint8))
LABELS = ("1", "2", "-", "")


def lattice(places: int, seed: int) -> Lattice:
    rng = np.random.default_rng(seed)
    runs = [(i, j) for i in range(places) for j in range(i + 1, min(places, i + 3) + 1)]
    candidates = tuple(Candidate(i, j, MARK) for i, j in runs if j == i + 1 or rng.random() < 0.7)
    return Lattice(places, candidates, LABELS, rng.normal(0, 1, (len(candidates), len(LABELS))))


def every_path(of: Lattice) -> list[tuple[float, str]]:
    """The oracle: every path through the lattice, walked one by one."""

    def walk(place: int) -> list[tuple[float, str]]:
        if place == of.places:
            return [(0.0, "")]
        return [
            (float(of.potentials[i, k]) + weight, of.labels[k] + text)
            for i, c in enumerate(of.candidates)
            if c.start == place
            for k in range(len(of.labels))
            for weight, text in walk(c.stop)
        ]

    return walk(0)


@given(st.integers(1, 4), st.integers(0, 10_000))
def test_the_sum_over_all_paths_is_that_of_walking_them(places, seed):
    made = lattice(places, seed)
    assert made.sums[0][-1] == pytest.approx(np.logaddexp.reduce([w for w, _ in every_path(made)]))
    assert made.sums[1][0] == pytest.approx(made.sums[0][-1])


@given(st.integers(1, 3), st.integers(0, 10_000))
def test_edges_have_the_probability_of_the_paths_through_them(places, seed):
    made = lattice(places, seed)
    spans = made.posteriors().sum(1)
    for place in range(places):
        covering = sum(p for p, c in zip(spans, made.candidates, strict=True) if c.start <= place < c.stop)
        assert covering == pytest.approx(1)


def certain(text: str) -> Lattice:
    """A lattice of single pieces that spells `text` almost surely."""
    potentials = np.full((len(text), len(LABELS)), -6.0)
    potentials[range(len(text)), [LABELS.index(c) for c in text]] = 0
    return Lattice(len(text), tuple(Candidate(i, i + 1, MARK) for i in range(len(text))), LABELS, potentials)


def test_the_likeliest_text_comes_first_with_the_probability_of_all_its_paths():
    best, *_ = certain("12-2").paths()
    assert best.text == "12-2"
    assert best.probability == pytest.approx(1 / (1 + 3 * np.exp(-6)) ** 4, abs=0.01)
    assert [s.candidate for s in best.steps] == [0, 1, 2, 3]


def test_two_ways_of_cutting_the_same_text_count_together():
    candidates = (Candidate(0, 1, MARK), Candidate(1, 2, MARK), Candidate(0, 2, MARK))
    #            "1"   "2"   "-"   ""
    potentials = np.array([[1.0, -9, -9, -9], [-9, -9, -9, 1.0], [1.9, 2.0, -9, -9]])
    best, second, *_ = Lattice(2, candidates, LABELS, potentials).paths()
    assert (best.text, second.text) == ("1", "2")


def test_probabilities_of_all_texts_do_not_exceed_one():
    for seed in range(20):
        assert sum(p.probability for p in lattice(4, seed).paths(50)) <= 1 + 1e-9


def test_the_number_is_as_sure_as_all_texts_with_its_digits():
    paths = certain("1-2").paths()
    same = [p.probability for p in paths if p.text.replace("-", "") == "12"]
    assert number_probability(paths) == pytest.approx(sum(same))


def test_no_pieces_say_nothing():
    (path,) = Lattice(0, (), LABELS, np.zeros((0, len(LABELS)))).paths()
    assert (path.text, path.probability) == ("", 1.0)


def test_a_run_is_one_symbol():
    texts = {len(t) for _, t in itertools.islice(every_path(certain("12")), 99)}
    assert max(texts) == 2
