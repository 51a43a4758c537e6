"""The command line: `recognizer PATH…` prints the number in each picture or drawing.

Exit status 0: every input was read; 1: some could not be, the others were; 2: the command itself was wrong.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from recognizer.file import UnreadableFile, shown
from recognizer.options import parser, terms_of
from recognizer.quiet import quiet_libraries
from recognizer.reading import ALTERNATIVES
from recognizer.report import is_accepted, json_error, json_line, plain_line, rival_lines

if TYPE_CHECKING:
    from recognizer.album import Album
    from recognizer.reading import Reading
    from recognizer.recognize import Recognizer

STANDARD_INPUT = "-"
_WRONG, _INTERRUPTED = 2, 130
_TEXTS_A_NUMBER = 4  # readings that are looked for, for every number asked for


class _OutputLost(Exception):
    """Standard output takes no more; the reason, or nothing where whoever read our lines has had enough."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments`, those of the process by default, and return its exit status."""
    options = parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # for names that the terminal's encoding lacks
    try:
        with quiet_libraries():
            return _run(options)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except _OutputLost as loss:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains at its end
        return _complain(f"the output cannot be written ({loss}).", 1) if str(loss) else 1


def _run(options: argparse.Namespace) -> int:
    """Read every input, print a line for each, and return the exit status."""
    from recognizer.album import Album
    from recognizer.classify import ModelUnavailable
    from recognizer.recognize import Recognizer

    try:
        recognizer = Recognizer.load(options.model, options.engine)
        if options.annotate:
            options.annotate.mkdir(parents=True, exist_ok=True)
    except ModelUnavailable as problem:
        return _complain(str(problem), _WRONG)
    except OSError as problem:
        return _complain(f"{shown(options.annotate)} cannot be made ({problem.strerror}): name another folder.", _WRONG)
    album = Album(options.annotate) if options.annotate else None
    status = 0
    for name, source in _inputs(options.paths):
        try:
            _answer(recognizer, name, source, options, album)
        except UnreadableFile as problem:
            status = _complain(str(problem), 1)
    return status


def _answer(
    recognizer: Recognizer,
    name: str,
    source: Path | BinaryIO | UnreadableFile,
    options: argparse.Namespace,
    album: Album | None,
) -> None:
    """Print the line of one input and keep its annotated copies; raise UnreadableFile where one cannot be had."""
    from recognizer.drawing import Drawing
    from recognizer.reading import joined
    from recognizer.source import load_source, load_stream

    try:
        if isinstance(source, UnreadableFile):
            raise source
        loaded = load_source(source, name) if isinstance(source, Path) else load_stream(source, "standard input")
        pages = (loaded,) if isinstance(loaded, Drawing) else loaded
        readings = [recognizer.read(page, _texts(options)) for page in pages]
    except UnreadableFile as problem:
        if options.json:
            _say(json_error(name, str(problem), terms_of(options)))
        raise
    _print(name, joined(readings), options)
    if album:
        album.keep(name, pages, readings)


def _print(name: str, reading: Reading, options: argparse.Namespace) -> None:
    """Print the line of one reading, and a note where a number was held back."""
    terms = terms_of(options)
    if options.json:
        _say(json_line(name, reading, terms))
        return
    several = len(options.paths) > 1 or (options.paths[0] != "" and Path(options.paths[0]).is_dir())
    _say("\n".join((plain_line(name if several else None, reading, terms), *rival_lines(reading, terms))))
    if not is_accepted(reading, terms.least):
        _complain(
            f"{shown(name)} reads {reading.number!r} with a confidence of {reading.confidence:.3f}, "
            f"under {terms.least:g}: look at it yourself.",
            0,
        )


def _texts(options: argparse.Namespace) -> int:
    """Return how many texts to look for: numbers written with other marks count as one."""
    return max(ALTERNATIVES, _TEXTS_A_NUMBER * int(options.alternatives))


def _inputs(paths: Sequence[str]) -> Iterator[tuple[str, Path | BinaryIO | UnreadableFile]]:
    """Yield (name, where it is or what is wrong with it) of each input, folders replaced by what is in them."""
    from recognizer.source import files_below

    for path in paths:
        if path == STANDARD_INPUT:
            yield path, sys.stdin.buffer if sys.stdin else io.BytesIO()
        elif not path:
            yield path, UnreadableFile("An empty name was given: name a file or a folder.")
        elif Path(path).is_dir():
            for found in files_below(Path(path)):
                yield (path, found) if isinstance(found, UnreadableFile) else (str(found), found)
        else:
            yield path, Path(path)


def _say(line: str) -> None:
    """Print one line of results at once, so that whoever waits for it has it."""
    try:
        print(line, flush=True)
    except BrokenPipeError:
        raise _OutputLost from None
    except OSError as problem:
        raise _OutputLost(problem.strerror) from None


def _complain(sentence: str, status: int) -> int:
    """Print one line on standard error and return the exit status that goes with it."""
    print(f"recognizer: {' '.join(sentence.split())}", file=sys.stderr, flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
