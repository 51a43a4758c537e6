"""Where things stand in the window: boxes for a size and a scale, in whole pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ui.commands import Command
from ui.page import Box

BUTTONS: tuple[tuple[Command, str], ...] = (
    (Command.UNDO, "Undo"),
    (Command.REDO, "Redo"),
    (Command.PEN, "Pen"),
    (Command.ERASER, "Eraser"),
    (Command.CLEAR, "Clear"),
    (Command.OPEN, "Open"),
    (Command.PASTE, "Paste"),
    (Command.COPY, "Copy"),
    (Command.SAVE, "Save"),
    (Command.READ, "Read"),
    (Command.FORMAT, "Format"),
    (Command.LIVE, "Live"),
    (Command.PANEL, "Panel"),
    (Command.THEME, "Theme"),
    (Command.HELP, "Help"),
    (Command.QUIT, "Quit"),
)

MOST_BAR = 0.4
"""Share of the window's height that the toolbar takes at most, if letters and buttons need not be tiny for that."""

STEP = 0.25
"""Of the scale."""

WIDEST_PEN = 24.0
"""Pixels, at the right end of the slider; the left end is 1."""


SLIDER = (60, 110)
"""Pixels that the slider is long at scale 1, at least and where there is room."""


@dataclass(frozen=True)
class Button:
    """A button of the toolbar: what it asks for, its name and its box."""

    command: Command
    name: str
    box: Box


@dataclass(frozen=True)
class Layout:
    """Boxes of the window's parts; `panel` and `copy` are empty where there is none.

    The whole window is paper, whatever lies on it; `paper` is what nothing covers. `copy` is as
    large, and shows the page with boxes and labels where the paper itself shall stay without.
    """

    buttons: tuple[Button, ...]
    slider: Box
    bar: Box
    panel: Box
    paper: Box
    copy: Box


def inside(box: Box, x: float, y: float) -> bool:
    """Return whether the point lies in `box`."""
    return box[0] <= x < box[0] + box[2] and box[1] <= y < box[1] + box[3]


@lru_cache(maxsize=64)
def fitting(size: tuple[int, int], scale: float, least: float) -> float:
    """Return `scale`, or the next smaller one, though not under `least`, that leaves paper above the toolbar."""
    while scale > least:
        row, gap, _, places = _rows(size[0], scale)
        if (places[-1][1] + 1) * (row + gap) + gap <= MOST_BAR * size[1]:
            break
        scale = max(least, scale - STEP)
    return scale


def _rows(width: int, scale: float) -> tuple[int, int, list[int], list[tuple[int, int]]]:
    """Return height and gap of the toolbar's rows, and of each button, then the slider, its width, and (x, row)."""
    row, gap = round(30 * scale), round(5 * scale)
    widths = [round((14 + 8 * len(name)) * scale) for _, name in BUTTONS] + [round(SLIDER[0] * scale)]
    places: list[tuple[int, int]] = []
    x, line = gap, 0
    for each in widths:
        if x + each + gap > width and x > gap:
            x, line = gap, line + 1
        places.append((x, line))
        x += each + gap
    return row, gap, widths, places


@lru_cache(maxsize=64)
def layout(size: tuple[int, int], scale: float, panel: bool, classic: bool = False) -> Layout:
    """Lay out a window of `size` (width, height): a toolbar along the bottom, a panel at the right.

    The toolbar's buttons flow into as many rows as the width needs; the slider takes what is left of the last
    one. In the classic layout the left half is written on and the right half shows the annotated copy.
    """
    width, height = size
    row, gap, widths, places = _rows(width, scale)
    line = places[-1][1]
    widths[-1] = max(widths[-1], min(round(SLIDER[1] * scale), width - gap - places[-1][0]))
    top = height - (line + 1) * (row + gap) - gap
    boxes = [(x, top + gap + n * (row + gap), w, row) for (x, n), w in zip(places, widths, strict=True)]
    buttons = tuple(Button(command, name, box) for (command, name), box in zip(BUTTONS, boxes, strict=False))
    side = min(round(270 * scale), width // 2) if panel else 0
    wide = (width - side) // 2 if classic else width - side
    return Layout(
        buttons,
        boxes[-1],
        (0, top, width, height - top),
        (width - side, 0, side, max(0, top)),
        (0, 0, wide, max(0, top)),
        (wide, 0, wide, max(0, top)) if classic else (width, 0, 0, 0),
    )


def slider_width(slider: Box, x: float) -> float:
    """Return the pen width, in pixels, that the slider shows at `x`."""
    part = (x - slider[0]) / max(1, slider[2] - 1)
    return float(round(1 + min(1.0, max(0.0, part)) * (WIDEST_PEN - 1)))


def popup_rows(
    box: Box, count: int, size: tuple[int, int], scale: float, others: Sequence[Box] = ()
) -> tuple[Box, ...]:
    """Return boxes for `count` rows of a list beside `box`, whole within `size` where that has room for them.

    It is right of the box, left, below or above: there where it covers least of the box, then of the `others`.
    """
    width, row, gap = round(190 * scale), round(28 * scale), round(10 * scale)
    x, y, wide, high = box
    middle = x + (wide - width) // 2
    corners = ((x + wide + gap, y), (x - gap - width, y), (middle, y + high + gap), (middle, y - gap - row * count))
    places = [
        (max(0, min(left, size[0] - width)), max(0, min(top, size[1] - row * count)), width, row * count)
        for left, top in corners
    ]
    left, top, _, _ = min(places, key=lambda place: (common(place, box), sum(common(place, each) for each in others)))
    return tuple((left, top + n * row, width, row) for n in range(count))


def common(one: Box, two: Box) -> int:
    """Return how many pixels two boxes share."""
    width = min(one[0] + one[2], two[0] + two[2]) - max(one[0], two[0])
    height = min(one[1] + one[3], two[1] + two[3]) - max(one[1], two[1])
    return max(0, width) * max(0, height)


def banner_buttons(parts: Layout, scale: float) -> tuple[Box, Box]:
    """Return the boxes of the two answers to a question that stands above the toolbar, left of the panel."""
    height, gap, right = round(28 * scale), round(8 * scale), parts.panel[0]
    width, top = min(round(96 * scale), right // 2 - gap), parts.bar[1] - height - gap
    return (right - 2 * (width + gap), top, width, height), (right - width - gap, top, width, height)


def picker_rows(size: tuple[int, int], scale: float) -> tuple[Box, ...]:
    """Return boxes for the rows of the list of files: as many as the window has room for."""
    row, margin = round(28 * scale), round(40 * scale)
    width, top = max(60, size[0] - 2 * margin), margin + 2 * row
    count = max(1, (size[1] - top - margin) // row)
    return tuple((margin, top + n * row, width, row) for n in range(count))
