"""Where the time of a reading goes: every stage of the way from a file to its number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from itertools import islice
from time import perf_counter
from typing import Any
from unittest import mock

from benchmarks.options import Settings
from benchmarks.pages import files
from benchmarks.timing import Figures, spread, table, told
from recognizer import Drawing, Recognizer, ink, looks, recognize
from recognizer.classify import Classifier
from recognizer.decode import Lattice
from recognizer.line_model import LineModel
from recognizer.score import Score
from recognizer.source import load_source

TITLE = "Stages of a reading"
KINDS = ("picture", "drawing")
COUNTS = (1, 10, 20)
DIGITS = 10
REST = "between the stages"

STAGES: dict[str, tuple[tuple[Any, str], ...]] = {
    "ink": ((recognize, "ink_beside_print"), (recognize, "ink_of_drawing")),
    "lines": ((recognize, "parted"), (recognize, "line_of")),
    "candidates": ((recognize, "candidates_of"),),
    "glyphs": ((ink, "normalize"), (looks, "trajectory_of")),
    "probabilities": ((Classifier, "probabilities"),),
    "score": ((recognize, "geometry"), (recognize, "features"), (Score, "potentials")),
    "paths": ((Lattice, "paths"),),
    "rescoring": ((recognize, "weighed"),),
    "second opinion": ((recognize, "strip_of"), (LineModel, "frames"), (recognize, "spelled"), (recognize, "seconded")),
    "transcribe": ((recognize, "transcript"), (recognize, "transcribed")),
}
"""The functions that each stage is, by who holds them."""


@contextmanager
def watched() -> Iterator[dict[str, float]]:
    """Yield the seconds that readings inside the block spend in each stage, none counted twice."""
    spent = dict.fromkeys(STAGES, 0.0)
    with ExitStack() as stack:
        for stage, functions in STAGES.items():
            for owner, name in functions:
                stack.enter_context(mock.patch.object(owner, name, _clocked(getattr(owner, name), spent, stage)))
        yield spent


def _clocked(function: Callable[..., Any], spent: dict[str, float], stage: str) -> Callable[..., Any]:
    """Return `function` so that it adds the seconds it takes, less those of stages that it calls, to its own."""

    @wraps(function)
    def clocked(*arguments: Any, **named: Any) -> Any:
        before, began = sum(spent.values()), perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            spent[stage] += perf_counter() - began - (sum(spent.values()) - before)

    return clocked


def measure(settings: Settings) -> Figures:
    """Return how long each stage takes with ten digits, and the whole with fewer and more."""
    recognizer = Recognizer.load()
    return {
        kind: {
            "stages": _stages(recognizer, kind, settings.rounds),
            "whole": {str(n): spread(_whole(recognizer, kind, n, settings.rounds)) for n in COUNTS},
        }
        for kind in KINDS
    }


def _whole(recognizer: Recognizer, kind: str, count: int, rounds: int) -> list[float]:
    """Return the milliseconds from a file's bytes to its number, of each round."""
    return [whole for whole, _ in _rounds(recognizer, kind, count, rounds)][1:]


def _stages(recognizer: Recognizer, kind: str, rounds: int) -> Figures:
    """Return the milliseconds of each stage and the share of all that is its."""
    with watched() as spent:
        found, before = [], dict(spent)
        for whole, opened in _rounds(recognizer, kind, DIGITS, rounds):
            stages = {"file": opened} | {name: 1000 * (spent[name] - before[name]) for name in spent}
            found.append(stages | {REST: whole - sum(stages.values())})
            before = dict(spent)
    counted = found[1:]
    total = sum(sum(one.values()) for one in counted)
    return {name: _figure([one[name] for one in counted], total) for name in found[0]}


def _figure(times: list[float], total: float) -> Figures:
    return {"ms": spread(times), "share": round(sum(times) / total, 4)}


def _rounds(recognizer: Recognizer, kind: str, count: int, rounds: int) -> Iterator[tuple[float, float]]:
    """Yield the milliseconds of a whole reading and, of these, of opening the file: one to warm up, then `rounds`."""
    for content in islice(files(kind, count), rounds + 1):
        began = perf_counter()
        source = load_source(content)
        opened = perf_counter()
        recognizer.read(source if isinstance(source, Drawing) else source[0])
        ended = perf_counter()
        yield 1000 * (ended - began), 1000 * (opened - began)


def report(found: Figures) -> Iterator[str]:
    """Yield the lines of Markdown that tell what was `found`."""
    yield f"From a file's bytes to its number, {DIGITS} digits; ms (half of all rounds), and the share of the whole."
    yield ""
    heads = ["stage", *(cell for kind in KINDS for cell in (f"{kind}, ms", "share"))]
    rows = [
        [name, *(cell for kind in KINDS for cell in _cells(found[kind]["stages"][name]))]
        for name in found[KINDS[0]]["stages"]
    ]
    yield from table(heads, rows)
    yield ""
    counts = found[KINDS[0]]["whole"]
    rows = [[n, *(told(found[kind]["whole"][n]) for kind in KINDS)] for n in counts]
    yield from table(["digits", *(f"{kind}, the whole, ms" for kind in KINDS)], rows)


def _cells(stage: Figures) -> tuple[str, str]:
    return told(stage["ms"]), f"{100 * stage['share']:.1f} %"
