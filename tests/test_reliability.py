"""Killed at any moment and started again, on a full disk, in a closed folder: nothing that was saved is lost.

`SOAK_MINUTES=30 python -m pytest tests/test_reliability.py -k soak` reads pictures for half an hour.
"""

from __future__ import annotations

import errno
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Any

import pygame
import pytest
from conftest import ROOT
from test_command import PHONE, ZIP, wanted
from ui_stage import SEVEN, CountingRecognizer, mouse, play

from ui.errands import Folders
from ui.journal import lost, replayed
from ui.state import State
from ui.window import Window

MINUTES = float(os.environ.get("SOAK_MINUTES", "0.02"))
MOST_GROWTH = 32
"""Megabytes that the command may gain in the second half of a soak."""

Read = Callable[..., tuple[int, str, str]]


@pytest.fixture
def read(capsys: pytest.CaptureFixture[str]) -> Read:
    """Run the command in this process; return (status, standard output, standard error)."""

    def run(*arguments: object) -> tuple[int, str, str]:
        status = import_module("recognizer.__main__").main([str(argument) for argument in arguments])
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A folder of pictures, one of them broken."""
    folder = tmp_path / "archive"
    folder.mkdir()
    for number in range(24):
        (folder / f"{number:02}.inkml").write_bytes(ZIP.read_bytes())
    (folder / "11.inkml").write_bytes(b"<ink>")
    return folder


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "recognizer", *map(str, arguments)]


# The command ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_killed_again_and_again_ends_with_the_results_of_one_that_was_not(read: Read, archive, tmp_path, workers):
    chance, output = random.Random(workers), tmp_path / "results"
    line = command("--json", "--workers", workers, "--resume", "--output", output, archive)
    told = 0
    for _ in range(3):
        with subprocess.Popen(line, cwd=ROOT, stderr=subprocess.PIPE) as process:
            least = told + chance.randrange(1, 7)
            while process.poll() is None and (not output.exists() or output.read_bytes().count(b"\n") < least):
                pass
            process.kill()
            assert b"Traceback" not in process.stderr.read()
        now = output.read_bytes()
        assert now.count(b"\n") >= least
        told = now.count(b"\n")
    done = subprocess.run(line, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == (1 if told <= 11 else 0)  # where the broken one is still to be told of
    assert read("--json", "--workers", 1, "--output", tmp_path / "whole", archive)[0] == 1
    assert output.read_bytes() == (tmp_path / "whole").read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_a_disk_that_fills_up_costs_only_what_was_not_written(read: Read, archive, tmp_path):
    import resource

    output = tmp_path / "results"
    line = command("--json", "--workers", 1, "--output", output, archive)
    full = subprocess.run(
        line, cwd=ROOT, capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000)),
    )  # fmt: skip
    assert (full.returncode, full.stdout) == (1, "")
    assert full.stderr == "recognizer: the output cannot be written (File too large).\n"
    assert 3000 < output.stat().st_size <= 4000
    assert output.read_bytes().endswith(b"\n")
    assert read("--json", "--workers", 1, "--resume", "--output", output, archive)[0] == 1
    assert read("--json", "--workers", 1, "--output", tmp_path / "whole", archive)[0] == 1
    assert output.read_bytes() == (tmp_path / "whole").read_bytes()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES], ids=errno.errorcode.get)
def test_copies_that_find_no_place_are_told_and_the_numbers_printed(read: Read, tmp_path, monkeypatch, code):
    def closed(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code), str(tmp_path / "seen"))

    monkeypatch.setattr("recognizer.file.tempfile.mkstemp", closed)
    status, out, error = read("--annotate", tmp_path / "seen", PHONE)
    assert (status, out) == (1, f"{wanted(PHONE)}\n")
    assert os.strerror(code) in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES], ids=errno.errorcode.get)
def test_results_that_find_no_place_are_a_wrong_command(read: Read, tmp_path, monkeypatch, code):
    def closed(path: Path, mode: str = "r", *rest: Any, **named: Any) -> Any:
        if path.name == "results":
            raise OSError(code, os.strerror(code), str(path))
        return opened(path, mode, *rest, **named)

    opened = Path.open
    monkeypatch.setattr(Path, "open", closed)
    status, out, error = read("--output", tmp_path / "results", PHONE)
    assert (status, out) == (2, "")
    assert error == f"recognizer: {tmp_path / 'results'} cannot be written ({os.strerror(code)}): name another file.\n"


def test_a_file_that_vanishes_before_its_turn_costs_only_itself(read: Read, archive, monkeypatch):
    from recognizer import answer, batch

    def answer_and_remove(*arguments: Any) -> answer.Answer:
        (archive / "02.inkml").unlink(missing_ok=True)
        return answer.answer_to(*arguments)

    monkeypatch.setattr(batch, "answer_to", answer_and_remove)
    status, out, error = read("--workers", 1, "--json", archive)
    assert status == 1
    assert len(out.splitlines()) == 24
    gone = json.loads(out.splitlines()[2])
    assert gone["error"] == f"{archive / '02.inkml'} does not exist: check the path."
    assert error.splitlines()[0] == f"recognizer: {gone['error']}"
    assert len(error.splitlines()) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of another process's handles and memory so")
def test_a_soak_of_the_command_leaves_nothing_behind():
    """Pictures, drawings and broken files, answered name by name, for as long as the environment says."""
    broken = ROOT / "README.md"
    names = (PHONE, ZIP, broken, ROOT / "missing.png")
    line = command("--json", "--workers", 1, "--files-from", "-")
    with subprocess.Popen(line, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:

        def rounds(count: int) -> tuple[int, float]:
            """Have every file answered so often; return the open handles, and the megabytes in use."""
            for _ in range(count):
                for name in names:
                    run.stdin.write(f"{name}\n".encode())
                    run.stdin.flush()
                    told = json.loads(run.stdout.readline())
                    assert told["path"] == str(name)
                    assert told["number"] == (wanted(name) if name in {PHONE, ZIP} else "")
                    if told["error"]:
                        assert run.stderr.readline().decode() == f"recognizer: {told['error']}\n"
            home = Path(f"/proc/{run.pid}")
            return len(list((home / "fd").iterdir())), int((home / "statm").read_text().split()[1]) * 4096 / 2**20

        rounds(5)
        began, rests = monotonic(), [rounds(5)]
        while monotonic() - began < 60 * MINUTES or len(rests) < 3:
            rests.append(rounds(5))
        run.stdin.close()
        assert run.wait() == 1
    middle, last = rests[len(rests) // 2], rests[-1]
    assert last[0] == rests[0][0]
    assert last[1] - middle[1] < MOST_GROWTH


# The canvas -----------------------------------------------------------------------------------------------------------

WRITER = """
import itertools, os, sys
from pathlib import Path
import pygame
from ui_stage import CountingRecognizer, mouse
from ui.errands import Folders
from ui.state import State
from ui.window import Window

