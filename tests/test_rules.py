"""Rules and frames go, and what was written on them stays."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from scripted_pen import Hand, write
from sketch import page
from written_pages import Written

from recognizer import Recognizer, rules
from recognizer.ink import Ink, ink_of_page
from recognizer.patches import Patches
from recognizer.render import render_drawing
from recognizer.rules import without_rules

TEXT = "407 2586"


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.load()


@pytest.fixture
def written() -> np.ndarray:
    """A number, its digits 90 px tall with 45 px of paper around."""
    return render_drawing(write(TEXT, Hand(3)))


def _covered(ink: Ink, shape: tuple[int, ...]) -> np.ndarray:
    """Where on a page (H, W) the marks of ink at scale 1 lie."""
    found = np.zeros(shape, np.bool_)
    for m in ink.marks:
        found[m.y : m.y + m.height, m.x : m.x + m.width] |= m.gray > 0
    return found


def lined(written: np.ndarray, *ends: tuple[tuple[int, int], tuple[int, int]], width: int = 3) -> np.ndarray:
    """The page with black lines between such ends on it."""
    out = written.copy()
    for start, end in ends:
        cv2.line(out, start, end, 0, width, cv2.LINE_AA)
    return out


def test_a_rule_goes_and_the_stroke_that_crosses_it_stays():
    ruled = page("", *["          #"] * 11, "#" * 60, *["          #"] * 11, times=1) == 0
    cleaned = without_rules(Patches(ruled), height=23).mask
    assert cleaned[12, 10] and not cleaned[12, 30:].any()
    assert cleaned[1:24, 10].all()


def test_the_bar_of_a_seven_is_no_rule():
    seven = page("#" * 18, *[" " * 17 + "#"] * 17) == 0
    assert np.array_equal(without_rules(Patches(seven), height=18).mask, seven)


@pytest.mark.parametrize("degrees", [0, 0.7, -2, 3])
def test_lined_paper_may_lie_askew(recognizer, written, degrees):
    rows, columns = written.shape
    drop = round(np.tan(np.radians(degrees)) * columns)
    ruled = lined(written, *(((0, y), (columns, y + drop)) for y in range(-30, rows + 60, 70)))
    assert recognizer.read(ruled).number == "4072586"


@pytest.mark.parametrize("pitch", [40, 70])
def test_squared_paper_goes(recognizer, written, pitch):
    rows, columns = written.shape
    level = [((0, y), (columns, y)) for y in range(15, rows, pitch)]
    upright = [((x, 0), (x, rows)) for x in range(10, columns, pitch)]
    assert recognizer.read(lined(written, *level, *upright, width=2)).number == "4072586"


@pytest.mark.parametrize("away", [20, 2])
@pytest.mark.parametrize("turn", [0, 4])
def test_a_frame_around_the_writing_goes(recognizer, written, away, turn):
    y, x = np.nonzero(written == 0)
    left, right, top, bottom = x.min() - away, x.max() + away, y.min() - away, y.max() + away
    corners = [(left, top), (right, top + turn), (right - turn, bottom + turn), (left - turn, bottom)]
    framed = lined(written, *zip(corners, corners[1:] + corners[:1], strict=True), width=4)
    assert recognizer.read(framed).number == "4072586"


def test_a_comb_of_boxes_goes(recognizer, written):
    y, x = np.nonzero(written == 0)
    top, bottom = int(y.min()) - 12, int(y.max()) + 12
    free = np.flatnonzero((written > 128).all(0))
    bars = [int(run.mean()) for run in np.split(free, np.flatnonzero(np.diff(free) > 1) + 1) if len(run) > 12]
    bars[0], bars[-1] = int(x.min()) - 12, int(x.max()) + 12
    assert len(bars) >= 5
    level = [((bars[0], edge), (bars[-1], edge)) for edge in (top, bottom)]
    assert recognizer.read(lined(written, *level, *(((x, top), (x, bottom)) for x in bars))).number == "4072586"


def test_tops_of_digits_that_rise_in_a_row_are_no_rule():
    hand = Hand(seed=8672, height=40.0, width=3.0, slant=0.0, rise=0.0625, gap=0.1, unevenness=0.25)
    mask = Written("0011370", hand, 1).page < 128
    assert np.array_equal(without_rules(Patches(mask), height=51.0).mask, mask)


def test_an_empty_box_to_tick_is_no_zero(recognizer):
    box = np.full((120, 120), 255, np.uint8)
    cv2.rectangle(box, (30, 30), (90, 90), 0, 4)
    assert recognizer.read(box).number == ""


def test_specks_of_the_paper_do_not_make_strokes_pass_for_rules(recognizer, written):
    """Their height would be the height of the writing, were they counted rather than weighed."""
    speckled = written.copy()
    rng = np.random.default_rng(1)
    for y, x in rng.integers((2, 2), (written.shape[0] - 4, written.shape[1] - 4), (90, 2)):
        speckled[y : y + 3, x : x + 9] = np.minimum(speckled[y : y + 3, x : x + 9], 40)
    clean, seen = (ink_of_page(p) for p in (written, speckled))
    tall = [m.height for m in clean.marks if m.height > 60]
    assert len([m for m in seen.marks if m.height > 60]) >= len(tall) - 1
    lost = (written == 0) & ~_covered(seen, written.shape)
    assert lost.sum() < 0.01 * (written == 0).sum()


@pytest.mark.parametrize("digit", "0123456789")
def test_digits_are_no_frames_and_have_no_rules(digit):
    mask = render_drawing(write(digit, Hand(1, height=200, width=9))) < 128
    assert np.array_equal(without_rules(Patches(mask), 200.0).mask, mask)


def test_a_straight_one_in_a_box_stays(recognizer):
    box = np.full((140, 120), 255, np.uint8)
    cv2.rectangle(box, (20, 10), (100, 130), 0, 3)
    cv2.line(box, (60, 25), (60, 115), 0, 6)
    assert recognizer.read(box).number == "1"


def test_where_rules_cover_the_whole_page_nothing_stays():
    full = np.ones((60, 150), np.uint8)
    assert not rules._cleared(full, full).any()


def test_a_stroke_too_small_to_be_seen_from_afar_is_no_failure():
    """Nothing is left of it where the page, shrunk to look for the slope of its rules, is one pixel high."""
    wide = np.zeros((60, 16_534), np.bool_)
    wide[12:47, 26:30] = True
    assert np.array_equal(without_rules(Patches(wide), 29.0).mask, wide)


def test_a_page_without_ink_stays_as_it_is():
    empty = np.zeros((20, 30), np.bool_)
    assert np.array_equal(without_rules(Patches(empty), 10.0).mask, empty)


@pytest.mark.parametrize(
    ("columns", "longest"), [("#", 5), ("## #    #", 13), ("###     ####", 8), ("  #     ##  ###", 11)]
)
def test_the_longest_stretch_of_ink_goes_over_gaps_of_four_columns(columns, longest):
    assert rules._longest_stretch(np.array(list(columns)) == "#") == longest


@pytest.mark.parametrize("gap", [3, 4, 5, 6])
def test_no_rule_is_longer_than_the_longest_stretch_of_ink(gap):
    flat = np.ones((5, 200), np.uint8)
    flat[:, 120 : 120 + gap] = 0
    flat[:, 190:] = 0
    longest = rules._longest_stretch(flat[0] > 0)
    assert not rules._runs(flat, longest + 1).any()
    assert rules._runs(flat, longest - rules._GAP).any()
