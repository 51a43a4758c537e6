"""Colours, light and dark, that people who see fewer colours can still tell apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from recognizer.reading import SURE

Colour: TypeAlias = tuple[int, int, int]

DOUBTFUL = 0.8
"""Confidences from which a digit that is not `SURE` is shown as doubtful; below it is a guess."""


@dataclass(frozen=True)
class Theme:
    """What everything is painted with: RGB, 0 to 255.

    `sure`, `doubtful`, `guess` and `said` are blue, orange, vermilion and green after the palette of
    Okabe and Ito (2008), made for all kinds of colour blindness, darker on light paper to be read on
    it, and with orange and vermilion further apart in brightness.
    """

    paper: Colour
    ink: Colour
    text: Colour
    muted: Colour
    rule: Colour
    chrome: Colour
    button: Colour
    pressed: Colour
    sure: Colour
    doubtful: Colour
    guess: Colour
    said: Colour


LIGHT = Theme(
    paper=(255, 255, 252),
    ink=(22, 24, 44),
    text=(32, 36, 48),
    muted=(112, 118, 132),
    rule=(222, 224, 230),
    chrome=(240, 241, 244),
    button=(255, 255, 255),
    pressed=(205, 223, 240),
    sure=(0, 100, 168),
    doubtful=(176, 112, 0),
    guess=(160, 30, 20),
    said=(0, 120, 88),
)

DARK = Theme(
    paper=(24, 26, 31),
    ink=(238, 238, 230),
    text=(226, 228, 234),
    muted=(146, 152, 166),
    rule=(54, 58, 68),
    chrome=(36, 39, 46),
    button=(50, 54, 64),
    pressed=(38, 84, 124),
    sure=(86, 180, 233),
    doubtful=(230, 159, 0),
    guess=(235, 80, 40),
    said=(40, 190, 140),
)

THEMES = {"light": LIGHT, "dark": DARK}


def colour_of(theme: Theme, confidence: float, said: bool = False) -> Colour:
    """Return the colour of a digit read with `confidence` in [0, 1], or said by the person."""
    if said:
        return theme.said
    if confidence >= SURE:
        return theme.sure
    return theme.doubtful if confidence >= DOUBTFUL else theme.guess


def mark_of(confidence: float, said: bool = False) -> str:
    """Return what tells the same without colour: a percentage, with a question mark or two where in doubt."""
    if said:
        return "ok"
    doubt = "" if confidence >= SURE else "?" if confidence >= DOUBTFUL else "??"
    return f"{min(99, int(confidence * 100))}%{doubt}"
