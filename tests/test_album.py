from __future__ import annotations

import pytest

from recognizer.album import Album
from recognizer.file import UnreadableFile

COPY = b"a picture with boxes and labels"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_copy_is_named_after_the_input(tmp_path):
    Album(tmp_path).keep("photos/seven.jpg", [COPY])
    assert names(tmp_path) == ["seven.png"]
    assert (tmp_path / "seven.png").read_bytes() == COPY


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


def test_every_page_has_its_copy(tmp_path):
    Album(tmp_path).keep("scan.tif", [COPY, COPY])
    assert names(tmp_path) == ["scan-page1.png", "scan-page2.png"]


def test_a_folder_that_is_gone_is_an_error_of_one_sentence(tmp_path):
    with pytest.raises(UnreadableFile, match=r"seven\.png cannot be saved"):
        Album(tmp_path / "gone").keep("seven.jpg", [COPY])
