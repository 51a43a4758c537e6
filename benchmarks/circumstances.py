"""What figures depend on: machine, versions, commit, date, and which models were read with."""

from __future__ import annotations

import hashlib
import platform
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import psutil

from benchmarks.options import ROOT
from benchmarks.timing import Figures
from recognizer import __version__
from recognizer.classify import SHIPPED

PACKAGES = ("numpy", "opencv-python-headless", "ai-edge-litert", "pygame-ce", "tensorflow", "keras")
_CHANGED = " and changes"


def circumstances() -> Figures:
    """Return what is true of this machine and this repository now."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _commit(),
        "models": models(),
        "load": round(psutil.getloadavg()[0], 2),
        "machine": {
            "processor": processor(),
            "cores": psutil.cpu_count(),
            "memory GB": round(psutil.virtual_memory().total / 1e9, 1),
            "system": f"{platform.system()} {platform.machine()}",
        },
        "versions": {"recognizer": __version__, "python": platform.python_version()}
        | {name: version(name) for name in PACKAGES},
    }


def is_of(result: Figures, same: Mapping[str, str]) -> bool:
    """Tell whether a part was measured, in circumstances that are the `same` so far; changed files never are."""
    measured = result.get("measured", {})
    return "figures" in result and all(
        measured.get(key) == value and not value.endswith(_CHANGED) for key, value in same.items()
    )


def busy(every: Iterable[Figures]) -> str:
    """Return a sentence where the machine had other work when one of these parts was measured, else nothing."""
    loads = [of["measured"]["load"] for of in every if of["measured"]["load"] > of["measured"]["machine"]["cores"] / 2]
    if not loads:
        return ""
    return f"The machine had other work meanwhile (load up to {max(loads):.1f}): times are too long, ratios rough."


def version(package: str) -> str:
    """Return which version of `package` is installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def models(folder: Path = SHIPPED) -> str:
    """Return what tells the shipped models from others: the beginning of a hash of their files."""
    known = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.is_file():
            known.update(path.name.encode() + path.read_bytes())
    return known.hexdigest()[:12]


def processor() -> str:
    """Return what the processor is called, as far as the system tells."""
    if sys.platform == "linux":
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    elif sys.platform == "darwin":
        name = _said("sysctl", "-n", "machdep.cpu.brand_string")
    else:
        name = platform.processor()
    return name or platform.machine()


def _commit() -> str:
    """Return the commit that is checked out, and whether its files have changes that are in none."""
    commit = _said("git", "rev-parse", "--short=10", "HEAD")
    changed = _said("git", "status", "--porcelain", "--untracked-files=no", "--", "recognizer", "training", "ui")
    return commit + _CHANGED if commit and changed else commit or "unknown"


def _said(*line: str) -> str:
    """Return what a command printed, or nothing where there is no such command or it failed."""
    try:
        done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if not done.returncode else ""
