"""The line model's training: its loss against the probabilities of texts, its batches, and going on after a stop."""

from __future__ import annotations

from dataclasses import replace

import keras
import numpy as np
import pytest

from recognizer.line_model import digits_alone, log_probabilities
from recognizer.strip import ROWS
from training import line_model, mix
from training.data import BadData
from training.line_model import LineRecipe
from training.mix import LABELS
from training.strips import Labelled, StripMaker

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")
SMALL = LineRecipe(epochs=2, strips=24, batch=8)
TEXTS = ("12", "", "5-5", "70070", "(3)")


def labelled(text: str, columns: int = 96, free: bool = False) -> Labelled:
    return Labelled(np.full((ROWS, columns), 40, np.uint8), text, free)


@pytest.fixture(scope="module")
def maker(handwriting):
    return StripMaker(mix.load(handwriting, lambda _: True), (), SMALL.strips)


@pytest.mark.parametrize("free", [False, True])
def test_the_loss_is_minus_the_log_probability_of_the_text(free):
    texts = [t for t in TEXTS if not free or not set(t) & set(mix.MARKS)]
    _, right = line_model.batch([labelled(t, free=free) for t in texts])
    logits = np.random.default_rng(1).normal(0, 2, (len(texts), 24, len(LABELS))).astype(np.float32)
    frames = np.exp(logits.astype(np.float64))
    frames /= frames.sum(2, keepdims=True)
    told = [
        log_probabilities(digits_alone(one, LABELS) if free else one, LABELS, [text])[0]
        for one, text in zip(frames, texts, strict=True)
    ]
    assert -line_model.loss(right, logits).numpy() == pytest.approx(told, rel=1e-4)


def test_the_network_gives_a_frame_for_four_columns_of_any_width():
    network = line_model.network()
    for columns in (32, 160):
        assert network(np.zeros((2, ROWS, columns, 1), np.float32)).shape == (2, columns // 4, len(LABELS))


def test_a_network_says_much_the_same_once_it_is_deepened():
    keras.utils.set_random_seed(1)
    start = line_model.network()
    strips = np.random.default_rng(0).integers(0, 256, (2, ROWS, 64, 1)).astype(np.float32)
    deep = line_model.deepened(start)
    before, after = start(strips).numpy(), deep(strips).numpy()
    assert deep.count_params() > 1.4 * start.count_params()
    assert not np.array_equal(before, after)
    assert np.corrcoef(before.ravel(), after.ravel())[0, 1] > 0.95


def test_batches_hold_every_strip_that_can_spell_its_text():
    strips = [labelled("1" * n, 60 + n) for n in range(12)]
    made = line_model.batches(strips, 4, np.random.default_rng(0))
    texts = sorted(int((row[1:] >= 0).sum()) for _, right in made for row in right)
    assert texts == [n for n in range(12) if 2 * n < (60 + n) / 4]
    assert all(len(inks) <= 4 and inks.shape[2] % 32 == 0 for inks, _ in made)


def test_an_interrupted_training_ends_as_an_uninterrupted_one(maker, tmp_path, monkeypatch):
    checks = {"ones": [labelled("1")]}
    whole = line_model.train(SMALL, maker, checks, tmp_path / "whole")
    save, saved = line_model.save_checkpoint, []

    def stop(*arguments):
        save(*arguments)
        saved.append(arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(line_model, "save_checkpoint", stop)
    with pytest.raises(KeyboardInterrupt):
        line_model.train(SMALL, maker, checks, tmp_path / "parts")
    monkeypatch.setattr(line_model, "save_checkpoint", save)
    parts = line_model.train(SMALL, maker, checks, tmp_path / "parts")
    assert len(saved) == 1
    for one, other in zip(whole.get_weights(), parts.get_weights(), strict=True):
        assert np.allclose(one, other, atol=1e-5)
    assert (tmp_path / "parts/line.keras").exists()
    with pytest.raises(BadData, match="other settings"):
        line_model.train(LineRecipe(epochs=3, strips=24, batch=8), maker, checks, tmp_path / "parts")
    with pytest.raises(BadData, match="or data"):
        line_model.train(SMALL, replace(maker, patterned=[labelled("1")]), checks, tmp_path / "parts")
