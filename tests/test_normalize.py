from __future__ import annotations

import gzip

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from sketch import ink

from recognizer.normalize import normalize

MNIST = ROOT.parent / "shared" / "data" / "mnist" / "t10k-images-idx3-ubyte.gz"


@pytest.mark.skipif(not MNIST.exists(), reason="MNIST is not beside the project")
def test_mnist_is_a_fixed_point():
    digits = np.frombuffer(gzip.decompress(MNIST.read_bytes()), np.uint8, offset=16).reshape(-1, 28, 28)
    same = [np.array_equal(normalize(digit), digit) for digit in digits]
    assert np.mean(same) > 0.999


def test_the_long_side_becomes_20_pixels_and_the_short_one_keeps_its_share():
    glyph = normalize(ink("####", "####", times=40))
    rows, columns = np.nonzero(glyph)
    assert (np.ptp(columns) + 1, np.ptp(rows) + 1) == (20, 10)


def test_the_centre_of_mass_goes_to_the_middle():
    rows, columns = np.nonzero(normalize(ink("#   ", "#   ", "####", times=5)))
    assert (round(columns.mean()), round(rows.mean())) == (14, 14)


def test_shrinking_averages_areas():
    assert set(np.unique(normalize(ink("# " * 20, " #" * 20)))) <= {0, 127, 128}


def test_no_ink_gives_an_empty_glyph():
    assert not normalize(np.zeros((9, 5), np.uint8)).any()


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_every_crop_gives_a_glyph(height, width, seed):
    crop = np.random.default_rng(seed).integers(0, 256, (height, width)).astype(np.uint8)
    assert normalize(crop).shape == (28, 28)
