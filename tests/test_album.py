from __future__ import annotations

import numpy as np
import pytest

from recognizer.album import Album
from recognizer.file import UnreadableFile
from recognizer.page import as_png, load_pages

PAGE = np.arange(900, dtype=np.uint8).reshape(30, 30)
COPY, OTHER = as_png(PAGE), as_png(255 - PAGE)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_copy_is_named_after_the_input(tmp_path):
    Album(tmp_path).keep("photos/seven.jpg", [COPY])
    assert names(tmp_path) == ["seven.png"]
    assert (load_pages(tmp_path / "seven.png")[0] == PAGE).all()


def test_copies_of_one_name_stand_side_by_side(tmp_path):
    album = Album(tmp_path)
    for name in ("a/seven.jpg", "b/seven.jpg", "seven.png", "-"):
        album.keep(name, [COPY])
    assert names(tmp_path) == ["seven-2.png", "seven-3.png", "seven.png", "standard-input.png"]


def test_a_second_run_replaces_the_copies_of_the_first(tmp_path):
    for _ in range(2):
        Album(tmp_path).keep("seven.jpg", [COPY])
    assert names(tmp_path) == ["seven.png"]


def test_an_original_is_never_written_over(tmp_path):
    original = tmp_path / "seven.png"
    original.write_bytes(b"original")
    Album(tmp_path).keep(str(original), [COPY])
    assert original.read_bytes() == b"original"
    assert names(tmp_path) == ["seven-2.png", "seven.png"]


@pytest.mark.parametrize("content", [b"original", COPY, b""])
def test_a_file_that_is_not_ours_is_never_written_over(tmp_path, content):
    original = tmp_path / "seven.png"
    original.write_bytes(content)
    album = Album(tmp_path)
    for name in ("sub/seven.png", str(original), "other/seven.png"):
        album.keep(name, [COPY])
    assert original.read_bytes() == content
    assert names(tmp_path) == ["seven-2.png", "seven-3.png", "seven-4.png", "seven.png"]


def test_a_run_that_goes_on_keeps_the_copies_of_the_first(tmp_path):
    first = Album(tmp_path)
    first.keep("a/seven.jpg", [COPY])
    first.keep("a/scan.tif", [COPY, COPY])
    second = Album(tmp_path, ["a/seven.jpg", "a/scan.tif", "a/no picture was made of this.png"])
    second.keep("b/seven.jpg", [OTHER])
    second.keep("b/scan.tif", [OTHER])
    second.keep("c/scan.tif", [OTHER, OTHER])
    found = {name: bool((load_pages(tmp_path / name)[0] == PAGE).all()) for name in names(tmp_path)}
    assert found == {
        "scan-page1.png": True, "scan-page1-2.png": False, "scan-page2.png": True, "scan-page2-2.png": False,
        "scan.png": False, "seven.png": True, "seven-2.png": False,
    }  # fmt: skip


def test_every_page_has_its_copy(tmp_path):
    Album(tmp_path).keep("scan.tif", [COPY, COPY])
    assert names(tmp_path) == ["scan-page1.png", "scan-page2.png"]


def test_a_folder_that_is_gone_is_an_error_of_one_sentence(tmp_path):
    with pytest.raises(UnreadableFile, match=r"seven\.png cannot be saved"):
        Album(tmp_path / "gone").keep("seven.jpg", [COPY])
