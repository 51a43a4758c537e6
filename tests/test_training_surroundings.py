"""Numbers with something drawn around them: how they are drawn, and how readings of them are counted."""

from __future__ import annotations

import numpy as np
import pytest
from scripted_pen import Hand, write

from recognizer import Recognizer
from training.data import Sample
from training.surroundings import AROUND, Seen, seen, seen_table, surrounded


@pytest.fixture
def numbers() -> list[Sample]:
    strokes = [np.array(stroke.points) for stroke in write("4-12", Hand(3)).strokes]
    return [Sample("1", "w", tuple(strokes[-1:])), Sample("4-12", "w", tuple(strokes))]


def test_something_of_every_kind_is_drawn_around_numbers_of_two_digits_or_more(numbers):
    drawn = list(surrounded(numbers, 2, 1))
    assert [d.kind for d in drawn] == [kind for kind in AROUND for _ in range(2)]
    assert {d.number for d in drawn} == {"412"}
    assert all(d.drawing.strokes[: len(d.alone.strokes)] == d.alone.strokes for d in drawn)
    assert all(len(d.drawing.strokes) > len(d.alone.strokes) for d in drawn)
    assert drawn[:1] == list(surrounded(numbers, 1, 1))[:1] != drawn[1:2]
    assert not list(surrounded(numbers[:1], 3, 1))


def test_what_is_around_a_number_is_counted_where_it_is_read_too(numbers):
    drawn = [d for d in surrounded(numbers, 1, 2) if d.kind in {"ring", "frame"}]
    assert list(seen(Recognizer.load(), drawn)) == [Seen(d.kind, (True, True), (True, True)) for d in drawn]


def test_the_table_tells_drawings_and_pictures_of_each_kind():
    found = [Seen("ring", (True, False), (True, True)), Seen("ring", (True, True), (True, False))]
    assert seen_table([*found, Seen("frame", (False, False), (True, True))]).splitlines()[2:] == [
        "| ring | 2 | 100.0 % (34.2 to 100.0) | 100.0 % (34.2 to 100.0) "
        "| 50.0 % (9.5 to 90.5) | 50.0 % (9.5 to 90.5) |",
        "| frame | 1 | 0.0 % (0.0 to 79.3) | 100.0 % (20.7 to 100.0) | 0.0 % (0.0 to 79.3) | 100.0 % (20.7 to 100.0) |",
    ]
