"""What a person can ask of the canvas, and the keys that ask it."""

from __future__ import annotations

from enum import Enum


class Command(Enum):
    """One wish; its value is what the help page says about it."""

    UNDO = "Undo"
    REDO = "Redo"
    PEN = "Write with the pen"
    ERASER = "Eraser of strokes, of areas, pen again"
    CLEAR = "Clear the page"
    THINNER = "Thinner pen (or the wheel)"
    THICKER = "Thicker pen (or the wheel)"
    COPY = "Copy the number's digits"
    COPY_TEXT = "Copy it with its marks"
    PASTE = "Paste a path or a picture"
    OPEN = "Open picture, drawing or model"
    SAVE = "Save pictures, InkML, JSON, glyphs"
    READ = "Read now"
    FORMAT = "Read as phone, date, amount …"
    LIVE = "Read at every release: on or off"
    PANEL = "Glyphs, alternatives, rivals, model"
    THEME = "Light or dark"
    KEEP = "Keep corrected ink to train with"
    LARGER = "Larger letters and buttons"
    SMALLER = "Smaller letters and buttons"
    FULLSCREEN = "Full screen"
    FIT = "All of the page onto the paper"
    NEXT = "Choose the next digit, to correct it"
    PREVIOUS = "Choose the digit before"
    JOIN = "Join the chosen digit with the next"
    RESTORE = "Bring back what the last run left"
    DISCARD = "Forget what the last run left"
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
    Command.COPY_TEXT: ("Ctrl+Shift+C",),
    Command.PASTE: ("Ctrl+V",),
    Command.OPEN: ("Ctrl+O", "O"),
    Command.SAVE: ("Ctrl+S", "S"),
    Command.READ: ("P", "Return"),
    Command.FORMAT: ("F",),
    Command.LIVE: ("L",),
    Command.PANEL: ("I", "Tab"),
    Command.THEME: ("D",),
    Command.KEEP: ("K",),
    Command.LARGER: ("Ctrl+=", "Ctrl+Shift+="),
    Command.SMALLER: ("Ctrl+-",),
    Command.FULLSCREEN: ("F11",),
    Command.FIT: ("A",),
    Command.NEXT: ("Right",),
    Command.PREVIOUS: ("Left",),
    Command.JOIN: ("J",),
    Command.DISCARD: ("X",),
    Command.HELP: ("F1", "?"),
    Command.QUIT: ("Q", "Ctrl+Q"),
}

BY_KEY: dict[str, Command] = {key: command for command, keys in KEYS.items() for key in keys}

GESTURES: tuple[tuple[str, str], ...] = (
    ("Left button, finger", "Write; letting go reads"),
    ("Right button", "Erase"),
    ("Zigzag over a digit", "Scratch it out"),
    ("Write over a digit", "Replace it"),
    ("Click a label", "Alternatives; or type what it is"),
    ("Type two digits there", "Split it into both"),
    ("Click a ?", "The same for ink that was not read"),
    ("Up, Down, Return", "Take an alternative or a file"),
    ("Return, Escape", "Answer yes, or leave what is open"),
    ("Drop a file", "Open it"),
    ("Wheel, PageUp, PageDown", "Scroll this page and the panel"),
)
"""What hand and mouse can do, for the help page: (gesture, effect)."""
