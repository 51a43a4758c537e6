"""Zigzags, and digits over digits."""

from __future__ import annotations

import numpy as np
import pytest
from scripted_pen import Hand, write

from recognizer.drawing import Stroke
from recognizer.reading import Symbol
from ui.gestures import SCRATCH_LEGS, box_of, legs, scratched, written_over

ZIGZAG = [(0.0, 0.0), (50.0, 4.0), (0.0, 8.0), (50.0, 12.0), (0.0, 16.0), (50.0, 20.0), (0.0, 24.0), (50.0, 28.0)]


@pytest.mark.parametrize("degrees", [0, 20, 45, 90, 135])
def test_a_zigzag_is_one_in_any_direction(degrees: int) -> None:
    turn = np.deg2rad(degrees)
    turned = np.array(ZIGZAG) @ [[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]
    assert legs([(x, y) for x, y in turned.tolist()]) == 7


def test_a_zigzag_down_a_slim_digit_is_one() -> None:
    assert legs([(x * 0.5, y * 3) for x, y in ZIGZAG]) >= SCRATCH_LEGS


@pytest.mark.parametrize("digit", list("0123456789"))
def test_no_digit_is_a_zigzag(digit: str) -> None:
    for seed in range(20):
        for stroke in write(digit, Hand(seed)).strokes:
            assert legs(stroke.points) < SCRATCH_LEGS


def test_a_straight_line_of_a_trembling_hand_is_no_zigzag() -> None:
    rng = np.random.default_rng(3)
    assert legs([(float(rng.normal(0, 1.5)), 5.0 * k) for k in range(60)]) < SCRATCH_LEGS


def test_a_zigzag_scratches_what_lies_mostly_under_it() -> None:
    under, half, beside = (Stroke(((x, 5.0), (x + 20.0, 20.0))) for x in (10.0, 48.0, 200.0))
    assert scratched(ZIGZAG, (under, half, beside)) == (under,)


def circle(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    turns = np.linspace(0, 2 * np.pi, 30)
    return [(x + radius * float(np.cos(t)), y + radius * float(np.sin(t))) for t in turns]


def test_a_digit_over_a_digit_replaces_it() -> None:
    old = Stroke(tuple(circle(100, 100, 30)))
    symbols = [Symbol("0", 0.9, box_of(old.points)), Symbol("1", 0.9, (300, 70, 10, 60))]
    assert written_over(circle(104, 97, 28), symbols, (old,)) == (old,)
    assert written_over(circle(160, 100, 30), symbols, (old,)) == ()
    assert written_over(circle(100, 112, 10), symbols, (old,)) == ()


def test_a_bar_or_a_slash_replaces_nothing() -> None:
    old = Stroke(tuple(circle(100, 100, 30)))
    symbols = [Symbol("0", 0.9, box_of(old.points))]
    assert written_over([(72, 128), (100, 100), (128, 72)], symbols, (old,)) == ()
    assert written_over([(100, 100)], symbols, (old,)) == ()
