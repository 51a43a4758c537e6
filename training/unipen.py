"""Reads UNIPEN's own files, so that anyone with its distribution can repeat our training.

I. Guyon, L. Schomaker, R. Plamondon, M. Liberman and S. Janet (ICPR 1994) describe the format:
lines that begin with a dot hold a keyword, those after it its values. Files below `data` say what
is written where, in segments of numbered pen-down components; the ink itself they include from
files below `include`. There y points up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from training.data import BadData, Sample, Trace
from training.mix import DIGITS, MARKS

_SEGMENT = re.compile(r'(\S+)\s+([\d:,\-]+)?\s*(\w+|\?)?\s*"(.*)"', re.DOTALL)
_DEEPEST = 4  # files included by files; the distribution needs one
_LINES = frozenset({"WORD", "TEXT", "LINE", "PHRASE"})


@dataclass(frozen=True)
class _Segment:
    """What one `.SEGMENT` says: the level of the writing, its label, and the runs of components that hold it.

    A run is from a component and a point in it to another, both included; None is the last point.
    """

    level: str
    label: str
    runs: tuple[tuple[int, int, int, int | None], ...]

    @property
    def components(self) -> list[int]:
        return [i for first, _, last, _ in self.runs for i in range(first, last + 1)]

    def cut(self, components: list[Trace]) -> tuple[Trace, ...]:
        """Return the traces of this segment, those without points left out."""
        traces = (
            components[i][start if i == first else 0 : None if i < last or stop is None else stop + 1]
            for first, start, last, stop in self.runs
            for i in range(first, last + 1)
        )
        return tuple(trace for trace in traces if len(trace))


@dataclass
class _Page:
    """What has been read of a file in `folder` and of those that it includes; `owners` wrote the components.

    The writer is the one named last, "" where nobody is yet.
    """

    folder: str
    writer: str = ""
    columns: tuple[int, int] = (0, 1)
    components: list[Trace] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    segments: list[_Segment] = field(default_factory=list)

    def sample(self, segment: _Segment, counts: tuple[int, ...] = ()) -> Sample:
        """Return the ink of `segment`, by who is named before it; else by the first who is named, else by the folder's.

        The contributor's name stands before the writer's, which others use too.
        """
        named = self.owners[segment.components[0]] or next(filter(None, [*self.owners, self.writer]), "")
        writer = f"{self.folder.split('/')[-1]} {named}" if named else self.folder
        return Sample(segment.label, writer, segment.cut(self.components), counts)


def is_unipen(folder: Path) -> bool:
    """Tell whether `folder` is laid out as UNIPEN's distribution: labels below `data`, ink below `include`."""
    return (folder / "data").is_dir() and (folder / "include").is_dir()


def read_unipen(folder: Path) -> tuple[tuple[Sample, ...], tuple[Sample, ...]]:
    """Return the single characters and the numbers in a UNIPEN distribution.

    Numbers are words and lines of digits and marks alone; their characters are counted where the
    file names them too. What is marked as bad, or said of ink that is not there, is left out.

    Raises
    ------
    BadData
        Where a file is broken (its line is named) or one that it includes is missing.
    """
    characters: list[Sample] = []
    numbers: list[Sample] = []
    for path in sorted((folder / "data").rglob("*.dat")):
        page = _Page(path.relative_to(folder / "data").parent.as_posix())
        _read(path, page, folder / "include", 0)
        there = [s for s in page.segments if max(s.components) < len(page.components)]
        single = [s for s in there if s.level == "CHARACTER"]
        characters += [page.sample(s) for s in single]
        lines = [s for s in there if s.level in _LINES and _is_number(s.label)]
        numbers += [page.sample(s, _counts(s, single)) for s in lines]
    return tuple(s for s in characters if s.traces), tuple(s for s in numbers if s.traces)


def _is_number(label: str) -> bool:
    symbols = set("".join(label.split()))
    return symbols <= set(DIGITS + MARKS) and bool(symbols & set(DIGITS)) and len(label) > 1


def _counts(whole: _Segment, single: list[_Segment]) -> tuple[int, ...]:
    """Return how many components each character of `whole` has, where `single` ones make it up, else nothing."""
    inside = [s for s in single if set(s.components) <= set(whole.components)]
    parts = [i for s in inside for i in s.components]
    known = parts == whole.components and [s.label for s in inside] == list(whole.label.replace(" ", ""))
    return tuple(len(s.components) for s in inside) if known else ()


def _read(path: Path, page: _Page, include: Path, depth: int) -> None:
    """Add what the file at `path` holds to `page`."""
    try:
        text = path.read_text(encoding="latin-1")
    except OSError as error:
        raise BadData(f"{path} cannot be read ({error.strerror}): unpack UNIPEN's archive again.") from error
    for number, keyword, values in _statements(text):
        try:
            if keyword == "INCLUDE":
                _include(values.strip(), page, include, depth)
            else:
                _take(keyword, values, page)
        except (ValueError, IndexError) as error:
            raise BadData(f"{path}, line {number}: not as UNIPEN writes .{keyword} ({error}).") from error


def _statements(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield each statement's line number, keyword and values."""
    begun, keyword, values = 0, "", ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("."):
            if keyword:
                yield begun, keyword, values
            head, _, values = line[1:].partition(" ")
            begun, keyword = number, head.strip().upper()
        else:
            values += "\n" + line
    if keyword:
        yield begun, keyword, values


def _include(name: str, page: _Page, include: Path, depth: int) -> None:
    place = (include / name).resolve()
    if not place.is_relative_to(include.resolve()):
        raise ValueError(f"{name} is not below {include.name}")
    if depth >= _DEEPEST:
        raise ValueError(f"{name} is included by itself")
    if not place.exists():
        raise BadData(f"{include / name} is missing: unpack UNIPEN's archive again.")
    _read(place, page, include, depth + 1)


def _take(keyword: str, values: str, page: _Page) -> None:
    """Add one statement to `page`; those that say nothing of labels or ink are passed over."""
    if keyword == "WRITER_ID" and values.strip():
        page.writer = values.split()[0]
    elif keyword == "COORD":
        names = values.upper().split()
        page.columns = names.index("X"), names.index("Y")
    elif keyword == "PEN_DOWN":
        count = sum(bool(line.strip()) for line in values.splitlines())
        points = np.array(values.split(), np.float64).reshape(count, -1 if count else 2)
        across, up = page.columns
        trace = np.stack([points[:, across], -points[:, up]], 1)
        if not np.isfinite(trace).all():
            raise ValueError("a point that is no number")
        page.components.append(trace)
        page.owners.append(page.writer)
    elif keyword == "SEGMENT" and (found := _SEGMENT.match(values.strip())):
        level, where, quality, label = found.groups()
        if where and quality != "BAD":
            page.segments.append(_Segment(level.upper(), label, tuple(_run(part) for part in where.split(","))))


def _run(text: str) -> tuple[int, int, int, int | None]:
    """Return one run, written "3", "3-4" or "3:0-4:17"."""
    first, _, last = text.partition("-")
    begin, _, start = first.partition(":")
    end, _, stop = (last or first.partition(":")[0]).partition(":")
    if int(end) < int(begin):
        raise ValueError(f"{text} runs backwards")
    return int(begin), int(start or 0), int(end), int(stop) if stop else None