home = Path(sys.argv[1])
window = Window(State(size=(600, 400)), lambda model: CountingRecognizer(), Folders(home, home, home))
window.open()
for number in itertools.count():
    for event in mouse(((100 + number % 50, 150), (110, 200 + number // 50), (120, 210))):
        pygame.event.post(event)
    window.take(pygame.event.get())
    print(len(window.state.page.strokes), flush=True)
"""


@pytest.mark.parametrize("seed", [1, 2])
def test_a_canvas_killed_at_any_moment_has_every_stroke_that_was_on_it(tmp_path, seed):
    chance, home = random.Random(seed), tmp_path / "home"
    home.mkdir()
    seen = 0
    environment = os.environ | {"SDL_VIDEODRIVER": "dummy", "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"}
    for _ in range(2):
        line = [sys.executable, "-c", WRITER, str(home)]
        with subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            drawn = 0
            for _ in range(chance.randrange(2, 60)):
                told = process.stdout.readline()
                drawn = int(told) if told.strip().isdigit() else drawn
            process.kill()
        assert drawn
        journals = list(home.glob("journal-*"))
        strokes = [stroke for journal in journals for stroke in replayed(journal).strokes]
        assert len(strokes) >= seen + drawn
        assert all(stroke.points[0][0] >= 100 for stroke in strokes)
        assert len(lost(home)[0].strokes) >= drawn
        seen = len(strokes)
    assert len(journals) == 2


@pytest.fixture
def window_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Window]:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")

    def opened(home: Path) -> Window:
        folders = Folders(home, tmp_path / "saved", tmp_path / "ink")
        window = Window(State(size=(600, 400)), lambda model: CountingRecognizer(), folders)  # type: ignore[arg-type, return-value]
        window.open()
        return window

    return opened


def test_a_canvas_without_a_place_for_its_journal_says_so_once_and_reads(window_in, tmp_path):
    window = window_in(tmp_path / "gone")
    assert "A crash would lose what you draw" in window.state.notice
    state = play(window, mouse(SEVEN), lambda s: bool(s.labels))
    assert state.shown.reading.number == "0"
    window.close()
    assert window.unkept.startswith(f"The settings cannot be kept in {tmp_path / 'gone'}")


def test_a_canvas_on_a_full_disk_says_so_reads_on_and_catches_up(window_in, tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    window = window_in(home)
    with monkeypatch.context() as patch:
        patch.setattr(window._keeper.journal, "_write", _full)
        state = play(window, mouse(SEVEN), lambda s: bool(s.labels))
        assert state.notice == "A crash would lose what you draw: it cannot be kept (No space left on device)."
    play(window, mouse(((300, 200), (300, 270))), lambda s: len(s.labels) == 2)
    window._keeper.journal.close(keep=True)
    assert len(lost(home)[0].strokes) == 2
    monkeypatch.setattr("ui.preferences.write_file", _full)
    window.close()
    assert "No space left on device" in window.unkept


def test_a_page_that_finds_no_room_to_be_saved_is_told_in_one_sentence(window_in, tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    window = window_in(home)
    play(window, mouse(SEVEN), lambda s: bool(s.labels))
    monkeypatch.setattr("recognizer.page.write_file", _full)
    save = pygame.event.Event(pygame.KEYDOWN, key=pygame.K_s, unicode="", mod=pygame.KMOD_CTRL)
    state = play(window, [save], lambda s: bool(s.notice))
    assert state.notice.endswith("cannot be written (No space left on device): make room, or save elsewhere.")
    assert state.page.strokes
    window.close()


def _full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")
