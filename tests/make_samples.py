"""Makes sample_images/ anew: `python tests/make_samples.py [FOLDER]`.

Every sample is written by the scripted pen; nobody's handwriting is in it. Its name is the expected answer: the digits
on the page, of all lines one after the other, then a hyphen and what is special about it. The texts stand below.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from scripted_pen import Hand, write

from recognizer.drawing import to_inkml
from recognizer.file import write_file
from recognizer.render import render_drawing

FOLDER = Path(__file__).resolve().parents[1] / "sample_images"
Page = NDArray[np.uint8]


def plain(page: Page) -> Page:
    """Black on white."""
    return page


def light_on_dark(page: Page) -> Page:
    """Chalk on a board."""
    return np.asarray(35 + (255 - page) * (205 / 255), np.uint8)


def speckled(page: Page) -> Page:
    """A bad copy: dust of one to three pixels, and grain."""
    rng = np.random.default_rng(1)
    out = page.astype(np.float32) + rng.normal(0, 12, page.shape)
    for x, y, size in rng.integers((0, 0, 1), (page.shape[1], page.shape[0], 4), (page.size // 900, 3)):
        out[y : y + size, x : x + size] = rng.integers(0, 140)
    return np.clip(out, 0, 255).astype(np.uint8)


def ruled(page: Page) -> Page:
    """Faint blue rules in colour, one of them under the writing."""
    out = cv2.cvtColor(page, cv2.COLOR_GRAY2BGR)
    for y in range(page.shape[0] * 3 // 4, 0, -page.shape[0] // 3):
        cv2.line(out, (0, y), (page.shape[1], y), (235, 200, 170), 2)
    return np.minimum(out, cv2.cvtColor(page, cv2.COLOR_GRAY2BGR))


def pencil(page: Page) -> Page:
    """Gray and grainy on paper that is not quite white."""
    rng = np.random.default_rng(2)
    grain = cv2.GaussianBlur(rng.normal(0, 40, page.shape), (3, 3), 0)
    ink = (255 - page.astype(np.float32)) / 255
    return np.clip(236 - ink * (110 + grain) + rng.normal(0, 2, page.shape), 0, 255).astype(np.uint8)


def photographed(page: Page) -> Page:
    """Light from one side, a little blur and the camera's noise, on yellowish paper."""
    rng = np.random.default_rng(3)
    soft = cv2.GaussianBlur(page, (5, 5), 1.2).astype(np.float32) / 255
    light = np.linspace(0.5, 1.0, page.shape[1])[None, :] * np.linspace(0.85, 1.0, page.shape[0])[:, None]
    gray = (40 + 190 * soft) * light + rng.normal(0, 3, page.shape)
    return np.clip(gray[..., None] * (0.86, 0.97, 1.0), 0, 255).astype(np.uint8)


def transparent(page: Page) -> Page:
    """White ink on nothing at all."""
    return np.dstack([np.full_like(page, 255)] * 3 + [255 - page])


def like_mnist(page: Page) -> Page:
    """28 x 28 pixels, light on dark, the digit 20 pixels tall."""
    y, x = np.nonzero(page < 255)
    digit = 255 - page[y.min() : y.max() + 1, x.min() : x.max() + 1]
    scale = 20 / max(digit.shape)
    small = cv2.resize(digit, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    out = np.zeros((28, 28), np.uint8)
    top, left = (28 - small.shape[0]) // 2, (28 - small.shape[1]) // 2
    out[top : top + small.shape[0], left : left + small.shape[1]] = small
    return out


def corner_of_a_large_page(page: Page) -> Page:
    """Somewhere on a sheet of 4000 x 3000 pixels."""
    out = np.full((3000, 4000), 255, np.uint8)
    out[1900 : 1900 + page.shape[0], 700 : 700 + page.shape[1]] = page
    return out


@dataclass(frozen=True)
class Sample:
    """One file: what is written, by which hand, on what, and how it is saved."""

    text: str
    note: str
    hand: Hand
    ending: str = ".png"
    paper: Callable[[Page], Page] = plain

    @property
    def name(self) -> str:
        """The file's name: the expected answer, then the note."""
        return "".join(c for c in self.text if c.isdigit()) + (f"-{self.note}" if self.note else "") + self.ending


SAMPLES = (
    Sample("(555) 014-2986", "phone", Hand(1)),
    Sample("+1 555 018 7342", "phone", Hand(2, slant=0.2), ".inkml"),
    Sample("48 1537", "plate", Hand(3, height=160, width=22, slant=0.0, gap=0.35, unevenness=0.6)),
    Sample("21/11/2026", "date", Hand(4, width=6)),
    Sample("2026-11-21", "date", Hand(5, slant=0.05), ".inkml"),
    Sample("14:35", "time", Hand(6), ".inkml"),
    Sample("1,249.50", "amount", Hand(7, slant=0.18)),
    Sample("90210", "zip", Hand(8, slant=-0.06), ".inkml"),
    Sample("31415\n92653", "two-lines", Hand(9)),
    Sample("271\n828\n1828", "three-lines", Hand(10, slant=0.08), ".inkml"),
    Sample("50838", "touching", Hand(11, gap=-0.07), ".inkml"),
    Sample("770421", "touching", Hand(12, gap=-0.05, width=9), ".inkml"),
    Sample("904716", "rising-line", Hand(13, rise=0.14)),
    Sample("286350", "slanted", Hand(14, slant=0.42)),
    Sample("1984375", "light-on-dark", Hand(15, width=8), paper=light_on_dark),
    Sample("607218", "thin-pen", Hand(16, width=2)),
    Sample("39584", "thick-pen", Hand(17, width=15, gap=0.32)),
    Sample("725301", "speckled", Hand(18, width=8), paper=speckled),
    Sample("83915", "ruled", Hand(19, width=6), paper=ruled),
    Sample("5172", "pencil", Hand(20, width=5), paper=pencil),
    Sample("462801", "photo", Hand(21, height=120, width=9), ".jpg", photographed),
    Sample("8306", "transparent", Hand(22), paper=transparent),
    Sample("4", "28x28", Hand(23, width=8), paper=like_mnist),
    Sample("6204", "tiny", Hand(24, height=18, width=2)),
    Sample("1357924680", "large-page", Hand(25, height=240, width=18), paper=corner_of_a_large_page),
    Sample("13579\n24680", "two-pages", Hand(26), ".tif"),
)


def content(sample: Sample) -> bytes:
    """Return the bytes of a sample's file."""
    if sample.ending == ".inkml":
        return to_inkml(write(sample.text, sample.hand))
    if sample.ending == ".tif":
        pages = [sample.paper(render_drawing(write(text, sample.hand))) for text in sample.text.split("\n")]
        return bytes(cv2.imencodemulti(".tif", pages)[1].tobytes())
    page = sample.paper(render_drawing(write(sample.text, sample.hand)))
    settings = [cv2.IMWRITE_JPEG_QUALITY, 85] if sample.ending == ".jpg" else []
    return bytes(cv2.imencode(sample.ending, page, settings)[1].tobytes())


def main() -> None:
    """Write all samples into the folder named on the command line, or into the project's."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for sample in SAMPLES:
        write_file(folder / sample.name, content(sample))
        print(sample.name)


if __name__ == "__main__":
    main()
