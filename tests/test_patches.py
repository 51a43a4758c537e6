from __future__ import annotations

import cv2
import numpy as np
import pytest

from recognizer.patches import Patches


@pytest.mark.parametrize("seed", range(5))
def test_patches_are_those_of_the_whole_page_and_in_their_order(seed):
    rng = np.random.default_rng(seed)
    mask = np.zeros((60, 90), np.bool_)
    left, top = rng.integers(0, 20, 2)
    mask[top : top + 30, left : left + 50] = rng.random((30, 50)) < 0.3
    patches = Patches(mask)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    assert np.array_equal(patches.labels, labels)
    assert np.array_equal(patches.boxes, stats[1:, :4])
    assert np.array_equal(patches.areas, stats[1:, 4])


@pytest.mark.parametrize("side", [300, 512])
def test_every_second_pixel_may_be_a_patch_however_many_that_makes(side):
    mask = np.zeros((side, side), np.bool_)
    mask[::2, ::2] = True
    assert np.array_equal(Patches(mask).labels[mask], np.arange(1, side * side // 4 + 1))


def test_corners_that_touch_make_one_patch():
    assert Patches(np.eye(4, dtype=np.bool_)).areas.tolist() == [4]


def test_an_empty_page_has_no_patches():
    patches = Patches(np.zeros((5, 7), np.bool_))
    assert patches.boxes.shape == (0, 4) and not patches.labels.any()
