"""What the canvas opens and saves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from ui_stage import MARK

from recognizer import Recognizer
from recognizer.drawing import Drawing, Stroke, load_drawing, save_drawing
from recognizer.file import UnreadableFile, kind_of
from recognizer.page import load_pages, save_picture
from recognizer.reading import Reading, Symbol
from recognizer.truth import Truth
from ui.corrections import Corrected, standing
from ui.files import (
    drawing_of,
    keep_ink,
    listed,
    open_page,
    path_of,
    picture_page,
    rendered,
    save,
)
from ui.frame import Frame
from ui.page import Correction, Page
from ui.state import State

NOW = datetime(2026, 11, 21, 8, 30)
LINE = Stroke(((100.0, 100.0), (100.0, 200.0)), 6.0)
TWO = Stroke(((10.0, 20.0), (40.0, 60.0)), 6.0), Stroke(((40.0, 20.0), (10.0, 60.0)))


@pytest.mark.parametrize(
    "text", ["/a/b c.png", '"/a/b c.png"\n', "file:///a/b%20c.png\r\nfile:///other", " '/a/b c.png' "]
)
def test_a_path_is_found_however_it_was_copied(text: str) -> None:
    assert path_of(text) == Path("/a/b c.png")


def test_no_text_is_no_file() -> None:
    assert not path_of("  \n ").is_file()


def test_a_drawing_from_elsewhere_is_fit_onto_the_paper(tmp_path: Path) -> None:
    far = Drawing((Stroke(((10_000.0, 9_000.0), (14_000.0, 11_000.0)), 80.0),))
    save_drawing(tmp_path / "far.inkml", far)
    (stroke,) = open_page(tmp_path / "far.inkml", (1000, 600)).page.strokes
    (left, top), (right, bottom) = stroke.points
    assert right - left == pytest.approx(800) and bottom - top == pytest.approx(400)
    assert (left + right) / 2 == pytest.approx(500) and (top + bottom) / 2 == pytest.approx(300)
    assert stroke.width == pytest.approx(16)


def test_a_large_picture_is_shown_small_and_kept_whole() -> None:
    page = picture_page(np.full((3000, 4000), 255, np.uint8), (800, 600))
    assert page.picture is not None
    assert page.picture.shown_size == (800, 600)
    assert page.picture.size == (4000, 3000)


def test_a_tiny_picture_is_enlarged() -> None:
    page = picture_page(np.zeros((28, 28), np.uint8), (800, 600))
    assert page.picture is not None and page.picture.shown_size == (224, 224)


def test_what_is_opened_leaves_room_for_the_number(tmp_path: Path) -> None:
    save_drawing(tmp_path / "far.inkml", Drawing((Stroke(((0.0, 0.0), (90.0, 9000.0))),)))
    save_picture(tmp_path / "tall.png", np.full((900, 300), 255, np.uint8))
    (stroke,) = open_page(tmp_path / "far.inkml", (1000, 400), 80).page.strokes
    assert [y for _, y in stroke.points] == pytest.approx([120, 440])
    picture = open_page(tmp_path / "tall.png", (1000, 400), 80).page.picture
    assert picture is not None and (picture.at[1], picture.shown_size[1]) == (80, 400)


SAID = (Correction("<7&", (10, 20, 30, 40), (TWO[1], TWO[0])), Correction("", (90, 90, 20, 120), (LINE,)))


@pytest.mark.parametrize("said", [SAID, (Correction("12", (95, 95, 10, 60)),)])
def test_what_was_said_of_ink_is_saved_and_opened_with_it(tmp_path: Path, said: tuple[Correction, ...]) -> None:
    page = Page((LINE, *TWO), corrections=said)
    save(State(page=page), tmp_path, NOW)
    (path,) = tmp_path.glob("*.inkml")
    opened = open_page(path, (1000, 640)).page
    assert opened == page
    assert standing(opened, Page()) == said
    assert Recognizer.load().read(path) == Recognizer.load().read(Drawing(page.strokes, (1000, 640)))


def test_what_was_said_of_ink_from_elsewhere_moves_with_it(tmp_path: Path) -> None:
    ink = Drawing((LINE,), truths=(Truth("1", (90, 100, 20, 100), (0,)),))
    save_drawing(tmp_path / "one.inkml", ink)
    page = open_page(tmp_path / "one.inkml", (1000, 600), 50).page
    (said,) = page.corrections
    assert said.label == "1" and said.strokes == page.strokes
    assert said.box == (452, 110, 96, 480)


def test_what_was_said_of_a_picture_does_not_go_with_the_ink_on_it() -> None:
    told = (Correction("5", (2, 2, 10, 12)), Correction("1", (97, 97, 6, 106), (LINE,)))
    page = picture_page(np.full((28, 28), 255, np.uint8), (800, 600))
    assert drawing_of(replace(page, strokes=(LINE,), corrections=told), (800, 600)).truths == (
        Truth("1", (97, 97, 6, 106), (0,)),
    )


@pytest.mark.parametrize(("count", "told"), [(1, "scan.tif"), (3, "the first page of scan.tif")])
def test_of_several_pages_the_first_is_opened_and_that_is_told(tmp_path: Path, count: int, told: str) -> None:
    pages = [np.full((20, 30), 40 * number, np.uint8) for number in range(count)]
    (tmp_path / "scan.tif").write_bytes(cv2.imencodemulti(".tif", pages)[1].tobytes())
    opened = open_page(tmp_path / "scan.tif", (800, 600))
    assert opened.name == told
    assert opened.page.picture is not None and opened.page.picture.pixels == pages[0].tobytes()


@pytest.mark.parametrize("name", ["missing.png", "text.png", "folder"])
def test_what_is_no_page_is_refused_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "text.png").write_text("Dear all")
    (tmp_path / "folder").mkdir()
    with pytest.raises(UnreadableFile, match=name):
        open_page(tmp_path / name, (800, 600))


def test_the_list_shows_folders_and_what_can_be_opened(tmp_path: Path) -> None:
    for name in ("b.PNG", "a.inkml", "c.pdf", "ink.xml", "notes.txt", ".hidden.png", "own.tflite"):
        (tmp_path / name).touch()
    (tmp_path / "sub").mkdir()
    assert listed(tmp_path) == ("..", "sub", "a.inkml", "b.PNG", "c.pdf", "ink.xml", "own.tflite")
    assert listed(tmp_path / "gone") == ("..",)


def test_a_rendered_page_is_dark_ink_on_white() -> None:
    page, frame = rendered(Page((LINE, Stroke(((10.0, 10.0),), 8.0))), (300, 250))
    assert frame == Frame()
    assert page.shape == (250, 300)
    assert (page[150, 100], page[10, 10], page[150, 150]) == (0, 0, 255)


def test_ink_on_a_dark_picture_is_white_and_at_its_own_scale() -> None:
    page = picture_page(np.full((1200, 1600), 20, np.uint8), (800, 600))
    drawn, frame = rendered(Page((LINE,), page.picture), (800, 600))
    assert drawn.shape == (1200, 1600)
    assert frame == Frame(0.5)
    assert (drawn[300, 200], drawn[300, 260]) == (255, 20)


def test_paper_grows_to_hold_ink_beside_a_picture() -> None:
    page = picture_page(np.full((100, 200), 230, np.uint8), (800, 600))
    assert page.picture is not None and page.picture.at == (300, 250)
    drawn, frame = rendered(Page((LINE,), page.picture), (800, 600))
    assert (frame.scale, drawn[0, 0], drawn[-1, -1]) == (1.0, 230, 230)
    assert drawn[int(150 - frame.y), int(100 - frame.x)] == 0
    assert drawn.shape == (350 - frame.y, 500 - frame.x)


def test_saving_twice_in_a_second_keeps_both(tmp_path: Path) -> None:
    reading = Reading("1", 0.9, (Symbol("1", 0.9, (97, 97, 6, 106)),))
    state = State(page=Page((LINE,)), shown=Corrected(reading, reading.symbols, (0,)), marks=(MARK,))
    first, second = save(state, tmp_path, NOW), save(state, tmp_path, NOW)
    assert first == (
        "1-20261121-083000.png",
        "1-20261121-083000-annotated.png",
        "1-20261121-083000.inkml",
        "1-20261121-083000.json",
        "1-20261121-083000-glyphs.png",
    )
    assert not set(first) & set(second)
    assert len(list(tmp_path.iterdir())) == 10
    assert load_pages(tmp_path / first[4])[0].shape == (28, 28)


def test_a_page_on_which_nothing_is_a_digit_is_saved_without_glyphs(tmp_path: Path) -> None:
    state = State(page=Page((LINE,)), shown=Corrected(), marks=(MARK,))
    names = save(state, tmp_path, NOW)
    assert [name.partition("-")[0] for name in names] == ["page"] * 4
    assert not any(name.endswith("-glyphs.png") for name in names)


def test_a_picture_is_saved_with_its_boxes_in_its_own_pixels(tmp_path: Path) -> None:
    page = picture_page(np.full((1200, 1600), 255, np.uint8), (800, 600))
    reading = Reading("1", 0.9, (Symbol("1", 0.9, (100, 100, 10, 50)),))
    names = save(State(page=page, shown=Corrected(reading, reading.symbols, (0,))), tmp_path, NOW)
    assert [name.rpartition(".")[2] for name in names] == ["png", "png", "json"]
    assert '"box": [200, 200, 20, 100]' in (tmp_path / names[2]).read_text()


def test_a_picture_opens_as_a_person_sees_it(tmp_path: Path) -> None:
    gray = np.full((90, 120), 255, np.uint8)
    gray[20:70, 30:36] = 0
    save_picture(tmp_path / "one.png", gray)
    picture = open_page(tmp_path / "one.png", (800, 600)).page.picture
    assert picture is not None and picture.pixels == gray.tobytes()


@pytest.mark.parametrize("text", ["file://[", "~nobody-of-this-name/a.png", "x" * 5000, "a\0b", "\x1b[31m", "file:%00"])
def test_text_that_is_no_path_is_a_path_to_nothing(text: str) -> None:
    assert kind_of(path_of(text)) == ""


def test_corrected_ink_is_kept_once_by_the_last_word_on_it(tmp_path: Path) -> None:
    seven, one = (Stroke(((x, 10.0), (x + 20.0, 60.0)), 6.0) for x in (10.0, 90.0))
    told = [Correction("7", (10, 10, 21, 51), (seven,)), Correction("1", (90, 10, 21, 51), (one,))]
    assert keep_ink(told, tmp_path) == 2
    assert keep_ink(told, tmp_path) == 0
    assert keep_ink([replace(told[0], label="2"), replace(told[1], label="")], tmp_path) == 1
    (kept,) = tmp_path.iterdir()
    assert kept.name.startswith("2-")
    assert load_drawing(kept).strokes == (seven,)
    assert keep_ink([Correction("5", (0, 0, 9, 9))], tmp_path) == 0
