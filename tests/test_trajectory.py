"""The way of the pen: the same wherever and however large it was written, another where it went otherwise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_pen import Hand, one_stroke_of, write

from recognizer import Drawing, Recognizer
from recognizer.candidates import candidates_of, strokes_of
from recognizer.classify import SHIPPED, shipped_labels
from recognizer.drawn import ink_of_drawing
from recognizer.engine import ModelUnavailable
from recognizer.ink import ink_of_page
from recognizer.locate import lines_of
from recognizer.render import render_drawing
from recognizer.trajectory import CHANNELS, POINTS, load_trajectory_model, trajectory, trajectory_of

DOWN = np.array([(5.0, 0.0), (5.0, 20.0)])
BAR = np.array([(0.0, 10.0), (10.0, 10.0)])
places = st.floats(-1e4, 1e4)


def told(way: np.ndarray) -> np.ndarray:
    """The channels of a trajectory, from -1 to 1."""
    return way / 127.5 - 1


def test_a_stroke_goes_from_end_to_end_at_one_pace():
    x, y, across, down, touching = told(trajectory([DOWN])).T
    assert y == pytest.approx(np.linspace(-1, 1, POINTS), abs=0.005)
    assert np.allclose([x, across], 0, atol=0.005) and np.allclose([down, touching], 1)


def test_between_strokes_the_pen_is_lifted():
    way = told(trajectory([DOWN, BAR]))
    lifted = way[:, 4] < 0
    assert lifted.any() and not lifted[0] and not lifted[-1]
    assert np.flatnonzero(np.diff(lifted)).size == 2, "it is lifted once, and comes down once"


def test_strokes_written_backwards_go_another_way():
    assert np.abs(told(trajectory([DOWN]))[:, 3] + told(trajectory([DOWN[::-1]]))[:, 3]).max() < 0.01


@given(st.lists(st.lists(st.tuples(places, places), min_size=1, max_size=9), min_size=1, max_size=4))
def test_any_strokes_have_a_trajectory(strokes):
    way = trajectory([np.array(stroke) for stroke in strokes])
    assert way.shape == (POINTS, CHANNELS) and way.dtype == np.uint8


@given(places, places, st.floats(0.01, 100))
def test_size_and_place_do_not_matter(x, y, size):
    strokes = [DOWN, BAR]
    moved = trajectory([s * size + (x, y) for s in strokes]).astype(int)
    assert np.abs(moved - trajectory(strokes)).max() <= 1


def test_the_strokes_of_a_candidate_are_those_that_are_whole_in_it():
    (line,) = lines_of(ink_of_drawing(one_stroke_of("35", "4")))
    candidates = candidates_of(line)
    whole = {mark for piece in line.pieces for mark in (piece.source,)}
    for candidate, strokes in zip(candidates, strokes_of(line, candidates), strict=True):
        held = line.pieces[candidate.start : candidate.stop]
        cut = any(p.source is q.source for p in held for q in line.pieces if q not in held)
        assert set(strokes) == (set() if cut else {p.source for p in held})
    assert not all(strokes_of(line, candidates)) and set().union(*strokes_of(line, candidates)) == whole


def test_a_picture_has_no_strokes():
    (line,) = lines_of(ink_of_page(render_drawing(write("4", Hand(3)))))
    candidates = candidates_of(line)
    assert not any(strokes_of(line, candidates))


def test_the_shipped_model_tells_scripted_digits_by_their_strokes():
    model = load_trajectory_model(SHIPPED / "trajectory.tflite", shipped_labels())
    for digit in "0123456789":
        (line,) = lines_of(ink_of_drawing(write(digit, Hand(5))))
        marks = tuple(dict.fromkeys(p.source for p in line.pieces))
        likely = model.probabilities(trajectory_of(marks)[None])[0]
        assert likely.sum() == pytest.approx(1, abs=1e-3)
        assert model.labels[int(likely[:10].argmax())] == digit


def test_a_drawing_is_read_with_its_strokes_and_a_picture_without():
    asked = Recognizer.load()
    assert asked.trajectory_model is not None
    drawing = write("35", Hand(2))
    asked.read(render_drawing(drawing))
    assert not asked.trajectory_model.classified
    asked.read(drawing)
    assert asked.trajectory_model.classified
    assert asked.read(Drawing()).number == ""


def test_another_classifier_is_not_helped_by_strokes(tmp_path):
    for name in ("digits.tflite", "digits.json"):
        (tmp_path / name).write_bytes((SHIPPED / name).read_bytes())
    assert Recognizer.load(tmp_path).trajectory_model is None


@pytest.mark.parametrize("content", [b"", b"no model", (SHIPPED / "line.tflite").read_bytes()])
def test_what_is_no_such_model_is_refused(tmp_path, content):
    (tmp_path / "trajectory.tflite").write_bytes(content)
    with pytest.raises(ModelUnavailable, match=r"trajector|LiteRT"):
        load_trajectory_model(tmp_path / "trajectory.tflite", shipped_labels())


def test_a_model_of_other_labels_is_refused():
    with pytest.raises(ModelUnavailable, match=r"but \(2,\) are read"):
        load_trajectory_model(SHIPPED / "trajectory.tflite", ("0", "1"))
