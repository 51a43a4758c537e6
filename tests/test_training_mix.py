"""The mix: what an epoch holds, with which labels, the same for the same seed, and by whom it was written."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from recognizer.normalize import normalize
from training import mix
from training.data import BadData, Pictures, Sample
from training.mix import LABELS, Maker, Mix

SMALL = Mix(mnist=1, scans=2, digits=30, marks=20, others=10, rejects=25)


@pytest.fixture(scope="module")
def corpus(handwriting):
    return mix.load(handwriting, lambda _: True)


def test_an_epoch_is_the_same_for_the_same_seed(corpus):
    maker = Maker(corpus, 0.5, SMALL)
    (glyphs, classes), (again, same), (others, _) = maker.epoch(7), maker.epoch(7), maker.epoch(8)
    assert (glyphs == again).all()
    assert (classes == same).all()
    assert (glyphs != others).any()


def test_an_epoch_holds_what_the_mix_says(corpus):
    glyphs, classes = Maker(corpus, 1.0, SMALL).epoch(1)
    assert glyphs.shape == (60 + 30 + 20 + 10 + 25, 28, 28)
    assert glyphs.dtype == np.uint8
    counts = np.bincount(classes, minlength=len(LABELS))
    assert counts[:10].sum() == 60 + 30
    assert counts[10:-1].sum() == 20
    assert counts[-1] == 10 + 25
    assert glyphs.any(axis=(1, 2)).mean() > 0.97


@pytest.mark.parametrize("scale", [0.01, 0.37, 1.0])
@pytest.mark.parametrize("blend", [SMALL, Mix(0, 3, 7, 0, 0, 0), Mix(2, 0, 0, 0, 0, 11)])
def test_the_size_of_an_epoch_is_known_beforehand(corpus, scale, blend):
    scans = corpus.mnist.some(9)
    maker = Maker(mix.corpus_of(corpus.mnist, corpus.characters, (), scans), scale, blend)
    assert maker.size() == len(maker.epoch(3)[0])


def test_the_usual_mix_is_about_150_000_glyphs_of_the_full_data():
    mnist, usual = 60_000, Mix()
    assert 140_000 < mnist + usual.digits + usual.marks + usual.others + usual.rejects < 160_000


def test_digits_alone_have_ten_labels_and_anything_more_has_all():
    assert Mix(marks=0, others=0, rejects=0).labels == tuple("0123456789")
    assert Mix(marks=0, others=0).labels == Mix().labels == LABELS


def test_pictures_alone_make_an_epoch(corpus):
    pictures = mix.corpus_of(corpus.mnist, ())
    glyphs, classes = Maker(pictures, 1.0, Mix()).epoch(1)
    assert len(glyphs) == 60
    assert sorted(classes) == sorted(corpus.mnist.labels)


def test_labels_are_each_in_one_place():
    assert len(set(LABELS)) == len(LABELS)
    assert [mix.target(c) for c in "0123456789"] == list(range(10))
    assert LABELS[mix.target("-")] == "-"
    assert mix.target("A") == mix.target("backslash") == len(LABELS) - 1


def test_letters_written_like_digits_teach_nothing(corpus):
    letters = tuple(Sample(label, "w13", corpus.characters[0].traces) for label in "OIX")
    maker = Maker(mix.corpus_of(corpus.mnist, letters))
    assert {s.label for s in maker.groups["others"]} == {"X"}


def test_held_out_writers_never_come(handwriting):
    kept = mix.load(handwriting, lambda w: not mix.held_out(w, 0, 3))
    out = mix.load(handwriting, lambda w: mix.held_out(w, 0, 3))
    for one, other in ((kept, out), (out, kept)):
        assert set(one.hands)
        assert not set(one.hands) & set(other.hands)
        assert not set(one.mnist.writers) & set(other.mnist.writers)
        assert not {s.writer for s in one.numbers} & {s.writer for s in other.numbers}
    every = mix.load(handwriting, lambda _: True)
    assert len(kept.mnist.labels) + len(out.mnist.labels) == len(every.mnist.labels)
    assert len(kept.characters) + len(out.characters) == len(every.characters)


def test_every_writer_is_held_out_once():
    for writer in ("w1", "w2", "nist77"):
        assert sum(mix.held_out(writer, part, 4) for part in range(4)) == 1


def test_a_hand_is_as_tall_as_its_digits(corpus):
    assert all(40 < hand.height < 140 for hand in corpus.hands.values())
    marks = tuple(s for s in corpus.characters if s.label == "-")
    assert all(hand.height > 0 for hand in mix.corpus_of(corpus.mnist, marks).hands.values())


def test_ink_goes_through_the_readers_own_normaliser(corpus, monkeypatch):
    seen = []
    monkeypatch.setattr(mix, "normalize", lambda ink: seen.append(ink) or normalize(ink))
    glyphs, _ = Maker(corpus, 1.0, Mix(0, 0, digits=4, marks=3, others=0, rejects=2)).epoch(1)
    assert len(seen) == len(glyphs) == 9


def test_an_unbent_glyph_is_a_fixed_point_of_the_normaliser(corpus):
    rng = np.random.default_rng(1)
    for sample in corpus.characters[:40]:
        glyph = mix.pen_glyph(sample.traces, corpus.hands[sample.writer].height, rng, 0)
        assert (normalize(glyph) == glyph).all()


def test_a_fragment_is_a_part_of_the_ink(corpus):
    rng = np.random.default_rng(1)
    for sample in corpus.characters:
        whole = {tuple(p) for t in sample.traces for p in t}
        part = [tuple(p) for t in mix.fragment(sample, rng) for p in t]
        assert set(part) <= whole
        if max(map(len, sample.traces)) >= 4:
            assert 0 < len(part) < sum(map(len, sample.traces))


def test_two_beside_each_other_stand_on_one_baseline_with_the_gap():
    first, second = [np.array([[0.0, 0.0], [4.0, 10.0]])], [np.array([[50.0, 3.0], [53.0, 6.0]])]
    left, right = mix.beside(first, second, 1.5)
    assert left is first[0]
    assert right.tolist() == [[5.5, 7.0], [8.5, 10.0]]


def test_a_missing_file_of_pen_data_is_named(handwriting, tmp_path):
    (tmp_path / "mnist").symlink_to(handwriting / "mnist")
    with pytest.raises(BadData, match=r"digits\.train\.jsonl\.gz is missing"):
        mix.load(tmp_path, lambda _: True)


def test_scans_come_as_often_as_asked():
    one = Pictures(np.full((1, 28, 28), 9, np.uint8), np.array([3]), np.array(["s"]))
    none = one.some(0)
    glyphs, classes = Maker(mix.corpus_of(none, (), (), one), 1.0, Mix(scans=5)).epoch(1)
    assert classes.tolist() == [3] * 5
    assert len(glyphs) == 5


def test_what_ships_is_made_of_all_kinds_of_pen_data(handwriting, tmp_path):
    shutil.copytree(handwriting, tmp_path / "data")
    (tmp_path / "data/pen/letters.train.jsonl.gz").unlink()
    with pytest.raises(BadData, match=r"letters\.train\.jsonl\.gz is missing"):
        mix.load(tmp_path / "data", lambda _: True)
