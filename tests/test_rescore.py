from __future__ import annotations

import numpy as np
import pytest

from recognizer.candidates import GEOMETRY
from recognizer.classify import SHIPPED
from recognizer.decode import Path, Step
from recognizer.engine import ModelUnavailable
from recognizer.rescore import grammar, load_weights, merit, merits, traits, weighed

LABELS = (*"0123456789()-/", "")


def path(text: str, probability: float = 0.5) -> Path:
    """A path with a candidate of its own for each character; "x" is ink left out."""
    steps = tuple(Step(i, LABELS.index(c.replace("x", ""))) for i, c in enumerate(text))
    return Path(text.replace("x", ""), steps, probability)


def row(**known: float) -> np.ndarray:
    return np.array([known.get(name.replace(" ", "_"), 0.0) for name in GEOMETRY], np.float32)


def rows(*heights: float) -> np.ndarray:
    return np.stack([row(height=np.log(h), ink=1.0) for h in heights])


def test_pairs_of_kinds_are_counted_and_digits_are_all_alike():
    assert grammar("12-3") == grammar("90-1") | {"ones": 1.0}
    found = grammar("12-3")
    assert (found["<d"], found["dd"], found["d-"], found["-d"], found["d>"]) == (1, 1, 1, 1, 1)


@pytest.mark.parametrize(("text", "unpaired"), [("(507)", 0), ("(5071", 1), ("((1", 2)])
def test_brackets_that_do_not_pair_are_counted(text, unpaired):
    assert grammar(text)["unpaired brackets"] == unpaired


def test_slashes_and_the_digits_beside_them_are_counted():
    found = grammar("12/3/607218")
    assert (found["2 slashes"], found["1 digits beside a slash"], found["2 digits beside a slash"]) == (1, 2, 1)
    assert found["4 digits beside a slash"] == 1, "four or more"
    assert grammar("1/2/2026") == grammar("1/2/26") | {"dd": 3.0, "symbols": 8.0}, "a year may have four digits"
    assert not any("slash" in name for name in grammar("12"))


def test_digits_of_one_height_are_even_and_others_are_not():
    even, uneven = (traits(path("234"), LABELS, rows(*heights)) for heights in ((1, 1, 1), (1, 0.4, 1)))
    assert even["uneven heights"] == 0 < uneven["uneven heights"]
    assert uneven["smallest digit"] == pytest.approx(np.log(0.4))
    assert "uneven heights" not in traits(path("2-"), LABELS, rows(1, 1)), "one digit is even with itself"


def test_ink_left_out_is_weighed():
    found = traits(path("2x"), LABELS, rows(1, 1))
    assert found["left out"] == 1 and found["ink left out"] == pytest.approx(np.expm1(1))


def test_traits_that_weigh_turn_the_order_and_what_the_beam_lost_keeps_its_share():
    ways = path("(51", 0.5), path("(5)", 0.3)
    first, second = weighed(ways, merits(LABELS, rows(1, 1, 1), {"unpaired brackets": -3.0}))
    assert first.text == "(5)"
    shares = 0.5 * np.exp(-3), 0.3
    assert (second.probability, first.probability) == pytest.approx([s / (sum(shares) + 0.2) for s in shares])


def test_without_weights_nothing_changes():
    ways = path("(51", 0.5), path("(5)", 0.3)
    assert [w.probability for w in weighed(ways, merits(LABELS, rows(1, 1, 1), {}))] == pytest.approx([0.5, 0.3])
    assert merit({"left out": 2.0}, {}) == 0


@pytest.mark.parametrize("merit", [2000.0, -2000.0])
def test_merits_beyond_what_an_exponential_holds_are_weighed_too(merit):
    ways = (Path("1", (), 0.5), Path("2", (), 0.0))
    first, second = weighed(ways, lambda way: merit * (way.text == "2"))
    assert {first.text, second.text} == {"1", "2"}
    assert 0.0 <= second.probability <= first.probability <= 1.0


def test_a_line_without_pieces_has_no_traits():
    assert traits(Path("", (), 1.0), LABELS, np.zeros((0, len(GEOMETRY)), np.float32)) == {}


def test_shipped_weights_are_there_and_broken_ones_are_named(tmp_path):
    assert load_weights(SHIPPED / "readings.json")["unpaired brackets"] < 0
    broken = tmp_path / "readings.json"
    broken.write_text("[1]")
    with pytest.raises(ModelUnavailable, match=r"readings\.json: the weights of whole readings are missing or broken"):
        load_weights(broken)
