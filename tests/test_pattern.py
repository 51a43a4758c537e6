"""Fine lines printed all over the paper are no ink; a thin pen is."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from scripted_pen import Hand, write

from recognizer import Recognizer
from recognizer.pattern import without_pattern
from recognizer.render import render_drawing


def hatched(page: np.ndarray, step: int = 9, dark: int = 90) -> np.ndarray:
    """Return `page` with oblique lines as fine as a hair all over it, and a little grain."""
    lines = np.zeros(page.shape, np.uint8)
    for y in range(-page.shape[1], page.shape[0] + page.shape[1], step):
        cv2.line(lines, (0, y), (page.shape[1], y + page.shape[1] // 5), dark, 1, cv2.LINE_AA)
    grain = np.random.default_rng(0).normal(0, 2, page.shape)
    return np.clip(np.minimum(page, 225.0 - lines) + grain, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("number", ["46290", "3517"])
def test_a_number_on_hatched_paper_is_read_without_the_hatching(number):
    reading = Recognizer.load().read(hatched(render_drawing(write(number, Hand(2)))))
    assert reading.number == number
    assert len(reading.symbols) <= len(number) + 1, "hardly a mark of the hatching is left"


def test_what_is_coarser_than_the_pattern_stays():
    contrast = np.zeros((60, 200), np.uint8)
    contrast[::6] = 120
    contrast[10:50, 80:120] = 200
    out = without_pattern(contrast, 60, 3.0)
    assert (out[10:50, 80:120] == 200).all()
    assert not out[:, :70].any() and not out[:, 130:].any()


def test_a_thin_pen_is_no_pattern():
    contrast = np.zeros((60, 200), np.uint8)
    contrast[::6] = 120
    assert without_pattern(contrast, 60, 1.0) is contrast


def test_lines_on_a_part_of_the_page_are_no_pattern():
    contrast = np.zeros((60, 200), np.uint8)
    contrast[::6, :70] = 120
    contrast[10:50, 90:100] = 200
    assert without_pattern(contrast, 60, 3.0) is contrast
