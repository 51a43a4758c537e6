from __future__ import annotations

from recognizer.listing import Listed, json_listing, listed, plain_listing
from recognizer.reading import Reading, Symbol

FORM = Reading(
    "(12)\n-\n3 4",
    0.5,
    (
        Symbol("(", 0.5, (1, 12, 3, 14), 0),
        Symbol("1", 0.5, (5, 10, 4, 20), 0),
        Symbol("2", 1.0, (12, 11, 6, 20), 0),
        Symbol(")", 1.0, (20, 10, 4, 20), 0),
        Symbol("-", 1.0, (0, 40, 4, 2), 1),
        Symbol("3", 0.9, (7, 60, 5, 9), 2),
        Symbol("4", 0.8, (50, 58, 6, 9), 2),
    ),
)
FIRST = Listed("12", "(12)", 0.25, (1, 10, 23, 21))
SECOND = Listed("34", "3 4", 0.9 * 0.8, (7, 58, 49, 11))


def test_each_line_with_digits_is_a_number_with_the_box_around_its_symbols():
    assert listed([FORM]) == (FIRST, SECOND)
    assert listed([Reading()]) == ()


def test_numbers_know_their_page():
    assert [one.page for one in listed([FORM, Reading(), FORM])] == [1, 1, 3, 3]


def test_plain_lines_say_where_a_number_stands():
    assert plain_listing("a.png", (FIRST, SECOND), 0.0, 1) == ("a.png: 1,10,23,21: 12", "a.png: 7,58,49,11: 34")
    assert plain_listing(None, (SECOND,), 0.0, 2) == ("page 1: 7,58,49,11: 34",)


def test_a_page_without_numbers_has_a_line_too():
    assert plain_listing("a.png", (), 0.0, 1) == ("a.png: ",)
    assert plain_listing(None, (), 0.0, 1) == ("",)


def test_a_number_that_is_not_sure_enough_keeps_its_place_alone():
    assert plain_listing(None, (FIRST, SECOND), 0.5, 1) == ("1,10,23,21: ", "7,58,49,11: 34")
    assert [one["accepted"] for one in json_listing((FIRST, SECOND), 0.5)] == [False, True]


def test_json_has_all_of_it():
    assert json_listing((FIRST,), 0.0) == [
        {"number": "12", "text": "(12)", "confidence": 0.25, "accepted": True, "box": [1, 10, 23, 21], "page": 1}
    ]
