"""How often the one number that is written by hand on a printed form is read exactly, and nothing that is printed.

Labels stand left of the field, above or below it, or it is written under a letter head, in faces of many
kinds and sizes; some fields are ruled. Each number is read by itself too: no form can be read better.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import cv2
import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from recognizer import Recognizer
from recognizer.drawing import Drawing, Stroke
from recognizer.ink import PEN
from recognizer.reading import digits_of
from recognizer.render import render_drawing
from training.data import Sample
from training.evaluate import wilson
from training.pen import extent

Picture: TypeAlias = NDArray[np.uint8]
KINDS = ("label on the left", "label above", "label below", "letter head", "between text")
LABELS = (
    "Phone:", "Date of birth", "Telefonnummer", "Montant", "Customer no.", "Account number", "Postcode", "Total",
    "Amount in figures", "Zip code", "DATE", "2. Date received", "Box 14a", "Meter reading", "Rechnungsnummer", "Age",
)  # fmt: skip
TEXT = (
    "Please write clearly and within the box.", "Return this form to room 204 by 31 March.",
    "Hauptstr. 5, 10115 Berlin", "For office use only", "Les champs marqués sont obligatoires.",
    "Call 0800 123 456 between 9 and 17.", "The applicant declares that this is true.",
)  # fmt: skip
_OUTLINES = (
    "DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSansMono", "DejaVuSerif", "DejaVuSerif-Italic",
    "STIXGeneral", "STIXGeneralBol", "STIXGeneralItalic",
)  # fmt: skip
FACES = (*_OUTLINES, "FreeSansBold", "Hershey")
"""Faces that come with matplotlib and pygame, and one drawn by strokes that comes with OpenCV."""


@dataclass(frozen=True, eq=False)
class Form:
    """A filled `page` of a `kind`; `number` is the digits written on it, `alone` the page without print."""

    kind: str
    page: Picture
    number: str
    alone: Picture


@dataclass(frozen=True)
class Filled:
    """Whether the number of one form, of a `kind`, was read exactly, there and `alone`."""

    kind: str
    right: bool
    alone: bool


def forms(numbers: Sequence[Sample], count: int, seed: int) -> Iterator[Form]:
    """Yield `count` forms of each of `KINDS`, filled with `numbers` that have two digits or more."""
    written = [s for s in numbers if len(digits_of(s.label)) > 1]
    for place, kind in enumerate(KINDS):
        for copy in range(count if written else 0):
            rng = np.random.default_rng([seed, place, copy])
            yield _form(kind, written[int(rng.integers(len(written)))], rng)


def printed(text: str, face: str, size: int) -> Picture:
    """Return `text` in black type of a `face`, its letters `size` px from line to line, cropped to its ink."""
    if face == "Hershey":
        page = np.full((2 * size, size * (len(text) + 2)), 255, np.uint8)
        cv2.putText(page, text, (size, size), cv2.FONT_HERSHEY_SIMPLEX, size / 32, 0, max(1, size // 14), cv2.LINE_AA)
    else:
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
        import pygame

        pygame.font.init()
        outlines = Path(mpl.get_data_path()) / "fonts" / "ttf" / f"{face}.ttf"
        font = pygame.font.Font(str(outlines) if face in _OUTLINES else None, size)
        page = np.asarray(255 - pygame.surfarray.array_alpha(font.render(text, True, "black")).T, np.uint8)
    rows, columns = np.nonzero(page < 255)
    return page[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def _form(kind: str, sample: Sample, rng: np.random.Generator) -> Form:
    size = int(rng.integers(14, 40))
    hand = _by_hand(sample, size * float(rng.uniform(0.8, 2.5)), rng)
    face, space = FACES[int(rng.integers(len(FACES)))], int(rng.integers(size // 2, 2 * size))
    texts = [LABELS[int(rng.integers(len(LABELS)))]]
    if kind in KINDS[3:]:
        texts = [TEXT[int(n)] for n in rng.choice(len(TEXT), 3, replace=False)]
    lines = [printed(text, face, size) for text in texts]
    wide, tall = max(line.shape[1] for line in lines), hand.shape[0]
    page = np.full((tall + 8 * size, wide + hand.shape[1] + 4 * size), 255, np.uint8)
    x, y = size + int(rng.integers(2 * size)), 2 * size
    if kind == "label on the left":
        x = size + wide + space
        corners = [(size, y + tall - lines[0].shape[0])]
    elif kind == "label below":
        corners = [(size, y + tall + size // 2)]
    else:
        above = lines[:-1] if kind == "between text" else lines
        corners = [(size, round(size * (0.5 + 1.4 * n))) for n in range(len(above))]
        y = corners[-1][1] + 2 * size
        corners += [(size, y + tall + size // 2)] * (len(lines) - len(above))
    for line, corner in zip(lines, corners, strict=True):
        _lay(page, np.maximum(line, int(rng.integers(0, 90))), *corner)
    if rng.random() < 0.4:
        cv2.line(page, (x - size // 2, y + tall + 3), (page.shape[1] - 4, y + tall + 3), 60, max(1, size // 16))
    alone = np.full_like(page, 255)
    _lay(alone, hand, x, y)
    grain = rng.normal(0, rng.uniform(0, 4), page.shape)
    soft, clean = (cv2.GaussianBlur(p, (0, 0), 0.5) * 0.95 + grain for p in (np.minimum(page, alone), alone))
    return Form(kind, _as_gray(soft), digits_of(sample.label), _as_gray(clean))


def _as_gray(page: NDArray[np.floating]) -> Picture:
    return np.asarray(np.clip(page, 0, 255), np.uint8)


def _by_hand(sample: Sample, tall: float, rng: np.random.Generator) -> Picture:
    """Return the number of a `sample` as its writer drew it, `tall` px from its highest to its lowest point."""
    low, high = extent(sample.traces)
    scale = tall / max(float(high[1] - low[1]), 0.1 * float(high[0] - low[0]), 1e-6)
    pen = PEN * tall * float(rng.uniform(0.8, 1.6))
    moved = [Stroke(tuple(map(tuple, ((t - low) * scale + pen).tolist())), pen) for t in sample.traces]
    wide, high_ = np.ceil((high - low) * scale + 2 * pen).astype(int).tolist()
    return render_drawing(Drawing(tuple(moved), (wide, high_)))


def _lay(page: Picture, part: Picture, x: int, y: int) -> None:
    """Lay `part` on `page` with its corner at (x, y), the darker of both in view; what lies beyond it is cut off."""
    there = page[y : y + part.shape[0], x : x + part.shape[1]]
    np.minimum(there, part[: there.shape[0], : there.shape[1]], out=there)


# What is read of them -------------------------------------------------------------------------------------------------


def filled(recognizer: Recognizer, pages: Iterable[Form]) -> Iterator[Filled]:
    """Yield whether each form's number is read exactly."""
    for form in tqdm(pages, desc="read", unit=" forms"):
        right, alone = (digits_of(recognizer.read(page).text) == form.number for page in (form.page, form.alone))
        yield Filled(form.kind, right, alone)


def form_table(found: Sequence[Filled]) -> str:
    """Return the share of forms read exactly as Markdown, for each kind and for all."""
    lines = ["| printed forms | forms | exactly the number is read | by itself |", "| --- | --- | --- | --- |"]
    kinds = [*dict.fromkeys(f.kind for f in found)]
    for name, own in [*((k, [f for f in found if f.kind == k]) for k in kinds), ("all", found)]:
        count, right, alone = len(own), sum(f.right for f in own), sum(f.alone for f in own)
        low, high = wilson(right, count)
        share = f"{100 * right / count:.1f} % ({100 * low:.1f} to {100 * high:.1f})"
        lines.append(f"| {name} | {count} | {share} | {100 * alone / count:.1f} % |")
    return "\n".join(lines)
