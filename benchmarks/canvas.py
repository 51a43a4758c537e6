"""How long the canvas lets people wait: what tests/test_ui_speed.py times, on SDL's dummy screen."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.costs import Skipped, finished
from benchmarks.options import ROOT, Settings
from benchmarks.timing import Figures, digits, number, spread, table, told

TITLE = "The canvas"
TIMES = ROOT / "tests" / "test_ui_speed.py"
SHARE = "share of a core"
RELEASE = "test_release_while_writing[10th digit]"


def measure(settings: Settings) -> Figures:
    """Return the milliseconds of each thing that people wait for, and the 99th percentile where there are enough.

    Raises
    ------
    Skipped
        Where the tests are missing.
    """
    if not TIMES.exists():
        raise Skipped(f"{TIMES.name} is missing: run this in the repository")
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    with TemporaryDirectory() as folder:
        kept = Path(folder) / "times.json"
        finished(
            [sys.executable, "-m", "pytest", "-q", str(TIMES), "--benchmark-enable", f"--benchmark-json={kept}"],
            environment | {"SDL_VIDEODRIVER": "dummy"},
        )
        return figures(json.loads(kept.read_text(encoding="utf-8")))


def figures(kept: Figures) -> Figures:
    """Return the figures in what pytest-benchmark has `kept`."""
    return {one["name"]: _figure(one) for one in kept["benchmarks"]}


def _figure(one: Figures) -> Figures:
    found: Figures = {"what": f"{one['group']}{_which(one)}"}
    more = one["extra_info"]
    if SHARE in more:
        return found | {SHARE: more[SHARE]}
    found["ms"] = spread([1000 * value for value in one["stats"]["data"]])
    return found | ({"p99": digits(more["p99_ms"])} if "p99_ms" in more else {})


def _which(one: Figures) -> str:
    """Return what sets a benchmark apart from others of its group."""
    names = one["params"] or {}
    if "nth" in names:
        return f" ({one['param']})"
    return "".join(f" ({value:,} {name})" for name, value in names.items())


def report(found: Figures) -> Iterator[str]:
    """Yield the lines of Markdown that tell what was `found`."""
    yield "`python -m pytest tests/test_ui_speed.py --benchmark-enable` without a screen; ms (half of all rounds)."
    yield ""
    yield from table(["until it is on the screen", "ms", "99th percentile"], (_row(of) for of in found.values()))


def _row(of: Figures) -> list[str]:
    if SHARE in of:
        return [of["what"], f"{100 * of[SHARE]:.1f} % of a core", ""]
    return [of["what"], told(of["ms"]), number(of["p99"]) if "p99" in of else ""]
