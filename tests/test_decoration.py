"""What is drawn around a number is no part of it, on the canvas and on paper; what only looks so stays."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scripted_pen import Hand, write

from recognizer import Drawing, Recognizer, Stroke
from recognizer.drawn import ink_of_drawing
from recognizer.render import render_drawing
from training.surroundings import AROUND, with_around

HAND = Hand(3)
PEN = 6.0


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.load()


def line(*corners: tuple[float, float]) -> Stroke:
    """A stroke through `corners`, as a hand draws it: points all along, a little beside the straight line."""
    sides = [np.linspace(a, b, 20) for a, b in pairwise(corners)]
    points = np.concatenate(sides)
    points += np.cumsum(np.random.default_rng(1).normal(0, 0.3, points.shape), axis=0)
    return Stroke(tuple(map(tuple, points.tolist())), PEN)


def around(number: Drawing, kind: str) -> Drawing:
    return with_around(number, kind, np.random.default_rng(1))


KINDS = sorted(AROUND)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", ["60", "47", "3815", "90210-447"])
def test_what_is_drawn_around_a_number_is_not_read(recognizer, number, kind):
    drawn = write(number, HAND)
    both = around(drawn, kind)
    assert recognizer.read(both).text == recognizer.read(drawn).text
    assert recognizer.read(render_drawing(both)).text == recognizer.read(render_drawing(drawn)).text


@pytest.mark.parametrize("kind", ["frame", "frame of four lines", "ring", "line down the page"])
def test_one_digit_is_read_alone_too(recognizer, kind):
    both = around(write("7", HAND), kind)
    assert recognizer.read(both).text == recognizer.read(render_drawing(both)).text == "7"


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_is_around_goes_whenever_it_was_drawn(kind):
    drawn = write("3815", HAND)
    both = around(drawn, kind)
    for strokes in (both.strokes, both.strokes[::-1]):
        ink = ink_of_drawing(Drawing(strokes))
        assert len(ink.marks) == len(drawn.strokes)
        assert ink.scale == ink_of_drawing(drawn).scale


def test_what_only_looks_like_a_line_or_a_ring_stays():
    turn = np.linspace(0, 2 * np.pi, 40)
    zero = Stroke(tuple(zip((30 * np.cos(turn)).tolist(), (45 * np.sin(turn)).tolist(), strict=True)), PEN)
    slashed = Drawing((zero, line((12, -26), (-12, 26))))
    dotted = Drawing((zero, line((-2, 0), (2, 1))))
    one_on_a_bar = Drawing((line((0, 0), (14, -20), (14, 60)), line((-8, 62), (36, 60))))
    open_four = Drawing((line((0, 0), (0, 50), (40, 50)), line((30, 20), (30, 90))))
    equals = Drawing((line((0, 0), (50, 0)), line((0, 20), (50, 20))))
    one = line((0, 0), (0, 90))
    eleven_point = Drawing((one, line((30, 0), (30, 90)), line((60, 80), (61, 84))))
    one_comma = Drawing((one, line((20, 80), (22, 90), (14, 102))))
    one_dash = Drawing((one, line((20, 45), (50, 45))))
    one_colon = Drawing((one, line((20, 30), (24, 32), (21, 36)), line((20, 70), (24, 72), (21, 76))))
    brackets = line((0, 0), (-18, 60), (0, 120)), line((60, 0), (78, 60), (60, 120))
    small_in_brackets = Drawing((*brackets, line((20, 40), (34, 50), (22, 80))))
    bars = line((0, 30), (60, 30)), line((0, 60), (60, 60))
    number_sign = Drawing((*bars, line((20, 0), (15, 90)), line((45, 0), (40, 90))))
    kept = [slashed, dotted, one_on_a_bar, open_four, equals, eleven_point, one_comma, one_dash, one_colon]
    for drawing in (*kept, small_in_brackets, number_sign):
        assert len(ink_of_drawing(drawing).marks) == len(drawing.strokes)


def test_lines_of_writing_are_no_frame_of_each_other():
    page = write("77\n5-5\n44", HAND)
    assert len(ink_of_drawing(page).marks) == len(page.strokes)
