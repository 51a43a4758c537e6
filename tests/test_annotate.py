from __future__ import annotations

import numpy as np
import pytest

from recognizer.annotate import BLUE, ORANGE, annotate
from recognizer.drawing import Drawing, Stroke
from recognizer.reading import Reading, Symbol

PAGE = np.full((200, 300), 255, np.uint8)


def reading(*symbols: Symbol) -> Reading:
    return Reading("".join(s.label for s in symbols), 0.9, symbols)


def painted(picture: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    """The places (y, x) that have exactly this colour."""
    return np.argwhere((picture == colour).all(axis=2))


def test_a_box_is_framed_just_outside_its_ink():
    picture = annotate(PAGE, reading(Symbol("7", 0.99, (100, 80, 40, 60))))
    assert picture.shape == (200, 300, 3)
    assert (picture[80:140, 100:140] == 255).all()
    frame = painted(picture[70:150], BLUE)
    assert 70 + frame[:, 0].min() < 80
    assert 70 + frame[:, 0].max() >= 140
    assert frame[:, 1].min() < 100
    assert frame[:, 1].max() >= 140


def test_the_label_stands_above_its_box():
    picture = annotate(PAGE, reading(Symbol("7", 0.99, (100, 80, 40, 60))))
    assert len(painted(picture[:75], BLUE)) > 20
    assert (picture[145:] == 255).all()


def test_what_is_not_sure_has_another_colour():
    picture = annotate(PAGE, reading(Symbol("7", 0.99, (20, 80, 40, 60)), Symbol("1", 0.4, (150, 80, 20, 60))))
    assert painted(picture, BLUE)[:, 1].max() < 100
    assert painted(picture, ORANGE)[:, 1].min() > 100


def test_other_labels_and_confidences_look_different():
    pictures = [
        annotate(PAGE, reading(Symbol(label, confidence, (100, 80, 40, 60))))
        for label, confidence in (("7", 0.99), ("1", 0.99), ("7", 0.95))
    ]
    assert not np.array_equal(pictures[0], pictures[1])
    assert not np.array_equal(pictures[0], pictures[2])


@pytest.mark.parametrize("box", [(0, 0, 30, 40), (270, 0, 30, 40), (0, 160, 30, 40), (270, 160, 30, 40)])
def test_labels_at_the_edge_are_whole_and_inside(box):
    middle = annotate(PAGE, reading(Symbol("7", 0.4, (135, 80, 30, 40))))
    edge = annotate(PAGE, reading(Symbol("7", 0.4, box)))
    text = len(painted(middle[:76], ORANGE))
    assert edge.shape == middle.shape
    assert len(painted(edge, ORANGE)) >= text


def test_labels_of_neighbours_do_not_run_into_each_other():
    digits = [Symbol(str(n), 0.95, (20 + 24 * n, 80, 20, 60)) for n in range(10)]
    ink = (annotate(PAGE, reading(*digits))[:74] < 200).any(axis=(0, 2))
    runs = np.count_nonzero(np.diff(ink.astype(int)) == 1)
    assert runs >= 10


def test_labels_grow_with_the_page():
    heights = []
    for scale in (1, 4):
        page = np.full((200 * scale, 300 * scale), 255, np.uint8)
        places = painted(
            annotate(page, reading(Symbol("7", 0.99, (100 * scale, 80 * scale, 40 * scale, 60 * scale)))), BLUE
        )
        heights.append(80 * scale - places[:, 0].min())
    assert 2.5 < heights[1] / heights[0] < 5


def test_the_page_itself_is_not_touched():
    page = PAGE.copy()
    colour = np.dstack([page] * 3)
    annotate(page, reading(Symbol("7", 0.99, (100, 80, 40, 60))))
    annotate(colour, reading(Symbol("7", 0.99, (100, 80, 40, 60))))
    assert page.min() == colour.min() == 255


def test_a_page_on_which_nothing_was_read_is_a_plain_copy():
    picture = annotate(PAGE, Reading())
    assert picture.shape == (200, 300, 3)
    assert (picture == 255).all()


def test_an_mnist_digit_can_be_annotated():
    picture = annotate(np.zeros((28, 28), np.uint8), reading(Symbol("7", 0.99, (8, 5, 10, 20))))
    assert picture.shape == (28, 28, 3)
    assert len(painted(picture, BLUE))


def test_a_drawing_is_rendered_and_its_boxes_go_with_it():
    drawing = Drawing((Stroke(((10_000, 20_000), (10_000, 90_000))),))
    picture = annotate(drawing, reading(Symbol("1", 0.99, (9_500, 20_000, 1_000, 70_000))))
    rows, columns = np.nonzero(picture.max(axis=2) < 60)
    frame = painted(picture, BLUE)
    assert abs(frame[:, 0].max() - rows.max()) < 8
    assert frame[:, 1].min() < columns.mean() < frame[:, 1].max()
