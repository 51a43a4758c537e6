"""Printed forms filled by hand: how they are drawn, and how readings of them are counted."""

from __future__ import annotations

import numpy as np
import pytest
from scripted_pen import Hand, write

from recognizer import Recognizer
from training.data import Sample
from training.forms import FACES, KINDS, Filled, filled, form_table, forms, printed


@pytest.fixture
def numbers() -> list[Sample]:
    strokes = [np.array(stroke.points) for stroke in write("4-12", Hand(3)).strokes]
    return [Sample("1", "w", tuple(strokes[-1:])), Sample("4-12", "w", tuple(strokes))]


def test_forms_are_of_every_kind_and_hold_numbers_of_two_digits_or_more(numbers):
    pages = list(forms(numbers, 3, 1))
    assert [p.kind for p in pages] == [kind for kind in KINDS for _ in range(3)]
    assert {p.number for p in pages} == {"412"}
    assert all((p.page < 128).sum() > (p.alone < 128).sum() > 0 for p in pages)
    assert np.array_equal(pages[0].page, next(forms(numbers, 1, 1)).page)
    assert not list(forms(numbers[:1], 3, 1))


@pytest.mark.parametrize("face", FACES)
def test_every_face_is_drawn_differently_and_as_large_as_asked(face):
    words = [printed("Phone", other, 32) for other in FACES]
    own = words[FACES.index(face)]
    assert 14 <= own.shape[0] <= 34
    assert sum(own.shape == w.shape and np.array_equal(own, w) for w in words) == 1


def test_a_form_counts_where_exactly_its_number_is_read(numbers):
    pages = list(forms(numbers, 1, 2))
    found = list(filled(Recognizer.load(), pages))
    assert [f.kind for f in found] == list(KINDS)
    assert sum(f.right for f in found) >= 3


def test_the_table_tells_each_kind_and_all():
    found = [Filled("label above", True, True), Filled("label above", False, True), Filled("letter head", True, False)]
    assert form_table(found).splitlines()[2:] == [
        "| label above | 2 | 50.0 % (9.5 to 90.5) | 100.0 % |",
        "| letter head | 1 | 100.0 % (20.7 to 100.0) | 0.0 % |",
        "| all | 3 | 66.7 % (20.8 to 93.9) | 66.7 % |",
    ]
