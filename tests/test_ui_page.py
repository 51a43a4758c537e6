"""History: any two pages, and the one step between them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from recognizer.drawing import Stroke
from ui.page import Correction, Page, Picture, edit_between, redone, undone

STROKES = tuple(Stroke(((float(k), 0.0),)) for k in range(8))
PAGES = st.lists(st.sampled_from(STROKES), unique=True, max_size=8).map(lambda strokes: Page(tuple(strokes)))


@given(PAGES, PAGES)
def test_an_edit_leads_to_the_new_page_and_back(old: Page, new: Page) -> None:
    edit = edit_between(old, new)
    assert redone(old, edit) == new
    assert undone(new, edit) == old


def test_an_edit_keeps_only_what_differs() -> None:
    edit = edit_between(Page(STROKES), Page((*STROKES[:3], *STROKES[4:])))
    assert (edit.at, edit.removed, edit.added) == (3, STROKES[3:4], ())


def test_an_edit_brings_back_picture_and_corrections() -> None:
    old = Page(STROKES, Picture(b"\0" * 4, (2, 2)), (Correction("7", (0, 0, 2, 2)),))
    edit = edit_between(old, Page())
    assert undone(Page(), edit) == old
    assert redone(old, edit) == Page()


def test_a_picture_is_at_least_a_pixel_on_the_page() -> None:
    assert Picture(b"\0" * 300, (300, 1), 0.1).shown_size == (30, 1)


def test_a_page_with_a_picture_is_not_blank() -> None:
    assert Page().blank
    assert not Page(picture=Picture(b"\0", (1, 1))).blank
