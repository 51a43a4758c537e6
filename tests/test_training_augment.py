"""Augmentation: the same for the same seed, other for another, and never so strong that the digit is lost."""

from __future__ import annotations

import numpy as np
import pytest
from scripted_pen import Hand, write

from recognizer.normalize import normalize
from recognizer.render import render_drawing
from training import augment
from training.pen import extent

TRACES = [np.array(stroke.points) for stroke in write("4", Hand(1)).strokes]
GLYPH = normalize(255 - render_drawing(write("5", Hand(2))))


def rng(seed=3):
    return np.random.default_rng(seed)


@pytest.mark.parametrize(
    "change",
    [
        lambda r: np.concatenate(augment.bend(TRACES, r)),
        lambda r: augment.warp(GLYPH, r),
        lambda r: augment.repen(GLYPH, r),
        lambda r: np.stack([augment.weather(GLYPH, r) for _ in range(20)]),
        lambda r: augment.shear_rotate_scale(r, 1.0),
    ],
)
def test_a_seed_decides_what_comes_out(change):
    assert (change(rng()) == change(rng())).all()
    assert any((change(rng()) != change(rng(seed))).any() for seed in range(4, 8))


def test_bending_keeps_strokes_and_points_and_fits_into_one_unit():
    bent = augment.bend(TRACES, rng())
    assert [len(t) for t in bent] == [len(t) for t in TRACES]
    low, high = extent(bent)
    assert 0.5 < (high - low).max() < 2
    assert np.abs(np.concatenate(bent)).max() < 1.5


def test_bending_without_strength_only_moves_and_scales():
    bent = np.concatenate(augment.bend(TRACES, rng(), 0.0))
    points = np.concatenate(TRACES)
    low, high = extent(TRACES)
    assert np.allclose(bent, (points - (low + high) / 2) / (high - low).max())


def test_bending_does_not_touch_what_it_was_given():
    before = [t.copy() for t in TRACES]
    augment.bend(TRACES, rng())
    assert all((a == b).all() for a, b in zip(TRACES, before, strict=True))


def test_a_warped_glyph_without_strength_is_the_glyph_again():
    again = normalize(augment.warp(GLYPH, rng(), 0.0)).astype(int)
    assert np.corrcoef(again.ravel(), GLYPH.ravel())[0, 1] > 0.9


def test_a_warped_glyph_is_a_larger_page_with_about_as_much_ink():
    pages = [augment.warp(GLYPH, r) for r in map(rng, range(20))]
    assert {p.shape for p in pages} == {(56, 56)}
    assert {p.dtype for p in pages} == {np.dtype(np.uint8)}
    expected = GLYPH.astype(float).sum() * (56 / 34) ** 2
    assert all(0.6 < p.astype(float).sum() / expected < 1.6 for p in pages)
    assert not any(p[0].any() or p[-1].any() for p in pages[:5])


def test_another_pen_is_thicker_or_thinner():
    amount = GLYPH.astype(int).sum()
    amounts = [augment.repen(GLYPH, r).astype(int).sum() for r in map(rng, range(30))]
    assert min(amounts) < 0.9 * amount
    assert max(amounts) > 1.1 * amount


def test_weather_leaves_most_glyphs_nearly_as_they_were():
    after = [augment.weather(GLYPH, r) for r in map(rng, range(200))]
    assert {a.shape for a in after} == {(28, 28)}
    assert {a.dtype for a in after} == {np.dtype(np.uint8)}
    assert 0.2 < np.mean([(a == GLYPH).all() for a in after]) < 0.6
    assert min(np.corrcoef(a.ravel(), GLYPH.ravel())[0, 1] for a in after) > 0.25


def test_weather_never_writes_on_the_glyph_itself():
    before = GLYPH.copy()
    for seed in range(100):
        augment.weather(GLYPH, rng(seed))
    assert (before == GLYPH).all()
