"""Opened pictures under the ink."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from recognizer.reading import Reading, Symbol
from ui.events import Ready
from ui.page import Page, Picture
from ui.picture import ShownPicture
from ui.state import State
from ui.theme import THEMES
from ui.update import update
from ui.view import View

PLACE = (20, 30)


def caption(paper: int, ink: int) -> Picture:
    """Return a picture of 300 x 100 with a caption in it, at the half of its size, its paper darker to the right."""
    gray = np.tile(np.linspace(paper, paper - 60 if paper > 127 else paper + 60, 600), (200, 1)).astype(np.uint8)
    cv2.putText(gray, "Total", (100, 120), cv2.FONT_HERSHEY_SIMPLEX, 2.0, ink, 8)
    return Picture(gray.tobytes(), (600, 200), 0.5, PLACE)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("paper", "ink"), [(230, 20), (20, 240)])
def test_ink_of_a_picture_is_found_on_paper_of_any_shade(theme: str, paper: int, ink: int) -> None:
    own = np.zeros((150, 130), np.uint8)
    own[5, 5] = 7
    covered = ShownPicture(caption(paper, ink), THEMES[theme]).cover(own)
    ys, xs = np.nonzero(covered)
    assert (own > 0).sum() == 1 and covered[5, 5] == 7
    letters = xs > 10
    assert 68 <= xs[letters].min() <= 72 and xs[letters].max() == 129
    assert 67 <= ys[letters].min() <= 71 and 88 <= ys[letters].max() <= 92


def test_labels_may_lie_on_a_pattern() -> None:
    weave = np.kron(np.indices((25, 75)).sum(0) % 2, np.ones((4, 4))).astype(np.uint8) * 255
    picture = Picture(weave.tobytes(), (300, 100), 1.0, (0, 0))
    assert not ShownPicture(picture, THEMES["light"]).cover(np.zeros((100, 300), np.uint8)).any()


def test_labels_keep_clear_of_what_is_written_on_a_picture() -> None:
    state = State(page=Page((), caption(230, 20)))
    below = Symbol("5", 0.9, (80, 95, 30, 30))
    state = update(state, Ready(0, Reading("5", 0.9, (below,))))
    view = View(state)
    (label,) = view.placed(state).labels
    ink = ShownPicture(caption(230, 20), THEMES["light"]).cover(np.zeros(state.size[::-1], np.uint8))
    x, y, width, height = label
    assert width and not ink[y : y + height, x : x + width].any()
    bare = replace(state, page=Page())
    assert view.placed(bare).labels == View(bare).placed(bare).labels != (label,)
