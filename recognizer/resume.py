"""A file of results that a run goes on with: which inputs it tells of already."""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from recognizer.file import UnreadableFile, from_json, kind_of, shown
from recognizer.inputs import Input
from recognizer.table import columns

_BLOCK = 1 << 20  # bytes of the file that are looked at together
_ROW = re.compile(r"(.*): [\d ?]*")  # of plain lines; names may hold colons
_BOXED = re.compile(r"(.*?)(?:: page \d+)?: -?\d+,-?\d+,\d+,\d+: \d*")
_RIVAL = "  "  # begins the lines of alternatives


@dataclass(frozen=True)
class Done:
    """How many times each name is told of already: as it is in JSON, elsewhere as `shown` has it."""

    names: Counter[str] = field(default_factory=Counter)
    exact: bool = False

    def left_of(self, inputs: Iterable[Input]) -> Iterator[Input]:
        """Yield those of `inputs` that are not told of; of equal names as many as are told of are passed over."""
        told = self.names.copy()
        for one in inputs:
            name = one.name if self.exact else shown(one.name)
            if told[name]:
                told[name] -= 1
            else:
                yield one


def done_in(path: Path, form: str, listed: bool) -> Done:
    """Return which inputs a file of results tells of; half a line at its end is cut off, a missing one tells of none.

    Its `form` is "json", "csv" or "" for plain lines; where every number is `listed`, an input may have several lines.

    Raises
    ------
    UnreadableFile
        The file cannot be opened, or holds something else.
    """
    if kind_of(path) not in {"file", ""}:
        raise UnreadableFile(f"{shown(path)} is no file, and only a file can be gone on with: name another.")
    try:
        with path.open("r+b") as stream:
            _cut(stream)
            stream.seek(0)
            told = _NAMES[form]((line.decode("utf-8", "replace").rstrip("\r\n") for line in stream), listed)
            exact = form == "json"
            return Done(Counter(name for name, _ in groupby(told)) if listed and not exact else Counter(told), exact)
    except FileNotFoundError:
        return Done()
    except OSError as problem:
        raise UnreadableFile(f"{shown(path)} cannot be gone on with ({problem.strerror}): name another.") from None
    except (ValueError, LookupError, TypeError, csv.Error):
        raise UnreadableFile(
            f"{shown(path)} holds other lines than this command writes: give it the options of its first run."
        ) from None


def _cut(stream: BinaryIO) -> None:
    """Cut off what follows the last line feed, which a power failure or a full disk may have left."""
    end = size = stream.seek(0, os.SEEK_END)
    while end:
        begin = max(0, end - _BLOCK)
        stream.seek(begin)
        found = stream.read(end - begin).rfind(b"\n")
        end = begin + found + 1 if found >= 0 else begin
        if found >= 0:
            break
    if end < size:
        stream.truncate(end)


def _of_json(lines: Iterable[str], listed: bool) -> Iterator[str]:
    for line in lines:
        record = from_json(line)
        if ("numbers" in record) != listed:
            raise ValueError
        yield record["path"]


def _of_csv(lines: Iterable[str], listed: bool) -> Iterator[str]:
    rows = csv.reader(lines)
    head = next(rows, None)
    if head not in (None, list(columns(listed))):
        raise ValueError
    for row in rows:
        yield row[0]


def _of_plain(lines: Iterable[str], listed: bool) -> Iterator[str]:
    for line in lines:
        row, boxed = _ROW.fullmatch(line), _BOXED.fullmatch(line)
        if listed:
            row = boxed or (row if line.endswith(": ") else None)
        if row and listed >= bool(boxed):
            yield row[1]
        elif not line.startswith(_RIVAL):
            raise ValueError


_NAMES = {"json": _of_json, "csv": _of_csv, "": _of_plain}
