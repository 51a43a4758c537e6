"""What a person can ask of the canvas, and the keys that ask it."""

from __future__ import annotations

from enum import Enum


class Command(Enum):
    """One wish; its value is what the help page says about it."""

    UNDO = "Undo"
    REDO = "Redo"
    PEN = "Write with the pen"
    ERASER = "Eraser: strokes, then areas, then the pen again"
    CLEAR = "Clear the page"
    THINNER = "Thinner pen (or the mouse wheel)"
    THICKER = "Thicker pen (or the mouse wheel)"
    COPY = "Copy the number"
    PASTE = "Paste a path or a picture"
    OPEN = "Open a picture or a drawing"
    SAVE = "Save picture, annotated picture, InkML, JSON and glyphs"
    READ = "Read now"
    LIVE = "Read at every release: on or off"
    PANEL = "Panel: glyphs, alternatives, rivals, model"
    THEME = "Light or dark"
    KEEP = "Keep corrected ink for training: on or off"
    LARGER = "Larger letters and buttons"
    SMALLER = "Smaller letters and buttons"
    FULLSCREEN = "Full screen"
    NEXT = "Choose the next digit, to correct it"
    PREVIOUS = "Choose the digit before"
    RESTORE = "Bring back what was drawn before a crash"
    DISCARD = "Forget what was drawn before a crash"
    HELP = "This page"
    QUIT = "Quit"


KEYS: dict[Command, tuple[str, ...]] = {
    Command.UNDO: ("Ctrl+Z", "U"),
    Command.REDO: ("Ctrl+Y", "Ctrl+Shift+Z"),
    Command.PEN: ("B",),
    Command.ERASER: ("E",),
    Command.CLEAR: ("C", "N", "Delete"),
    Command.THINNER: ("[", "-"),
    Command.THICKER: ("]", "+"),
    Command.COPY: ("Ctrl+C",),
    Command.PASTE: ("Ctrl+V",),
    Command.OPEN: ("Ctrl+O", "O"),
    Command.SAVE: ("Ctrl+S", "S"),
    Command.READ: ("P", "Return"),
    Command.LIVE: ("L",),
    Command.PANEL: ("I", "Tab"),
    Command.THEME: ("D",),
    Command.KEEP: ("K",),
    Command.LARGER: ("Ctrl+=", "Ctrl+Shift+="),
    Command.SMALLER: ("Ctrl+-",),
    Command.FULLSCREEN: ("F11",),
    Command.NEXT: ("Right",),
    Command.PREVIOUS: ("Left",),
    Command.HELP: ("F1", "?"),
    Command.QUIT: ("Q", "Ctrl+Q"),
}

BY_KEY: dict[str, Command] = {key: command for command, keys in KEYS.items() for key in keys}

GESTURES: tuple[tuple[str, str], ...] = (
    ("Left button, finger or pen", "Write; letting go reads"),
    ("Right button", "Erase"),
    ("Zigzag over a digit", "Scratch it out"),
    ("Write over an old digit", "Replace it"),
    ("Click a label", "See its alternatives, or type what it is"),
    ("Drop a file", "Open it"),
)
"""What hand and mouse can do, for the help page: (gesture, effect)."""
