"""What was measured, part by part, as benchmarks.json keeps it."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.options import PARTS
from benchmarks.timing import Figures
from recognizer.file import UnreadableFile, read_file, write_file

NAME = "benchmarks.json"
_MOST_BYTES = 10_000_000

Results = dict[str, Figures]
"""Of each part: `figures`, or why it was `skipped`; the circumstances in which it was `measured`, and the `seconds`."""


def load(folder: Path) -> Results:
    """Return what `folder` keeps, which may be nothing yet.

    Raises
    ------
    UnreadableFile
        Something else stands in its file.
    """
    path = folder / NAME
    if not path.exists():
        return {}
    try:
        kept = json.loads(read_file(path, _MOST_BYTES))
        if not isinstance(kept, dict):
            raise ValueError("no parts")
        found = {part: kept[part] for part in PARTS if part in kept}
        if not all("figures" in one or "skipped" in one for one in found.values()):
            raise ValueError("a part has no figures")
    except (ValueError, TypeError, RecursionError) as problem:
        if isinstance(problem, UnreadableFile):
            raise
        raise UnreadableFile(f"{path} does not hold figures ({problem}): delete it and measure again.") from None
    return found


def save(results: Results, folder: Path) -> None:
    """Write `results`, in the order of the parts, as a whole."""
    ordered = {part: results[part] for part in PARTS if part in results}
    write_file(folder / NAME, (json.dumps(ordered, indent=1, ensure_ascii=False) + "\n").encode())
