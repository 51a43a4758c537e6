"""A reading as a line of output: plain for people and shells, JSON for programs."""

from __future__ import annotations

import json

from recognizer.file import shown
from recognizer.reading import Reading

_PLACES = 6  # decimals of a confidence


def plain_line(path: str | None, reading: Reading, least: float) -> str:
    """Return the number, its lines parted by spaces, after `path: ` if there is one; no number under `least`.

    So one input is one line, whatever it holds.
    """
    number = reading.number.replace("\n", " ") if is_accepted(reading, least) else ""
    return number if path is None else f"{shown(path)}: {number}"


def json_line(path: str, reading: Reading, least: float) -> str:
    """Return the whole reading as one JSON object in one line of ASCII."""
    symbols = [
        {
            "label": symbol.label,
            "confidence": round(float(symbol.confidence), _PLACES),
            "box": [int(side) for side in symbol.box],
            "line": int(symbol.line),
            "alternatives": [[label, round(float(share), _PLACES)] for label, share in symbol.alternatives],
        }
        for symbol in reading.symbols
    ]
    return json.dumps(
        {
            "path": path,
            "text": reading.text,
            "number": reading.number,
            "confidence": round(float(reading.confidence), _PLACES),
            "accepted": is_accepted(reading, least),
            "lines": list(reading.lines),
            "symbols": symbols,
            "error": None,
        }
    )


def json_error(path: str, sentence: str) -> str:
    """Return the JSON object of an input that could not be read."""
    nothing = {"text": "", "number": "", "confidence": 0.0, "accepted": False, "lines": [], "symbols": []}
    return json.dumps({"path": path, **nothing, "error": sentence})


def is_accepted(reading: Reading, least: float) -> bool:
    """Tell whether the confidence, as it is reported, reaches `least`."""
    return round(float(reading.confidence), _PLACES) >= least
