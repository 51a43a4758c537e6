"""BENCHMARKS.md: what benchmarks.json holds, for people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.circumstances import busy
from benchmarks.options import SPEED
from benchmarks.parts import EVERY
from benchmarks.results import Results
from benchmarks.timing import Figures, number, table
from recognizer.file import write_file

NAME = "BENCHMARKS.md"
_HEAD = """\
# Benchmarks

`python -m benchmarks` measured this and wrote it; benchmarks.json holds the same for programs. Times are medians, in
brackets the quartiles: half of all rounds lie between them. Where machines are shared, ratios say more than times: what
is compared was measured in turns, and a ratio is the median over the rounds."""


def write_report(results: Results, folder: Path) -> None:
    """Write BENCHMARKS.md into `folder`."""
    write_file(folder / NAME, markdown(results).encode())


def markdown(results: Results) -> str:
    """Return the report on `results`: accuracy first, then speed, then what it was measured with."""
    lines = [_HEAD]
    if sentence := busy(results[part] for part in SPEED if part in results):
        lines += ["", sentence]
    for name in sorted(EVERY, key=lambda part: part in SPEED):
        if name in results:
            lines += ["", f"## {EVERY[name].title}", "", *_told(name, results[name])]
    return "\n".join([*lines, "", "## Measured with", "", *_measured(results)]) + "\n"


def _told(name: str, result: Figures) -> Iterator[str]:
    if "skipped" in result:
        yield f"Not measured: {result['skipped']}."
    else:
        yield from EVERY[name].report(result["figures"])


def _measured(results: Results) -> Iterator[str]:
    """Yield where and when each part was measured, machines and versions once each."""
    settings: list[tuple[Figures, Figures]] = []
    rows = []
    for name, result in results.items():
        measured = result["measured"]
        setting = measured["machine"], measured["versions"]
        if setting not in settings:
            settings.append(setting)
        own = [measured["date"], measured["commit"], measured["models"], f"{measured['load']:.1f}"]
        rows.append([name, *own, number(result["seconds"]), f"{settings.index(setting) + 1}"])
    yield from table(["part", "when", "commit", "models", "load before", "took, s", "machine"], rows)
    for place, (machine, versions) in enumerate(settings, 1):
        about = f"{machine['processor']}, {machine['cores']} cores, {machine['memory GB']} GB, {machine['system']}"
        yield ""
        yield f"{place}. {about}; {', '.join(f'{package} {version}' for package, version in versions.items())}."
