"""A drawing: the strokes of a pen, read from and written as InkML.

InkML is the W3C's format for digital ink (https://www.w3.org/TR/InkML/): each `trace` is one
stroke, a list of points "x y" with y downwards.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from recognizer.file import UnreadableFile, checked, read_file, shown, write_file
from recognizer.trace import TraceFormat, decode_trace
from recognizer.trace_context import Style, Styles, identity, reference, tag
from recognizer.truth import Truth, truth_lines, truths_in

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_BYTES = 64_000_000
MOST_TAGS = 500_000
MOST_POINTS = 1_000_000
"""What one drawing may hold: hours of writing, and no more memory than a large picture takes."""

_DEEPEST = 40  # groups within groups; people nest a page, its lines and their words
_HEAD = 1000  # bytes in which XML begins, blanks before it included
_SIZE = "page-size"  # our annotation of the page's width and height


class UnreadableDrawing(UnreadableFile):
    """A file that is no InkML we can read; its message is one sentence that names it and says what to do."""


@dataclass(frozen=True)
class Stroke:
    """The trace of the pen from touching the paper to lifting off: ((x, y), ...), y downwards.

    One point alone is a dot. `width` is the pen's width in the same unit, None where unknown.
    """

    points: tuple[tuple[float, float], ...]
    width: float | None = None

    def __hash__(self) -> int:
        """Return the hash of the points and the width, reckoned once: what is known of strokes is asked for often."""
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.points, self.width))


@dataclass(frozen=True)
class Drawing:
    """Strokes in the order they were drawn, on a page of `size` (width, height), if it has one.

    `truths` are what people said that some of them are; no reading looks at them.
    """

    strokes: tuple[Stroke, ...] = ()
    size: tuple[int, int] | None = None
    truths: tuple[Truth, ...] = ()


def is_inkml(source: str | os.PathLike[str] | bytes) -> bool:
    """Tell whether a file, or bytes that one begins with, are XML as every drawing is and no picture.

    A file that is named .inkml is meant as one, whatever it holds or if it cannot be opened.
    """
    if isinstance(source, bytes):
        text = source[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
        return text.startswith((b"<", b"\xff\xfe<\x00", b"\xfe\xff\x00<"))
    path = Path(source)
    if path.suffix.lower() == ".inkml":
        return True
    try:
        with path.open("rb") as stream:
            return is_inkml(stream.read(_HEAD))
    except (OSError, ValueError):
        return False


def load_drawing(source: str | os.PathLike[str] | bytes, name: str = "") -> Drawing:
    """Return the drawing in an InkML file, given its path or its bytes; errors call it `name`, or by its path.

    Strokes of a pen in the air are left out. Brush widths are converted to the unit of the points
    where both units are known.

    Raises
    ------
    UnreadableDrawing
        The file is missing, is no InkML, is larger than a drawing can be, or asks for what hostile files ask for.
    """
    name = shown(name or ("the drawing" if isinstance(source, bytes) else source))
    if isinstance(source, bytes):
        data = checked(source, name, MOST_BYTES, UnreadableDrawing)
    else:
        data = read_file(source, MOST_BYTES, UnreadableDrawing)
    try:
        return _drawing(_root(data))
    except ValueError as problem:
        raise UnreadableDrawing(f"{name} cannot be read as InkML ({problem}): save the drawing again.") from None


def save_drawing(path: str | os.PathLike[str], drawing: Drawing) -> None:
    """Write `drawing` to `path` as InkML that `load_drawing` reads back equal; the file appears whole or not at all.

    Raises
    ------
    OSError
        The file cannot be written.
    ValueError
        A coordinate is not finite.
    """
    write_file(path, to_inkml(drawing))


def to_inkml(drawing: Drawing) -> bytes:
    """Return `drawing` as an InkML file: one trace a stroke, one brush a width, the page's size as an annotation.

    What people said of strokes follows them, as views with annotations.

    >>> drawing = Drawing((Stroke(((1.0, 2.5), (3.0, 4.0))),))
    >>> print(to_inkml(drawing).decode(), end="")
    <?xml version="1.0" encoding="UTF-8"?>
    <ink xmlns="http://www.w3.org/2003/InkML">
      <trace>1 2.5, 3 4</trace>
    </ink>
    >>> load_drawing(to_inkml(drawing)) == drawing
    True

    Raises
    ------
    ValueError
        A coordinate is not finite.
    """
    widths = dict.fromkeys(stroke.width for stroke in drawing.strokes if stroke.width is not None)
    pens = {width: f"pen{number}" for number, width in enumerate(widths)}
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<ink xmlns="http://www.w3.org/2003/InkML">']
    if drawing.size is not None:
        lines.append(f'  <annotation type="{_SIZE}">{drawing.size[0]} {drawing.size[1]}</annotation>')
    if pens:
        lines.append("  <definitions>")
        for width, pen in pens.items():
            lines.append(f'    <brush xml:id="{pen}">')
            lines.append(f'      <brushProperty name="width" value="{_written(width)}"/>')
            lines.append("    </brush>")
        lines.append("  </definitions>")
    told = {number for truth in drawing.truths for number in truth.strokes}
    for number, stroke in enumerate(drawing.strokes):
        name = f' xml:id="trace{number}"' if number in told else ""
        brush = "" if stroke.width is None else f' brushRef="#{pens[stroke.width]}"'
        points = ", ".join(f"{_written(x)} {_written(y)}" for x, y in stroke.points)
        lines.append(f"  <trace{name}{brush}>{points}</trace>")
    return "\n".join([*lines, *truth_lines(drawing.truths), "</ink>", ""]).encode()


def _written(value: float) -> str:
    """Return the shortest decimal without an exponent, which InkML has not, that reads back as `value`."""
    if not isfinite(value):
        raise ValueError(f"a coordinate of a drawing must be finite, but one is {value}")
    text = repr(float(value))
    return format(Decimal(text), "f") if "e" in text else text.removesuffix(".0")


def _root(data: bytes) -> Element:
    """Return the `ink` element of a file; no entity is expanded and nothing outside is fetched."""
    from defusedxml.ElementTree import fromstring  # takes a tenth of the start-up, and pictures do not need it

    if data.count(b"<") > MOST_TAGS:
        raise ValueError(f"more than {MOST_TAGS} tags")
    try:
        root: Element = fromstring(data, forbid_entities=True, forbid_external=True)
    except (SyntaxError, ValueError, LookupError) as problem:
        raise ValueError(_reason(problem)) from None
    if tag(root) != "ink":
        raise ValueError(f"it begins with <{tag(root)[:20]}>, not with <ink>")
    return root


def _reason(problem: Exception) -> str:
    """Return in few words why a file is no XML for us."""
    kind = type(problem).__name__
    if kind in {"EntitiesForbidden", "ExternalReferenceForbidden", "DTDForbidden"}:
        return "it defines entities, which drawings do not need and attacks do"
    return f"it is no XML: {problem}"


def _drawing(root: Element) -> Drawing:
    """Return the drawing below the element `ink`."""
    strokes: list[tuple[list[tuple[float, float]], float | None]] = []
    places: dict[str, int] = {}
    left = MOST_POINTS
    for trace, style in _traces(root):
        points = decode_trace(trace.text or "", style.form or TraceFormat())
        left -= len(points)
        if left < 0:
            raise ValueError(f"more than {MOST_POINTS} points")
        place = len(strokes)
        if trace.get("continuation") in {"middle", "end"}:
            place = places.get(reference(trace, "priorRef"), place)
        if place == len(strokes):
            strokes.append(([], style.width))
        strokes[place][0].extend(points)
        places[identity(trace)] = place
    kept = {place: number for number, place in enumerate(k for k, (points, _) in enumerate(strokes) if points)}
    numbers = {name: kept[place] for name, place in places.items() if name and place in kept}
    drawn = tuple(Stroke(tuple(points), width) for points, width in strokes if points)
    return Drawing(drawn, _size(root), tuple(truths_in(root, numbers)))


def _traces(root: Element) -> Iterator[tuple[Element, Style]]:
    """Yield each trace of ink, in the file's order, with the style in force there."""
    styles = Styles(root)
    todo = [(root, Style(), 0)]
    while todo:
        element, style, depth = todo.pop()
        if depth > _DEEPEST:
            raise ValueError(f"groups nested deeper than {_DEEPEST}")
        if tag(element) == "trace":
            if element.get("type", "penDown") == "penDown":
                yield element, style
            continue
        inside = []
        for child in element:
            if tag(child) in {"trace", "traceGroup"}:
                inside.append((child, styles.of(child, style), depth + 1))
            elif tag(child) in {"context", "traceFormat"} and element is root:
                style = styles.of(child, style)  # in force from here to the next one
        todo.extend(reversed(inside))


def _size(root: Element) -> tuple[int, int] | None:
    """Return the page's (width, height), if the drawing was saved with one."""
    for element in root:
        if tag(element) == "annotation" and element.get("type") == _SIZE:
            numbers = (element.text or "").split()
            if len(numbers) == 2 and all(n.isascii() and n.isdigit() and len(n) < 7 for n in numbers):
                return int(numbers[0]), int(numbers[1])
            raise ValueError("a page size that is not two numbers")
    return None
