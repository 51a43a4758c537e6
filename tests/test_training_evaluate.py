"""Reports on models: numbers against independent counts, and a whole report on a few trained ones."""

from __future__ import annotations

import json
import re
import shutil

import cv2
import numpy as np
import pytest
from scipy.stats import binomtest

from recognizer.classify import Classifier
from training import mix
from training.__main__ import main
from training.data import BadData
from training.evaluate import (
    Answers,
    Trial,
    answers,
    confusion,
    history_of,
    measures,
    per_writer,
    reliability,
    risk_at,
    time_per_digit,
    trials,
    wilson,
)

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")


def answered(truth, read, confidence, writers=None):
    """Answers of a model with labels 0, 1 and 2, made to order."""
    likely = np.full((len(truth), 3), 0.0)
    for row, (label, sure) in enumerate(zip(read, confidence, strict=True)):
        likely[row] = (1 - sure) / 2
        likely[row, int(label)] = sure
    trial = Trial(
        "made", np.zeros((len(truth), 28, 28), np.uint8), np.array(list(truth)), np.array(list(writers or truth))
    )
    return Answers(trial, ("0", "1", "2"), likely, likely)


@pytest.mark.parametrize(("right", "count"), [(0, 7), (7, 7), (3, 10), (996, 1000), (1, 1)])
def test_the_interval_is_wilsons(right, count):
    expected = binomtest(right, count).proportion_ci(method="wilson")
    assert np.allclose(wilson(right, count), expected, atol=1e-6)


def test_nothing_counted_may_be_anything():
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_model_of_many_labels_is_also_asked_among_those_of_the_trial():
    found = answered("0011", "2210", [0.5, 0.5, 0.9, 0.8])
    assert found.right.tolist() == [False, False, True, False]
    assert found.right_among.tolist() == [True, True, True, False]
    assert measures(found)["accuracy among its labels"] == 0.75


def test_risk_is_the_share_of_errors_among_the_surest():
    risk = risk_at(np.array([0.5, 0.9, 0.7, 0.6]), np.array([True, True, False, True]))
    assert np.allclose(risk, [0, 1 / 2, 1 / 3, 1 / 4])


def test_writers_are_counted_each_for_themselves():
    found = answered("000111", "000112", [0.9] * 6, "aababb")
    assert np.allclose(per_writer(found), [2 / 3, 1])


def test_the_confusion_counts_what_was_read_as_what():
    names, counts = confusion(answered("0011", "0210", [0.9] * 4))
    assert names == ["0", "1", "2"]
    assert counts.tolist() == [[1, 0, 1], [1, 1, 0], [0, 0, 0]]


def test_bins_of_the_reliability_diagram_hold_all_answers():
    bins = reliability(answered("0000", "0010", [0.95, 0.95, 0.95, 0.4]))
    assert [b["glyphs"] for b in bins] == [1, 3]
    assert bins[1]["accuracy"] == pytest.approx(2 / 3)
    assert bins[1]["confidence"] == pytest.approx(0.95)


def test_measures_say_what_was_counted():
    numbers = measures(answered("0011", "0210", [0.9, 0.8, 0.7, 0.6], "abab"))
    assert (numbers["glyphs"], numbers["errors"], numbers["writers"]) == (4, 2, 2)
    assert numbers["accuracy"] == 0.5
    assert numbers["classes"]["0"]["accuracy"] == 0.5
    assert numbers["classes"]["1"]["interval"] == wilson(1, 2)
    assert numbers["writer quantiles"] == {"0.0": 0.0, "0.05": 0.05, "0.25": 0.25, "0.5": 0.5, "0.75": 0.75}
    assert numbers["risk at coverage"]["1.0"] == 0.5
    json.dumps(numbers)


def test_answers_are_calibrated_by_the_card():
    probabilities = np.array([[0.8, 0.2]], np.float32)
    classifier = Classifier(lambda g: np.repeat(probabilities, len(g), 0), {"labels": ["0", "1"], "temperature": 2.0})
    found = answers(
        classifier, Trial("t", np.zeros((300, 28, 28), np.uint8), np.array(["0"] * 300), np.array(["w"] * 300))
    )
    assert np.allclose(found.raw, [[0.8, 0.2]] * 300)
    assert np.allclose(found.likely[:, 0], 2 / 3)
    assert found.right.all()


