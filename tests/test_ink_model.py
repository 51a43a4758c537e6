"""The ink model: tells handwriting from the pattern of the paper that it stands on."""

from __future__ import annotations

import numpy as np
import pytest
from scripted_pen import Hand, write

from recognizer.classify import SHIPPED
from recognizer.contrast import contrast_of
from recognizer.engine import ModelUnavailable
from recognizer.ink import ink_of_page
from recognizer.ink_model import COLUMNS, ROWS, InkModel, load_ink_model
from recognizer.recognize import Recognizer
from recognizer.render import render_drawing

HEIGHT = 30.0


@pytest.fixture(scope="module")
def shipped():
    return load_ink_model(SHIPPED / "ink.tflite")


def hatched(text: str, seed: int, strength: float = 0.22) -> tuple[np.ndarray, np.ndarray]:
    """The scan of a number on hatched paper, and the share of ink in each of its pixels."""
    ink = 1 - render_drawing(write(text, Hand(seed, height=HEIGHT, width=3.0))).astype(np.float32) / 255
    y, x = np.mgrid[: ink.shape[0], : ink.shape[1]]
    lines = np.clip((np.sin((x * 0.4 + y) * 2 * np.pi / 7) - 0.5) * 2, 0, 1)
    light = 200 * (1 - strength * lines) * (1 - 0.55 * ink) + np.random.default_rng(seed).normal(0, 2, ink.shape)
    return np.clip(light, 0, 255).astype(np.uint8), ink


@pytest.mark.parametrize("size", [(8, 8), (48, 176), (49, 177), (64, 192), (130, 401)])
def test_a_page_of_any_size_is_seen_in_windows_and_put_together_again(size):
    model = InkModel(lambda windows: (windows[..., 0] - 100) / 20)
    contrast = np.random.default_rng(1).integers(0, 256, size).astype(np.uint8)
    gray = contrast.astype(np.float32)
    assert np.array_equal(model.ink(contrast), np.rint(np.sqrt(gray * 255 / (1 + np.exp((100 - gray) / 20)))))


def test_windows_reach_beyond_what_is_taken_from_them():
    seen = []

    def run(windows):
        seen.append(windows)
        return windows[..., 0]

    InkModel(run).ink(np.full((60, 300), 9, np.uint8))
    assert [w.shape for w in seen] == [(4, ROWS, COLUMNS, 1)]
    assert (seen[0][0, 8:, 8:] == 9).all(), "the first window holds what the next ones show"


@pytest.mark.parametrize(("text", "seed"), [("4711", 1), ("20583", 2), ("96", 3)])
def test_the_pattern_of_the_paper_is_no_ink(shipped, text, seed):
    page, ink = hatched(text, seed)
    contrast, _ = contrast_of(page)
    found = shipped.ink(contrast)
    assert found[ink > 0.9].mean() > 0.8 * contrast[ink > 0.9].mean()
    assert found[ink == 0].mean() < 0.2 * contrast[ink == 0].mean()


@pytest.mark.parametrize(("text", "seed"), [("4711", 1), ("20583", 2), ("96", 3)])
def test_a_number_on_hatched_paper_is_read(text, seed):
    assert Recognizer.load().read(hatched(text, seed)[0]).number == text


def test_clean_paper_and_large_writing_do_not_ask_the_model():
    def never(windows):
        raise AssertionError("it was asked")

    model = InkModel(never)
    clean = render_drawing(write("4711", Hand(1, height=HEIGHT)))
    large = np.kron(hatched("4711", 1)[0], np.ones((6, 6), np.uint8))
    assert ink_of_page(clean, model).marks
    assert ink_of_page(large, model).marks


def test_another_model_is_refused():
    with pytest.raises(ModelUnavailable, match="no model of ink"):
        load_ink_model(SHIPPED / "digits.tflite")
