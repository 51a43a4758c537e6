"""How well pages are read that paper, pen, light and camera have spoilt: by kind and strength."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from benchmarks.accuracy import percent
from benchmarks.options import Settings
from benchmarks.timing import Figures, table
from recognizer import Recognizer
from training.distortions import KINDS, outcomes, scripted
from training.evaluate import wilson
from training.paper import STRENGTHS

TITLE = "Spoilt pages"
PAGES_A_ROUND = 2  # of each kind and strength, for every round that is asked for
CLEAN = "clean"
_SEED = 7


def measure(settings: Settings) -> Figures:
    """Return how many pages of each kind and strength are read right."""
    right: Counter[tuple[str, str]] = Counter()
    inputs: Counter[tuple[str, str]] = Counter()
    originals = scripted(PAGES_A_ROUND * settings.rounds, _SEED)
    for one in outcomes(Recognizer.load(), originals, list(KINDS), _SEED):
        inputs[one.kind, one.strength] += 1
        right[one.kind, one.strength] += one.right
    figures: Figures = {}
    for (kind, strength), count in inputs.items():
        interval = [round(end, 4) for end in wilson(right[kind, strength], count)]
        figure = {"right": right[kind, strength], "inputs": count, "interval": interval}
        figures.setdefault(kind, {})[strength] = figure
    return figures


def report(found: Figures) -> Iterator[str]:
    """Yield the lines of Markdown that tell what was `found`."""
    (clean,) = found[CLEAN].values()
    yield f"{clean['inputs']} numbers of the scripted pen, spoilt as training/paper.py and camera.py say: how many are"
    yield f"read right (95 % interval). The same pages clean: {_told(clean)}."
    yield ""
    rows = ([kind, *(_told(of[strength]) for strength in STRENGTHS)] for kind, of in found.items() if kind != CLEAN)
    yield from table(["kind", *STRENGTHS], rows)


def _told(of: Figures) -> str:
    low, high = of["interval"]
    return f"{percent(of['right'] / of['inputs'], 0)} ({100 * low:.0f} to {100 * high:.0f})"
