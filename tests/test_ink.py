from __future__ import annotations

import cv2
import numpy as np
import pytest
from scripted_pen import Hand, write
from sketch import page

from recognizer import Drawing, Stroke, contrast
from recognizer.contrast import contrast_of
from recognizer.drawn import ink_of_drawing
from recognizer.ink import Ink, ink_of_page, writing_height
from recognizer.render import render_drawing

ONE_AND_DASH = page("  #     ", "  #     ", "  #  ## ", "  #     ", "  #     ", times=4, margin=12)


def boxes(ink: Ink) -> list[tuple[int, int, int, int]]:
    return sorted((m.x, m.y, m.width, m.height) for m in ink.marks)


def test_each_contour_is_a_mark_with_its_place():
    assert boxes(ink_of_page(ONE_AND_DASH)) == [(20, 12, 4, 20), (32, 20, 8, 4)]


def test_light_ink_on_dark_paper_is_the_same_ink():
    assert boxes(ink_of_page(255 - ONE_AND_DASH)) == boxes(ink_of_page(ONE_AND_DASH))


def test_a_shadow_over_the_page_changes_nothing():
    shade = np.linspace(0.4, 1.0, ONE_AND_DASH.shape[1])
    assert len(ink_of_page((ONE_AND_DASH * shade).astype(np.uint8)).marks) == 2


def test_specks_are_dropped():
    speckled = ONE_AND_DASH.copy()
    speckled[5, 5] = speckled[30, 8] = 0
    assert boxes(ink_of_page(speckled)) == boxes(ink_of_page(ONE_AND_DASH))


@pytest.mark.parametrize("side", [28, 200, 600])
@pytest.mark.parametrize("spread", [2, 15, 40])
def test_grain_is_no_ink(side, spread):
    grain = np.random.default_rng(side + spread).normal(200, spread, (side, side))
    assert not ink_of_page(np.clip(grain, 0, 255).astype(np.uint8)).marks


def test_lined_paper_that_is_all_ink_once_it_is_made_smaller_for_a_line_across_it_holds_none():
    page = np.full((400, 440), 150.0)
    page[::5] -= 60
    page += np.random.default_rng(0).normal(0, 2, page.shape)
    page = page.astype(np.uint8)
    cv2.line(page, (10, 390), (430, 10), 40, 2)
    assert not ink_of_page(page).marks


@pytest.mark.parametrize("level", [0, 90, 255])
def test_an_empty_page_holds_no_ink(level):
    assert not ink_of_page(np.full((60, 80), level, np.uint8)).marks
    assert not contrast_of(np.full((60, 80), level, np.uint8))[0].any()


@pytest.mark.parametrize("paper", [220, 40])
def test_faint_ink_in_light_from_one_side_is_told_from_the_paper(paper):
    """The border is neither even nor does its mean lie on the paper's side of the page's."""
    light = np.linspace(1.0, 0.86, 200)[None, :] * np.linspace(1.0, 0.95, 120)[:, None]
    page = np.full((120, 200), float(paper))
    page[40:80, 30:36] += 25 if paper < 128 else -25
    assert boxes(ink_of_page((page * light).astype(np.uint8))) == [(30, 40, 6, 40)]


def test_a_large_page_is_brought_to_a_size_to_cut_in():
    small, large = (ink_of_page(np.kron(ONE_AND_DASH, np.ones((k, k), np.uint8))) for k in (1, 20))
    assert large.scale < 0.5 < small.scale == 1
    assert len(large.marks) == len(small.marks)


@pytest.mark.parametrize("start", range(5))
def test_digits_that_nearly_touch_stay_apart_when_a_page_is_made_smaller(start):
    wide = np.full((300, 300), 255, np.uint8)
    for left in (start + 60, start + 104):  # a pixel or two of paper lie between them
        cv2.ellipse(wide, (left + 20, 150), (16, 100), 0, 0, 360, 0, 9)
    ink = ink_of_page(wide)
    assert ink.scale < 0.4
    assert len(ink.marks) == 2
    assert sum(m.amount for m in ink.marks) == pytest.approx(255 * (wide < 128).sum() * ink.scale**2, rel=0.05)


@pytest.mark.parametrize("tall", [900, 4000])
def test_a_hairline_as_tall_as_a_page_stays_when_that_is_shrunk(tall):
    page = np.full((tall + 200, 400), 255, np.uint8)
    page[100:-100, 199:201] = 0
    ink = ink_of_page(page)
    assert ink.scale < 0.1
    assert [abs(m.height - ink.scale * tall) < 12 and 2 <= m.width < 12 for m in ink.marks] == [True]


def test_strokes_of_a_drawing_are_marks_in_the_order_they_were_drawn():
    ink = ink_of_drawing(Drawing((Stroke(((50, 0), (50, 90))), Stroke(((0, 45), (20, 45))), Stroke(((9, 9),)))))
    assert ink.strokes
    assert [m.height > m.width for m in ink.marks] == [True, False, False]


def test_a_drawing_without_points_holds_no_ink():
    assert not ink_of_drawing(Drawing((Stroke(()),))).marks


