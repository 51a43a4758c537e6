from __future__ import annotations

import sys
from pathlib import Path

import pytest

from recognizer.file import UnreadableFile
from recognizer.inputs import Input, inputs_listed, inputs_of, is_several, open_list

HEAD = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder to stand in, with pictures in it and in a folder of it."""
    for name in ("b.png", "a.png", "sub/c.png", "sub/deep/d.png", "notes.txt", "[1].png"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"words" if path.suffix == ".txt" else HEAD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(inputs) -> list[str]:
    return [one.name.replace("\\", "/") for one in inputs]


def test_paths_folders_and_standard_input_come_in_their_order(folder):
    assert names(inputs_of(["a.png", "-", "sub", "gone.png"])) == [
        "a.png",
        "-",
        "sub/c.png",
        "sub/deep/d.png",
        "gone.png",
    ]


def test_a_pattern_stands_for_what_it_matches_by_name(folder):
    assert names(inputs_of(["?.png"])) == ["a.png", "b.png"]
    assert names(inputs_of(["**/*.png"])) == ["[1].png", "a.png", "b.png", "sub/c.png", "sub/deep/d.png"]
    assert names(inputs_of(["s*"])) == ["sub/c.png", "sub/deep/d.png"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right on Windows")
def test_a_pattern_of_any_folders_follows_no_links_and_finds_everything_once(folder):
    for name in ("up", "around"):
        (folder / "sub" / name).symlink_to(folder)
    assert names(inputs_of(["**/*.png"])) == ["[1].png", "a.png", "b.png", "sub/c.png", "sub/deep/d.png"]
    assert names(inputs_of(["su?/**/*.png"])) == ["sub/c.png", "sub/deep/d.png"]
    assert names(inputs_of([f"{folder}/**/deep/**/*.png"])) == [str(folder / "sub/deep/d.png")]


@pytest.mark.parametrize("name", ["x" * 5000, "/".join(["y" * 300] * 3), "a\0b"])
def test_a_name_that_no_file_can_have_is_a_name(name):
    (one,) = inputs_of([name])
    assert one == Input(name, Path(name))
    assert not one.is_plain_file
    assert not is_several([name])


def test_a_name_that_looks_like_a_pattern_is_a_name_where_there_is_such_a_file(folder):
    assert list(inputs_of(["[1].png"])) == [Input("[1].png", folder.relative_to(folder) / "[1].png")]


def test_a_pattern_that_matches_nothing_is_told(folder):
    (one,) = inputs_of(["*.jpg"])
    assert one.problem == "*.jpg matches no file: check the pattern."


def test_only_one_path_that_is_neither_folder_nor_pattern_stands_for_one_input(folder):
    assert [is_several(paths) for paths in (["a.png"], ["gone.png"], ["-"], [""], ["[1].png"])] == [False] * 5
    assert [is_several(paths) for paths in (["a.png", "b.png"], ["sub"], ["?.png"], [])] == [True] * 4


@pytest.mark.parametrize(
    ("data", "separator"),
    [
        (b"a.png\nsub\n\ngone.png\n", b"\n"),
        (b"\xef\xbb\xbfa.png\r\nsub\r\ngone.png", b"\n"),
        (b"a.png\0sub\0gone.png\0", b"\0"),
    ],
    ids=["lines", "as Windows writes them", "parted by NUL"],
)
def test_a_list_names_files_and_folders(folder, data, separator):
    (folder / "list").write_bytes(data)
    with open_list("list") as stream:
        found = names(inputs_listed(stream, separator))
    assert found == ["a.png", "sub/c.png", "sub/deep/d.png", "gone.png"]


def test_names_in_a_list_are_no_patterns_and_may_hold_line_breaks(folder):
    (folder / "list").write_bytes(b"*.png\0two\nlines.png\0bad\xff.png")
    with open_list("list") as stream:
        assert names(inputs_listed(stream, b"\0")) == ["*.png", "two\nlines.png", "bad\udcff.png"]


def test_names_are_taken_as_they_come(folder):
    (folder / "list").write_bytes(b"a.png\n" * 100_000)
    with open_list("list") as stream:
        listed = inputs_listed(stream, b"\n")
        assert next(listed).name == "a.png"
        assert stream.tell() < 200_000


def test_a_list_that_is_none_is_refused_before_it_fills_the_memory(folder):
    (folder / "list").write_bytes(bytes(3_000_000))
    with open_list("list") as stream, pytest.raises(UnreadableFile, match="put one name on a line"):
        list(inputs_listed(stream, b"\n"))
    with pytest.raises(UnreadableFile, match="gone cannot be opened"):
        open_list("gone")
