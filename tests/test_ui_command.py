"""The command line of the canvas, where no window opens."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from queue import Queue

import pygame
import pytest
from conftest import ROOT

import recognizer
from ui.__main__ import SCALES, _window, parser
from ui.preferences import load_settings, save_settings
from ui.state import SCALES as SCALES_OF_THE_WINDOW
from ui.state import Settings


def canvas(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "ui", *arguments]
    return subprocess.run(
        line, capture_output=True, text=True, cwd=ROOT, env=os.environ | environment, timeout=120, check=False
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing.inkml"],
        ["--size", "5x"],
        ["--size", "10x10"],
        ["--scale", "9"],
        ["--scale", "big"],
        ["--no-such"],
        ["--format", "fone"],
    ],
)
def test_a_wrong_command_is_told_with_status_2(arguments: list[str]) -> None:
    done = canvas(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "error: " in done.stderr.splitlines()[-1]


def test_no_screen_is_told_in_one_sentence() -> None:
    done = canvas(SDL_VIDEODRIVER="there-is-no-such-screen")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("No window can be opened")


def test_help_and_version_need_no_window() -> None:
    assert "examples:" in canvas("--help").stdout
    assert canvas("--version").stdout == f"python -m ui {recognizer.__version__}\n"


def test_size_and_scale_are_understood() -> None:
    given = parser().parse_args(["--size", "800X600", "--scale", "1.5", "--classic", "--format", "date", "page.inkml"])
    assert (given.size, given.scale, given.classic, given.drawing.name) == ((800, 600), 1.5, True, "page.inkml")
    assert (given.format, parser().parse_args(["--format", "any"]).format) == ("date", "")
    assert SCALES == SCALES_OF_THE_WINDOW


@pytest.mark.parametrize(("arguments", "model"), [([], "kept.tflite"), (["--model", "named.tflite"], "named.tflite")])
def test_the_model_chosen_last_reads_unless_another_is_named(
    arguments: list[str], model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: Queue[tuple[object, ...]] = Queue()

    def load(*named: object) -> None:
        asked.put(named)
        raise recognizer.ModelUnavailable("There is none: name another.")

    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setattr("ui.preferences.home", lambda: tmp_path)
    monkeypatch.setattr(recognizer.Recognizer, "load", load)
    save_settings(Settings(model="kept.tflite"), tmp_path)
    pygame.display.init()
    window = _window(parser().parse_args(arguments))
    window.open()
    try:
        assert asked.get(timeout=30) == (Path(model), "litert")
    finally:
        window.close()
    assert load_settings(tmp_path, Settings()).model == "kept.tflite"
