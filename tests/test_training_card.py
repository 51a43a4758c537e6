"""The card of a model and its page: true to the model, and written with it or not at all."""

from __future__ import annotations

import json

import keras
import numpy as np
import pytest

from training import card as cards
from training.card import fitted_temperature, scores, weight, write_model
from training.card_page import LIMITS, TEN_DIGITS, page
from training.mix import LABELS
from training.models import multiply_adds, simple, with_softmax

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")
CARD = {
    "labels": list(LABELS),
    "temperature": 0.8123,
    "command": "python -m training shipped --data DATA --work WORK",
    "recipe": {"model": "shipped", "epochs": 12, "rate": 0.002},
    "settling": [{"epochs": 5}, {"epochs": 7}],
    "data": "MNIST and pen digits",
    "scores on test writers": {"mnist": {"glyphs": 10_000, "accuracy": 0.9971, "calibration error": 0.0012}},
    "credit": "Somebody, CC BY 4.0.",
    "parameters": 436_455,
    "history": [{"epoch": 1, "loss": 0.123456}],
}


@pytest.fixture
def network():
    keras.utils.set_random_seed(1)
    return with_softmax(simple(10))


def test_the_page_tells_all_that_is_on_the_card():
    text = page(CARD, "digits")
    for told in ("# Model card: digits", "0.8123", "436,455", "--work WORK", "MNIST and pen digits", "CC BY 4.0"):
        assert told in text
    assert "| mnist | 10,000 | 99.71 % | 0.12 % | - |" in text
    assert "recipe: model shipped, epochs 12, rate 0.002" in text
    assert "settling: epochs 5; then epochs 7" in text
    assert "0.123456" not in text
    assert all(f"`{label}`" in text for label in LABELS if label)
    assert all(limit in text for limit in LIMITS)


def test_a_model_of_ten_digits_claims_no_more():
    text = page({"labels": list("0123456789")}, "simple-1")
    assert TEN_DIGITS in text
    assert LIMITS[2] not in text
    assert "no single symbol" not in text
    assert "## What it is worth" not in text


def test_scores_are_counted_on_what_is_given(network):
    glyphs = np.random.default_rng(1).integers(0, 256, (40, 28, 28)).astype(np.uint8)
    read = network.predict(glyphs[..., None], verbose=0).argmax(1)
    truth = np.where(np.arange(40) < 30, read, (read + 1) % 10)
    found = scores(network, {"noise": (glyphs, truth)}, 1.0)["noise"]
    assert (found["glyphs"], found["accuracy"]) == (40, 0.75)
    assert found["calibration error"] == found["calibration error before"]


def test_the_temperature_is_fitted_on_all_validation_or_left_alone(network):
    glyphs = np.random.default_rng(1).integers(0, 256, (40, 28, 28)).astype(np.uint8)
    read = network.predict(glyphs[..., None], verbose=0).argmax(1)
    assert fitted_temperature(network, {"a": (glyphs[:20], read[:20]), "b": (glyphs[20:], read[20:])}) < 0.5
    assert fitted_temperature(network, {"a": (glyphs, (read + 1) % 10)}) > 2
    assert fitted_temperature(network, {}) == 1.0


def test_the_weight_is_counted(network):
    assert weight(network) == {"parameters": network.count_params(), "multiply-adds": multiply_adds(network)}
    dense = keras.Sequential([keras.Input((784,)), keras.layers.Dense(5), keras.layers.Dense(3)])
    assert multiply_adds(dense) == 784 * 5 + 5 * 3
    inlet = keras.Input((784,))
    nested = keras.Model(inlet, keras.layers.Dense(2)(dense(inlet)))
    assert multiply_adds(nested) == 784 * 5 + 5 * 3 + 3 * 2


def test_a_model_is_written_whole_with_its_card_and_page(network, tmp_path):
    write_model(network, CARD, tmp_path / "digits", "README.md")
    assert {p.name for p in tmp_path.iterdir()} == {"digits.keras", "digits.tflite", "digits.json", "README.md"}
    assert json.loads((tmp_path / "digits.json").read_text()) == CARD
    assert (tmp_path / "README.md").read_text() == page(CARD, "digits")


def test_a_full_disk_leaves_the_whole_good_model(network, tmp_path, monkeypatch):
    write_model(network, CARD, tmp_path / "digits")
    good = {p.name: p.read_bytes() for p in tmp_path.iterdir()}

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cards, "export", full)
    with pytest.raises(OSError, match="No space"):
        write_model(network, CARD | {"temperature": 2.0}, tmp_path / "digits")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == good
