"""What whole processes cost: time, work and memory."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.options import ROOT
from benchmarks.timing import Figures, digits, spread

LAUNCHER = Path(__file__).with_name("launch.py")
LONGEST = 1800  # seconds that one command may take

Cost = dict[str, float | None]
"""Of one process: `seconds`, seconds of `work` on all cores, `peak` memory in bytes; None where the system hides it."""


class Failed(Exception):
    """Something could not be measured; the message says what and why."""


class Skipped(Failed):
    """Something cannot be measured here; the message says what it takes."""


def finished(line: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    """Run a command from the repository's root and return what it printed.

    Raises
    ------
    Failed
        It ended with another status than 0, or did not end.
    """
    try:
        done = subprocess.run(
            line, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        raise Failed(f"{' '.join(line[:4])} … did not end within {LONGEST} s") from None
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise Failed(f"{' '.join(line[:4])} … ended with status {done.returncode}: {''.join(last)}")
    return done.stdout


def cost_of(command: Sequence[str]) -> Cost:
    """Run `command` and return what it cost.

    Raises
    ------
    Failed
        As `finished`.
    """
    cost: Cost = json.loads(finished([sys.executable, "-I", "-S", str(LAUNCHER), *command]).splitlines()[-1])
    return cost


def in_turns(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, list[Cost]]:
    """Return what each of `commands` costs, so many times, one round of all after the other."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            costs[name].append(cost_of(command))
    return costs


def seconds(costs: Sequence[Cost]) -> list[float]:
    """Return the seconds that each took from its start to its end."""
    return [cost["seconds"] or 0.0 for cost in costs]


def summary(costs: Sequence[Cost]) -> Figures:
    """Return the spread of the seconds, the median of the work, and the largest peak in MB."""
    work = [cost["work"] for cost in costs if cost["work"] is not None]
    peaks = [cost["peak"] for cost in costs if cost["peak"] is not None]
    return {
        "seconds": spread(seconds(costs)),
        "work": spread(work)["median"] if work else None,
        "MB": digits(max(peaks) / 1e6) if peaks else None,
    }
