"""Strips that the line model learns from: drawn anew, and saying what their text says."""

from __future__ import annotations

import numpy as np
import pytest

from recognizer.strip import MARGIN, ROWS, WRITING
from training import mix, strips
from training.cheques import amount_scans
from training.pages import pages
from training.patterned import PatternedMaker


@pytest.fixture(scope="module")
def maker(handwriting):
    return strips.StripMaker(
        mix.load(handwriting, lambda _: True), amount_scans(handwriting / "cheques", lambda _: True), 150
    )


def test_a_seed_decides_the_strips(maker):
    one, same, other = (maker.epoch(seed) for seed in (1, 1, 2))
    assert all(np.array_equal(a.strip, b.strip) and a.text == b.text for a, b in zip(one, same, strict=True))
    assert [s.text for s in one] != [s.text for s in other]


def test_strips_are_of_one_height_and_hold_ink(maker):
    made = maker.epoch(3)
    assert len(made) == 150
    assert all(s.strip.shape[0] == ROWS and s.strip.dtype == np.uint8 and s.strip.max() > 60 for s in made)


def test_all_kinds_of_lines_are_there(maker):
    made = maker.epoch(4)
    assert any(s.free for s in made) and any(len(s.text) == 1 for s in made) and any(len(s.text) > 8 for s in made)
    assert any(not s.text for s in made), "letters say nothing"
    assert all(set(s.text) <= set(mix.DIGITS + mix.MARKS) for s in made)
    assert all(s.text.isdigit() for s in made if s.free)
    assert any(set(s.text) & set("-.,=") for s in made), "marks stand among digits"


def test_without_scans_there_are_the_other_kinds(maker):
    made = strips.StripMaker(maker.corpus, (), 40).epoch(1)
    assert len(made) == 40 and not any(s.free for s in made)


def test_lines_on_patterned_paper_are_among_them_as_the_reader_sees_them(maker):
    pages = PatternedMaker(maker.corpus, (), 30)
    lines = strips.seen(pages.lines(1))["patterned"]
    assert 10 < len(lines) <= 30
    assert all(line.free for line in lines)
    made = strips.StripMaker(maker.corpus, (), 60, lines).epoch(1)
    assert any(s.free for s in made)
    assert {s.text for s in made if s.free} <= {line.text for line in lines}


def test_digits_in_a_row_stand_in_their_order_at_the_height_of_writing():
    rng = np.random.default_rng(0)
    inks = [np.full((30, 4 * width), 255, np.uint8) for width in (1, 5, 2)]
    found = [strips.row(strips.alike(inks, rng), rng) for _ in range(20)]
    for strip in found:
        tall = np.flatnonzero(strip.max(1) > 60)
        assert WRITING - 6 <= tall[-1] - tall[0] <= WRITING + 8
        assert not strip[:, :MARGIN].any()


def test_what_the_reader_sees_of_pages_comes_by_kind(maker):
    found = strips.seen(pages(maker.corpus, np.random.default_rng(1), 0, 6, 4))
    assert {"ink", "picture", "mnist"} <= found.keys()
    assert all(s.strip.shape[0] == ROWS for part in found.values() for s in part)
