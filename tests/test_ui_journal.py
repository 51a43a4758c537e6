"""Nothing that was drawn is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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
