"""How much the line model's opinion weighs is fitted on lines with digits; what speaks for none, on others too."""

from __future__ import annotations

import numpy as np
import pytest

from recognizer.opinion import TRAITS
from training.opinion import Hearing, fit, texts_right

STRANGE = "nothing where digits look strange"


def hearing(by_cuts: list[float], by_line: list[float], right: int, silent: int | None = None) -> Hearing:
    """The log-probabilities of texts by the lattice and the line model; of all others nothing is known."""
    told = np.zeros((len(by_cuts) + 1, len(TRAITS)))
    told[:-1, 0], told[:-1, 1] = by_cuts, by_line
    told[-1, :2] = -14
    if silent is not None:
        told[silent, TRAITS.index(STRANGE)] = 1
    return Hearing(told, np.arange(len(told)) == right, "page", "writer")


@pytest.fixture
def heard() -> list[Hearing]:
    """Lines that the line model reads rightly and the lattice as often as not."""
    return [hearing([-0.6, -0.8, -9.0], [-0.1, -3.0, -6.0], right=0, silent=2)] * 20 + [
        hearing([-0.8, -0.6, -9.0], [-0.1, -3.0, -6.0], right=0, silent=2)
    ] * 20


def test_the_better_reader_weighs_more(heard):
    weights = fit(heard)
    assert weights["line model's text"] > 0.3
    assert np.mean(texts_right(heard, {})["page"]) == 0.5
    assert all(texts_right(heard, weights)["page"])


def test_lines_without_digits_change_nothing_but_what_speaks_for_none(heard):
    strangers = [hearing([-0.1, -9.0], [-2.0, -1.0], right=1, silent=1)] * 2000
    alone, both = fit(heard), fit(heard, strangers)
    assert both.pop(STRANGE) > alone.pop(STRANGE) + 0.5
    assert both == alone


def test_lines_without_digits_count_little(heard):
    few = [hearing([-0.1, -9.0], [-2.0, -1.0], right=1, silent=1)]
    assert fit(heard, few * 500)[STRANGE] > fit(heard, few * 5)[STRANGE] >= fit(heard)[STRANGE]


def test_without_lines_nothing_weighs():
    assert fit([]) == dict.fromkeys(TRAITS, 0.0)