def test_trials_are_of_the_handwriting_as_it_is(handwriting):
    corpus = mix.load(handwriting, lambda _: True, "test")
    found = {t.name: t for t in trials(corpus)}
    assert set(found) == {"mnist", "pen digits", "pen marks"}
    assert (found["mnist"].glyphs == corpus.mnist.images).all()
    assert set(found["pen marks"].labels) == set("-.,:/()+")
    assert {len(t.labels) for t in trials(corpus, 7)} == {7}


def test_time_is_told_for_each_glyph():
    taken = []
    classifier = Classifier(lambda g: taken.append(len(g)) or np.zeros((len(g), 2)), {"labels": ["0", "1"]})
    assert time_per_digit(classifier, np.zeros((3, 28, 28), np.uint8), 8, seconds=0.0) > 0
    assert taken == [8] * 6


@pytest.fixture(scope="module")
def report(handwriting, tmp_path_factory):
    """A machine with two seeds and a network that knows marks, measured side by side."""
    folder = tmp_path_factory.mktemp("report")
    common = ["--data", str(handwriting), "--out", str(folder / "models")]
    seeds = ["--seeds", "1,2", "--report", str(folder / "seeds")]
    assert main(["train", "svc8", *common, "--mix", "mnist,digits=30", *seeds]) == 0
    assert main(["train", "sequential", *common, "--epochs", "2", "--scale", "0.001"]) == 0
    models = sorted((folder / "models").glob("*.tflite"))
    rest = ["--data", str(handwriting / "mnist"), "--data", str(handwriting / "pen"), "--limit", "30"]
    assert main(["evaluate", *map(str, models), *rest, "--out", str(folder)]) == 0
    return folder


def test_the_report_compares_all_models_in_one_table(report):
    text = (report / "report.md").read_text()
    titles = ["sequential-1", "svc8-1", "svc8-2"]
    table = [line for line in text.splitlines() if line.startswith("|")][: 2 + len(titles)]
    assert [row.split(" | ")[0].strip("| ") for row in table] == ["model", "---", *titles]
    assert "## Over several seeds" in text
    assert re.search(r"\| svc8 \| 1, 2 \| [\d.]+ % ± [\d.]+ \|", text)


def test_training_several_seeds_reports_their_spread(report):
    text = (report / "seeds/report.md").read_text()
    numbers = json.loads((report / "seeds/report.json").read_text())
    shares = [100 * numbers[f"svc8-{seed}"]["trials"]["pen digits"]["accuracy"] for seed in (1, 2)]
    assert "pen marks" not in numbers["svc8-1"]["trials"]
    assert not (report / "seeds/risk-pen-marks.png").exists()
    told = f"{np.mean(shares):.3f} % ± {np.std(shares, ddof=1):.3f}"
    assert re.search(rf"\| svc8 \| 1, 2 \|.*{re.escape(told)}", text)


def test_one_training_counts_once_over_several_seeds(report, handwriting, tmp_path):
    models = report / "models"
    other = ["--data", str(handwriting), "--mix", "mnist,digits=40", "--out", str(tmp_path / "other"), "--seeds", "3"]
    assert main(["train", "svc8", *other]) == 0
    files = [
        models / "svc8-1.keras",
        models / "svc8-1.tflite",
        models / "svc8-2.tflite",
        tmp_path / "other/svc8-3.tflite",
    ]
    rest = ["--data", str(handwriting / "mnist"), "--limit", "30", "--out", str(tmp_path)]
    assert main(["evaluate", *map(str, files), *rest]) == 0
    (row,) = re.findall(r"\| svc8 \|.*", (tmp_path / "report.md").read_text())
    numbers = json.loads((tmp_path / "report.json").read_text())
    titles = ["svc8-1.keras", "svc8-2.tflite"]
    shares = [100 * numbers[title]["trials"]["mnist"]["accuracy"] for title in titles]
    told = f"{np.mean(shares):.3f} % ± {np.std(shares, ddof=1):.3f}"
    assert row == f"| svc8 | 1, 2 | {told} | {', '.join(titles)} |"


