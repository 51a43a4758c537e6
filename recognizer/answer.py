"""What there is to say of one input: lines of results, notes, annotated copies, or why it cannot be read."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2

from recognizer.explanation import Explanation
from recognizer.file import UnreadableFile, shown
from recognizer.formats import BadFormat
from recognizer.inputs import Input
from recognizer.listing import listed, plain_listing, with_numbers
from recognizer.locate import TooManyMarks
from recognizer.options import terms_of
from recognizer.page import as_png
from recognizer.reading import ALTERNATIVES, Reading, joined
from recognizer.recognize import Recognizer
from recognizer.region import OutsidePage, part_of, placed
from recognizer.report import is_accepted, json_error, json_line, plain_line, rival_lines
from recognizer.source import Page, pages_of, stream_pages
from recognizer.table import columns, csv_error, csv_row, csv_rows

FAILURES = (MemoryError, cv2.error, ArithmeticError, LookupError, RuntimeError, TypeError, ValueError)
"""What may come of reading a file, those that it is to blame for among them (`UnreadableFile` is a `ValueError`)."""

_TEXTS_A_NUMBER = 4  # readings that are looked for, for every number asked for


@dataclass(frozen=True)
class Answer:
    """What there is to say of the input called `name`.

    `lines` are results; `note` and `error` are sentences for people, empty where all is well;
    `copies` are its pages with boxes and labels, `explanations` how they were read, both as PNG files.
    """

    name: str
    lines: tuple[str, ...] = ()
    note: str = ""
    error: str = ""
    copies: tuple[bytes, ...] = ()
    explanations: tuple[bytes, ...] = ()


def answer_to(recognizer: Recognizer, one: Input, options: argparse.Namespace) -> Answer:
    """Read one input, page by page, and return what `options` want to be told of it."""
    readings: list[Reading] = []
    copies: list[bytes] = []
    explanations: list[bytes] = []
    try:
        for page in _pages(one):
            part = part_of(page, options.region)
            if options.explain:
                explained = recognizer.explain(part, _texts(options), options.format)
                reading = explained.reading
                explanations.append(_explanation(part, explained))
            else:
                reading = recognizer.read(part, _texts(options), options.format)
            readings.append(placed(reading, page, options.region))
            if options.annotate:
                copies.append(_copy(page, readings[-1]))
    except FAILURES as problem:
        return failure(one.name, why_not(one.name, problem), options)
    answer = _told(one.name, readings, options)
    return replace(answer, copies=tuple(copies), explanations=tuple(explanations))


def why_not(name: str, problem: Exception) -> str:
    """Return a sentence that says why the file called `name` cannot be read: for one of `FAILURES`, `problem`."""
    if isinstance(problem, OutsidePage):
        return f"{shown(name)} has nothing there: {problem}."
    if isinstance(problem, TooManyMarks):
        return f"{shown(name)} is no page of writing: {problem}."
    if isinstance(problem, UnreadableFile | BadFormat):
        return str(problem)
    if isinstance(problem, MemoryError):
        return f"{shown(name)} takes more memory than there is: scale it down."
    return f"{shown(name)} could not be read for a fault of ours ({problem!r}): report it."


def failure(name: str, sentence: str, options: argparse.Namespace) -> Answer:
    """Return the answer to an input that cannot be read, `sentence` saying why."""
    lines: tuple[str, ...] = ()
    if options.json:
        line = json_error(name, sentence, terms_of(options))
        lines = (with_numbers(line, (), 0.0) if options.lines else line,)
    elif options.csv:
        lines = (csv_error(name, sentence, columns(options.lines)),)
    return Answer(name, lines, error=sentence)


def _pages(one: Input) -> Iterator[Page]:
    if one.problem:
        raise UnreadableFile(one.problem)
    if one.place is None:
        return stream_pages(sys.stdin.buffer if sys.stdin else io.BytesIO(), "standard input")
    return pages_of(one.place, one.name)


def _copy(page: Page, reading: Reading) -> bytes:
    from recognizer.annotate import annotate  # which most runs need not wait for, as the diagram below

    return as_png(annotate(page, reading))


def _explanation(page: Page, explained: Explanation) -> bytes:
    from recognizer.diagram import diagram

    return as_png(diagram(page, explained))


def _told(name: str, readings: Sequence[Reading], options: argparse.Namespace) -> Answer:
    """Return the answer to an input whose pages were read, with a note where something speaks against it."""
    reading = joined(readings)
    lines = _lines(name, readings, reading, options)
    return Answer(name, lines, "" if options.json or options.csv else _note(shown(name), reading, options))


def _note(name: str, reading: Reading, options: argparse.Namespace) -> str:
    """Return what speaks against a reading: that it lacks the format, is too unsure, or that the ink says otherwise."""
    least = terms_of(options).least
    if not reading.fits:
        return f"{name} cannot be read as {options.format.name}, but as {reading.text!r}: look at it yourself."
    if not is_accepted(reading, least):
        return (
            f"{name} reads {reading.number!r} with a confidence of {reading.confidence:.3f}, "
            f"under {least:g}: look at it yourself."
        )
    if reading.otherwise:
        return f"{name} reads {reading.text!r} as {options.format.name}, but rather {reading.otherwise!r} without."
    return ""


def _lines(name: str, readings: Sequence[Reading], reading: Reading, options: argparse.Namespace) -> tuple[str, ...]:
    """Return the lines of one input, whose pages' `readings` joined are `reading`, in the form asked for."""
    terms = terms_of(options)
    numbers = listed(readings) if options.lines else ()
    if options.json:
        line = json_line(name, reading, terms)
        return (with_numbers(line, numbers, terms.least) if options.lines else line,)
    if options.csv:
        return csv_rows(name, numbers, terms) if options.lines else (csv_row(name, reading, terms),)
    path = name if options.several else None
    if options.lines:
        return plain_listing(path, numbers, terms.least, len(readings))
    return (plain_line(path, reading, terms), *rival_lines(reading, terms))


def _texts(options: argparse.Namespace) -> int:
    """Return how many texts to look for: numbers written with other marks count as one."""
    return max(ALTERNATIVES, _TEXTS_A_NUMBER * int(options.alternatives))
