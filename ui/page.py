"""The page that is written on, and its history: what undo takes back and redo brings again."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from operator import is_
from typing import TypeAlias

from recognizer.drawing import Stroke

Box: TypeAlias = tuple[int, int, int, int]
"""x, y, width, height in whole pixels, half open."""

MIDDLE = 127
"""Gray up to which paper is taken to be dark: ink on it is light."""


@dataclass(frozen=True)
class Picture:
    """A picture under the ink: gray bytes, row by row.

    `size` is its own (width, height); `scale` is how many page pixels one of its pixels takes, and
    `at` (x, y) is where on the page its left top corner lies.
    """

    pixels: bytes
    size: tuple[int, int]
    scale: float = 1.0
    at: tuple[int, int] = (0, 0)

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height on the page, at least one pixel each."""
        return max(1, round(self.size[0] * self.scale)), max(1, round(self.size[1] * self.scale))


@dataclass(frozen=True)
class Correction:
    """What a person said that the ink in `box` is; an empty `label` means no digit at all.

    It holds while `strokes`, the ink that it was said of, are on the page.
    """

    label: str
    box: Box
    strokes: tuple[Stroke, ...] = ()


@dataclass(frozen=True)
class Page:
    """All that undo brings back: strokes in the order they were drawn, a picture, corrections."""

    strokes: tuple[Stroke, ...] = ()
    picture: Picture | None = None
    corrections: tuple[Correction, ...] = ()

    @property
    def blank(self) -> bool:
        """Whether there is nothing to read."""
        return not self.strokes and self.picture is None


@dataclass(frozen=True)
class Edit:
    """One step of history: strokes from `at` on replaced, the picture and corrections before and after.

    Only what differs is kept: ten thousand whole pages would need hundreds of megabytes.
    """

    at: int
    removed: tuple[Stroke, ...]
    added: tuple[Stroke, ...]
    pictures: tuple[Picture | None, Picture | None]
    corrections: tuple[tuple[Correction, ...], tuple[Correction, ...]]


def edit_between(old: Page, new: Page) -> Edit:
    """Return the step that leads from `old` to `new`."""
    at = _common(old.strokes, new.strokes)
    tail = _common(old.strokes[: at - 1 if at else None : -1], new.strokes[: at - 1 if at else None : -1])
    return Edit(
        at,
        old.strokes[at : len(old.strokes) - tail],
        new.strokes[at : len(new.strokes) - tail],
        (old.picture, new.picture),
        (old.corrections, new.corrections),
    )


def undone(page: Page, edit: Edit) -> Page:
    """Return the page before `edit`."""
    end = edit.at + len(edit.added)
    return Page(page.strokes[: edit.at] + edit.removed + page.strokes[end:], edit.pictures[0], edit.corrections[0])


def redone(page: Page, edit: Edit) -> Page:
    """Return the page after `edit`."""
    end = edit.at + len(edit.removed)
    return Page(page.strokes[: edit.at] + edit.added + page.strokes[end:], edit.pictures[1], edit.corrections[1])


def _common(one: tuple[Stroke, ...], two: tuple[Stroke, ...]) -> int:
    """Return how many strokes both begin with, the very same; the usual case, one appended, costs no loop."""
    if all(map(is_, one, two)):
        return min(len(one), len(two))
    return sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1], zip(one, two, strict=False)))
