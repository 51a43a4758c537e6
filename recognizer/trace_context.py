"""What a trace of InkML takes over from the contexts, formats and brushes around it.

Sections 3.4, 4.1 and 4.3 of https://www.w3.org/TR/InkML/: an element states them itself, or refers by id to one
that does, which may refer on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING

from recognizer.trace import TraceFormat

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LONGEST_CHAIN = 40  # references that refer on; a context, its source and its format make three
_MILLIMETRES = {"m": 1000.0, "cm": 10.0, "mm": 1.0, "himetric": 0.01, "in": 25.4, "pt": 25.4 / 72, "pc": 25.4 / 6}


@dataclass(frozen=True)
class Style:
    """The format of a trace's points and the width of its pen; None and "" where nothing is stated."""

    form: TraceFormat | None = None
    brush_width: float | None = None
    brush_unit: str = ""

    @property
    def width(self) -> float | None:
        """The pen's width in the unit of the points, None where it is not known in that."""
        unit = self.form.unit if self.form else ""
        if self.brush_width is None or self.brush_unit in {"", unit}:
            return self.brush_width
        if self.brush_unit in _MILLIMETRES and unit in _MILLIMETRES:
            return self.brush_width * _MILLIMETRES[self.brush_unit] / _MILLIMETRES[unit]
        return None


class Styles:
    """The styles that elements state themselves or by reference to others, each worked out once."""

    _REFERENCES = ("contextRef", "inkSourceRef", "traceFormatRef", "brushRef")
    _HOLDERS = frozenset({"inkSource", "traceFormat", "brush"})

    def __init__(self, root: Element) -> None:
        self._by_id = {identity(element): element for element in root.iter() if identity(element)}
        self._known: dict[Element, Style] = {}

    def of(self, element: Element, around: Style, depth: int = 0) -> Style:
        """Return `around` with what `element` states put over it."""
        style = around
        for name in self._REFERENCES:
            target = self._by_id.get(reference(element, name))
            if target is not None:
                style = _over(style, self._own(target, depth + 1))
        if tag(element) == "traceFormat":
            return replace(style, form=_trace_format(element))
        if tag(element) == "brush":
            return _over(style, _brush(element))
        for child in element:
            if tag(child) in self._HOLDERS:
                style = _over(style, self._own(child, depth + 1))
        return style

    def _own(self, element: Element, depth: int) -> Style:
        if depth > LONGEST_CHAIN:
            raise ValueError("references that run in a circle")
        if element not in self._known:
            self._known[element] = self.of(element, Style(), depth)
        return self._known[element]


def _over(under: Style, style: Style) -> Style:
    """Return `style` with its gaps filled from `under`."""
    if style.brush_width is None:
        style = replace(style, brush_width=under.brush_width, brush_unit=under.brush_unit)
    return replace(style, form=style.form or under.form)


def _trace_format(element: Element) -> TraceFormat:
    """Return which numbers of a point are x and y, as a `traceFormat` states it."""
    regular, optional = [], 0
    for child in element:
        if tag(child) == "channel":
            regular.append(child)
        elif tag(child) == "regularChannels":  # as drafts of the standard had it
            regular.extend(c for c in child if tag(c) == "channel")
        elif tag(child) == "intermittentChannels":
            optional += sum(tag(c) == "channel" for c in child)
    names = [c.get("name", "") for c in regular]
    if "X" not in names or "Y" not in names:
        raise ValueError("its trace format has no channels X and Y")
    x, y = regular[names.index("X")], regular[names.index("Y")]
    return TraceFormat(
        channels=len(regular) + optional,
        x=names.index("X"),
        y=names.index("Y"),
        optional=optional,
        x_sign=-1 if x.get("orientation") == "-ve" else 1,
        y_sign=-1 if y.get("orientation") == "-ve" else 1,
        unit=x.get("units", ""),
        open_ended=False,
    )


def _brush(element: Element) -> Style:
    """Return the width of the pen that a `brush` states."""
    for prop in element:
        if tag(prop) == "brushProperty" and prop.get("name") == "width":
            try:
                width = float(prop.get("value", ""))
            except ValueError:
                raise ValueError("a brush whose width is no number") from None
            if isfinite(width) and width > 0:
                return Style(brush_width=width, brush_unit=prop.get("units", ""))
    return Style()


def tag(element: Element) -> str:
    """Return the element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def identity(element: Element) -> str:
    """Return what others refer to the element by, "" if they cannot."""
    return element.get("{http://www.w3.org/XML/1998/namespace}id", "") or element.get("id", "")


def reference(element: Element, name: str) -> str:
    """Return the id that the attribute `name` refers to, "" if none."""
    return element.get(name, "").removeprefix("#")
