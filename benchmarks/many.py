"""Many files: pictures a second, with one worker and with a worker a core, and the memory that it takes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import costs
from benchmarks.options import Settings
from benchmarks.pages import files
from benchmarks.timing import Figures, digits, number, ratio, spread, table, told

TITLE = "Many files"
AGAIN = 10  # times that all files are read to see what memory does
_ROUNDS = 3


def measure(settings: Settings) -> Figures:
    """Return the rate with one worker and with all, how they compare, and the peak memory of a process."""
    cores = os.cpu_count() or 1
    with TemporaryDirectory() as name:
        folder = Path(name)
        pictures = folder / "pictures"
        pictures.mkdir()
        for place, content in enumerate(islice(files("picture", 10), settings.files)):
            (pictures / f"{place:06}.png").write_bytes(content)
        listed = folder / "list"
        listed.write_text("".join(f"{path}\n" for path in sorted(pictures.iterdir())) * AGAIN, encoding="utf-8")
        commands = {str(workers): _command(workers, str(pictures)) for workers in (1, cores)}
        found = costs.in_turns(commands, _ROUNDS)
        long = costs.cost_of(_command(cores, "--files-from", str(listed)))
    return {
        "pictures": settings.files,
        "workers": {
            workers: costs.summary(of) | {"a second": spread([settings.files / s for s in costs.seconds(of)])}
            for workers, of in found.items()
        },
        "times one worker": ratio(costs.seconds(found["1"]), costs.seconds(found[str(cores)])),
        "long run": {"inputs": AGAIN * settings.files, "workers": cores, "MB": _megabytes(long)},
    }


def _command(workers: int, *inputs: str) -> list[str]:
    return [sys.executable, "-m", "recognizer", "--json", "--workers", str(workers), *inputs]


def _megabytes(cost: costs.Cost) -> float | None:
    return None if cost["peak"] is None else digits(cost["peak"] / 1e6)


def report(found: Figures) -> Iterator[str]:
    """Yield the lines of Markdown that tell what was `found`."""
    yield f"{found['pictures']:,} pictures of ten digits, each in another hand, by `recognizer --json --workers N`"
    yield "in turns, its start included. Memory is that of the largest process."
    yield ""
    rows = [
        [workers, told(of["a second"]), number(of["MB"]) if of["MB"] else "not told here"]
        for workers, of in found["workers"].items()
    ]
    yield from table(["workers", "pictures a second", "MB"], rows)
    yield ""
    long = found["long run"]
    more = f" Over {long['inputs']:,} inputs no process took more than {number(long['MB'])} MB." if long["MB"] else ""
    yield f"{long['workers']} workers read {found['times one worker']:.2f} times as fast as one.{more}"
