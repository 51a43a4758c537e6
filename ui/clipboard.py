"""The system's clipboard: text through Pygame; pictures through what the desktop has for them.

SDL 2 knows of no pictures on the clipboard. On X11 `xclip` hands them over, on Wayland `wl-paste`.
"""

from __future__ import annotations

import os
import shutil
import subprocess

import numpy as np
import pygame
from numpy.typing import NDArray

from recognizer.file import UnreadableFile

PATIENCE = 5
"""Seconds that a program may take to hand over a picture."""

NO_PICTURE = "The clipboard holds neither the path of a file nor a picture: copy one first, or drop the file here."
NO_PROGRAM = "The clipboard holds no path of a file, and for pictures {} must be installed: drop the file here."


def put_text(text: str) -> None:
    """Put `text` on the clipboard."""
    pygame.scrap.put_text(text)


def get_text() -> str:
    """Return the clipboard's text, empty where there is none."""
    return pygame.scrap.get_text() if pygame.scrap.has_text() else ""


def get_picture() -> NDArray[np.uint8]:
    """Return the clipboard's picture as gray (H, W).

    Raises
    ------
    UnreadableFile
        There is none, or no way to it; the message is one sentence that says what to do.
    """
    from recognizer.page import load_pages

    wayland = bool(os.environ.get("WAYLAND_DISPLAY"))
    line = ["wl-paste", "--type", "image/png"] if wayland else _XCLIP
    if shutil.which(line[0]) is None:
        raise UnreadableFile(NO_PROGRAM.format(line[0]))
    try:
        done = subprocess.run(line, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise UnreadableFile(NO_PICTURE) from None
    if done.returncode or not done.stdout:
        raise UnreadableFile(NO_PICTURE)
    return load_pages(done.stdout, "the picture on the clipboard")[0]


_XCLIP = ["xclip", "-selection", "clipboard", "-target", "image/png", "-out"]
