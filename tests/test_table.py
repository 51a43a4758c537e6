from __future__ import annotations

import csv

from test_listing import FIRST, FORM

from recognizer.report import Terms
from recognizer.table import COLUMNS, LISTED_COLUMNS, columns, csv_error, csv_row, csv_rows


def fields(line: str, heading: tuple[str, ...]) -> dict[str, str]:
    (row,) = csv.reader([line])
    return dict(zip(heading, row, strict=True))


def test_a_row_tells_of_one_input_on_one_line():
    row = fields(csv_row('a, "b"\n.png', FORM, Terms()), COLUMNS)
    assert row == {
        "path": 'a, "b"\\n.png',
        "number": "12  34",
        "text": "(12) | - | 3 4",
        "confidence": "0.500000",
        "accepted": "true",
        "error": "",
    }


def test_a_number_that_is_not_sure_enough_is_left_out_of_its_row():
    row = fields(csv_row("a.png", FORM, Terms(0.95)), COLUMNS)
    assert (row["number"], row["accepted"]) == ("", "false")


def test_listed_numbers_have_a_row_each_and_an_input_without_any_an_empty_one():
    (line,) = csv_rows("a.png", (FIRST,), Terms())
    assert list(fields(line, LISTED_COLUMNS).values()) == [
        *("a.png", "1", "1", "10", "23", "21"),
        *("12", "(12)", "0.25", "true", ""),
    ]
    (empty,) = csv_rows("a.png", (), Terms())
    assert fields(empty, LISTED_COLUMNS) == {name: "a.png" if name == "path" else "" for name in LISTED_COLUMNS}


def test_an_error_has_a_row_under_the_same_heading():
    for heading in (columns(False), columns(True)):
        row = fields(csv_error("a.png", "a.png is empty.", heading), heading)
        assert (row["path"], row["error"]) == ("a.png", "a.png is empty.")
        assert set(row.values()) == {"a.png", "", "a.png is empty."}
