from __future__ import annotations

import os
import sys
import threading
from io import BytesIO

import cv2
import numpy as np
import pytest

from recognizer.drawing import Drawing, Stroke, UnreadableDrawing, to_inkml
from recognizer.file import UnreadableFile
from recognizer.page import UnreadablePage
from recognizer.source import files_below, load_source, pages_of, stream_pages

PICTURE = cv2.imencode(".png", np.full((20, 30), 255, np.uint8))[1].tobytes()
DRAWING = Drawing((Stroke(((1, 2), (3, 4))),))


def test_pictures_and_drawings_are_told_apart_by_what_they_hold(tmp_path):
    (tmp_path / "drawing.png").write_bytes(to_inkml(DRAWING))
    (tmp_path / "picture").write_bytes(PICTURE)
    assert load_source(tmp_path / "drawing.png") == load_source(to_inkml(DRAWING)) == DRAWING
    for source in (tmp_path / "picture", PICTURE):
        (page,) = load_source(source)
        assert page.shape == (20, 30)


def test_what_is_neither_is_refused_as_what_its_name_says(tmp_path):
    for name, kind in (("words.inkml", UnreadableDrawing), ("words.png", UnreadablePage), ("words", UnreadablePage)):
        (tmp_path / name).write_text("only words")
        with pytest.raises(kind, match=name):
            load_source(tmp_path / name)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
@pytest.mark.parametrize("data", [PICTURE, to_inkml(DRAWING)], ids=["picture", "drawing"])
def test_a_pipe_is_read_once(data, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(data,))
    writer.start()
    loaded = load_source(pipe)
    writer.join()
    assert isinstance(loaded, Drawing) == (data != PICTURE)


def test_a_folder_gives_its_pictures_and_drawings_by_name_and_those_of_folders_in_it(tmp_path):
    for name in (
        "b.png",
        "a.inkml",
        "10",
        "sub/c.png",
        ".hidden.png",
        ".git/d.png",
        "notes.txt",
        "page.html",
        "bad.jpg",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(PICTURE if path.suffix in {".png", ""} else b"<html>" if path.suffix == ".html" else b"words")
    found = [path.relative_to(tmp_path).as_posix() for path in files_below(tmp_path)]
    assert found == ["10", "a.inkml", "b.png", "bad.jpg", "sub/c.png"]


def test_a_folder_without_pictures_says_so(tmp_path):
    (tmp_path / "notes.txt").write_text("words")
    (problem,) = files_below(tmp_path)
    assert isinstance(problem, UnreadableFile)
    assert str(problem) == f"{tmp_path} holds no picture and no drawing: name a folder that does."


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right on Windows")
def test_a_link_to_a_folder_above_is_not_followed(tmp_path):
    (tmp_path / "a.png").write_bytes(PICTURE)
    (tmp_path / "loop").symlink_to(tmp_path)
    assert [path.name for path in files_below(tmp_path)] == ["a.png"]


def test_a_folder_that_cannot_be_looked_into_is_told(tmp_path, monkeypatch):
    def closed(path: object) -> None:
        raise PermissionError(13, "Permission denied", os.fspath(path))

    monkeypatch.setattr("os.scandir", closed)
    (problem,) = files_below(tmp_path)
    assert "cannot be looked into (Permission denied)" in str(problem)


@pytest.fixture
def deep(tmp_path):
    """A folder so deep in others that Python's functions may not call each other as often."""
    made = [tmp_path]
    try:
        for _ in range(sys.getrecursionlimit() + 100):
            made.append(made[-1] / "d")
            made[-1].mkdir()
        yield made[-1]
    except OSError:
        pytest.skip("this system has no such long paths")
    finally:  # which pytest itself would have to call itself for
        for place in reversed(made[1:]):
            if place.exists():
                (place / "deep.png").unlink(missing_ok=True)
                place.rmdir()


def test_folders_in_folders_to_any_depth_are_looked_into(deep, tmp_path):
    (deep / "deep.png").write_bytes(PICTURE)
    assert list(files_below(tmp_path)) == [deep / "deep.png"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right on Windows")
def test_links_that_lead_nowhere_or_in_a_circle_are_passed_over(tmp_path):
    (tmp_path / "a.png").write_bytes(PICTURE)
    (tmp_path / "circle.png").symlink_to(tmp_path / "circle.png")
    (tmp_path / "dead.png").symlink_to(tmp_path / "gone.png")
    (tmp_path / "good.png").symlink_to(tmp_path / "a.png")
    assert [path.name for path in files_below(tmp_path)] == ["a.png", "good.png"]
    with pytest.raises(UnreadablePage, match="cannot be opened"):
        load_source(tmp_path / "circle.png")


def test_pages_come_one_by_one_from_files_drawings_and_streams(tmp_path):
    pages = cv2.imencodemulti(".tiff", [np.full((20, 30), i, np.uint8) for i in range(3)])[1].tobytes()
    (tmp_path / "scan.tif").write_bytes(pages)
    for several in (pages_of(tmp_path / "scan.tif"), pages_of(pages), stream_pages(BytesIO(pages), "a pipe")):
        assert [int(page[0, 0]) for page in several] == [0, 1, 2]
    assert list(pages_of(to_inkml(DRAWING))) == [DRAWING]
