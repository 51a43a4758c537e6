from __future__ import annotations

import json

import numpy as np

from recognizer.reading import Reading, Symbol
from recognizer.report import is_accepted, json_error, json_line, plain_line

TWO_LINES = Reading(
    "(12)\n3 4",
    0.9834567,
    (Symbol("1", 0.99, (1, 2, 3, 4), 0, (("1", 0.99), ("7", 0.01))), Symbol("3", 0.8, (5, 6, 7, 8), 1)),
)


def test_a_plain_line_is_the_number_or_the_path_and_the_number():
    assert plain_line(None, Reading("(12) 3-4", 0.9), 0.0) == "1234"
    assert plain_line("a.png", Reading("(12) 3-4", 0.9), 0.0) == "a.png: 1234"


def test_the_numbers_of_several_lines_stand_on_one():
    assert plain_line("a.png", TWO_LINES, 0.0) == "a.png: 12 34"


def test_an_empty_page_has_an_empty_number():
    assert plain_line(None, Reading(), 0.9) == ""
    assert plain_line("a.png", Reading(), 0.9) == "a.png: "


def test_a_number_that_is_not_sure_enough_is_not_printed():
    assert plain_line("a.png", TWO_LINES, 0.99) == "a.png: "


def test_a_name_cannot_break_the_line():
    assert plain_line("a\nb: 9\x1b[2J.png", TWO_LINES, 0.0) == r"a\nb: 9\x1b[2J.png: 12 34"


def test_json_has_everything_that_programs_may_rely_on():
    line = json_line("a.png", TWO_LINES, 0.95)
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
    assert json.loads(json_line("a", Reading("1", np.float64(0.25), (symbol,)), 0.0))["confidence"] == 0.25


def test_an_error_has_the_same_keys_as_a_reading():
    failed, read = json.loads(json_error("é\udcff", "é is empty.")), json.loads(json_line("a", Reading(), 0.0))
    assert list(failed) == list(read)
    assert failed == {**read, "path": "é\udcff", "confidence": 0.0, "accepted": False, "error": "é is empty."}


def test_a_confidence_is_accepted_as_it_is_reported():
    assert is_accepted(Reading("1", 0.95), 0.95)
    assert is_accepted(Reading("1", 0.94999999), 0.95)
    assert not is_accepted(Reading("1", 0.9499), 0.95)
