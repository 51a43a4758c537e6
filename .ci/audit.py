"""Ask pip-audit of known faults in the versions of constraints.txt; where its service cannot be reached, say so.

Exit status 1 where a fault is known, 0 otherwise.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

LOCKED = Path(__file__).with_name("constraints.txt")
PATIENCE = 90
"""Seconds that the installation and the questions may take, each."""

CANARY = "pyyaml", "3.12"
"""A version with a fault that everybody knows (CVE-2017-18342): a service that does not tell of it knows nothing."""


def main() -> int:
    """Return the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        home, told = Path(folder) / "environment", Path(folder) / "told.json"
        venv.create(home, with_pip=True)
        python = next(path for path in (home / "bin" / "python", home / "Scripts" / "python.exe") if path.exists())
        if not run([str(python), "-m", "pip", "install", "--quiet", "pip-audit"]):
            return skipped("it cannot be installed")
        named = Path(folder) / "asked.txt"
        named.write_text(f"{LOCKED.read_text(encoding='utf-8')}\n{'=='.join(CANARY)}\n", encoding="utf-8")
        asked = ["--requirement", str(named), "--no-deps", "--disable-pip", "--progress-spinner", "off"]
        run([str(python), "-m", "pip_audit", *asked, "--timeout", "10", "--format", "json", "--output", str(told)])
        if not told.exists() or not told.stat().st_size:
            return skipped("its service cannot be reached")
        packages = json.loads(told.read_text(encoding="utf-8"))["dependencies"]
    faults = {package["name"]: (package, package.get("vulns", [])) for package in packages}
    if not faults.pop(CANARY[0], ({}, []))[1]:
        return skipped("what answers in its service's place knows of no faults at all")
    known = [(package, fault) for package, found in faults.values() for fault in found]
    for package, fault in known:
        mended = ", ".join(fault["fix_versions"]) or "no version yet"
        print(f"pip-audit: {package['name']} {package['version']} has {fault['id']}, mended in {mended}.")
    print(f"pip-audit: {len(faults)} packages asked about, {len(known)} known faults.")
    return 1 if known else 0


def run(line: list[str]) -> bool:
    """Run a program quietly; return whether it came to an end in time and well."""
    try:
        return subprocess.run(line, capture_output=True, timeout=PATIENCE, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def skipped(reason: str) -> int:
    """Say why nothing was asked, and return 0."""
    print(f"pip-audit: skipped, since {reason}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
