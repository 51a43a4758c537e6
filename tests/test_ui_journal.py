"""Nothing that was drawn is lost."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from recognizer.drawing import Stroke
from ui.journal import Journal, lost

A, B, C = (Stroke(((float(k), 1.5), (2.25, float(k))), None if k else 4.0) for k in range(3))


def left_behind(folder: Path, *pages: tuple[Stroke, ...]) -> Path:
    journal = Journal(folder)
    for page in pages:
        journal.record(page)
    journal.close(orderly=False)
    return next(folder.glob("journal-*"))


def test_every_change_can_be_replayed(tmp_path: Path) -> None:
    left_behind(tmp_path, (A,), (A, B), (B,), (), (C, A, B), (C, B))
    assert lost(tmp_path)[0] == (C, B)


def test_what_was_lost_last_is_offered_first_and_what_was_before_it_the_next_time(tmp_path: Path) -> None:
    first = left_behind(tmp_path, (A,))
    left_behind(tmp_path, (B,), (B, C))
    left_behind(tmp_path)
    strokes, journals = lost(tmp_path)
    assert strokes == (B, C)
    assert len(journals) == 2 and first not in journals
    for path in journals:
        path.unlink()
    assert lost(tmp_path) == ((A,), (first,))


def test_the_journal_of_a_running_window_is_not_offered(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.record((A,))
    assert lost(tmp_path) == ((), ())
    journal.close(orderly=True)
    assert list(tmp_path.iterdir()) == []


def test_a_line_cut_short_costs_only_its_own_change(tmp_path: Path) -> None:
    path = left_behind(tmp_path, (A,), (A, B))
    path.write_bytes(path.read_bytes()[:-20])
    assert lost(tmp_path)[0] == (A,)


def test_a_journal_of_nonsense_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "journal-0.jsonl").write_bytes(b'\xff\xfe{"at": 0}\n[]')
    strokes, journals = lost(tmp_path)
    assert strokes == ()
    assert [path.name for path in journals] == ["journal-0.jsonl"]


def test_a_killed_process_leaves_its_journal(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path; from ui.journal import Journal; from recognizer import Stroke;"
        "journal = Journal(Path(sys.argv[1])); journal.record((Stroke(((1.0, 2.0),), 3.0),)); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, check=False).returncode == 9
    assert lost(tmp_path)[0] == (Stroke(((1.0, 2.0),), 3.0),)


@pytest.mark.parametrize(
    "added",
    [
        "[" * 200_000,
        '[{"points": [[NaN, 1]], "width": 1}]}',
        '[{"points": [[1e300, 1]], "width": 1}]}',
        '[{"points": [], "width": 1}]}',
        '[{"points": [[1, 1]], "width": -1}]}',
        '[{"points": [[1, 1]], "width": Infinity}]}',
    ],
)
def test_what_no_hand_has_drawn_ends_a_journal(tmp_path: Path, added: str) -> None:
    path = left_behind(tmp_path, (A,))
    with path.open("a", encoding="utf-8") as file:
        file.write('{"at": 0, "removed": 1, "added": ' + added + "\n")
    assert lost(tmp_path)[0] == (A,)


def test_a_change_that_found_no_room_is_written_with_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(tmp_path)
    (path,) = tmp_path.iterdir()
    journal.record((A,))
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
                journal.record(page)
    assert path.read_bytes() == before
    journal.record((A, C))
    journal.close(orderly=False)
    assert lost(tmp_path)[0] == (A, C)
