"""The command `recognizer-ui`: opens the canvas, with a drawing or a picture on it if one is named."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from recognizer import __version__
from recognizer.file import kind_of, shown
from recognizer.quiet import quiet_libraries

if TYPE_CHECKING:
    from recognizer import Recognizer
    from ui.window import Window

SIZE = (1000, 640)
"""Width and height of the window at scale 1, in pixels."""

SMALLEST = 240
"""Pixels that the window is wide and high at least: the toolbar must leave some paper."""

SCALES = (0.75, 3.0)
"""Smallest and largest scale; as in `ui.state`, which is not imported only to print the help."""

DESCRIPTION = "Write numbers in a window; they are read at every release of the pen."

EXAMPLES = """\
examples:
  python -m ui                          an empty page
  python -m ui phone.inkml              go on with a saved drawing
  python -m ui --size 1600x900 --theme dark

F1 in the window shows all keys and gestures.
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    made = argparse.ArgumentParser(
        prog="python -m ui",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("drawing", nargs="?", type=Path, help="a drawing (InkML) or a picture to open")
    made.add_argument("--size", type=_size, help="the window's size, as WIDTHxHEIGHT in pixels")
    made.add_argument("--fullscreen", action="store_true", help="fill the screen (F11 changes it)")
    made.add_argument(
        "--classic", action="store_true", help="write at the left, see boxes at the right; the right button clears"
    )
    made.add_argument("--theme", choices=("light", "dark"), help="colours; the last choice is remembered")
    made.add_argument("--scale", type=_scale, help="size of letters and buttons, 0.75 to 3; remembered")
    made.add_argument("--model", type=Path, help="a model file or a folder with one, instead of that chosen last")
    made.add_argument(
        "--format",
        type=_format,
        metavar="F",
        help="read numbers as phone, date, amount, time, digits:N, digits:N-M or a regular expression over symbols; "
        "any for all; remembered",
    )
    made.add_argument("--engine", default="litert", choices=("litert", "keras"), help="what runs the model")
    made.add_argument("--save-to", type=Path, default=Path(), metavar="FOLDER", help="where Ctrl+S saves (here)")
    made.add_argument("--keep-in", type=Path, metavar="FOLDER", help="where corrected ink is kept, if K was pressed")
    made.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window and return the exit status: 0; 1 where settings could not be kept; 2 where no window opens."""
    given = parser().parse_args(arguments)
    if given.drawing is not None and not kind_of(given.drawing):
        parser().error(f"{shown(given.drawing)} does not exist: name a drawing or a picture")
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    import pygame

    try:
        pygame.display.init()
        window = _window(given)
    except pygame.error as problem:
        print(f"No window can be opened ({problem}): run this on a desktop.", file=sys.stderr)
        return 2
    with quiet_libraries():
        window.run()
    if window.unkept:
        print(shown(window.unkept), file=sys.stderr)
    return 1 if window.unkept else 0


def _window(given: argparse.Namespace) -> Window:
    """Return the window that the command line asks for, in the settings of the last run."""
    from ui import preferences
    from ui.errands import Folders
    from ui.events import Dropped
    from ui.state import State
    from ui.window import Window

    def load(model: Path | None) -> Recognizer:
        from recognizer import Recognizer

        return Recognizer.load(model or given.model, given.engine)

    home = preferences.home()
    settings = preferences.load_settings(home, preferences.usual())
    settings = replace(
        settings,
        theme=given.theme or settings.theme,
        scale=given.scale or settings.scale,
        format=settings.format if given.format is None else given.format,
    )
    size = given.size or (round(SIZE[0] * settings.scale), round(SIZE[1] * settings.scale))
    folders = Folders(home, given.save_to, given.keep_in or home / "ink")
    state = State(size=size, settings=settings, classic=given.classic)
    window = Window(state, load, folders, given.fullscreen, "" if given.model else settings.model)
    if given.drawing is not None:
        window.handle(Dropped(str(given.drawing)))
    return window


def _size(text: str) -> tuple[int, int]:
    """Return (width, height) from WIDTHxHEIGHT."""
    width, cross, height = text.lower().partition("x")
    if not (cross and width.isdigit() and height.isdigit() and int(width) >= SMALLEST and int(height) >= SMALLEST):
        raise argparse.ArgumentTypeError(f"{text!r} is no size: write WIDTHxHEIGHT, each at least {SMALLEST}")
    return int(width), int(height)


def _format(text: str) -> str:
    """Return the name of a format to read numbers by, empty for any."""
    from recognizer.formats import BadFormat, Format

    try:
        return "" if text == "any" else Format.of(text).name
    except BadFormat as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


def _scale(text: str) -> float:
    """Return a scale of letters and buttons."""
    try:
        scale = float(text)
    except ValueError:
        scale = 0.0
    if not SCALES[0] <= scale <= SCALES[1]:
        raise argparse.ArgumentTypeError(f"{text!r} is no scale: write a number from {SCALES[0]} to {SCALES[1]}")
    return scale


if __name__ == "__main__":
    sys.exit(main())
