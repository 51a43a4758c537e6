"""Nothing that was drawn is lost."""

from __future__ import annotations

import errno
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import ROOT

from recognizer.drawing import Stroke
from recognizer.page import load_pages
from ui.journal import Journal, forget, lost, replayed
from ui.page import Correction, Page, Picture

A, B, C = (Stroke(((float(k), 1.5), (2.25, float(k))), None if k else 4.0) for k in range(3))


def left_behind(folder: Path, *pages: tuple[Stroke, ...] | Page) -> Path:
    before = set(folder.glob("journal-*.jsonl"))
    journal = Journal(folder)
    for page in pages:
        journal.record(page if isinstance(page, Page) else Page(page))
    journal.close(keep=True)
    (path,) = {*folder.glob("journal-*.jsonl")} - before
    return path


def test_every_change_can_be_replayed(tmp_path: Path) -> None:
    left_behind(tmp_path, (A,), (A, B), (B,), (), (C, A, B), (C, B))
    assert lost(tmp_path)[0] == Page((C, B))


def test_what_was_lost_last_is_offered_first_and_what_was_before_it_the_next_time(tmp_path: Path) -> None:
    first = left_behind(tmp_path, (A,))
    left_behind(tmp_path, (B,), (B, C))
    left_behind(tmp_path)
    page, journals = lost(tmp_path)
    assert page == Page((B, C))
    assert len(journals) == 2 and first not in journals
    for path in journals:
        path.unlink()
    assert lost(tmp_path) == (Page((A,)), (first,))


