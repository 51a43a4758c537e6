"""The line model's probabilities of texts, against all ways to spell them; and the model that ships."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pytest
from scripted_pen import Hand, write

from recognizer.classify import SHIPPED, shipped_labels
from recognizer.drawn import ink_of_drawing
from recognizer.engine import ModelUnavailable
from recognizer.line_model import digits_alone, likeliest, load_line_model, log_probabilities
from recognizer.locate import lines_of
from recognizer.reading import digits_of
from recognizer.strip import strip_of

LABELS = ("1", "2", "-", "")


def frames(count: int, seed: int = 0) -> np.ndarray:
    likely = np.random.default_rng(seed).random((count, len(LABELS))) ** 3
    return likely / likely.sum(1, keepdims=True)


def spelt(way: tuple[int, ...]) -> str:
    return "".join(LABELS[c] for i, c in enumerate(way) if i == 0 or c != way[i - 1])


def by_hand(likely: np.ndarray) -> dict[str, float]:
    """The probability of every text, summed over all ways along the frames."""
    told: dict[str, float] = {}
    for way in itertools.product(range(len(LABELS)), repeat=len(likely)):
        told[spelt(way)] = told.get(spelt(way), 0) + math.prod(likely[i, c] for i, c in enumerate(way))
    return told


@pytest.mark.parametrize("seed", range(4))
def test_every_way_to_spell_a_text_counts(seed):
    likely = frames(5, seed)
    told = by_hand(likely)
    texts = ["", "1", "12", "11", "1-2", "121", "2211", "1-"]
    assert np.exp(log_probabilities(likely, LABELS, texts)) == pytest.approx([told.get(t, 0) for t in texts])


def test_numbers_beside_texts_count_whatever_marks_stand_between_their_digits():
    likely = frames(12)
    texts, numbers = ["1-2", "12", ""], ["12", "1", ""]
    together = log_probabilities(likely, LABELS, texts, numbers)
    apart = log_probabilities(likely, LABELS, texts), log_probabilities(digits_alone(likely, LABELS), LABELS, numbers)
    assert together == pytest.approx(np.concatenate(apart))


def test_all_texts_together_are_certain():
    likely = frames(4)
    assert np.exp(log_probabilities(likely, LABELS, list(by_hand(likely)))).sum() == pytest.approx(1)


def test_a_text_with_too_few_frames_is_impossible():
    assert log_probabilities(frames(3), LABELS, ["1111", "12"])[0] == -np.inf


def test_no_texts_have_no_probabilities():
    assert log_probabilities(frames(3), LABELS, []).shape == (0,)


def test_long_lines_do_not_underflow():
    likely = frames(1000)
    assert -2000 < log_probabilities(likely, LABELS, [likeliest(likely, LABELS)])[0] < -200


def test_marks_count_as_none_where_digits_alone_are_asked_for():
    likely = frames(5)
    told = by_hand(likely)
    merged = digits_alone(likely, LABELS)
    assert merged.sum(1) == pytest.approx(np.ones(5)) and not merged[:, 2].any()
    # A 1 between two marks is told apart from a 1 beside it only by what stands between.
    assert np.exp(log_probabilities(merged, LABELS, [""])) == pytest.approx(
        sum(p for text, p in told.items() if not digits_of(text))
    )


def test_the_likeliest_way_repeats_nothing_without_a_break():
    likely = np.eye(len(LABELS))[[3, 0, 0, 3, 0, 2, 2, 1, 3]]
    assert likeliest(likely, LABELS) == "11-2"


def test_the_shipped_model_reads_a_line():
    model = load_line_model(SHIPPED / "line.tflite", shipped_labels())
    right = 0
    for seed in range(5):
        (line,) = lines_of(ink_of_drawing(write("678901", Hand(seed))))
        right += likeliest(model.frames(strip_of(line)), model.labels) == "678901"
    assert right >= 4


@pytest.mark.parametrize("content", [b"", b"no model at all", b"TFL3" * 40])
def test_a_broken_file_is_told(tmp_path: Path, content):
    (tmp_path / "line.tflite").write_bytes(content)
    with pytest.raises(ModelUnavailable, match=r"line\.tflite"):
        load_line_model(tmp_path / "line.tflite", shipped_labels())


def test_a_model_of_something_else_is_told():
    with pytest.raises(ModelUnavailable, match="digits"):
        load_line_model(SHIPPED / "digits.tflite", shipped_labels())
