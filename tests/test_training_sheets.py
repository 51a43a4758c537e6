"""Sheets show the data as it is, with its labels, and what augmentation makes of it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from training import mix, sheets
from training.__main__ import main
from training.data import BadData
from training.mix import Mix


def drawn(corpus, monkeypatch, folder, seed=1, blend=None):
    """What is drawn on each sheet: name -> (glyphs, heads)."""
    found = {}
    monkeypatch.setattr(sheets, "sheet", lambda glyphs, heads, name, *_: found.update({name: (glyphs, heads)}))
    sheets.write_sheets(corpus, blend or Mix(1, 1, 40, 30, 10, 10), folder, seed)
    return found


def test_the_command_writes_pictures_and_says_where(handwriting, tmp_path, capsys):
    assert main(["sheet", "--data", str(handwriting / "mnist"), "--out", str(tmp_path)]) == 0
    paths = capsys.readouterr().out.split()
    assert [p.rpartition("/")[2] for p in paths] == ["mnist.png", "augmented-mnist.png", "an-epoch.png"]
    for path in paths:
        picture = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
        assert (picture < 128).mean() > 0.01


def test_data_is_shown_as_it_is_with_its_labels(handwriting, tmp_path, monkeypatch):
    corpus = mix.load(handwriting, lambda _: True)
    glyphs, heads = drawn(corpus, monkeypatch, tmp_path)["mnist"]
    assert len(glyphs) == len(heads) == 60
    known = {g.tobytes(): str(label) for g, label in zip(corpus.mnist.images, corpus.mnist.labels, strict=True)}
    assert all(known[g.tobytes()] == head.split("\n")[0] for g, head in zip(glyphs, heads, strict=True))


def test_augmentation_is_shown_in_rows_that_begin_with_the_glyph_itself(handwriting, tmp_path, monkeypatch):
    corpus = mix.load(handwriting, lambda _: True)
    found = drawn(corpus, monkeypatch, tmp_path)
    images = {i.tobytes() for i in corpus.mnist.images}
    for name in ("augmented mnist", "augmented ink"):
        glyphs, heads = found[name]
        assert len(glyphs) == len(heads) == 96
        assert [bool(h) for h in heads] == ([True] + [False] * 11) * 8
        assert len({g.tobytes() for g in glyphs}) > 80
    assert all((found["augmented mnist"][0][i].tobytes() in images) == (i % 12 == 0) for i in range(24))


def test_an_epoch_is_shown_with_what_a_network_is_told(handwriting, tmp_path, monkeypatch):
    corpus = mix.load(handwriting, lambda _: True)
    _, heads = drawn(corpus, monkeypatch, tmp_path)["an epoch"]
    assert set(heads) <= {*mix.LABELS, "none"}
    assert "none" in heads


def test_a_seed_chooses_what_is_shown(handwriting, tmp_path, monkeypatch):
    corpus = mix.load(handwriting, lambda _: True)
    one, same, other = (drawn(corpus, monkeypatch, tmp_path, seed)["pen digits"] for seed in (1, 1, 2))
    assert np.array_equal(one[0], same[0])
    assert one[1] != other[1]


def test_nothing_to_show_is_said(handwriting, tmp_path):
    nobody = mix.load(handwriting, lambda _: False)
    with pytest.raises(BadData, match="holds nothing to draw"):
        sheets.write_sheets(nobody, Mix(), tmp_path, 1)
