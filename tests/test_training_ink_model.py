"""The ink model's training: what it learns from, how it is scored, and going on after a stop."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from test_ink_model import hatched

from recognizer.ink_model import COLUMNS, ROWS
from training import ink_model, mix
from training.cheques import Amount
from training.data import BadData
from training.ink_model import InkRecipe
from training.patterned import PatternedMaker, made_up, paper_of, papers

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")
SMALL = InkRecipe(epochs=2, pages=16, batch=8)


@pytest.fixture(scope="module")
def maker(handwriting):
    corpus = mix.load(handwriting, lambda _: True)
    return PatternedMaker(corpus, papers(handwriting / "cheques", lambda _: True), SMALL.pages)


@pytest.mark.parametrize(("text", "seed"), [("4711", 1), ("20583", 2)])
def test_the_paper_of_a_scan_has_its_pattern_and_no_writing(text, seed):
    page, ink = hatched(text, seed)
    count, _, stats, _ = cv2.connectedComponentsWithStats((ink > 0.3).astype(np.uint8))
    boxes = tuple((int(x), int(y), int(w), int(h)) for x, y, w, h, _ in stats[1:count])
    paper = paper_of(Amount("", text, boxes), page)
    assert paper.shape == page.shape
    assert (page[ink > 0.9] < 100).mean() > 0.9
    assert (paper[ink > 0.9] < 100).mean() < 0.05
    assert paper[ink > 0.9].std() > 0.3 * page[ink == 0].std()


def test_epochs_are_the_same_for_the_same_seed_and_their_ink_is_on_their_paper(maker):
    one, same, other = (maker.epoch(seed) for seed in (1, 1, 2))
    assert len(one) == SMALL.pages
    for a, b in zip(one, same, strict=True):
        assert np.array_equal(a.contrast, b.contrast)
        assert np.array_equal(a.ink, b.ink)
    assert not all(a.ink.shape == b.ink.shape and np.array_equal(a.ink, b.ink) for a, b in zip(one, other, strict=True))
    for page in one:
        assert page.contrast.shape == page.ink.shape
        assert 24 <= page.ink.shape[0] <= ROWS
        assert 24 <= page.ink.shape[1] <= COLUMNS
    written = [page for page in one if page.ink.any()]
    inks, grounds = (
        [p.contrast[where(p.ink)].mean() for p in written] for where in (lambda i: i > 200, lambda i: i == 0)
    )
    assert np.mean(inks) > np.mean(grounds) + 60


def test_lines_on_paper_say_what_their_writer_wrote(maker):
    lines = list(maker.lines(1))
    assert len(lines) == SMALL.pages
    assert [line.text for line in lines] == [line.text for line in maker.lines(1)]
    assert all(set(line.text) <= set(mix.DIGITS) and "-" in line.free for line in lines)
    assert sum(bool(line.text) for line in lines) > len(lines) / 2
    assert all(line.writer for line in lines if line.text)


def test_without_scans_the_paper_is_made_up(handwriting):
    pages = PatternedMaker(mix.load(handwriting, lambda _: True), (), 8).epoch(1)
    assert len(pages) == 8
    assert all(page.contrast.any() for page in pages)
    assert made_up((40, 60), np.random.default_rng(1)).shape == (40, 60)


def test_windows_hold_a_page_at_their_upper_left(maker):
    pages = maker.epoch(3)
    contrast, ink = ink_model.windows(pages)
    assert contrast.shape == ink.shape == (len(pages), ROWS, COLUMNS)
    for page, seen, right in zip(pages, contrast, ink, strict=True):
        rows, columns = page.ink.shape
        assert np.array_equal(seen[:rows, :columns], page.contrast)
        assert np.array_equal(right[:rows, :columns], page.ink)
        assert not seen[rows:].any()
        assert not seen[:, columns:].any()


def test_the_overlap_is_the_share_of_all_ink_that_both_have(monkeypatch):
    network = ink_model.network()
    logits = np.full((1, ROWS, COLUMNS), -1.0)
    logits[0, :10, :10] = 1
    monkeypatch.setattr(network, "predict", lambda *_, **__: logits)
    ink = np.zeros((1, ROWS, COLUMNS), np.uint8)
    ink[0, :10, 5:15] = 255
    assert ink_model.overlap(network, ink, ink) == pytest.approx(50 / 150)


def test_an_interrupted_training_goes_on_to_the_same_result(maker, tmp_path, monkeypatch):
    checks = maker.epoch(99)
    whole = ink_model.train(SMALL, maker, checks, tmp_path / "whole")

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ink_model, "write_file", stop)  # after the first checkpoint
        with pytest.raises(KeyboardInterrupt):
            ink_model.train(SMALL, maker, checks, tmp_path / "parts")
    again = ink_model.train(SMALL, maker, checks, tmp_path / "parts")
    for one, other in zip(whole.get_weights(), again.get_weights(), strict=True):
        assert np.allclose(one, other, atol=1e-5)
    assert (tmp_path / "whole/history.json").read_text() == (tmp_path / "parts/history.json").read_text()
    with pytest.raises(BadData, match="begun with other settings"):
        ink_model.train(replace(SMALL, rate=1e-4), maker, checks, tmp_path / "parts")
    with pytest.raises(BadData, match="or data"):
        ink_model.train(SMALL, replace(maker, papers=maker.papers[1:]), checks, tmp_path / "parts")
