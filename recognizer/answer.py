"""What there is to say of one input: lines of results, notes, annotated copies, or why it cannot be read."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import cv2

from recognizer.annotate import annotate
from recognizer.file import UnreadableFile, shown
from recognizer.inputs import Input
from recognizer.options import terms_of
from recognizer.page import as_png
from recognizer.reading import ALTERNATIVES, Reading, joined
from recognizer.recognize import Recognizer
from recognizer.report import is_accepted, json_error, json_line, plain_line, rival_lines
from recognizer.source import Page, pages_of, stream_pages

_TEXTS_A_NUMBER = 4  # readings that are looked for, for every number asked for


@dataclass(frozen=True)
class Answer:
    """What there is to say of the input called `name`.

    `lines` are results; `note` and `error` are sentences for people, empty where all is well;
    `copies` are its pages with boxes and labels, as PNG files.
    """

    name: str
    lines: tuple[str, ...] = ()
    note: str = ""
    error: str = ""
    copies: tuple[bytes, ...] = ()


def answer_to(recognizer: Recognizer, one: Input, options: argparse.Namespace) -> Answer:
    """Read one input, page by page, and return what `options` want to be told of it."""
    readings: list[Reading] = []
    copies: list[bytes] = []
    try:
        for page in _pages(one):
            readings.append(recognizer.read(page, _texts(options)))
            if options.annotate:
                copies.append(as_png(annotate(page, readings[-1])))
    except UnreadableFile as problem:
        return failure(one.name, str(problem), options)
    except MemoryError:
        return failure(one.name, f"{shown(one.name)} takes more memory than there is: scale it down.", options)
    except (cv2.error, ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as problem:
        sentence = f"{shown(one.name)} could not be read for a fault of ours ({problem!r}): report it."
        return failure(one.name, sentence, options)
    return _told(one.name, joined(readings), tuple(copies), options)


def failure(name: str, sentence: str, options: argparse.Namespace) -> Answer:
    """Return the answer to an input that cannot be read, `sentence` saying why."""
    return Answer(name, (json_error(name, sentence, terms_of(options)),) if options.json else (), error=sentence)


def _pages(one: Input) -> Iterator[Page]:
    if one.problem:
        raise UnreadableFile(one.problem)
    if one.place is None:
        return stream_pages(sys.stdin.buffer if sys.stdin else io.BytesIO(), "standard input")
    return pages_of(one.place, one.name)


def _told(name: str, reading: Reading, copies: tuple[bytes, ...], options: argparse.Namespace) -> Answer:
    """Return the answer to an input that was read, with a note where its number is held back."""
    terms = terms_of(options)
    if options.json:
        return Answer(name, (json_line(name, reading, terms),), copies=copies)
    lines = (plain_line(name if options.several else None, reading, terms), *rival_lines(reading, terms))
    note = ""
    if not is_accepted(reading, terms.least):
        note = (
            f"{shown(name)} reads {reading.number!r} with a confidence of {reading.confidence:.3f}, "
            f"under {terms.least:g}: look at it yourself."
        )
    return Answer(name, lines, note, copies=copies)


def _texts(options: argparse.Namespace) -> int:
    """Return how many texts to look for: numbers written with other marks count as one."""
    return max(ALTERNATIVES, _TEXTS_A_NUMBER * int(options.alternatives))
