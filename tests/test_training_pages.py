"""Pages to fit the lattice on, and cheques: ink that says what their text says, by the writer it names."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from recognizer.drawing import Drawing
from training import cheques, mix, pages
from training.data import BadData


@pytest.fixture(scope="module")
def corpus(handwriting):
    return mix.load(handwriting, lambda _: True)


def made(corpus, seed=1):
    return list(pages.pages(corpus, np.random.default_rng(seed), variants=1, synthetic=12, single=8))


def same(one, other):
    if isinstance(one.page, Drawing) or isinstance(other.page, Drawing):
        return (one.page, one.text) == (other.page, other.text)
    return one.text == other.text and np.array_equal(one.page, other.page)


def test_a_seed_decides_the_pages(corpus):
    assert all(map(same, made(corpus), made(corpus)))
    assert not all(map(same, made(corpus), made(corpus, 2)))


def test_every_kind_of_page_is_there_as_often_as_asked(corpus):
    kinds = [page.kind for page in made(corpus)]
    numbers = len(corpus.numbers)
    assert all(kinds.count(kind) == numbers for kind in ("ink", "picture", "bent ink", "bent picture"))
    assert kinds.count("composed ink") + kinds.count("composed picture") == 12
    assert kinds.count("single ink") + kinds.count("single picture") == 8
    assert 0 < kinds.count("mnist") <= len(corpus.mnist.labels)


def test_pages_hold_dark_ink_on_white_and_texts_without_spaces(corpus):
    for page in made(corpus):
        assert set(page.text) <= set(mix.DIGITS + mix.MARKS)
        if page.kind != "mnist" and not isinstance(page.page, Drawing):
            assert page.page.dtype == np.uint8
            assert page.page.min() < 60
            assert (page.page == 255).mean() > 0.5


def test_a_composed_number_has_the_strokes_of_its_symbols_in_order(corpus):
    rng = np.random.default_rng(3)
    for _ in range(10):
        number = pages.composed(corpus.hands["w13"], rng)
        assert sum(number.counts) == len(number.traces)
        assert len(number.counts) == len(number.label)
        lefts = [min(t[:, 0].min() for t in c.traces) for c in number.characters() if c.label in mix.DIGITS]
        assert lefts == sorted(lefts)


def test_a_hand_without_digits_composes_nothing(corpus):
    marks = mix.corpus_of(corpus.mnist, tuple(s for s in corpus.characters if s.label == "-"))
    assert pages.composed(marks.hands["w13"], np.random.default_rng(1)) is None


def test_bending_a_number_keeps_its_size_and_order(corpus):
    sample = max(corpus.numbers, key=lambda s: len(s.label))
    for seed in range(5):
        bent = pages.bent(sample, np.random.default_rng(seed))
        assert [len(t) for t in bent] == [len(t) for t in sample.traces]
        assert 0.5 < pages.tall(bent) / pages.tall(sample.traces) < 2
        middles = [t[:, 0].mean() for t in bent]
        assert np.corrcoef(middles, range(len(middles)))[0, 1] > 0.9


def test_amounts_are_pages_where_marks_may_stand_anywhere(handwriting):
    found = list(cheques.amount_pages(handwriting / "cheques", lambda _: True))
    assert [p.text for p in found] == ["407"] * 4
    assert found[0].page.shape == (50, 150)
    assert set(found[0].free) == {*mix.MARKS, ""}
    kept = list(cheques.amount_pages(handwriting / "cheques", lambda name: name.endswith("cheque2.png")))
    assert [p.writer for p in kept] == ["images/cheque2.png"]


def test_digits_of_amounts_are_glyphs_with_their_labels(handwriting, corpus):
    digits = cheques.amount_digits(handwriting / "cheques", lambda _: True)
    assert digits.labels.tolist() == [4, 0, 7] * 4
    assert digits.images.shape == (12, 28, 28)
    assert (digits.images.max(axis=(1, 2)) > 120).all()
    assert set(digits.writers) == {f"images/cheque{i}.png" for i in range(4)}


def test_no_amounts_are_no_digits(handwriting):
    assert cheques.amount_digits(handwriting / "cheques", lambda _: False).images.shape == (0, 28, 28)


@pytest.mark.parametrize("line", ["{", "[]", '{"image": "images/cheque0.png"}', '{"digits": "1", "boxes": []}'])
def test_a_broken_line_of_amounts_is_named_by_its_number(handwriting, tmp_path, line):
    shutil.copytree(handwriting / "cheques", tmp_path / "cheques")
    labels = tmp_path / "cheques/labels.jsonl"
    labels.write_text(labels.read_text() + line + "\n")
    with pytest.raises(BadData, match=r"labels\.jsonl, line 5: not a labelled amount"):
        list(cheques.amount_pages(tmp_path / "cheques", lambda _: True))


def test_boxes_that_do_not_fit_the_digits_are_named(handwriting, tmp_path):
    shutil.copytree(handwriting / "cheques", tmp_path / "cheques")
    labels = tmp_path / "cheques/labels.jsonl"
    rows = [json.loads(row) for row in labels.read_text().splitlines()]
    rows[1]["boxes"] = rows[1]["boxes"][:2]
    labels.write_text("\n".join(map(json.dumps, rows)))
    with pytest.raises(BadData, match=r"labels\.jsonl, line 2: not a labelled amount"):
        cheques.amount_digits(tmp_path / "cheques", lambda _: True)


def test_a_missing_picture_or_list_of_amounts_is_named(handwriting, tmp_path):
    with pytest.raises(BadData, match=r"labels\.jsonl is missing"):
        list(cheques.amount_pages(tmp_path, lambda _: True))
    shutil.copytree(handwriting / "cheques", tmp_path / "cheques")
    (tmp_path / "cheques/images/cheque1.png").unlink()
    with pytest.raises(BadData, match=r"cheque1\.png"):
        list(cheques.amount_pages(tmp_path / "cheques", lambda _: True))