def test_every_plot_that_the_report_shows_is_there(report):
    shown = re.findall(r"!\[[^]]+\]\(([^)]+)\)", (report / "report.md").read_text())
    assert len(shown) > 8
    for name in shown:
        assert cv2.imread(str(report / name)) is not None, name
    assert {"sequential-1-curves.png", "sequential-1-pen-marks-confusion.png", "risk-mnist.png"} <= set(shown)
    assert "svc8-1-pen-marks-confusion.png" not in shown


def test_the_numbers_are_there_to_compute_with(report):
    numbers = json.loads((report / "report.json").read_text())
    assert set(numbers["sequential-1"]["trials"]) == {"mnist", "pen digits", "pen marks"}
    assert set(numbers["svc8-1"]["trials"]) == {"mnist", "pen digits"}
    for model in numbers.values():
        assert model["milliseconds a digit"] > 0
        assert model["bytes"] > 1000
        for trial in model["trials"].values():
            low, high = trial["interval"]
            assert low <= trial["accuracy"] <= high
            counted = sum(round(c["accuracy"] * c["glyphs"]) for c in trial["classes"].values())
            assert counted == trial["glyphs"] - trial["errors"]


def test_curves_come_from_the_card_or_from_the_history_beside_the_model(tmp_path):
    rows = [{"epoch": 1, "loss": 0.5, "mnist": 0.9}]
    path = tmp_path / "digits.keras"
    assert history_of(path, {}) == []
    (tmp_path / "digits").mkdir()
    (tmp_path / "digits/history.json").write_text(json.dumps(rows))
    assert history_of(path, {}) == rows
    (tmp_path / "history.json").write_text(json.dumps(rows * 2))
    assert history_of(path, {}) == rows * 2
    assert history_of(path, {"history": rows * 3}) == rows * 3


@pytest.mark.parametrize("content", ["{", "7", "[1]", '[{"epoch": 1}]'])
def test_a_broken_history_is_named(tmp_path, content):
    (tmp_path / "history.json").write_text(content)
    with pytest.raises(BadData, match=r"history\.json is no history of a training"):
        history_of(tmp_path / "digits.keras", {})


def test_a_model_that_is_missing_or_no_model_is_a_sentence(handwriting, tmp_path, capsys):
    assert main(["evaluate", str(tmp_path / "none.tflite"), "--data", str(handwriting), "--out", str(tmp_path)]) == 1
    assert "there is no such model" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_validation_writers_are_those_that_training_held_out(handwriting, tmp_path):
    arguments = ["--data", str(handwriting), "--out", str(tmp_path), "--split", "validation"]
    assert main(["evaluate", *arguments]) == 0
    numbers = json.loads((tmp_path / "report.json").read_text())["digits"]["trials"]
    assert numbers["mnist"]["glyphs"] == 10
    assert numbers["pen digits"]["writers"] == 1
    assert "by writers of the validation split" in (tmp_path / "report.md").read_text()


def test_of_writers_that_nobody_knows_no_report_is_made_as_if_they_were_known(handwriting, tmp_path, capsys):
    shutil.copytree(handwriting / "mnist", tmp_path / "mnist")
    for path in (tmp_path / "mnist").glob("qmnist*"):
        path.unlink()
    arguments = ["--data", str(tmp_path / "mnist"), "--out", str(tmp_path), "--split", "validation"]
    assert main(["evaluate", *arguments]) == 0
    sentence = "MNIST's writers are unknown: its held-out digits are other pictures, perhaps of the same writers"
    assert capsys.readouterr().err.startswith(f"recognizer-train: {sentence}")
    numbers = json.loads((tmp_path / "report.json").read_text())["digits"]["trials"]["mnist"]
    assert (numbers["writers"], numbers["writer quantiles"]) == (0, {})
    text = (tmp_path / "report.md").read_text()
    assert sentence in text
    assert "Who wrote these is not known." in text
    assert "writers of the validation split" not in text
