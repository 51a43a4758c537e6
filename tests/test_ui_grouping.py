"""Numbers are shown in groups, and never change by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.grouping import grouped

FORMATS = ["", "phone", "date", "amount", "time", "digits:5", "digits:4-20", r"\d{4}-\d{4}"]


@pytest.mark.parametrize(
    ("text", "format", "shown"),
    [
        ("4159265358", "phone", "415 926 5358"),
        ("14159265358", "phone", "1 415 926 5358"),
        ("9265358", "phone", "926 5358"),
        ("(415)926-5358", "phone", "(415)926-5358"),
        ("03012345678901", "phone", "030 123 456 789 01"),
        ("0301234567890", "phone", "030 123 456 7890"),
        ("1234567", "amount", "1 234 567"),
        ("$1234567.50", "amount", "$1 234 567.50"),
        ("1,234.50", "amount", "1,234.50"),
        ("999", "amount", "999"),
        ("21112026", "date", "21 11 2026"),
        ("20261121", "date", "2026 11 21"),
        ("211126", "date", "21 11 26"),
        ("21/11/26", "date", "21/11/26"),
        ("1230", "time", "12 30"),
        ("930", "time", "9 30"),
        ("12345678", "digits:8", "1234 5678"),
        ("12345", "digits:5", "12345"),
        ("12345678", "", "12345678"),
        ("", "phone", ""),
    ],
)
def test_a_number_is_grouped_as_its_format_is_written(text: str, format: str, shown: str) -> None:
    assert grouped(text, format) == shown


@given(st.text("0123456789()-/.,:+$ ", max_size=20), st.sampled_from(FORMATS))
def test_grouping_adds_spaces_and_nothing_else(text: str, format: str) -> None:
    assert grouped(text, format).replace(" ", "") == text.replace(" ", "")
