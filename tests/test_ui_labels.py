"""Labels: above their boxes where they can be, and never in the way."""

from __future__ import annotations

import numpy as np
import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.corrections import overlap
from ui.labels import GAP, HIDDEN, Labels, _place
from ui.page import Box

PAPER: Box = (0, 0, 300, 200)
LABEL = (40, 16)


def clear_paper() -> np.ndarray:
    return np.zeros((200, 300), np.uint8)


def test_a_label_stands_above_the_middle_of_its_box() -> None:
    assert Labels().place([(100, 100, 30, 50)], [LABEL], clear_paper(), PAPER) == ((95, 100 - GAP - 16, 40, 16),)


def test_a_label_gives_way_to_ink_above() -> None:
    paper = clear_paper()
    paper[80:95, 60:170] = 255
    (label,) = Labels().place([(100, 100, 30, 50)], [LABEL], paper, PAPER)
    assert label[1] + label[3] <= 80


def test_at_the_top_edge_the_label_goes_below() -> None:
    assert Labels().place([(100, 4, 30, 50)], [LABEL], clear_paper(), PAPER) == ((95, 54 + GAP, 40, 16),)


def test_a_label_of_a_box_off_the_paper_is_hidden() -> None:
    assert Labels().place([(290, 50, 80, 50)], [LABEL], clear_paper(), PAPER) == (HIDDEN,)


def test_on_full_paper_the_label_is_hidden() -> None:
    paper = clear_paper() + 9
    assert Labels().place([(100, 100, 30, 50)], [LABEL], paper, PAPER) == (HIDDEN,)


def test_new_ink_moves_no_label_but_those_that_it_lies_on(monkeypatch: pytest.MonkeyPatch) -> None:
    boxes, sizes, paper, labels = [(20, 100, 30, 50), (120, 100, 30, 50)], [LABEL] * 2, clear_paper(), Labels()
    above = labels.place(boxes, sizes, paper, PAPER)
    asked: list[pygame.Rect] = []
    monkeypatch.setattr("ui.labels._place", lambda box, *more: asked.append(box) or _place(box, *more))
    beside, on = pygame.Rect(25, 110, 10, 10), pygame.Rect(130, 90, 5, 5)
    for area, ink, wanted in ((beside, 200, []), (beside, 0, boxes[:1]), (on, 200, boxes[1:])):
        asked.clear()
        paper[area.top : area.bottom, area.left : area.right] = ink
        now = labels.place(boxes, sizes, paper, PAPER, inked=area)
        assert asked == wanted
        assert (now == above) == (area is beside)


BOXES = st.lists(
    st.tuples(st.integers(0, 280), st.integers(0, 180), st.integers(3, 60), st.integers(3, 80)), max_size=14
)


@given(BOXES, st.lists(st.tuples(st.integers(0, 280), st.integers(0, 180)), max_size=12))
def test_no_label_ever_covers_ink_boxes_or_another_or_leaves_the_paper(
    boxes: list[Box], blots: list[tuple[int, int]]
) -> None:
    paper = clear_paper()
    for x, y in blots:
        paper[y : y + 12, x : x + 12] = 200
    labels = [label for label in Labels().place(boxes, [LABEL] * len(boxes), paper, PAPER) if label != HIDDEN]
    for k, (x, y, width, height) in enumerate(labels):
        assert (width, height) == LABEL
        assert x >= 0 and y >= 0 and x + width <= 300 and y + height <= 200
        assert not paper[y : y + height, x : x + width].any()
        others = [*labels[:k], *labels[k + 1 :], *boxes]
        assert not any(overlap((x, y, width, height), other) for other in others)


@given(st.lists(st.tuples(BOXES, st.tuples(st.integers(0, 280), st.integers(0, 180)), st.booleans()), max_size=6))
def test_labels_that_stayed_stand_where_they_would_be_placed_afresh(
    pages: list[tuple[list[Box], tuple[int, int], bool]],
) -> None:
    kept, paper = Labels(), clear_paper()
    boxes: list[Box] = []
    for new, (x, y), more in pages:
        boxes = [*boxes[:9], *new[:3]] if more else [*new[:2], *boxes[1:]]
        paper[y : y + 12, x : x + 12] = 200 if more else 0
        sizes, number = [LABEL] * len(boxes), [(5, 5, 20 * len(boxes), 30)]
        inked = pygame.Rect(x, y, 12, 12)
        afresh = Labels().place(boxes, sizes, paper, PAPER, number)
        assert kept.place(boxes, sizes, paper, PAPER, number, inked) == afresh
