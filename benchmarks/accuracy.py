"""How many numbers are read right: every set at hand, with the interval that holds the true share with 95 %."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.costs import Failed, Skipped, finished
from benchmarks.options import ROOT, Settings
from benchmarks.timing import Figures, table
from training.evaluate import wilson

TITLE = "Accuracy"
SETS = {
    "mnist": "MNIST test, every fifth digit",
    "pen-digits": "single digits written with a pen, test writers",
    "pen-numbers": "phone numbers, dates, amounts: pictures of pen writing",
    "pen-ink": "the same as drawings, strokes known",
}
CHEQUES = "amounts on scanned bank cheques that no training saw"
PHOTOS = "photos of single digits on paper"
SAMPLES = "the project's own samples, which are no test: they were looked at"
_SCORED = re.compile(
    r": exact match (?P<right>\d+)/(?P<inputs>\d+) .*whole text (?P<text>[\d.]+) %;"
    r" accepted at 1 wrong in 100: (?P<accepted>[\d.]+) %"
)


def measure(settings: Settings) -> Figures:
    """Return for each set how many inputs are read right, or why it was not read."""
    sheet, data = settings.data / "score" / "score.py", settings.data / "data"
    figures: Figures = {}
    for name, what in SETS.items():
        figures[name] = _figure(what, f"score.py {name}", partial(scored, sheet, name, data))
    figures["cheques"] = _figure(CHEQUES, "score.py cheques --data HELD", partial(_cheques, sheet, data))
    figures["photos"] = _figure(PHOTOS, "recognizer --json photos", partial(named, data / "photos"))
    figures["samples"] = _figure(SAMPLES, "recognizer --json sample_images", partial(named, ROOT / "sample_images"))
    return figures


def _figure(what: str, command: str, count: Callable[[], Figures]) -> Figures:
    """Return what a set is, the command that read it, and its figures, or why there are none."""
    about = {"what": what, "command": command}
    try:
        found = count()
    except Skipped as problem:
        return about | {"skipped": str(problem)}
    return about | found | {"interval": [round(end, 4) for end in wilson(found["right"], found["inputs"])]}


def scored(sheet: Path, name: str, data: Path) -> Figures:
    """Return what the project's score sheet says of one of its sets.

    Raises
    ------
    Skipped
        The score sheet or the handwriting is not there.
    Failed
        The sheet ended otherwise than it should.
    """
    for place in (sheet, data):
        if not place.exists():
            raise Skipped(f"no {place.name} beside the repository")
    said = finished([sys.executable, str(sheet), name, "--data", str(data)])
    found = _SCORED.search(said)
    if not found:
        raise Failed(f"{sheet.name} {name} said something else than usual: {said.strip()[:200]}")
    texts, accepted = float(found["text"]) / 100, float(found["accepted"]) / 100
    has_texts = name in ("pen-numbers", "pen-ink")
    return {
        "right": int(found["right"]),
        "inputs": int(found["inputs"]),
        "whole text": round(texts, 4) if has_texts else None,
        "accepted at 1 wrong in 100": round(accepted, 3),
    }


def _cheques(sheet: Path, data: Path) -> Figures:
    """Return what the score sheet says of the cheques that no training sees."""
    if not (data / "cheques").exists():
        raise Skipped(f"no {data.name} beside the repository")
    with TemporaryDirectory() as folder:
        finished([sys.executable, "-m", "training", "cheques", "--data", str(data), "--held-out", folder])
        return scored(sheet, "cheques", Path(folder))


def named(folder: Path) -> Figures:
    """Return how many files in `folder` are read as the digits that their names begin with.

    Raises
    ------
    Skipped
        There is no such folder.
    """
    if not folder.exists():
        raise Skipped(f"no {folder.parent.name} beside the repository")
    pages = [path for path in sorted(folder.iterdir()) if path.suffix != ".md"]
    said = finished([sys.executable, "-m", "recognizer", "--json", *map(str, pages)])
    read = [json.loads(line)["number"].replace("\n", "") for line in said.splitlines()]
    wanted = [path.stem.partition("-")[0] for path in pages]
    right = sum(a == b for a, b in zip(read, wanted, strict=True))
    return {"right": right, "inputs": len(wanted), "whole text": None, "accepted at 1 wrong in 100": None}


def report(found: Figures) -> Iterator[str]:
    """Yield the lines of Markdown that tell what was `found`."""
    yield "Exact match: every digit right, none added, none missing. `score.py` is the score sheet that lies beside the"
    yield "repository with the handwriting, HELD what `recognizer-train cheques --data DATA --held-out HELD` makes."
    yield ""
    heads = ["what", "exact match", "95 % interval", "right", "marks as well", "sure to 1 wrong in 100", "command"]
    yield from table(heads, (_row(of) for of in found.values()))


def _row(of: Figures) -> list[str]:
    command = f"`{of['command']}`"
    if "skipped" in of:
        return [of["what"], of["skipped"], "", "", "", "", command]
    right = f"{of['right']:,} of {of['inputs']:,}"
    rest = (percent(of[key], 1) if of[key] is not None else "" for key in ("whole text", "accepted at 1 wrong in 100"))
    return [of["what"], match(of), interval(of), right, *rest, command]


def match(of: Figures) -> str:
    """Return the share of a set that is read right, as text."""
    return percent(of["right"] / of["inputs"], 2)


def interval(of: Figures) -> str:
    """Return between which shares the true one lies, as text."""
    low, high = of["interval"]
    return f"{100 * low:.1f} to {100 * high:.1f}"


def percent(share: float, places: int) -> str:
    """Return a share, from 0 to 1, as text."""
    return f"{100 * share:.{places}f} %"
