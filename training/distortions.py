"""How well distorted pages are read: our own drawings on bad paper, in bad light, through a bad camera.

The same pages are distorted in every way, so that a kind can be compared with the clean pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from recognizer import Recognizer
from recognizer.drawing import Drawing
from recognizer.page import load_pages
from recognizer.reading import digits_of
from training import camera, paper
from training.data import BadData, Sample
from training.evaluate import wilson
from training.pages import readable
from training.paper import HEIGHT, STRENGTHS, Kind
from training.scripted_pen import Hand, write
from training.segmentation import shown

PATTERNS = ("(ddd) ddd-dddd", "ddd-ddd-dddd", "dd/dd/dddd", "dddd-dd-dd", "d,ddd.dd", "$dd.dd", "dd:dd", "ddddd",
            "dddddd", "dddd")  # fmt: skip
_FEWER = 10  # one page in so many is drawn with digits of 3000 px, which takes seconds

KINDS: dict[str, Kind] = {
    "clean": paper.clean,
    "uneven light": camera.uneven_light,
    "shadow": camera.shadow,
    "low contrast": camera.low_contrast,
    "coloured paper": paper.coloured_paper,
    "patterned paper": paper.patterned_paper,
    "ruled": paper.ruled,
    "squared": paper.squared,
    "boxed": paper.boxed,
    "pencil": paper.pencil,
    "ballpoint": paper.ballpoint,
    "marker": paper.marker,
    "blur": camera.blur,
    "noise": camera.noise,
    "JPEG": camera.jpeg,
    "small": camera.small,
    "large": camera.large,
    "rotation": camera.rotation,
    "slant": camera.slant,
    "perspective": camera.perspective,
    "light on dark": paper.light_on_dark,
    "transparency": camera.transparency,
    "16 bit": camera.sixteen_bit,
}
"""Every kind by its name; "clean", which does nothing at any strength, to compare with."""


@dataclass(frozen=True, eq=False)
class Original:
    """A page before anything happens to it: a drawing whose digits stand 90 px tall, and its digits."""

    drawing: Drawing
    digits: str


@dataclass(frozen=True)
class Outcome:
    """What was read of one distorted page; `kind` and `strength` name what was done to it."""

    kind: str
    strength: str
    wrote: str
    read: str
    name: str = ""

    @property
    def right(self) -> bool:
        """Whether all digits are right."""
        return self.wrote == self.read


def scripted(count: int, seed: int) -> list[Original]:
    """Return `count` numbers of the scripted pen, each by a hand of its own: its slant, pen, gaps and evenness."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        pattern = PATTERNS[number % len(PATTERNS)]
        text = "".join(str(rng.integers(10)) if c == "d" else c for c in pattern)
        hand = Hand(
            seed=int(rng.integers(1 << 31)),
            height=HEIGHT,
            width=float(rng.uniform(4, 9)),
            slant=float(np.clip(rng.normal(0.12, 0.12), -0.1, 0.4)),
            rise=float(rng.normal(0, 0.02)),
            gap=float(rng.uniform(0.2, 0.4)),
            unevenness=float(rng.uniform(0.6, 1.3)),
        )
        made.append(Original(write(text, hand), digits_of(text)))
    return made


def written(samples: Iterable[Sample], count: int) -> list[Original]:
    """Return `count` of the numbers that people wrote, spread over `samples`, those without digits left out."""
    some = [s for s in samples if digits_of(readable(s.label))]
    chosen = some[:: max(1, len(some) // count)][:count]
    pages = [(shown(s, "ink").page, s) for s in chosen]
    return [Original(page, digits_of(readable(s.label))) for page, s in pages if isinstance(page, Drawing)]


def outcomes(
    recognizer: Recognizer, originals: Sequence[Original], kinds: Sequence[str], seed: int
) -> Iterator[Outcome]:
    """Yield what is read of each of `originals` distorted by each of `kinds` at each strength, through a file.

    Page, kind, strength and `seed` alone decide what a page looks like.
    """
    for kind in kinds:
        for level, strength in enumerate(STRENGTHS[: 1 if kind == "clean" else None]):
            pages = originals[:: _FEWER if (kind, strength) == ("large", "strong") else 1]
            for number, original in enumerate(tqdm(pages, desc=f"{kind}, {strength}", unit=" pages", leave=False)):
                rng = np.random.default_rng([seed, list(KINDS).index(kind), level, number])
                file = KINDS[kind](original.drawing, level, rng).encoded()
                read = recognizer.read(load_pages(file)[0]).number.replace("\n", "")
                yield Outcome(kind, strength, original.digits, read, str(number))


def named(recognizer: Recognizer, folder: Path) -> Iterator[Outcome]:
    """Yield what is read of each picture in `folder` whose name begins with its digits, as sample_images has them.

    Raises
    ------
    BadData
        Where there is no such picture.
    """
    paths = sorted(p for p in folder.glob("*") if p.is_file() and p.name[0].isdigit())
    if not paths:
        raise BadData(f"{folder} holds no pictures whose names begin with their number: name another folder.")
    for path in tqdm(paths, desc=str(folder), unit=" pictures", leave=False):
        wrote = path.name[: next((i for i, c in enumerate(path.name) if not c.isdigit()), None)]
        yield Outcome(folder.name, "", wrote, recognizer.read(path).number.replace("\n", ""), path.name)


def table(found: Sequence[Outcome]) -> str:
    """Return what came of all pages as Markdown: a row for each kind, the share read right at each strength.

    Beside each share stands its 95 % interval (E. B. Wilson, 1927).
    """
    lines = [f"| distortion | {' | '.join(STRENGTHS)} |", "|" + " --- |" * (1 + len(STRENGTHS))]
    for kind in dict.fromkeys(o.kind for o in found):
        own = [[o.right for o in found if (o.kind, o.strength) == (kind, s)] for s in (*STRENGTHS, "")]
        cells = [_share(right) for right in own[:-1]] if not own[-1] else [_share(own[-1]), "", ""]
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    return "\n".join(lines)


def misread(found: Sequence[Outcome]) -> str:
    """Return a line for each picture with a name of its own that was misread."""
    wrong = [o for o in found if not o.right and not o.strength]
    return "\n".join(f"{o.name}: wrote {o.wrote}, read {o.read or 'nothing'}" for o in wrong)


def _share(right: Sequence[bool]) -> str:
    if not right:
        return ""
    low, high = wilson(sum(right), len(right))
    return f"{100 * sum(right) / len(right):.1f} % ({100 * low:.0f} to {100 * high:.0f} of {len(right)})"
