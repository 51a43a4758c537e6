"""A change of the page as a line of JSON, and the page that such lines lead to."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from recognizer.drawing import Stroke
from recognizer.file import from_json
from recognizer.truth import Truth
from ui.corrections import corrections_by, truths_of
from ui.page import Correction, Page, Picture, edit_between

_FARTHEST = 32_768.0  # pixels: no window is larger


@dataclass(frozen=True)
class Kept:
    """A picture whose pixels are kept elsewhere, by a `number`; `size`, `scale` and `at` are the picture's."""

    number: int
    size: tuple[int, int]
    scale: float
    at: tuple[int, int]

    def with_pixels(self, pixels: bytes) -> Picture:
        """Return the picture; its `pixels` are gray bytes, row by row."""
        return Picture(pixels, self.size, self.scale, self.at)


def entry(old: Page, new: Page, number: int, stored: bool = False) -> str:
    """Return what leads from the page `old` to `new`, as one line; a new picture is told by the `number` it is kept by.

    Strokes are told always, what was said of them and the picture where it is other than before, and
    that the page is `stored` in a file where it is.
    """
    edit = edit_between(old, new)
    told: dict[str, Any] = {
        "at": edit.at,
        "removed": len(edit.removed),
        "added": [{"points": stroke.points, "width": stroke.width} for stroke in edit.added],
    }
    if new.picture is not old.picture:
        own = new.picture
        told["picture"] = own and {"number": number, "size": own.size, "scale": own.scale, "at": own.at}
    if new.corrections != old.corrections:
        told["said"] = [{"label": t.label, "box": t.box, "strokes": t.strokes} for t in truths_of(new)]
    if stored:
        told["stored"] = True
    return f"{json.dumps(told)}\n"


def followed(lines: Iterable[str]) -> tuple[Page, Kept | None]:
    """Return the page that `lines` lead to, without its picture, and that, if it has one.

    A line that nobody can have written, as a broken last one, ends them. A page that is stored in a file
    is not brought back: it is blank.
    """
    strokes: list[Stroke] = []
    said: tuple[Correction, ...] = ()
    picture: Kept | None = None
    stored = False
    try:
        for line in lines:
            told = from_json(line)
            strokes[told["at"] : told["at"] + told["removed"]] = [_stroke(**each) for each in told["added"]]
            if "picture" in told:
                picture = None if told["picture"] is None else _picture(**told["picture"])
            if "said" in told:
                said = corrections_by([_truth(**each) for each in told["said"]], strokes)
            stored = told.get("stored") is True
    except (ValueError, LookupError, TypeError, OverflowError):
        pass
    return (Page(), None) if stored else (Page(tuple(strokes), None, said), picture)


def _stroke(points: list[list[float]], width: float | None) -> Stroke:
    stroke = Stroke(tuple((float(x), float(y)) for x, y in points), None if width is None else float(width))
    if not stroke.points or not all(abs(value) <= _FARTHEST for point in stroke.points for value in point):
        raise ValueError("a stroke that no hand has drawn")
    if stroke.width is not None and not 0 < stroke.width <= _FARTHEST:
        raise ValueError("a pen of no width")
    return stroke


def _truth(label: str, box: list[int], strokes: list[int]) -> Truth:
    x, y, width, height = box
    return Truth(label, (x, y, width, height), tuple(strokes))


def _picture(number: int, size: list[int], scale: float, at: list[int]) -> Kept:
    (width, height), (x, y) = size, at
    if not all(isinstance(value, int) for value in (number, width, height, x, y)) or min(width, height) < 1:
        raise ValueError("a picture of broken pixels")
    if not 0 < scale * max(width, height) <= _FARTHEST or max(abs(x), abs(y)) > _FARTHEST:
        raise ValueError("a picture that no window can show")
    return Kept(number, (width, height), float(scale), (x, y))
