"""The risk-coverage curve: its bound against an exact test, its counts, and the command that stores it."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import binomtest

from recognizer.classify import SHIPPED
from recognizer.risk import Risk, curve_of
from training.__main__ import main
from training.card_page import page
from training.risk import CERTAINTY, THRESHOLDS, Answer, bound, curve, held_out_pages, store, table

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")


@pytest.mark.parametrize(("wrong", "count"), [(0, 1), (0, 300), (1, 300), (17, 40), (999, 1000)])
def test_the_bound_is_that_of_an_exact_test(wrong, count):
    for doubt in (0.05, 0.004):
        exact = binomtest(wrong, count, alternative="less").proportion_ci(1 - doubt, method="exact").high
        assert bound(wrong, count, doubt) == pytest.approx(exact)


@pytest.mark.parametrize("count", [0, 1, 7])
def test_where_all_is_wrong_or_nothing_known_anything_may_be(count):
    assert bound(count, count, 0.05) == 1.0


def test_bounds_hold_more_often_than_promised():
    rng = np.random.default_rng(1)
    wrong = rng.binomial(200, 0.03, 2000)
    assert np.mean([bound(int(k), 200, 0.05) >= 0.03 for k in wrong]) >= 0.95


def answers(count: int, confidence: float, wrong: int = 0, kind: str = "composed ink", weight: float = 1.0):
    return [Answer(confidence, i >= wrong, kind, weight) for i in range(count)]


def test_the_curve_counts_what_reaches_each_threshold():
    found = answers(600, 0.99, 3) + answers(400, 0.6, 40)
    low, high, none = curve(found, (0.0, 0.9, 0.999))
    doubt = (1 - CERTAINTY) / 3
    assert low == Risk(0.0, pytest.approx(bound(43, 1000, doubt), abs=1e-6), 1.0)
    assert high == Risk(0.9, pytest.approx(bound(3, 600, doubt), abs=1e-6), 0.6)
    assert none == Risk(0.999, 1.0, 0.0)


def test_a_confidence_counts_as_it_is_reported():
    assert curve(answers(10, 0.89999996), (0.9,))[0].coverage == 1.0


def test_pages_of_one_number_weigh_as_one():
    alone, shown = curve(answers(50, 0.9, 5), (0.5,)), curve(answers(300, 0.9, 30, weight=1 / 6), (0.5,))
    assert alone[0].error == pytest.approx(shown[0].error, abs=1e-5)


def test_no_bound_is_less_than_what_one_kind_of_page_surely_shows():
    mixed = answers(9000, 0.9) + answers(20, 0.9, 4, "cheque")
    error = curve(mixed, (0.5,))[0].error
    assert binomtest(4, 20, error, "greater").pvalue == pytest.approx(0.05, abs=1e-4)
    few = answers(9000, 0.9) + answers(20, 0.9, 1, "cheque")
    assert curve(few, (0.5,))[0].error < 0.01, "one error of twenty may be chance"


def test_nothing_read_promises_nothing():
    assert curve([], (0.0,)) == (Risk(0.0, 1.0, 0.0),)


def test_the_table_tells_each_kind():
    found = answers(90, 0.99, 1) + answers(10, 0.6, 2, "cheque")
    text = table(found, curve(found, (0.0, 0.9))).splitlines()
    assert text[0] == "| confidence | accepted | errors under | cheque | composed ink |"
    assert text[2].endswith("| 2 of 10 | 1 of 90 |")
    assert text[3].startswith("| 0.9 | 90.0% |")
    assert len({line.count("|") for line in text}) == 1


def test_pages_hold_more_than_one_digit(handwriting):
    from training.mix import load

    found = list(held_out_pages(load(handwriting, lambda _: True), [], 30))
    assert {weight for p, weight in found if p.kind.startswith("composed")} == {1.0}
    assert {weight for p, weight in found if "composed" not in p.kind} == {1 / 6}
    assert all(sum(c.isdigit() for c in p.text) > 1 for p, _ in found)


def test_the_curve_is_stored_in_the_card_and_told_on_its_page(tmp_path):
    card = tmp_path / "model.json"
    held = {"labels": ["0", "a  b", ""], "history": [{"loss": 1}], "scores": {}}
    card.write_text(json.dumps(held))
    card.with_suffix(".md").write_text("as it was")
    found = answers(90, 0.99, 1)
    points = curve(found)
    store(points, found, card)
    again = json.loads(card.read_text())
    assert curve_of(again) == points
    assert {key: again[key] for key in held} == held
    assert max(map(len, card.read_text().splitlines())) < 120
    told = card.with_suffix(".md").read_text()
    assert told == page(again, "model")
    assert f"| {THRESHOLDS[-1]:g} | {points[-1].coverage:.1%} |" in told


def test_the_command_measures_a_model_on_writers_held_out(handwriting, tmp_path, capsys):
    for name in ("digits.tflite", "digits.json"):
        shutil.copy(SHIPPED / name, tmp_path / name)
    assert main(["risk", str(tmp_path / "digits.tflite"), "--data", str(handwriting), "--composed", "20"]) == 0
    points = curve_of(json.loads((tmp_path / "digits.json").read_text()))
    assert [p.threshold for p in points] == list(THRESHOLDS)
    assert points[0].coverage == 1.0
    assert all(a.coverage >= b.coverage for a, b in pairwise(points))
    assert "| confidence | accepted |" in capsys.readouterr().out


def test_data_without_numbers_is_told(handwriting, tmp_path, capsys):
    shutil.copy(SHIPPED / "digits.tflite", tmp_path)
    shutil.copy(SHIPPED / "digits.json", tmp_path)
    before = (tmp_path / "digits.json").read_bytes()
    assert main(["risk", str(tmp_path), "--data", str(handwriting / "mnist"), "--composed", "2"]) == 1
    assert "holds no numbers" in capsys.readouterr().err
    assert (tmp_path / "digits.json").read_bytes() == before
