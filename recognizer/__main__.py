"""The command line: `recognizer PATH…` prints the number in each picture or drawing.

Exit status 0: every input was read; 1: some could not be, the others were; 2: the command itself was wrong.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from recognizer.file import UnreadableFile, shown
from recognizer.inputs import inputs_of, is_several
from recognizer.options import parser
from recognizer.quiet import quiet_libraries

if TYPE_CHECKING:
    from recognizer.album import Album
    from recognizer.answer import Answer

_WRONG, _INTERRUPTED = 2, 130


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
    from recognizer.answer import answer_to
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
    options.several = is_several(options.paths)
    return max((_tell(answer_to(recognizer, one, options), album) for one in inputs_of(options.paths)), default=0)


def _tell(answer: Answer, album: Album | None) -> int:
    """Print what there is to say of one input, keep its annotated copies, and return its part of the exit status."""
    if answer.lines:
        _say("\n".join(answer.lines))
    if answer.note:
        _complain(answer.note, 0)
    if answer.error:
        return _complain(answer.error, 1)
    try:
        if album:
            album.keep(answer.name, answer.copies)
    except UnreadableFile as problem:
        return _complain(str(problem), 1)
    return 0


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
