from __future__ import annotations

import os
import sys
import threading

import cv2
import numpy as np
import pytest

from recognizer.drawing import Drawing, Stroke, UnreadableDrawing, to_inkml
from recognizer.file import UnreadableFile
from recognizer.page import UnreadablePage
from recognizer.source import files_below, load_source

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
