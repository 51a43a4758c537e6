"""The command in a real window: xdotool moves the mouse and presses keys, X11 tells the title."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest

from recognizer.drawing import Drawing, Stroke, load_drawing, save_drawing
from ui.gestures import PAUSE

ROOT = Path(__file__).resolve().parents[1]

missing = [program for program in ("Xvfb", "xdotool") if shutil.which(program) is None]
pytestmark = pytest.mark.skipif(bool(missing), reason=f"a real window needs {' and '.join(missing)}")

SEVEN = ((120, 200), (160, 200), (190, 202), (175, 240), (160, 280), (150, 310))
ONE = ((300, 210), (300, 240), (300, 270), (300, 310))
TWO = ((400, 225), (410, 205), (430, 200), (448, 212), (445, 235), (420, 270), (398, 308), (425, 308), (455, 308))


class Desk:
    """A screen of its own with the canvas on it, started as a user starts it."""

    def __init__(self, display: str, home: Path) -> None:
        self._environment = {
            **{name: value for name, value in os.environ.items() if name != "SDL_VIDEODRIVER"},
            "DISPLAY": display,
            "SDL_VIDEO_WINDOW_POS": "0,0",
            "XDG_DATA_HOME": str(home),
        }
        self.home = home
        self.canvas: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str) -> None:
        line = [sys.executable, "-m", "ui", "--size", "800x600", "--save-to", str(self.home / "saved"), *arguments]
        self.canvas = subprocess.Popen(line, cwd=ROOT, env=self._environment)
        end = monotonic() + 30
        while not (found := self.xdotool("search", "--onlyvisible", "--name", "^Recognizer")) and monotonic() < end:
            assert self.canvas.poll() is None
            self.xdotool("sleep", "0.02")
        self.window = found.split()[0]
        self.xdotool("windowfocus", self.window)

    def xdotool(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words], env=self._environment, capture_output=True, text=True, timeout=60, check=False
        )
        return done.stdout

    def write(self, *points: tuple[int, int], button: str = "1") -> None:
        steps = [word for x, y in points[1:] for word in ("mousemove", str(x), str(y), "sleep", "0.01")]
        first = ["mousemove", str(points[0][0]), str(points[0][1]), "mousedown", button]
        self.xdotool(*first, *steps, "mouseup", button)

    def press(self, *keys: str) -> None:
        """Press keys at a person's pace, each let go at once: what is held when a busy canvas looks again, repeats."""
        for key in keys:
            self.xdotool("key", "--delay", "0", key, "sleep", "0.1")

    def title(self, expected: Callable[[str], bool], seconds: float = 30) -> str:
        """Return the window's title once it is as expected, or as it is when time is up."""
        end = monotonic() + seconds
        while True:
            title = self.xdotool("getwindowname", self.window).rstrip("\n")
            if expected(title) or monotonic() > end:
                return title
            self.xdotool("sleep", "0.02")

    def finish(self) -> int:
        assert self.canvas is not None
        return self.canvas.wait(timeout=30)

    def crash(self) -> None:
        assert self.canvas is not None
        self.canvas.kill()
        self.canvas.wait(timeout=30)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1024x768x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as pipe:
        display = f":{pipe.readline().strip()}"
    made = Desk(display, tmp_path)
    yield made
    if made.canvas is not None and made.canvas.poll() is None:
        made.crash()
    server.terminate()
    server.wait(timeout=30)


def number(title: str) -> str:
    return title.removeprefix("Recognizer").removeprefix(" - ")


def test_writing_undoing_correcting_saving_and_leaving(desk: Desk) -> None:
    desk.start()
    assert desk.title(lambda title: title == "Recognizer") == "Recognizer"
    desk.write(*SEVEN)
    desk.write(*ONE)
    assert desk.title(lambda title: title == "Recognizer - 71") == "Recognizer - 71"
    desk.write(*TWO)
    assert desk.title(lambda title: title == "Recognizer - 712") == "Recognizer - 712"
    desk.press("ctrl+z")
    assert desk.title(lambda title: title == "Recognizer - 71") == "Recognizer - 71"
    desk.press("ctrl+y")
    desk.title(lambda title: title == "Recognizer - 712")
    desk.press("Left", "9", "Escape")
    assert desk.title(lambda title: title == "Recognizer - 719") == "Recognizer - 719"
    desk.press("ctrl+s")
    end = monotonic() + 30
    while not list(desk.home.glob("saved/719-*-glyphs.png")) and monotonic() < end:
        desk.xdotool("sleep", "0.02")
    (saved,) = desk.home.glob("saved/719-*.inkml")
    strokes = load_drawing(saved).strokes
    assert len(strokes) == 3
    assert strokes[0].points[0] == SEVEN[0]
    desk.press("q")
    assert desk.finish() == 0
    assert not list(desk.home.rglob("journal-*"))


def test_keys_type_what_is_printed_on_them_with_shift_too(desk: Desk) -> None:
    desk.start()
    desk.write(*SEVEN)
    desk.write(*ONE)
    assert desk.title(lambda title: title == "Recognizer - 71") == "Recognizer - 71"
    desk.press("Left", "plus", "Escape")
    assert desk.title(lambda title: title == "Recognizer - 7") == "Recognizer - 7"
    desk.press("slash", "question", "c", "question", "ctrl+z")
    assert desk.title(lambda title: title == "Recognizer - 71") == "Recognizer - 71"


def test_a_digit_written_over_another_after_a_pause_replaces_it(desk: Desk) -> None:
    desk.start()
    desk.write(*SEVEN)
    desk.write(*TWO)
    assert desk.title(lambda title: title == "Recognizer - 72") == "Recognizer - 72"
    desk.xdotool("sleep", str(PAUSE + 0.3))
    desk.write(*((x + 272, y) for x, y in SEVEN))
    assert desk.title(lambda title: title == "Recognizer - 77") == "Recognizer - 77"


def test_erasing_with_the_right_button_and_clearing(desk: Desk) -> None:
    desk.start()
    desk.write(*SEVEN)
    desk.write(*ONE)
    desk.title(lambda title: title == "Recognizer - 71")
    desk.write((280, 260), (320, 260), button="3")
    assert desk.title(lambda title: title == "Recognizer - 7") == "Recognizer - 7"
    desk.press("c")
    assert desk.title(lambda title: title == "Recognizer") == "Recognizer"


def test_what_was_written_survives_a_crash(desk: Desk) -> None:
    desk.start()
    desk.write(*SEVEN)
    desk.write(*ONE)
    desk.title(lambda title: title == "Recognizer - 71")
    desk.crash()
    desk.start()
    assert number(desk.title(lambda title: title == "Recognizer")) == ""
    desk.press("Return")
    assert desk.title(lambda title: title == "Recognizer - 71") == "Recognizer - 71"


def test_a_drawing_named_on_the_command_line_is_opened_and_read(desk: Desk) -> None:
    strokes = tuple(Stroke(tuple((float(x), float(y)) for x, y in line), 6.0) for line in (SEVEN, TWO))
    save_drawing(desk.home / "72.inkml", Drawing(strokes, (800, 600)))
    desk.start(str(desk.home / "72.inkml"))
    assert desk.title(lambda title: title == "Recognizer - 72") == "Recognizer - 72"