def test_the_journal_of_a_running_window_is_not_offered(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.record(Page((A,)))
    assert lost(tmp_path) == (Page(), ())
    journal.close(keep=False)
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_a_file_has_is_not_offered_until_it_changes(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    (path,) = tmp_path.iterdir()
    page = Page((A,))
    for now, stored in ((page, False), (page, True), (Page((A, B)), False), (page, True)):
        journal.record(now, stored)
        assert replayed(path) == (Page() if stored else now)
    journal.close(keep=False)


def test_a_line_cut_short_costs_only_its_own_change(tmp_path: Path) -> None:
    path = left_behind(tmp_path, (A,), (A, B))
    path.write_bytes(path.read_bytes()[:-20])
    assert lost(tmp_path)[0] == Page((A,))


def test_a_journal_of_nonsense_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "journal-0.jsonl").write_bytes(b'\xff\xfe{"at": 0}\n[]')
    page, journals = lost(tmp_path)
    assert page.blank
    assert [path.name for path in journals] == ["journal-0.jsonl"]


def test_a_killed_process_leaves_its_journal(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from ui.journal import Journal;"
        "from recognizer import Stroke; from ui.page import Page;"
        "journal = Journal(Path(sys.argv[1])); journal.record(Page((Stroke(((1.0, 2.0),), 3.0),))); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, check=False).returncode == 9
    assert lost(tmp_path)[0] == Page((Stroke(((1.0, 2.0),), 3.0),))


@pytest.mark.parametrize(
    "added",
    [
        "[" * 200_000,
        '[{"points": [[NaN, 1]], "width": 1}]}',
        '[{"points": [[1e300, 1]], "width": 1}]}',
        f'[{{"points": [[{10**400}, 1]], "width": 1}}]}}',
        '[{"points": [], "width": 1}]}',
        '[{"points": [[1, 1]], "width": -1}]}',
        '[{"points": [[1, 1]], "width": Infinity}]}',
    ],
)
def test_what_no_hand_has_drawn_ends_a_journal(tmp_path: Path, added: str) -> None:
    path = left_behind(tmp_path, (A,))
    with path.open("a", encoding="utf-8") as file:
        file.write('{"at": 0, "removed": 1, "added": ' + added + "\n")
    assert lost(tmp_path)[0] == Page((A,))


def test_a_change_that_found_no_room_is_written_with_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(tmp_path)
    (path,) = tmp_path.iterdir()
    journal.record(Page((A,)))
    before = path.read_bytes()
    disk = journal._file

    class Full:
        """A disk with room for five more bytes."""

        def __init__(self) -> None:
            self.room = 5

        def write(self, data: bytes) -> int:
            if not self.room:
                raise OSError(errno.ENOSPC, "No space left on device")
            done, self.room = disk.write(data[: self.room]), 0
            return done

        def truncate(self, size: int) -> int:
            return disk.truncate(size)

    with monkeypatch.context() as patch:
        patch.setattr(journal, "_file", Full())
        for page in ((A, B), (A, B, C)):
            with pytest.raises(OSError, match="No space left"):
                journal.record(Page(page))
    assert path.read_bytes() == before
    journal.record(Page((A, C)))
    journal.close(keep=True)
    assert lost(tmp_path)[0] == Page((A, C))


PICTURE = Picture(bytes(range(6)), (3, 2), 2.5, (40, 80))
SAID = Correction("7", (0, 0, 3, 3), (B, A)), Correction("12", (90, 90, 5, 5)), Correction("", (1, 1, 2, 2), (C,))


def test_what_was_said_of_ink_and_pictures_comes_back(tmp_path: Path) -> None:
    page = Page((A, B, C), PICTURE, SAID)
    left_behind(tmp_path, (A,), (A, B), Page((A, B), None, SAID[:1]), Page((C, A, B), PICTURE, SAID[:2]), page)
    found, journals = lost(tmp_path)
    assert found == page
    assert list(map(id, found.corrections[0].strokes)) == list(map(id, found.strokes[1::-1]))
    for path in journals:
        forget(path)
    assert list(tmp_path.iterdir()) == []


def test_what_was_said_goes_with_its_ink_and_the_picture_when_it_is_cleared(tmp_path: Path) -> None:
    left_behind(tmp_path, Page((A, B), PICTURE, SAID[:2]), Page((A, C), None, SAID[1:2]))
    assert lost(tmp_path)[0] == Page((A, C), None, SAID[1:2])
    assert not list(tmp_path.glob("*.pgm"))


def test_only_the_picture_on_the_page_is_kept_and_others_can_show_it(tmp_path: Path) -> None:
    other = replace(PICTURE, pixels=bytes(64 * 64), size=(64, 64))
    journal = Journal(tmp_path)
    for picture in (PICTURE, other, PICTURE, None, PICTURE, other):
        journal.record(Page((A,), picture))
    (kept,) = tmp_path.glob("*.pgm")
    assert load_pages(kept)[0].tobytes() == other.pixels
    journal.close(keep=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("broken", [None, b"P5\n3 2\n255\n12345", b""])
def test_a_picture_that_is_gone_costs_no_ink(tmp_path: Path, broken: bytes | None) -> None:
    left_behind(tmp_path, Page((A, B), PICTURE, SAID[:2]))
    (path,) = tmp_path.glob("*.pgm")
    path.unlink() if broken is None else path.write_bytes(broken)
    assert lost(tmp_path)[0] == Page((A, B), None, SAID[:1])


def test_a_journal_of_strokes_alone_as_older_ones_are_is_read(tmp_path: Path) -> None:
    old = '{"at": 0, "removed": 0, "added": [{"points": [[1, 2.5], [3, 4]], "width": 6}]}\n'
    (tmp_path / "journal-12-345.jsonl").write_text(old)
    assert lost(tmp_path)[0] == Page((Stroke(((1.0, 2.5), (3.0, 4.0)), 6.0),))


@pytest.mark.parametrize(
    "more",
    [
        '"said": [{"label": "\\ud800", "box": [0, 0, 1, 1], "strokes": [0]}]',
        '"said": [{"label": 7, "box": [0, 0, 1, 1], "strokes": [0]}]',
        '"said": [{"label": "7", "box": [0, 0, 1.5, 1], "strokes": [0]}]',
        '"said": [{"label": "7", "box": [0, 0, 1, 1], "strokes": [-1]}]',
        '"said": [{"label": "7", "box": [0, 0, 1, 1], "strokes": [1]}]',
        '"said": null',
        '"picture": {"number": 1, "size": [3, 2], "scale": NaN, "at": [0, 0]}',
        '"picture": {"number": 1, "size": [3, 2], "scale": 1e9, "at": [0, 0]}',
        '"picture": {"number": 1, "size": [-3, -2], "scale": 1, "at": [0, 0]}',
        '"picture": {"number": "/../../x", "size": [3, 2], "scale": 1, "at": [0, 0]}',
        '"picture": 1',
    ],
)
def test_what_nobody_said_or_opened_ends_a_journal(tmp_path: Path, more: str) -> None:
    path = left_behind(tmp_path, (A,))
    with path.open("a", encoding="utf-8") as file:
        file.write('{"at": 1, "removed": 0, "added": [], ' + more + "}\n")
    assert lost(tmp_path)[0] == Page((A,))


def test_a_picture_that_finds_no_room_leaves_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(tmp_path)
    journal.record(Page((A,), PICTURE))
    for _ in range(2):
        with monkeypatch.context() as patch, pytest.raises(OSError, match="No space left"):
            patch.setattr(journal, "_write", _full)
            journal.record(Page((B,), replace(PICTURE, pixels=bytes(6))))
    journal.close(keep=True)
    assert lost(tmp_path)[0] == Page((A,), PICTURE)


def _full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")
