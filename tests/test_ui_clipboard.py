"""Pictures from the clipboard, through the program that the desktop has for them."""

from __future__ import annotations

import shlex
from pathlib import Path

import numpy as np
import pytest

from recognizer.file import UnreadableFile
from recognizer.page import save_picture
from ui.clipboard import get_picture

GRAY = np.tile(np.arange(0, 200, 10, dtype=np.uint8), (12, 1))


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the only one in which programs are looked for."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return tmp_path


def put_program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize(("name", "wayland"), [("xclip", ""), ("wl-paste", "wayland-0")])
def test_a_picture_comes_as_a_person_sees_it(
    desktop: Path, monkeypatch: pytest.MonkeyPatch, name: str, wayland: str
) -> None:
    save_picture(desktop / "copied.png", GRAY)
    put_program(desktop, name, f"exec /bin/cat {shlex.quote(str(desktop / 'copied.png'))}")
    monkeypatch.setenv("WAYLAND_DISPLAY", wayland)
    assert np.array_equal(get_picture(), GRAY)


@pytest.mark.parametrize("script", ["exit 1", "exit 0"])
def test_a_clipboard_without_a_picture_is_told(desktop: Path, script: str) -> None:
    put_program(desktop, "xclip", script)
    with pytest.raises(UnreadableFile, match="neither the path of a file nor a picture"):
        get_picture()


def test_a_missing_program_is_named(desktop: Path) -> None:
    with pytest.raises(UnreadableFile, match="xclip must be installed"):
        get_picture()


def test_what_is_no_picture_is_told(desktop: Path) -> None:
    put_program(desktop, "xclip", "echo Dear all")
    with pytest.raises(UnreadableFile, match="the picture on the clipboard"):
        get_picture()
