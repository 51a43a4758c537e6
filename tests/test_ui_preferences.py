"""Settings: kept, and never in the way."""

from __future__ import annotations

from pathlib import Path

import pygame
import pytest

from ui.preferences import home, load_settings, save_settings, usual
from ui.state import Settings

USUAL = Settings(scale=1.5)


def test_settings_come_back_as_they_were(tmp_path: Path) -> None:
    settings = Settings("dark", 9.0, 1.25, False, True, True, "phone", ("WRITE", "HELP"), "own.tflite")
    save_settings(settings, tmp_path)
    assert load_settings(tmp_path, USUAL) == settings


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "[]",
        "{",
        "[" * 200_000,
        '{"theme": 7, "scale": "large", "hints_done": 3}',
        '{"theme": "pink"}',
        '{"pen_width": -3.0}',
        '{"scale": 90.0}',
        '{"pen_width": NaN}',
        '{"format": "fone"}',
    ],
)
def test_settings_that_make_no_sense_are_as_in_a_first_run(tmp_path: Path, kept: str) -> None:
    (tmp_path / "settings.json").write_text(kept)
    assert load_settings(tmp_path, USUAL) == USUAL


@pytest.mark.parametrize(
    ("desktop", "scale", "pen"),
    [((1366, 768), 1.0, 6.0), ((2560, 1440), 1.0, 6.0), ((3840, 2160), 2.0, 12.0), ((7680, 4320), 3.0, 18.0)],
)
def test_letters_and_pen_of_a_first_run_fit_the_desktop(
    monkeypatch: pytest.MonkeyPatch, desktop: tuple[int, int], scale: float, pen: float
) -> None:
    monkeypatch.setattr(pygame.display, "get_desktop_sizes", lambda: [desktop])
    assert (usual().scale, usual().pen_width) == (scale, pen)


def test_settings_of_an_older_version_keep_what_they_have(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"theme": "dark", "colour_of_the_cat": "black"}')
    assert load_settings(tmp_path, USUAL) == Settings("dark", scale=1.5)


def test_where_no_folder_can_be_made_the_home_is_one_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: str) -> str:
        raise pygame.error("Couldn't create directory")

    monkeypatch.setattr(pygame.system, "get_pref_path", refused)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert not home().exists()
