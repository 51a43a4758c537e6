"""Settings kept from one run to the next, in the place that the platform has for them."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pygame

from recognizer.file import from_json, write_file
from recognizer.formats import is_format
from ui.canvas import PEN_WIDTH
from ui.layout import WIDEST_PEN
from ui.state import SCALES, Settings
from ui.theme import THEMES

NAME = "settings.json"


def home() -> Path:
    """Return the folder for settings and journals, which is made if it is missing.

    Where the system refuses that, it is a folder that is not there: one can draw, but nothing is kept.
    """
    try:
        return Path(pygame.system.get_pref_path("recognizer", "canvas"))
    except pygame.error:
        return Path.home() / ".recognizer"


def usual() -> Settings:
    """Return the settings of a first run: letters, buttons and pen fit the desktop.

    Their scale is 1 up to 1440 lines of pixels, 2 with 2160. Where the platform scales windows itself
    it tells fewer lines than the screen has, which fits.
    """
    sizes = pygame.display.get_desktop_sizes()
    lines = min(height for _, height in sizes) if sizes else 0
    scale = min(SCALES[1], max(1.0, lines // 540 / 2))
    return Settings(scale=scale, pen_width=float(round(PEN_WIDTH * scale)))


def load_settings(folder: Path, usual: Settings) -> Settings:
    """Return the settings kept in `folder`; what is missing, or makes no sense, is as in `usual`."""
    try:
        kept = from_json((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return usual
    if not isinstance(kept, dict):
        return usual
    hints = kept.pop("hints_done", None)
    known = {name: value for name, value in asdict(usual).items() if name != "hints_done"}
    values = {name: kept[name] for name, value in known.items() if type(kept.get(name)) is type(value)}
    if isinstance(hints, list):
        values["hints_done"] = tuple(str(hint) for hint in hints)
    settings = replace(usual, **values)
    good = (
        settings.theme in THEMES
        and 1 <= settings.pen_width <= WIDEST_PEN
        and SCALES[0] <= settings.scale <= SCALES[1]
        and (not settings.format or is_format(settings.format))
    )
    return settings if good else usual


def save_settings(settings: Settings, folder: Path) -> None:
    """Keep `settings` in `folder`.

    Raises
    ------
    OSError
        The folder cannot be written to.
    """
    write_file(folder / NAME, (json.dumps(asdict(settings), indent=2) + "\n").encode())
