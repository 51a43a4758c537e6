"""Reads handwritten numbers: a page or a drawing goes in, a `Reading` comes out.

The names are imported when they are first used, so that `recognizer --help` need not wait for
NumPy, OpenCV and the model's interpreter.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recognizer.drawing import Drawing, Stroke, UnreadableDrawing, load_drawing, save_drawing
    from recognizer.engine import ModelUnavailable
    from recognizer.explanation import Explanation
    from recognizer.formats import Format
    from recognizer.locate import TooManyMarks
    from recognizer.page import UnreadablePage, load_pages
    from recognizer.reading import Reading, Symbol
    from recognizer.recognize import Recognizer
    from recognizer.region import OutsidePage

__version__ = "0.1.0"

__all__ = [
    "Drawing",
    "Explanation",
    "Format",
    "ModelUnavailable",
    "OutsidePage",
    "Reading",
    "Recognizer",
    "Stroke",
    "Symbol",
    "TooManyMarks",
    "UnreadableDrawing",
    "UnreadablePage",
    "load_drawing",
    "load_pages",
    "save_drawing",
]

_HOME = {
    "Drawing": "drawing",
    "Explanation": "explanation",
    "Format": "formats",
    "ModelUnavailable": "engine",
    "OutsidePage": "region",
    "Reading": "reading",
    "Recognizer": "recognize",
    "Stroke": "drawing",
    "Symbol": "reading",
    "TooManyMarks": "locate",
    "UnreadableDrawing": "drawing",
    "UnreadablePage": "page",
    "load_drawing": "drawing",
    "load_pages": "page",
    "save_drawing": "drawing",
}


def __getattr__(name: str) -> object:
    """Import the module that owns `name` and return what it calls so (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the exported names, imported or not."""
    return sorted(__all__)
