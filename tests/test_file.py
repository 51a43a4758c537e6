from __future__ import annotations

import os
import sys

import pytest

from recognizer.file import UnreadableFile, from_json, kind_of, read_file, shown, write_file


def test_a_name_is_shown_on_one_line_without_escapes():
    assert shown("a\nb\x1b[31m\u202e.png") == r"a\nb\x1b[31m\u202e.png"
    assert shown("数 é.png") == "数 é.png"
    assert shown(os.fsdecode(b"bad\xff")) == "bad\\udcff" or sys.platform == "win32"


def test_a_file_is_read_whole_up_to_its_limit(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"x" * 100_000)
    assert len(read_file(path, 100_000)) == 100_000
    with pytest.raises(UnreadableFile, match="save a smaller one"):
        read_file(path, 99_999)


def test_the_first_bytes_can_be_refused_before_the_rest_is_read(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"x" * 1_000_000)
    seen = []

    def refuse(head: bytes) -> None:
        seen.append(len(head))
        raise UnreadableFile("no")

    with pytest.raises(UnreadableFile, match="no"):
        read_file(path, 10_000_000, inspect=refuse)
    assert seen == [65536]


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="needs a user whom the system refuses something"
)
def test_a_file_that_is_closed_to_us_is_refused(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"x")
    path.chmod(0)
    with pytest.raises(UnreadableFile, match="may not be opened"):
        read_file(path, 10)


def test_a_written_file_replaces_the_old_one_and_leaves_nothing_beside_it(tmp_path):
    path = tmp_path / "file"
    write_file(path, b"old")
    write_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_a_written_file_has_the_rights_of_any_new_file_or_of_the_old_one(tmp_path):
    plain, path = tmp_path / "plain", tmp_path / "file"
    plain.touch()
    write_file(path, b"x")
    assert path.stat().st_mode == plain.stat().st_mode
    path.chmod(0o600)
    write_file(path, b"y")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_file(path, b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("recognizer.file.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_stands_at_a_path_is_told_even_of_names_that_no_file_can_have(tmp_path):
    (tmp_path / "file").touch()
    told = [kind_of(path) for path in (tmp_path, tmp_path / "file", tmp_path / "none", "x" * 5000, "a\0b", "")]
    assert told == ["folder", "file", "", "", "", "folder"]  # an empty path is the folder that one stands in


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right on Windows")
def test_links_in_a_circle_lead_to_nothing_and_are_refused_in_a_sentence(tmp_path):
    one, other = tmp_path / "one.png", tmp_path / "other.png"
    one.symlink_to(other)
    other.symlink_to(one)
    assert kind_of(one) == ""
    with pytest.raises(UnreadableFile, match=r"one\.png cannot be opened .*check the path"):
        read_file(one, 10)


def test_json_that_is_nested_without_end_is_no_json():
    assert from_json(b'{"a": [1]}') == {"a": [1]}
    for text in ("[" * 200_000, '{"a":' * 200_000, "{"):
        with pytest.raises(ValueError, match=r"nested|Expecting"):
            from_json(text)
