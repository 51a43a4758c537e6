"""Many inputs answered in their order: by this process while that is quick, by one process a core where it is not."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Generator, Iterator
from functools import partial
from itertools import chain, islice
from math import ceil
from time import perf_counter

import cv2

from recognizer.answer import Answer, answer_to, failure
from recognizer.file import shown
from recognizer.inputs import Input, inputs_listed, inputs_of, open_list
from recognizer.recognize import Recognizer
from recognizer.resume import Done

_ALONE = 0.5
"""Seconds that this process reads before it looks for help: other processes take about as long to start."""


def answers(
    recognizer: Recognizer, inputs: Iterator[Input], options: argparse.Namespace
) -> Generator[Answer, None, None]:
    """Yield the answer to each of `inputs`, in order.

    They are read by as many processes as `options` name; where none are named, by one a core as
    soon as there is work for them. One input is read by this process.
    """
    count = options.workers or (cores() if options.engine == "litert" else 1)
    rest = inputs
    if count > 1 and options.workers:
        first = tuple(islice(inputs, 2))
        rest, count = chain(first, inputs), count if len(first) > 1 else 1
    elif count > 1:
        rest = yield from _while_quick(recognizer, inputs, options)
    if count > 1 and (soonest := next(rest, None)):
        from recognizer.workers import Workers  # which needs modules that one input does not

        def here(one: Input) -> Callable[[], Answer] | None:
            return None if one.is_plain_file else partial(answer_to, recognizer, one, options)

        with Workers(count, partial(_reader, options), partial(_lost, options)) as workers:
            yield from workers.results(chain((soonest,), rest), here)
    else:
        yield from (answer_to(recognizer, one, options) for one in rest)


def inputs_for(options: argparse.Namespace, done: Done) -> Iterator[Input]:
    """Return the inputs that `options` name, but for those that are `done`.

    Raises
    ------
    UnreadableFile
        A list of them cannot be opened.
    """
    copies = [folder.resolve() for folder in (options.annotate, options.explain) if folder]
    inputs = inputs_of(options.paths, copies)
    if options.files_from:
        separator = b"\0" if options.null else b"\n"
        inputs = chain(inputs, inputs_listed(open_list(options.files_from), separator, copies))
    return done.left_of(inputs)


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _reader(options: argparse.Namespace) -> Callable[[Input], Answer]:
    """Return what a worker does: it reads inputs, by one thread, as more would take other workers' cores."""
    cv2.setNumThreads(1)
    return partial(_answer, Recognizer.load(options.model, options.engine), options)


def _answer(recognizer: Recognizer, options: argparse.Namespace, one: Input) -> Answer:
    return answer_to(recognizer, one, options)


def _lost(options: argparse.Namespace, one: Input) -> Answer:
    """Return the answer to an input that ended the process that read it."""
    return failure(one.name, f"{shown(one.name)} ended the process that read it: leave it out, and report it.", options)


def _while_quick(
    recognizer: Recognizer, inputs: Iterator[Input], options: argparse.Namespace
) -> Generator[Answer, None, Iterator[Input]]:
    """Yield answers until `_ALONE` seconds of reading are spent and as many more are ahead; return the inputs left."""
    spent = 0.0
    for done, one in enumerate(inputs, 1):
        began = perf_counter()
        answer = answer_to(recognizer, one, options)
        spent += perf_counter() - began
        yield answer
        if spent > _ALONE:
            ahead = tuple(islice(inputs, ceil(_ALONE * done / spent) + 1))
            if len(ahead) * spent > _ALONE * done:
                return chain(ahead, inputs)
            yield from (answer_to(recognizer, one, options) for one in chain(ahead, inputs))
    return iter(())
