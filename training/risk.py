"""The risk-coverage curve of a model: how often it is wrong where it is sure, measured on writers it does not know.

What is stored is no estimate but a bound. At each of a few thresholds fixed beforehand, the share
of errors lies under it with 95 % certainty, at all thresholds at once, so that choosing among them
afterwards costs nothing: the exact binomial bound (C. Clopper and E. Pearson, Biometrika 1934), its
certainty shared out over the thresholds (Y. Geifman and R. El-Yaniv, Selective classification for
deep neural networks, NIPS 2017). Nor is it ever less than what any one kind of page is known to
show, by the same kind of bound from below. It holds for pages like those it was measured on, mixed
as there; a kind of page of which few were accepted may do worse, and the table says how few.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import beta
from tqdm import tqdm

from recognizer import Recognizer
from recognizer.file import write_file
from recognizer.reading import digits_of
from recognizer.risk import KEY, Risk
from training.card_page import page as card_page
from training.mix import Corpus
from training.pages import Page, pages

THRESHOLDS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.97, 0.98, 0.985, 0.99, 0.995, 0.998, 0.999)
CERTAINTY = 0.95  # with which all bounds hold together
VARIANTS = 2  # ways that a written number is bent, each as drawing and as picture

_WRITTEN = {"ink", "picture", "bent ink", "bent picture"}
_SEED = 20_000


@dataclass(frozen=True)
class Answer:
    """How sure the reader was of one page and whether it was right; pages of one number share its `weight`."""

    confidence: float
    right: bool
    kind: str
    weight: float = 1.0


def held_out_pages(corpus: Corpus, cheques: Iterable[Page], composed: int) -> Iterator[tuple[Page, float]]:
    """Yield pages of more than one digit by the writers of `corpus`, and `cheques`, each with its weight.

    A number that somebody wrote comes bent in several ways, as drawing and as picture; together
    these weigh as much as one composed number.
    """
    shared, composed = 1 / (2 + 2 * VARIANTS), composed if corpus.hands else 0
    for page in chain(pages(corpus, np.random.default_rng(_SEED), VARIANTS, composed, 0), cheques):
        if len(digits_of(page.text)) > 1:
            yield page, shared if page.kind in _WRITTEN else 1.0


def answers(recognizer: Recognizer, weighed: Iterable[tuple[Page, float]]) -> Iterator[Answer]:
    """Read each page and yield how sure the reader was, and whether all digits are right."""
    for page, weight in tqdm(weighed, desc="read", unit=" pages"):
        reading = recognizer.read(page.page)
        right = reading.number.replace("\n", "") == digits_of(page.text)
        yield Answer(reading.confidence, right, _kind(page), weight)


def _kind(page: Page) -> str:
    if page.kind in _WRITTEN:
        return f"written, as {page.kind.rpartition(' ')[2]}"
    return page.kind


def curve(found: Sequence[Answer], thresholds: Sequence[float] = THRESHOLDS) -> tuple[Risk, ...]:
    """Return the curve: at each of the `thresholds` the bound on errors and the share of numbers accepted."""
    every = sum(a.weight for a in found)
    points = []
    for threshold in thresholds:
        kept = [a for a in found if round(a.confidence, 6) >= threshold]
        wrong, count = sum(a.weight for a in kept if not a.right), sum(a.weight for a in kept)
        worst = max((_at_least(group) for group in _by_kind(kept).values()), default=0.0)
        error = max(bound(wrong, count, (1 - CERTAINTY) / len(thresholds)), worst)
        points.append(Risk(threshold, round(error, 6), round(count / every, 6) if every else 0.0))
    return tuple(points)


def bound(wrong: float, count: float, doubt: float) -> float:
    """Return what the true share of errors exceeds with the probability `doubt` at most, for `wrong` out of `count`.

    Counts may be broken, where pages share a weight. Answers count as independent of each other,
    which those of one writer are not quite.
    """
    return 1.0 if wrong >= count else float(beta.ppf(1 - doubt, wrong + 1, count - wrong))


def _by_kind(found: Sequence[Answer]) -> dict[str, list[Answer]]:
    return {kind: [a for a in found if a.kind == kind] for kind in sorted({a.kind for a in found})}


def _at_least(found: Sequence[Answer]) -> float:
    """Return what the true share of errors among pages of one kind is at least, as sure as the bound."""
    wrong = sum(not a.right for a in found)
    return float(beta.ppf(1 - CERTAINTY, wrong, len(found) - wrong + 1)) if wrong else 0.0


def table(found: Sequence[Answer], points: Sequence[Risk]) -> str:
    """Return the curve as Markdown, with what each kind of page showed: wrong of accepted."""
    kinds = _by_kind(found)
    lines = [f"| confidence | accepted | errors under | {' | '.join(kinds)} |", "|" + " --- |" * (3 + len(kinds))]
    for point in points:
        kept = [[a for a in group if round(a.confidence, 6) >= point.threshold] for group in kinds.values()]
        cells = [f"{sum(not a.right for a in group)} of {len(group)}" for group in kept]
        lines.append(f"| {point.threshold:g} | {point.coverage:.1%} | {point.error:.2%} | {' | '.join(cells)} |")
    return "\n".join(lines)


def store(points: Sequence[Risk], found: Sequence[Answer], card: Path) -> None:
    """Write the curve into a model's `card` (.json), and the card's page anew where there is one."""
    held: dict[str, Any] = json.loads(card.read_text(encoding="utf-8"))
    counts = ", ".join(f"{len(group):,} {kind}" for kind, group in _by_kind(found).items())
    held[KEY] = {
        "measured on": f"numbers of writers who were held out: {counts}",
        "columns": ["confidence", "errors at most", "accepted"],
        "points": [[p.threshold, p.error, p.coverage] for p in points],
    }
    text = re.sub(r"\[\s+([^\[\]{}\"]+?)\s+\]", lambda m: f"[{' '.join(m[1].split())}]", json.dumps(held, indent=1))
    write_file(card, (text + "\n").encode())
    for readable in (card.with_suffix(".md"), card.with_name("README.md")):
        if readable.exists():
            write_file(readable, card_page(held, card.stem).encode())
            break
