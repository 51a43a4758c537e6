from __future__ import annotations

import pytest

from recognizer.rescore import plausibility


@pytest.mark.parametrize(
    "text", ["(617) 321-8625", "6/7/89", "$1,234.56", "15.08%", "94/623=15.08%", "#42", "(", "1", ""]
)
def test_what_people_write_breaks_no_rule(text):
    assert plausibility(text) == 0


@pytest.mark.parametrize(
    ("likely", "unlikely"),
    [
        ("(507)", "(5071"),
        ("(507)", "1507)"),
        ("12/21", "12/2,/1"),
        ("123", "/123"),
        ("17", "1/"),
        ("(12)", "((12"),
        ("607218", "6072/8"),
    ],
)
def test_broken_rules_weigh(likely, unlikely):
    assert plausibility(likely) > plausibility(unlikely)
