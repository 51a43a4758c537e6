"""README's figures: what stands between its markers is taken from benchmarks.json."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from benchmarks import accuracy
from benchmarks.canvas import RELEASE
from benchmarks.circumstances import busy
from benchmarks.options import ROOT
from benchmarks.results import Results
from benchmarks.rivals import BATCH, OURS, PREDICT
from benchmarks.starts import READING, TENSORFLOW
from benchmarks.timing import Figures, number, table
from recognizer.file import write_file

README = ROOT / "README.md"
_BLOCK = re.compile(r"(<!-- figures: (\w+) -->\n).*?(<!-- end of figures -->)", re.DOTALL)


class NoFigures(Exception):
    """README wants figures that are not there; the message says which and how to get them."""


def renewed(text: str, results: Results) -> str:
    """Return README's `text` with what stands between its markers taken from `results`.

    Raises
    ------
    NoFigures
        A figure is wanted that nobody has measured, or that nobody knows.
    """

    def told(block: re.Match[str]) -> str:
        if block[2] not in _TOLD:
            raise NoFigures(f"README.md wants figures called {block[2]}; there are {', '.join(_TOLD)}.")
        return f"{block[1]}{''.join(line + chr(10) for line in _TOLD[block[2]](results))}{block[3]}"

    return _BLOCK.sub(told, text)


def write_readme(results: Results) -> None:
    """Renew the figures of README.

    Raises
    ------
    NoFigures
        As `renewed`.
    """
    write_file(README, renewed(README.read_text(encoding="utf-8"), results).encode())


def _of(results: Results, part: str, *keys: str) -> Figures:
    """Return the figures of a part, or one of them."""
    found: Figures = results.get(part, {}).get("figures", {})
    for key in keys:
        found = found.get(key, {})
    if not found or "skipped" in found:
        raise NoFigures(f"{part} is not measured in full: run python -m benchmarks --only {part} where all is at hand.")
    return found


def _accuracy(results: Results) -> Iterator[str]:
    """Yield the table of how many numbers are read right."""
    rows = []
    for name in (*accuracy.SETS, "cheques", "photos"):
        of = _of(results, "accuracy", name)
        what = f"{of['what']} ({of['inputs']:,})"
        rows.append([what, accuracy.match(of), accuracy.interval(of), f"`{of['command']}`"])
    yield from table(["what", "exact match", "95 % interval", "command"], rows)


def _speed(results: Results) -> Iterator[str]:
    """Yield the table of how fast it is, beside what one would otherwise use."""
    whole, one_by_one, batch = (_of(results, "rivals", name) for name in (OURS, PREDICT, BATCH))
    start, keras = _of(results, "starts", READING), _of(results, "starts", TENSORFLOW)
    many, release = _of(results, "many"), _of(results, "canvas", RELEASE)
    alone, most = many["workers"]["1"], max(many["workers"], key=int)
    rows = [
        [
            "a picture of ten digits, found and read",
            f"{number(whole['ms']['median'])} ms",
            f"Keras `predict` on ten cut-out digits: {number(one_by_one['times ours'])} times as long; "
            f"in one batch {number(batch['times ours'])} times",
            "rivals",
        ],
        [
            "the whole process for one such picture",
            f"{start['seconds']['median']:.2f} s{_memory(start)}",
            f"importing TensorFlow alone: {number(keras['times ours'])} times as long{_memory(keras)}",
            "starts",
        ],
        [
            "such pictures in a folder, one worker",
            f"{number(alone['a second']['median'])} a second",
            f"{most} workers: {many['times one worker']:.2f} times as many",
            "many",
        ],
        [
            "letting go of the mouse until labels are on the screen, tenth digit",
            f"{number(release['ms']['median'])} ms",
            f"99th percentile {number(release['p99'])} ms",
            "canvas",
        ],
    ]
    yield from table(["what", "median", "beside it", "measured by"], _with_commands(rows))
    if sentence := busy(results[part] for *_, part in rows):
        yield from ("", sentence)


def _with_commands(rows: list[list[str]]) -> Iterator[list[str]]:
    for *cells, part in rows:
        yield [*cells, f"`python -m benchmarks --only {part}`"]


def _memory(of: Figures) -> str:
    return f", {number(of['MB'])} MB" if of["MB"] else ""


_TOLD: dict[str, Callable[[Results], Iterator[str]]] = {"accuracy": _accuracy, "speed": _speed}
