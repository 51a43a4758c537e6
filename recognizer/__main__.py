"""The command line: `recognizer PATH…` prints the number in each picture or drawing.

Exit status 0: every input was read; 1: some could not be, the others were; 2: the command itself was wrong.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from recognizer.file import UnreadableFile, kind_of, shown
from recognizer.inputs import STANDARD_INPUT, is_several
from recognizer.options import options_of
from recognizer.output import Output, OutputLost
from recognizer.progress import Progress
from recognizer.quiet import quiet_libraries

if TYPE_CHECKING:
    from recognizer.album import Album
    from recognizer.answer import Answer
    from recognizer.inputs import Input
    from recognizer.recognize import Recognizer

    Outlets = tuple[Output, Progress, tuple[Album | None, ...]]

_WRONG, _INTERRUPTED = 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments`, those of the process by default, and return its exit status."""
    options = options_of(arguments)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # more threads would only take the cores of workers
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # for names that the terminal's encoding lacks
    try:
        with quiet_libraries():
            return _run(options)
    except KeyboardInterrupt:
        if options.output:
            _complain(f"interrupted; {shown(options.output)} holds what was read, and --resume goes on.", 0)
        return _INTERRUPTED
    except OutputLost as loss:
        if not options.output and sys.stdout:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains at its end
        return _complain(f"the output cannot be written ({loss}).", 1) if str(loss) else 1


def _run(options: argparse.Namespace) -> int:
    """Read every input, print a line for each, and return the exit status."""
    from recognizer.album import Album
    from recognizer.batch import inputs_for
    from recognizer.engine import ModelUnavailable
    from recognizer.recognize import Recognizer
    from recognizer.resume import Done, done_in
    from recognizer.risk import NoSuchPromise, curve_of, threshold_for

    folders = (options.annotate, options.explain)
    try:
        recognizer = Recognizer.load(options.model, options.engine)
        if options.max_error is not None:
            options.min_confidence = threshold_for(curve_of(recognizer.card), options.max_error)
        for folder in filter(None, folders):
            folder.mkdir(parents=True, exist_ok=True)
        done = done_in(options.output, _form(options), options.lines) if options.resume else Done()
        inputs = inputs_for(options, done)
        read = [Path(path) for path in (options.files_from, options.model) if path]
        output = Output(options.output, options.resume, _heading(options), read)
    except (ModelUnavailable, NoSuchPromise, UnreadableFile) as problem:
        return _complain(str(problem), _WRONG)
    except OSError as problem:
        return _complain(f"{shown(problem.filename)} cannot be made ({problem.strerror}): name another folder.", _WRONG)
    albums = tuple(Album(folder, done.names.elements()) if folder else None for folder in folders)
    options.several = options.resume or bool(options.files_from) or is_several(options.paths)
    count = (lambda: sum(1 for _ in inputs_for(options, done))) if _is_countable(options.files_from) else None
    with output, Progress(_is_watched(options), count) as progress:
        return _tell_all(recognizer, inputs, options, (output, progress, albums))


def _tell_all(recognizer: Recognizer, inputs: Iterator[Input], options: argparse.Namespace, outlets: Outlets) -> int:
    """Tell the answers to all inputs, until too many of them could not be read, and return the exit status."""
    from recognizer.batch import answers

    failures, most = 0, options.max_failures
    try:
        with closing(answers(recognizer, inputs, options)) as several:
            for answer in several:
                failures += _tell(answer, outlets)
                if most is not None and failures > most:
                    outlets[1].say(f"recognizer: stopped, since more than {most} inputs could not be read.")
                    break
    except UnreadableFile as problem:
        return _complain(str(problem), _WRONG)
    return 1 if failures else 0


def _tell(answer: Answer, outlets: Outlets) -> int:
    """Print what there is to say of one input, keep the pictures made of it, and return 1 where something failed."""
    output, progress, (annotated, explained) = outlets
    output.write(answer.lines)
    problem = answer.error
    try:
        if annotated:
            annotated.keep(answer.name, answer.copies)
        if explained:
            explained.keep(answer.name, answer.explanations)
    except UnreadableFile as unkept:
        problem = str(unkept)
    for sentence in filter(None, (answer.note, problem)):
        progress.say(_sentence(sentence))
    progress.step()
    return 1 if problem else 0


def _form(options: argparse.Namespace) -> str:
    """Return the form of the results: "json", "csv", or "" for plain lines."""
    return "json" if options.json else "csv" if options.csv else ""


def _heading(options: argparse.Namespace) -> tuple[str, ...]:
    """Return what stands above the results."""
    from recognizer.table import columns

    return (",".join(columns(options.lines)),) if options.csv else ()


def _is_countable(names: str | None) -> bool:
    """Tell whether a list of `names`, if there is one, can be read twice: a pipe gives them only once."""
    return not names or (names != STANDARD_INPUT and kind_of(names) == "file")


def _is_watched(options: argparse.Namespace) -> bool:
    """Tell whether somebody looks at a terminal that the results do not fill."""
    away = options.output is not None or not (sys.stdout and sys.stdout.isatty())
    return options.several and away and bool(sys.stderr and sys.stderr.isatty())


def _sentence(sentence: str) -> str:
    return f"recognizer: {shown(' '.join(sentence.split()))}"


def _complain(sentence: str, status: int) -> int:
    """Print one line on standard error and return the exit status that goes with it."""
    print(_sentence(sentence), file=sys.stderr, flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
