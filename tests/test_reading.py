from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognizer.reading import Reading, Symbol, combined, joined


def read(text: str, *trust: float, confidence: float | None = None) -> Reading:
    """A reading of `text` whose symbols are trusted so far each."""
    labels = [c for c in text if not c.isspace()]
    symbols = tuple(Symbol(c, t, (0, 0, 1, 1)) for c, t in zip(labels, trust, strict=True))
    return Reading(text, math.prod(trust) if confidence is None else confidence, symbols)


def test_the_number_is_the_digits_of_the_text():
    assert Reading("(12) 3-4\n5", 0.5).number == "1234\n5"
    assert Reading("(12) 3-4\n5", 0.5).lines == ("(12) 3-4", "5")


# Unsure digits --------------------------------------------------------------------------------------------------------


def test_a_sure_number_is_not_marked():
    assert read("12", 0.99, 0.99).marked(0.98) == "12"


def test_the_weakest_digits_are_marked_until_the_rest_is_sure():
    reading = read("(12) 3\n4", 0.3, 0.99, 0.5, 0.2, 0.96, 0.999)
    assert reading.marked(0.5) == "1?3\n4"
    assert reading.marked(0.95) == "1??\n4"
    assert reading.marked(0.995) == "???\n4"
    assert reading.marked(1.0) == "???\n?"


def test_many_digits_that_are_all_but_sure_are_together_unsure():
    assert read("1111", 0.97, 0.98, 0.98, 0.98).marked(0.95) == "??11"


def test_one_digit_is_marked_at_least():
    assert read("12", 0.99, 0.999, confidence=0.4).marked(0.5) == "?2"


def test_digits_of_unknown_trust_are_all_marked():
    assert Reading("12", 0.4).marked(0.5) == "??"


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.floats(0.01, 1))
def test_no_digit_under_the_threshold_is_shown(trust, sure):
    reading = read("1" * len(trust), *trust)
    shown = reading.marked(sure)
    left = [t for t, c in zip(trust, shown, strict=True) if c == "1"]
    assert math.prod(left) >= sure or not left
    assert len(left) < len(trust) or reading.confidence >= sure


# Rivals ---------------------------------------------------------------------------------------------------------------


def test_rival_numbers_gather_the_texts_with_their_digits():
    reading = Reading("1-2", 0.8, (), (("1-2", 0.4), ("17", 0.15), ("12", 0.4), ("1/7", 0.05)))
    assert reading.numbers == (("12", 0.8), ("17", pytest.approx(0.2)))
    assert Reading().numbers == (("", 1.0),)


@given(st.lists(st.lists(st.floats(0.01, 1), min_size=1, max_size=4), min_size=1, max_size=4))
def test_the_likeliest_pages_are_those_of_trying_all(shares):
    parts = [
        [(f"{chr(97 + place)}{k}", share) for k, share in enumerate(sorted(part, reverse=True))]
        for place, part in enumerate(shares)
    ]
    every = sorted((math.prod(share for _, share in way) for way in itertools.product(*parts)), reverse=True)
    found = combined(parts, 5)
    assert [share for _, share in found] == pytest.approx(every[:5])
    assert len({text for text, _ in found}) == len(found)


def test_lines_that_may_say_nothing_count_together():
    found = combined([[("1", 0.6), ("", 0.4)], [("1", 0.7), ("", 0.3)]], 3)
    assert found == (("1", pytest.approx(0.46)), ("1\n1", pytest.approx(0.42)), ("", pytest.approx(0.12)))


def test_pages_joined_have_the_rivals_of_both():
    one = Reading("1", 0.9, (Symbol("1", 0.9, (0, 0, 1, 1)),), (("1", 0.9), ("7", 0.1)))
    two = Reading("2\n3", 0.8, (), (("2\n3", 0.8), ("2\n8", 0.2)))
    both = joined([one, two, Reading()])
    assert both.text == "1\n2\n3"
    assert both.confidence == pytest.approx(0.72)
    assert [text for text, _ in both.alternatives] == ["1\n2\n3", "1\n2\n8"]
    assert joined([one]) is one
    assert joined([]) == Reading("", 1.0, (), (("", 1.0),))


TEXTS = st.sampled_from(["", "1", "2", "12", "1\n2", "2\n1"])
LIKELIEST_FIRST = st.lists(st.floats(0, 1), min_size=4, max_size=4).map(lambda shares: sorted(shares, reverse=True))
IN_ORDER = st.builds(
    lambda said, shares: list(zip(said, shares, strict=False)),
    st.lists(st.sampled_from(["", "1", "2", "12"]), min_size=1, max_size=4, unique=True),
    LIKELIEST_FIRST,
)
ANY = st.lists(st.tuples(TEXTS, st.floats(0, 1)), min_size=1, max_size=4)
PARTS = st.one_of(st.lists(IN_ORDER, max_size=7), st.lists(st.one_of(IN_ORDER, ANY), max_size=5))


@given(PARTS, st.integers(1, 6))
def test_ways_that_say_the_same_are_told_by_what_they_say(parts: list[list[tuple[str, float]]], count: int) -> None:
    ways = [("", 1.0)]
    for part in parts:
        shares: dict[str, float] = {}
        for said, share in ways:
            for text, likely in part:
                longer = "\n".join(t for t in (said, text) if t)
                shares[longer] = shares.get(longer, 0.0) + share * likely
        ways = sorted(shares.items(), key=lambda way: -way[1])[:count]
    assert combined(parts, count) == tuple(ways)
