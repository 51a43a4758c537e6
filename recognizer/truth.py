"""What people say that the ink of a drawing is, as InkML holds it beside the traces.

Each truth is a `traceView` of the traces that it is said of, with two annotations: the label, of
the type "truth" that labelled collections of ink use, and the box of the ink. Readers that do not
know them see the traces alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from recognizer.trace_context import reference, tag

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LONGEST_LABEL = 100
"""Characters: no number is longer."""

_FARTHEST = 1_000_000_000  # of a box, in the unit of the drawing: no page is larger
_LABEL, _BOX = "truth", "truth-box"  # types of our annotations


@dataclass(frozen=True)
class Truth:
    """What a person says that the ink in `box` (x, y, width, height) is: its `label`, "" for no digit at all.

    `strokes` are the numbers of the strokes that it was said of, counted from 0 in their drawing;
    none where the ink is only a part of a stroke.

    Raises
    ------
    ValueError
        The label cannot be shown, or the box is none.
    """

    label: str
    box: tuple[int, int, int, int]
    strokes: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        """Look at what may come from anywhere."""
        if not (isinstance(self.label, str) and self.label.isprintable() and len(self.label) <= LONGEST_LABEL):
            raise ValueError("a label that nobody can have typed")
        if len(self.box) != 4 or not all(isinstance(side, int) and abs(side) <= _FARTHEST for side in self.box):
            raise ValueError("a box that is not four whole numbers")
        if not all(isinstance(number, int) and number >= 0 for number in self.strokes):
            raise ValueError("a stroke that has no number")


def truth_lines(truths: Sequence[Truth]) -> Iterator[str]:
    """Yield the lines of InkML that tell `truths` of traces whose ids are "trace" and their number."""
    from html import escape

    for truth in truths:
        yield "  <traceView>"
        yield f'    <annotation type="{_LABEL}">{escape(truth.label, quote=False)}</annotation>'
        yield f'    <annotation type="{_BOX}">{" ".join(map(str, truth.box))}</annotation>'
        yield from (f'    <traceView traceDataRef="#trace{number}"/>' for number in truth.strokes)
        yield "  </traceView>"


def truths_in(root: Element, numbers: Mapping[str, int]) -> Iterator[Truth]:
    """Yield the truths in a drawing, given the `numbers` of its strokes by their traces' ids.

    What is no truth as we write them, or is told of traces that are not there, is left out: the ink is what counts.
    """
    for view in root:
        if tag(view) == "traceView":
            told = {child.get("type"): child.text or "" for child in view if tag(child) == "annotation"}
            inside = [reference(child, "traceDataRef") for child in view if tag(child) == "traceView"]
            with suppress(KeyError, ValueError):
                x, y, width, height = map(int, told[_BOX].split())
                yield Truth(told[_LABEL], (x, y, width, height), tuple(numbers[trace] for trace in inside))
