from __future__ import annotations

import json

import numpy as np
import pytest

from recognizer.reading import Reading, Symbol
from recognizer.report import Terms, is_accepted, json_error, json_line, plain_line, rival_lines

TWO_LINES = Reading(
    "(12)\n3 4",
    0.9834567,
    (Symbol("1", 0.99, (1, 2, 3, 4), 0, (("1", 0.99), ("7", 0.01))), Symbol("3", 0.8, (5, 6, 7, 8), 1)),
)


def test_a_plain_line_is_the_number_or_the_path_and_the_number():
    assert plain_line(None, Reading("(12) 3-4", 0.9), Terms()) == "1234"
    assert plain_line("a.png", Reading("(12) 3-4", 0.9), Terms()) == "a.png: 1234"


def test_the_numbers_of_several_lines_stand_on_one():
    assert plain_line("a.png", TWO_LINES, Terms()) == "a.png: 12 34"


def test_an_empty_page_has_an_empty_number():
    assert plain_line(None, Reading(), Terms(0.9)) == ""
    assert plain_line("a.png", Reading(), Terms(0.9)) == "a.png: "


def test_a_number_that_is_not_sure_enough_is_not_printed():
    assert plain_line("a.png", TWO_LINES, Terms(0.99)) == "a.png: "


def test_a_name_cannot_break_the_line():
    assert plain_line("a\nb: 9\x1b[2J.png", TWO_LINES, Terms()) == r"a\nb: 9\x1b[2J.png: 12 34"


def test_json_has_everything_that_programs_may_rely_on():
    line = json_line("a.png", TWO_LINES, Terms(0.95))
    assert line.isascii()
    assert "\n" not in line
    assert json.loads(line) == {
        "path": "a.png",
        "text": "(12)\n3 4",
        "number": "12\n34",
        "confidence": 0.983457,
        "accepted": True,
        "lines": ["(12)", "3 4"],
        "symbols": [
            {
                "label": "1",
                "confidence": 0.99,
                "box": [1, 2, 3, 4],
                "line": 0,
                "alternatives": [["1", 0.99], ["7", 0.01]],
            },
            {"label": "3", "confidence": 0.8, "box": [5, 6, 7, 8], "line": 1, "alternatives": []},
        ],
        "error": None,
    }


def test_numbers_of_numpy_are_numbers_of_json():
    symbol = Symbol("1", np.float32(0.5), tuple(np.arange(4)), np.int64(0), (("1", np.float32(0.5)),))
    assert json.loads(json_line("a", Reading("1", np.float64(0.25), (symbol,)), Terms()))["confidence"] == 0.25


@pytest.mark.parametrize("terms", [Terms(), Terms(0.9, mark=True, alternatives=3, format=True)], ids=["usual", "all"])
def test_an_error_has_the_same_keys_as_a_reading(terms):
    failed = json.loads(json_error("é\udcff", "é is empty.", terms))
    read = json.loads(json_line("a", Reading(), terms))
    assert list(failed) == list(read)
    nothing = {"path": "é\udcff", "confidence": 0.0, "accepted": False, "error": "é is empty."}
    lacking = {"format": {"fits": False, "otherwise": ""}} if terms.format else {}
    assert failed == read | nothing | lacking


def test_a_confidence_is_accepted_as_it_is_reported():
    assert is_accepted(Reading("1", 0.95), 0.95)
    assert is_accepted(Reading("1", 0.94999999), 0.95)
    assert not is_accepted(Reading("1", 0.9499), 0.95)


RIVALS = Reading("(12) 3", 0.7, (), (("(12) 3", 0.6), ("12 8", 0.2), ("12 3", 0.1), ("(12) 8", 0.02)))


def test_the_likeliest_numbers_follow_on_indented_lines():
    assert rival_lines(RIVALS, Terms()) == ()
    assert rival_lines(RIVALS, Terms(alternatives=1)) == ("  0.700000  123",)
    assert rival_lines(RIVALS, Terms(alternatives=9)) == ("  0.700000  123", "  0.220000  128")
    assert rival_lines(Reading("1\n2", 0.5), Terms(alternatives=2)) == ("  0.500000  1 2",)


def test_json_has_the_likeliest_texts_where_they_are_asked_for():
    answer = json.loads(json_line("a", RIVALS, Terms(alternatives=2)))
    assert answer["readings"] == [["(12) 3", 0.6], ["12 8", 0.2]]
    assert "marked" not in answer


def test_unsure_digits_are_marked_where_that_is_asked_for():
    symbols = tuple(
        Symbol(label, sure, (0, 0, 1, 1)) for label, sure in zip("(12)3", (1, 0.99, 0.5, 1, 0.98), strict=True)
    )
    unsure = Reading("(12) 3", 0.48, symbols)
    assert plain_line("a.png", unsure, Terms(0.95, mark=True)) == "a.png: 1?3"
    assert plain_line("a.png", unsure, Terms(0.4, mark=True)) == "a.png: 123"
    answer = json.loads(json_line("a.png", unsure, Terms(0.95, mark=True)))
    assert (answer["number"], answer["marked"], answer["accepted"]) == ("123", "1?3", False)
