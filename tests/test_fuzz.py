"""Damaged files are read or refused in a sentence; `python tests/fuzz.py --inputs 100000` tries very many."""

from __future__ import annotations

import pytest
from crowded import KINDS, crowded
from fuzz import DAMAGES, damaged, outcome, specimens
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer import Recognizer
from recognizer.source import load_source

pytest.importorskip("pypdfium2", reason="the extra recognizer[pdf] is not installed")


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.load()


def test_whole_specimens_of_many_formats_are_read(recognizer):
    assert len(specimens()) > 15
    for data in specimens():
        assert load_source(data)
        assert outcome(recognizer, data) == "read"


def test_a_number_makes_the_same_damage_again():
    assert damaged(7) == damaged(7) != damaged(8)
    assert len(DAMAGES) > 5


@settings(max_examples=150)
@given(seed=st.integers(0, 1 << 32))
def test_damaged_files_are_read_or_refused(recognizer, seed):
    said = outcome(recognizer, damaged(seed)).partition(", after ")[0]  # how long it takes is for the command to tell
    assert said in {"read", "refused"}


@pytest.mark.parametrize("number", range(len(KINDS)), ids=[kind.__name__ for kind in KINDS])
def test_pages_of_very_many_marks_are_read_or_refused(recognizer, number):
    said = outcome(recognizer, crowded(number)).partition(", after ")[0]
    assert said in {"read", "refused"}