@pytest.mark.parametrize("scale", [0.01, 1, 50])
def test_a_drawing_gives_the_same_ink_at_every_scale(scale):
    written = write("2718", Hand(3))
    scaled = Drawing(tuple(Stroke(tuple((x * scale, y * scale) for x, y in s.points)) for s in written.strokes))
    tall = [m.height for m in ink_of_drawing(scaled).marks]
    assert max(tall) == pytest.approx(64, rel=0.45)


def test_drawing_and_its_picture_hold_the_same_number_of_digits_far_apart():
    drawing = write("1 1 1", Hand(5))
    assert len(ink_of_page(render_drawing(drawing)).marks) == len(ink_of_drawing(drawing).marks)


def test_writing_height_asks_the_tall_parts():
    assert writing_height([(3, 20), (3, 22), (9, 2), (3, 21)]) == 22
    assert writing_height([]) == 0
    assert writing_height([(10, 1)]) == 3


def test_faint_squares_on_even_paper_are_no_noise():
    """They would make the page pass for a cheque, whose paper is uneven all over."""
    plain = render_drawing(write("62/9", Hand(4)))
    grainy = np.clip(plain - np.random.default_rng(2).normal(20, 9, plain.shape), 0, 255).astype(np.uint8)
    squared = np.minimum(plain, 250)
    for lines in (squared[::45], squared[:, ::45]):
        np.minimum(lines, 190, out=lines)
    assert ink_of_page(squared).noise < 0.01 < 0.03 < ink_of_page(grainy).noise


@pytest.mark.parametrize("blur", [2.5, 4.0])
def test_ink_out_of_focus_has_edges_as_steep_as_ink_in_focus(blur):
    page = render_drawing(write("407", Hand(3)))
    sharp, soft = (ink_of_page(p) for p in (page, cv2.GaussianBlur(page, (0, 0), blur)))
    shares = [np.mean([((m.gray > 20) & (m.gray < 230)).mean() / (m.gray > 20).mean() for m in i.marks])
              for i in (sharp, soft)]  # fmt: skip
    assert len(soft.marks) == len(sharp.marks)
    assert shares[1] < 1.2 * shares[0]


def test_what_two_strokes_have_in_common_of_a_rule_is_in_one_mark_alone():
    ruled = page(*["          #  #"] * 11, "#" * 60, *["          #  #"] * 11, times=1, margin=4)
    marks = ink_of_page(ruled).marks
    assert len(marks) == 2
    owners = np.zeros(ruled.shape, int)
    for m in marks:
        owners[m.y : m.y + m.height, m.x : m.x + m.width] += m.gray >= 140
    assert owners.max() == 1


def test_a_page_reckoned_row_by_row_is_the_page_reckoned_at_once(monkeypatch):
    light = np.linspace(0.4, 1.0, ONE_AND_DASH.shape[1])
    page = (ONE_AND_DASH * light).astype(np.uint8)
    whole, noise = contrast_of(page)
    monkeypatch.setattr(contrast, "_AT_ONCE", 1)
    by_rows, same = contrast_of(page)
    assert np.array_equal(whole, by_rows)
    assert noise == same


@pytest.mark.parametrize(("size", "thick"), [((120, 130), 3), ((191, 777), 7), ((400, 500), 12)])
def test_paper_that_shows_everywhere_is_as_bright_as_a_closing_finds_it(monkeypatch, size, thick):
    page = np.full(size, 240, np.uint8)
    cv2.circle(page, (size[1] // 2, size[0] // 2), size[0] // 3, 10, thick, cv2.LINE_AA)
    at_once = contrast._paper(page)
    monkeypatch.setattr(contrast, "_is_bare_around", lambda *_: False)
    assert at_once.shape == (1, 1)
    assert (contrast._paper(page) == at_once).all()


def test_paper_under_a_blot_is_estimated():
    page = np.full((191, 777), 240, np.uint8)
    page[60:140, 200:300] = 30
    assert contrast._paper(page).shape != (1, 1)


@pytest.mark.parametrize("width", [1, 2, 4, 7])
def test_strokes_with_wide_cores_are_no_grain_however_they_are_judged(width):
    darker = np.zeros((60, 80), np.uint8)
    cv2.line(darker, (10, 10), (70, 50), 255, width, cv2.LINE_AA)
    written = (darker > 127).view(np.uint8)
    strength = cv2.mean(darker, mask=written)[0]
    kept = cv2.mean(cv2.GaussianBlur(darker, (0, 0), contrast._BLUR), mask=written)[0] / strength
    assert contrast._is_grain(darker, written, strength, 20.0) == (kept < contrast._SPECKS)


@pytest.mark.parametrize("percent", [0, 37.5, 80, 100])
def test_percentiles_of_counted_levels_are_those_of_the_levels(percent):
    levels = np.random.default_rng(4).integers(30, 90, 57)
    counts = np.bincount(levels, minlength=256)
    assert contrast._percentile(counts, percent) == pytest.approx(np.percentile(levels, percent))
    assert contrast._mean_and_deviation(counts) == pytest.approx((levels.mean(), levels.std()))


def test_specks_on_a_large_page_do_not_enlarge_it_without_end():
    page = np.full((3000, 4000), 255, np.uint8)
    page[100:3000:200, 100:4000:200] = page[101:3000:200, 100:4000:200] = 0
    page[100:3000:200, 101:4000:200] = page[101:3000:200, 101:4000:200] = 0
    assert ink_of_page(page).scale ** 2 * page.size <= 15_100_000
