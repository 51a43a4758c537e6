from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.formats import NAMED, BadFormat, Format

RIGHT = {
    "phone": ["(617)321-8625", "617-321-8625", "321-8625", "617.321.8625", "+442079460958", "+49-30-123456"],
    "date": ["1/30", "6/7/89", "30/1", "21.11.2026", "21.11.", "2026-11-21", "21112026", "20261121", "112126"],
    "amount": ["7", "$1,234.56", "1.234,56", "20.-", "20,-", "-5.00", "#124.50#", "12345", "$0.50", "19.5"],
    "time": ["14:35", "9:05", "23.59", "08:00:59"],
    "digits:5": ["90210", "90-210", "(90)210"],
    "digits:3-4": ["123", "12.34"],
    r"\d{4}-\d{4}": ["1234-5678"],
    r"[(]\d+[)]": ["(1)"],
}  # fmt: skip
WRONG = {
    "phone": ["12345", "1234567890123456", "61/", "617--3218625", "(617", "617)3218625"],
    "date": ["13/13", "32/1", "0/5", "1/2/3", "20261321", "6/7/189", "1/"],
    "amount": ["1,23,4", "1.2345,6", "$", "1234,567.8", "--5"],
    "time": ["24:00", "9:60", "935", "1:2"],
    "digits:5": ["9021", "902101", "90/2", ""],
    "digits:3-4": ["12", "12345"],
    r"\d{4}-\d{4}": ["12345678", "1234-567", "1234-56789"],
    r"[(]\d+[)]": ["()", "(1"],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in RIGHT.items() for text in texts])
def test_what_has_the_format_is_complete_and_viable_all_along(name, text):
    wanted = Format.of(name)
    assert wanted.complete(text)
    assert all(wanted.viable(text[:end]) for end in range(len(text) + 1))


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in WRONG.items() for text in texts])
def test_what_lacks_the_format_is_not_complete(name, text):
    assert not Format.of(name).complete(text)


@pytest.mark.parametrize(
    ("name", "prefix"), [("date", "13/13"), ("time", "24"), ("digits:2", "123"), (r"\d-", "--"), ("phone", "(-")]
)
def test_a_wrong_turn_is_seen_where_it_is_taken(name, prefix):
    assert not Format.of(name).viable(prefix)


@given(st.sampled_from([*NAMED, "digits:3", r"\d{2}[-/]\d{2}"]), st.text("0123456789()-/.,:+#$=", max_size=10))
def test_whatever_is_complete_was_viable(name, text):
    wanted = Format.of(name)
    if wanted.complete(text):
        assert all(wanted.viable(text[:end]) for end in range(len(text) + 1))


def luhn(text: str) -> bool:
    """The checksum of card numbers (H. P. Luhn, US patent 2950048)."""
    digits = [int(c) for c in reversed(text)]
    return (sum(digits[::2]) + sum(sum(divmod(2 * d, 10)) for d in digits[1::2])) % 10 == 0


def test_a_checksum_refuses_whole_texts_alone():
    card = Format("card", r"\d{11}", check=luhn)
    assert card.complete("79927398713")
    assert not card.complete("79927398710")
    assert card.viable("79927398710")


@pytest.mark.parametrize("asked", ["phones", "", "digits:0", "digits:5-4", "digits:x", "digits:", "(", r"\d[", "[0-"])
def test_what_is_no_format_is_refused_by_name(asked):
    with pytest.raises(BadFormat) as refused:
        Format.of(asked)
    assert asked in str(refused.value)


def test_an_expression_that_takes_for_ever_is_given_up():
    with pytest.raises(BadFormat, match="too long"):
        Format.of(r"(\d|\d\d)+[-/]").complete("1" * 60)


def test_formats_travel_between_processes():
    wanted = Format.of("date")
    assert pickle.loads(pickle.dumps(wanted)) == wanted
