"""What a person said, over what the reader said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from recognizer.drawing import Stroke
from recognizer.reading import Reading, Symbol
from ui.corrections import correct, overlap, standing, strokes_in
from ui.page import Box, Correction, Page, Picture

BOXES = ((0, 0, 20, 40), (30, 0, 20, 40), (60, 0, 10, 40), (0, 100, 20, 40))
READING = Reading(
    "12 3\n4",
    0.6,
    tuple(Symbol(label, 0.8, box, k // 3) for k, (label, box) in enumerate(zip("1234", BOXES, strict=True))),
)


def test_without_corrections_the_reading_is_as_it_was() -> None:
    corrected = correct(READING, ())
    assert (corrected.reading, corrected.origin, corrected.said) == (READING, (0, 1, 2, 3), frozenset())


def test_a_label_changes_in_the_text_too_and_is_certain() -> None:
    corrected = correct(READING, [Correction("7", (31, 1, 20, 40))])
    assert corrected.reading.text == "17 3\n4"
    assert corrected.reading.symbols[1].confidence == 1.0
    assert corrected.reading.confidence == pytest.approx(0.6 / 0.8)
    assert corrected.said == {1}


def test_rivals_are_put_right_too_where_they_have_as_many_digits() -> None:
    rivals = (("12 3\n4", 0.6), ("1 23\n5", 0.2), ("13 3\n4", 0.1), ("123\n4", 0.05), ("12\n4", 0.05))
    corrected = correct(replace(READING, alternatives=rivals), [Correction("7", BOXES[1])])
    (text, _), *others = corrected.reading.alternatives
    assert text == "17 3\n4"
    assert dict(others) == pytest.approx({"1 73\n5": 0.2 / 0.8, "173\n4": 0.05 / 0.8})


@pytest.mark.parametrize(("gone", "text"), [(0, "2 3\n4"), (2, "12\n4"), (3, "12 3")])
def test_no_digit_leaves_the_text_and_its_lines(gone: int, text: str) -> None:
    corrected = correct(READING, [Correction("", BOXES[gone])])
    assert corrected.reading.text == text
    assert gone not in corrected.origin


UNREAD = tuple(Symbol("", 0.9, box, line) for box, line in (((90, 0, 20, 40), 0), ((0, 50, 20, 40), 1)))
PARTLY = replace(
    READING,
    symbols=(*READING.symbols[:3], *UNREAD, replace(READING.symbols[3], line=2)),
    alternatives=(("12 3\n4", 0.6),),
)


def test_ink_that_was_not_read_is_a_symbol_and_no_part_of_the_reading() -> None:
    corrected = correct(PARTLY, ())
    assert corrected.reading == replace(READING, alternatives=PARTLY.alternatives)
    assert corrected.symbols == PARTLY.symbols
    assert (corrected.origin, corrected.said) == (tuple(range(6)), frozenset())


@pytest.mark.parametrize(
    ("box", "label", "text", "lines"),
    [
        (UNREAD[0].box, "7", "12 37\n4", [0, 0, 0, 0, 1]),
        (UNREAD[1].box, "78", "12 3\n78\n4", [0, 0, 0, 1, 1, 2]),
        (BOXES[3], "", "12 3", [0, 0, 0]),
    ],
)
def test_what_is_said_of_ink_that_was_not_read_takes_its_place(
    box: Box, label: str, text: str, lines: list[int]
) -> None:
    corrected = correct(PARTLY, [Correction(label, box)])
    assert corrected.reading.text == text
    assert [symbol.line for symbol in corrected.reading.symbols] == lines
    assert [symbol.label for symbol in corrected.symbols].count("") == (1 if label else 2)


def test_ink_that_was_not_read_and_is_said_to_be_no_digit_is_no_symbol() -> None:
    corrected = correct(PARTLY, [Correction("", UNREAD[0].box)])
    assert corrected.reading.text == READING.text
    assert corrected.origin == (0, 1, 2, 4, 5)


def test_a_correction_of_other_ink_is_left_aside() -> None:
    assert correct(READING, [Correction("7", (500, 500, 20, 40))]).reading == READING


def test_several_digits_share_the_box() -> None:
    corrected = correct(READING, [Correction("89", BOXES[0])])
    assert corrected.reading.text == "892 3\n4"
    assert [s.box for s in corrected.reading.symbols[:2]] == [(0, 0, 10, 40), (10, 0, 10, 40)]
    assert corrected.origin == (0, 0, 1, 2, 3)


def test_two_boxes_become_one() -> None:
    corrected = correct(READING, [Correction("5", (30, 0, 40, 40))])
    assert corrected.reading.text == "15\n4"
    assert corrected.reading.symbols[1].box == (30, 0, 40, 40)


def test_a_correction_stands_while_its_ink_does() -> None:
    one, two = Stroke(((1.0, 1.0),)), Stroke(((2.0, 2.0),))
    said = Correction("7", (0, 0, 3, 3), (one, two))
    assert standing(Page((two, one), None, (said,)), Page()) == (said,)
    assert standing(Page((one,), None, (said,)), Page()) == ()


def test_a_correction_of_a_picture_stands_while_the_picture_does() -> None:
    picture, said = Picture(b"\0", (1, 1)), Correction("7", (0, 0, 3, 3))
    assert standing(Page((), picture, (said,)), Page((), picture)) == (said,)
    assert standing(Page((), None, (said,)), Page((), picture)) == ()


def test_a_correction_of_a_part_of_a_stroke_stands_while_the_stroke_does() -> None:
    both, other = Stroke(((1.0, 1.0), (30.0, 1.0), (60.0, 1.0))), Stroke(((200.0, 1.0),))
    before = Page((both, other), None, (Correction("7", (0, 0, 20, 3)),))
    assert standing(replace(before, strokes=(both,)), before) == before.corrections
    assert standing(replace(before, strokes=(other,)), before) == ()


def test_strokes_belong_to_the_box_that_holds_most_of_their_points() -> None:
    stroke = Stroke(((5.0, 5.0), (6.0, 30.0), (40.0, 30.0)))
    assert strokes_in(BOXES[0], (stroke,)) == (stroke,)
    assert strokes_in(BOXES[1], (stroke,)) == ()


def test_overlap_is_one_for_the_same_box_and_none_for_neighbours() -> None:
    assert overlap(BOXES[0], BOXES[0]) == 1
    assert overlap((0, 0, 10, 10), (10, 0, 10, 10)) == 0
    assert overlap((0, 0, 10, 10), (0, 5, 10, 10)) == pytest.approx(1 / 3)
