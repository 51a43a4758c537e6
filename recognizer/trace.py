"""The text of an InkML trace: numbers, plain or as differences, become the points of a stroke.

The grammar is in section 3.2.1 of https://www.w3.org/TR/InkML/: points are parted by commas, the channels of a
point by white space or by a sign alone. `!` before a number says that it and those after it in its channel are
values, `'` that they are differences from the point before, `"` that they are differences of differences.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

FARTHEST = 1e9
"""The largest coordinate, either sign, that is taken for a place on a page and not for an error."""

_HEX_DIGITS = 64  # more of them are beyond FARTHEST anyway, and slow to convert
_PLAIN = re.compile(r"[\s\d.,+\-eE]*")
_VALUE = re.compile(
    r"""\s*(?P<order>[!'"]?)\s*
    (?:(?P<number>[-+]?\s*(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?P<hex>[-+]?\s*\#[0-9A-Fa-f]+)|(?P<mark>[TF*?]))""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class TraceFormat:
    """What the numbers of a point are: its channels in order, x and y among them.

    `optional` of the last channels may be left out of a point. `open_ended` is how a trace whose
    format is not stated is taken: x, y, and whatever follows.
    """

    channels: int = 2
    x: int = 0
    y: int = 1
    optional: int = 0
    x_sign: int = 1
    y_sign: int = 1
    unit: str = ""
    open_ended: bool = True


@dataclass
class _Channel:
    """One channel while a trace is decoded: how its numbers are meant (0 values, 1, 2 differences) and where it is."""

    order: int = 0
    value: float | None = None
    speed: float = 0.0

    def take(self, order: str, text: str) -> float:
        """Move to the next point by what is written there and return the value."""
        if order:
            self.order = "!'\"".index(order)
        if text == "*" and self.order == 0 and self.value is not None:
            return self.value
        number = _number(text)
        before = number if self.value is None else self.value
        if self.order == 0:
            self.speed = number - before
            self.value = number
        else:
            self.speed = number if self.order == 1 else self.speed + number
            self.value = before + self.speed
        return self.value


def decode_trace(text: str, form: TraceFormat) -> tuple[tuple[float, float], ...]:
    """Return the points (x, y) of one trace in the unit of its numbers.

    Raises
    ------
    ValueError
        A point has too few or too many channels, or a coordinate is no number within `FARTHEST`.
    """
    points = _plain_points(text, form) or _coded_points(text, form)
    for point in points:
        if not all(abs(value) <= FARTHEST for value in point):
            raise ValueError(f"a coordinate beyond {FARTHEST:.0e}")
    return points


def _plain_points(text: str, form: TraceFormat) -> tuple[tuple[float, float], ...]:
    """Return the points of a trace of parted decimal numbers, the usual kind; () where it is anything else."""
    if not _PLAIN.fullmatch(text):
        return ()
    rows = [row for row in map(str.split, text.split(",")) if row]
    if not all(_fits(len(row), form) for row in rows):
        return ()
    try:
        return tuple((form.x_sign * float(row[form.x]), form.y_sign * float(row[form.y])) for row in rows)
    except ValueError:
        return ()


def _coded_points(text: str, form: TraceFormat) -> tuple[tuple[float, float], ...]:
    """Return the points of any trace that the grammar allows."""
    x, y = _Channel(), _Channel()
    points = []
    for chunk in text.split(","):
        values = _values(chunk)
        if not values:
            continue
        if not _fits(len(values), form):
            raise ValueError(f"a point of {len(values)} channels where {form.channels} are expected")
        points.append((form.x_sign * x.take(*values[form.x]), form.y_sign * y.take(*values[form.y])))
    return tuple(points)


def _fits(count: int, form: TraceFormat) -> bool:
    """Tell whether a point may have `count` channels."""
    return form.channels - form.optional <= count and (form.open_ended or count <= form.channels)


def _values(chunk: str) -> list[tuple[str, str]]:
    """Return (order mark, number or mark) for each channel of one point."""
    values = []
    place = 0
    while place < len(chunk):
        found = _VALUE.match(chunk, place)
        if found is None:
            if chunk[place:].strip():
                raise ValueError(f"{chunk[place:].strip()[:12]!r} where a number is expected")
            break
        values.append((found["order"], found["number"] or found["hex"] or found["mark"]))
        place = found.end()
    return values


def _number(text: str) -> float:
    """Return the number that `text` stands for, decimal or (after `#`) hexadecimal."""
    if text in {"T", "F", "*", "?"}:
        raise ValueError(f"{text!r} where a coordinate is expected")
    compact = "".join(text.split())
    if "#" in compact:
        digits = compact.partition("#")[2]
        return float(int(digits[:_HEX_DIGITS], 16)) * (-1.0 if compact.startswith("-") else 1.0)
    return float(compact)
