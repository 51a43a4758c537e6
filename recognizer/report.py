"""A reading as lines of output: plain for people and shells, JSON for programs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from recognizer.file import shown
from recognizer.reading import Reading

_PLACES = 6  # decimals of a confidence


@dataclass(frozen=True)
class Terms:
    """How readings are told.

    Numbers under the confidence `least` are left empty or, with `mark`, told with ? for the digits
    that are not sure. So many `alternatives` are told with each reading, none at 0. With `format`
    it is told whether the reading has the format that it was held to, and what it would be without.
    """

    least: float = 0.0
    mark: bool = False
    alternatives: int = 0
    format: bool = False


def plain_line(path: str | None, reading: Reading, terms: Terms) -> str:
    """Return the number, its lines parted by spaces, after `path: ` if there is one; as `terms` say, if it is unsure.

    So one input is one line, whatever it holds.
    """
    number = told(reading, terms)
    return number if path is None else f"{shown(path)}: {number}"


def told(reading: Reading, terms: Terms) -> str:
    """Return the number as `terms` tell it, on one line."""
    number = reading.number if is_accepted(reading, terms.least) else _marked(reading, terms) if terms.mark else ""
    return number.replace("\n", " ")


def rival_lines(reading: Reading, terms: Terms) -> tuple[str, ...]:
    """Return an indented line for each of the likeliest numbers: its probability, then itself."""
    numbers = reading.numbers[: terms.alternatives]
    return tuple("  {:.{}f}  {}".format(share, _PLACES, n.replace("\n", " ")) for n, share in numbers)


def json_line(path: str, reading: Reading, terms: Terms) -> str:
    """Return the whole reading as one JSON object in one line of ASCII.

    `readings`, texts with their probabilities, `marked`, the number with ? where it is unsure, and
    `format`, whether the text has it and what it is otherwise, are told where `terms` ask for them.
    """
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
    rivals = reading.alternatives[: terms.alternatives]
    return _object(
        path,
        {
            "text": reading.text,
            "number": reading.number,
            "confidence": round(float(reading.confidence), _PLACES),
            "accepted": is_accepted(reading, terms.least),
            "lines": list(reading.lines),
            "symbols": symbols,
            "readings": [[text, round(float(share), _PLACES)] for text, share in rivals],
            "marked": _marked(reading, terms),
            "format": {"fits": reading.fits, "otherwise": reading.otherwise},
        },
        None,
        terms,
    )


def json_error(path: str, sentence: str, terms: Terms) -> str:
    """Return the JSON object of an input that could not be read, with the keys of one that was."""
    nothing = {"text": "", "number": "", "confidence": 0.0, "accepted": False, "lines": [], "symbols": []}
    extra = {"readings": [], "marked": "", "format": {"fits": False, "otherwise": ""}}
    return _object(path, nothing | extra, sentence, terms)


def _object(path: str, found: dict[str, Any], error: str | None, terms: Terms) -> str:
    extra = (("readings", terms.alternatives), ("marked", terms.mark), ("format", terms.format))
    unasked = {key for key, asked in extra if not asked}
    kept = {key: value for key, value in found.items() if key not in unasked}
    return json.dumps({"path": path, **kept, "error": error})


def _marked(reading: Reading, terms: Terms) -> str:
    return reading.number if is_accepted(reading, terms.least) else reading.marked(terms.least)


def is_accepted(reading: Reading, least: float) -> bool:
    """Tell whether the confidence, as it is reported, reaches `least`, and the reading any format it was held to."""
    return reading.fits and round(float(reading.confidence), _PLACES) >= least
