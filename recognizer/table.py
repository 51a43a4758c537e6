"""Readings as rows of a table: CSV with a heading, one line a row, for spreadsheets and databases."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from recognizer.file import shown
from recognizer.listing import Listed, json_listing
from recognizer.reading import Reading
from recognizer.report import Terms, is_accepted, told

COLUMNS = ("path", "number", "text", "confidence", "accepted", "error")
LISTED_COLUMNS = ("path", "page", "x", "y", "width", "height", "number", "text", "confidence", "accepted", "error")
_LINE = " | "  # stands for a line break within a text, since a row is one line; no symbol looks so


def columns(listed: bool) -> tuple[str, ...]:
    """Return the heading: of a row for each input, or of one for each number that is listed."""
    return LISTED_COLUMNS if listed else COLUMNS


def csv_row(path: str, reading: Reading, terms: Terms) -> str:
    """Return the row of one input, under `COLUMNS`; its number as plain lines have it, which is empty under `terms`."""
    accepted = is_accepted(reading, terms.least)
    return csv_line(
        (
            path,
            told(reading, terms),
            reading.text.replace("\n", _LINE),
            f"{reading.confidence:.6f}",
            _truth(accepted),
            "",
        )
    )


def csv_rows(path: str, numbers: Sequence[Listed], terms: Terms) -> tuple[str, ...]:
    """Return a row for each number of one input, under `LISTED_COLUMNS`; one empty row where there is none."""
    rows = [
        (path, n["page"], *n["box"], n["number"] if n["accepted"] else "", n["text"], n["confidence"], n["accepted"])
        for n in json_listing(numbers, terms.least)
    ]
    if not rows:
        return (csv_line((path, *[""] * (len(LISTED_COLUMNS) - 1))),)
    return tuple(csv_line((*row[:-1], _truth(bool(row[-1])), "")) for row in rows)


def csv_error(path: str, sentence: str, columns: Sequence[str]) -> str:
    """Return the row of an input that could not be read."""
    return csv_line((path, *[""] * (len(columns) - 2), sentence))


def csv_line(values: Iterable[object]) -> str:
    """Return one row without its line end; what cannot be printed is escaped, so that it stays one line."""
    row = io.StringIO()
    csv.writer(row, lineterminator="").writerow([shown(str(value)) for value in values])
    return row.getvalue()


def _truth(value: bool) -> str:
    return "true" if value else "false"
