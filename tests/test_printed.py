"""What is printed beside a number goes, in any face; what is written by hand stays, and so does a number in type."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from scripted_pen import Hand, write

from recognizer import Recognizer
from recognizer.classify import Classifier
from recognizer.ink import ink_of_page
from recognizer.printed import ink_beside_print, printed
from recognizer.render import render_drawing
from training.forms import FACES
from training.forms import printed as in_type


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.load()


def by_hand(text: str, seed: int = 3, height: float = 60) -> np.ndarray:
    return render_drawing(write(text, Hand(seed, height=height, width=height / 13)))


def laid(*parts: tuple[np.ndarray, int, int]) -> np.ndarray:
    """A page with each of the pictures at its (x, y)."""
    right, bottom = (max(at[side] + part.shape[1 - side] for part, *at in parts) for side in (0, 1))
    page = np.full((bottom + 30, right + 30), 255, np.uint8)
    for part, x, y in parts:
        there = page[y : y + part.shape[0], x : x + part.shape[1]]
        np.minimum(there, part, out=there)
    return page


@pytest.mark.parametrize("face", FACES)
def test_a_printed_label_beside_a_number_is_not_read(recognizer, face):
    number = by_hand("0412837")
    label = in_type("Phone number", face, 30)
    assert recognizer.read(laid((label, 30, 60), (number, label.shape[1] + 50, 20))).number == "0412837"
    assert recognizer.read(laid((label, 30, 30), (number, 30, 70))).number == "0412837"


@pytest.mark.parametrize("face", FACES)
def test_a_page_of_text_says_nothing_with_its_numbers(recognizer, face):
    lines = ["Please return this form to room 204", "by 31 March; the office is open until", "17 on working days."]
    page = laid(*((in_type(line, face, 28), 30, 30 + 42 * n) for n, line in enumerate(lines)))
    assert recognizer.read(page).text == ""


@pytest.mark.parametrize("times", [1, 4])
def test_writing_under_a_letter_head_is_read_at_any_size(recognizer, times):
    head = [(in_type(line, "DejaVuSerif", 20), 20, 20 + 28 * n) for n, line in enumerate(["City Council", "Oldtown"])]
    page = laid(*head, (by_hand("5809"), 40, 90))
    assert recognizer.read(np.kron(page, np.ones((times, times), np.uint8))).number == "5809"


def test_writing_as_tall_as_the_print_beside_it_is_read(recognizer):
    label = in_type("Meter reading", "DejaVuSans", 40)
    assert recognizer.read(laid((label, 30, 40), (by_hand("27164", height=32), 320, 22))).number == "27164"


@pytest.mark.parametrize("face", ["DejaVuSans", "DejaVuSansMono", "STIXGeneral", "FreeSansBold", "Hershey"])
def test_a_number_in_type_by_itself_is_read(recognizer, face):
    page = np.pad(in_type("0612 345 678", face, 60), 30, constant_values=255)
    assert np.array_equal(recognizer.explain(page).ink.marks[0].gray, ink_of_page(page).marks[0].gray)
    assert len(recognizer.read(page).number) == 10


@pytest.mark.parametrize("unevenness", [0.0, 1.0])
def test_no_handwriting_is_taken_for_print(recognizer, unevenness):
    place = recognizer.classifier.labels.index("")
    for seed in range(12):
        text = "".join(np.random.default_rng(seed).choice(list("0123456789"), 9))
        page = render_drawing(write(text, Hand(seed, height=40 + 4 * seed, unevenness=unevenness)))
        marks = ink_of_page(page).marks
        looks = recognizer.classifier.probabilities(np.stack([m.glyph for m in marks]))[:, place]
        known = dict(zip(marks, looks, strict=True))
        assert not printed(marks, lambda asked, known=known: np.array([known[m] for m in asked])).any()


def test_the_ring_of_a_stamp_goes_with_its_words(recognizer):
    page = laid((in_type("RECEIVED", "DejaVuSans-Bold", 40), 80, 70), (by_hand("5172"), 60, 180))
    assert recognizer.read(cv2.ellipse(page, (185, 85), (150, 60), 0, 0, 360, 60, 4, cv2.LINE_AA)).number == "5172"


def test_letters_are_told_by_how_they_stand_where_many_look_like_digits():
    """Feet on one line, two heights: print, although hardly one of them looks strange; uneven: a hand."""
    rng = np.random.default_rng(4)
    tall = np.array([30, 21, 21, 30, 21, 21, 30, 21, 21, 21, 30, 21, 21, 30, 21, 21, 21, 30])
    for moved, expected in ((np.zeros(len(tall)), True), (rng.normal(0, 5, len(tall)), False)):
        page = np.full((90, 30 * len(tall) + 30), 255, np.uint8)
        for n, (height, up) in enumerate(zip(tall, moved.astype(int), strict=True)):
            cv2.rectangle(page, (20 + 30 * n, 60 - up - height), (34 + 30 * n, 59 - up), 0, 3)
        marks = ink_of_page(page).marks
        assert len(marks) == len(tall)
        assert printed(marks, lambda asked: np.zeros(len(asked))).all() == expected
        assert printed(marks, lambda asked: np.zeros(len(asked))).any() == expected


@pytest.mark.parametrize("beside", [False, True])
def test_what_would_leave_nothing_else_is_print_only_where_more_speaks_for_it(beside):
    """Digits may stand as straight as type does, and two look strange: `725-3525`, each 5 without its bar."""
    page = np.full((200, 700 if beside else 300), 255, np.uint8)
    for n, height in enumerate((30, 30, 23, 30, 23, 30, 30)):
        cv2.rectangle(page, (20 + 30 * n, 100 - height), (34 + 30 * n, 99), 0, 3)
    if beside:
        cv2.ellipse(page, (500, 100), (30, 55), 0, 0, 360, 0, 6)
    marks = ink_of_page(page).marks
    strange = sorted(marks, key=lambda mark: mark.x)[0:3:2]
    found = printed(marks, lambda asked: np.array([m in strange for m in asked], float))
    assert found.sum() == (7 if beside else 0)


def test_a_page_without_print_keeps_its_ink(recognizer):
    page = by_hand("60-13/8")
    ink = ink_beside_print(page, recognizer.classifier)
    assert [m.box for m in ink.marks] == [m.box for m in ink_of_page(page).marks]
    assert not ink_beside_print(np.full((50, 60), 255, np.uint8), recognizer.classifier).marks


def test_a_model_that_knows_digits_alone_takes_nothing_off(recognizer):
    digits = Classifier(recognizer.classifier.run, {"labels": list("0123456789")})
    page = laid((in_type("Phone number", "DejaVuSans", 30), 30, 40), (by_hand("41"), 300, 20))
    assert len(ink_beside_print(page, digits).marks) == len(ink_of_page(page).marks)
