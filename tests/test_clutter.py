"""What is plainly no writing goes, and no digit does, however it is written."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from scripted_pen import Hand, write

from recognizer import Recognizer
from recognizer.clutter import _thick, without_clutter
from recognizer.patches import Patches
from recognizer.render import render_drawing


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.load()


@pytest.fixture
def wide() -> np.ndarray:
    """A number with as much paper above and below as it is high, and more at its sides."""
    return np.pad(render_drawing(write("407", Hand(3))), ((100, 60), (150, 200)), constant_values=255)


@pytest.fixture
def empty() -> np.ndarray:
    return np.full((200, 420), 235, np.uint8)


def blot(page: np.ndarray, x: int) -> np.ndarray:
    return cv2.ellipse(page.copy(), (x, page.shape[0] // 2), (60, 42), 20, 0, 360, 100, -1, cv2.LINE_AA)


def margin(page: np.ndarray, x: int) -> np.ndarray:
    return cv2.line(page.copy(), (x, 0), (x + 2, page.shape[0]), 90, 3, cv2.LINE_AA)


def underline(page: np.ndarray, y: int, left: int, right: int) -> np.ndarray:
    points = np.array([(left, y), ((left + right) // 2, y - 4), (right, y + 3)], np.int32)
    return cv2.polylines(page.copy(), [points], False, 30, 6, cv2.LINE_AA)


def test_a_blot_beside_a_number_or_alone_is_no_digit(recognizer, wide, empty):
    assert recognizer.read(blot(wide, wide.shape[1] - 100)).number == "407"
    assert recognizer.read(blot(empty, 200)).text == ""


def test_a_margin_beside_a_number_or_alone_is_no_one(recognizer, wide, empty):
    assert recognizer.read(margin(wide, 70)).number == "407"
    assert recognizer.read(margin(empty, 70)).text == ""


def test_a_line_under_a_number_or_alone_is_no_symbol(recognizer, wide, empty):
    y, x = np.nonzero(wide < 128)
    assert recognizer.read(underline(wide, int(y.max()) + 14, int(x.min()), int(x.max()))).text == "407"
    assert recognizer.read(underline(empty, 120, 80, 260)).text == ""


@pytest.mark.parametrize("digit", "0123456789")
@pytest.mark.parametrize("width", [3, 9, 17])
def test_a_digit_alone_stays_whatever_pen_wrote_it(digit, width):
    for seed in range(3):
        mask = render_drawing(write(digit, Hand(seed, height=90, width=width))) < 128
        assert np.array_equal(without_clutter(Patches(mask)).mask, mask)


def test_a_one_cut_out_of_its_page_is_no_margin():
    lone = np.zeros((60, 14), np.bool_)
    lone[:, 5:9] = True
    beside = np.zeros((60, 90), np.bool_)
    beside[:, 20:24] = beside[5:55, 50:54] = True
    for mask in (lone, beside):
        assert np.array_equal(without_clutter(Patches(mask)).mask, mask)


def test_digits_that_touch_along_a_line_are_no_underline():
    """Three zeros in one patch, wide and low beside a 1 that is hardly taller."""
    mask = np.zeros((60, 200), np.uint8)
    cv2.line(mask, (20, 10), (20, 45), 1, 4)
    for x in (60, 95, 130, 165):
        cv2.ellipse(mask, (x, 30), (18, 12), 0, 0, 360, 1, 4)
    assert np.array_equal(without_clutter(Patches(mask > 0)).mask, mask > 0)


def test_a_dash_between_digits_and_a_point_stay():
    mask = np.zeros((80, 300), np.uint8)
    for x in (20, 60, 200, 240):
        cv2.line(mask, (x, 10), (x, 70), 1, 6)
    cv2.line(mask, (90, 40), (170, 40), 1, 6)
    cv2.circle(mask, (270, 65), 6, 1, -1)
    assert np.array_equal(without_clutter(Patches(mask > 0)).mask, mask > 0)


def test_specks_around_a_blot_are_no_writing(empty):
    mask = blot(empty, 200) < 150
    mask[20:22, 30] = True
    assert not without_clutter(Patches(mask)).mask.any()


def test_a_page_without_ink_stays_as_it_is():
    assert not without_clutter(Patches(np.zeros((20, 30), np.bool_))).mask.any()


@pytest.mark.parametrize("side", [5, 63, 64, 97, 301])
@pytest.mark.parametrize("place", [(17, 41), (333, 250)])
def test_a_square_of_ink_is_found_among_blocks_as_among_pixels(side, place):
    page = np.zeros((700, 700), np.bool_)
    y, x = place
    page[y : y + side, x : x + side] = True
    thick, step = _thick(page, side)
    assert thick[y // step : (y + side) // step + 1, x // step : (x + side) // step + 1].any()
    page[y + side // 2] = False
    thick, _ = _thick(page, side)
    assert not thick.any()
