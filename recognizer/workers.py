"""Items worked on by several processes, results in order; a process that dies takes no more than its item along.

The processes are those of `concurrent.futures`. They are started afresh, not forked, on every
system: a fork would copy locks that other threads hold.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import Connection
from time import perf_counter
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST_WORKERS = 61
"""No more processes than Windows can wait for."""

_AHEAD = 2  # shares for each worker that are under way, so that none waits for another's result
_SHORT, _LONG = 0.05, 0.2  # seconds that a share should take, so that handing it over costs little
_LARGEST_SHARE = 32  # items; what is held in memory is bounded by it


class Workers(Generic[Item, Result]):
    """So many processes; they end with the `with` block, or with this process however it ends.

    Each calls `begin` once, and what that returns for every item. Where an item ends the process
    that works on it, `lost` says its result. All of them must pickle.
    """

    def __init__(
        self, count: int, begin: Callable[[], Callable[[Item], Result]], lost: Callable[[Item], Result]
    ) -> None:
        self._count, self._begin, self._lost = min(count, MOST_WORKERS), begin, lost
        self._held, self._leash = multiprocessing.Pipe(duplex=False)  # workers hold one end; the other ends with us
        self._pool = self._hired(self._count)

    def __enter__(self) -> Workers[Item, Result]:
        """Return the workers, who start when the first items are handed to them."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Let the workers finish, or stop them at once where an exception ends the block."""
        if kind is not None:
            self._leash.close()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._leash.close()
        self._held.close()

    def results(self, items: Iterable[Item], here: Callable[[Item], Callable[[], Result] | None]) -> Iterator[Result]:
        """Yield the result of each item, in order; `items` are taken as they are needed, a bounded number ahead.

        Of an item that only this process can work on, `here` returns how; of others, None.
        """
        rest, size = iter(items), 1
        waiting: deque[_Share[Item, Result]] = deque()
        while True:
            while len(waiting) < _AHEAD * self._count and (more := self._handed_over(rest, size, here)):
                waiting += more
            if not waiting:
                return
            results, seconds = self._done(waiting.popleft())
            yield from results
            if seconds > _LONG:
                size = max(1, size // 2)
            elif seconds < _SHORT:
                size = min(2 * size, _LARGEST_SHARE)

    def _handed_over(
        self, rest: Iterator[Item], size: int, here: Callable[[Item], Callable[[], Result] | None]
    ) -> list[_Share[Item, Result]]:
        """Hand the next items of `rest`, at most `size`, to the workers, up to one that is for this process."""
        share, ours = [], None
        for _, item in zip(range(size), rest, strict=False):
            ours = here(item)
            if ours:
                break
            share.append(item)
        parts: list[_Share[Item, Result]] = []
        if share:
            parts.append(_Share(share, work=self._submitted(share)))
        return [*parts, _Share([], ours=ours)] if ours else parts

    def _submitted(self, share: list[Item]) -> Future[tuple[list[Result], float]]:
        try:
            return self._pool.submit(_worked, share)
        except BrokenProcessPool:
            self._pool.shutdown(wait=True)
            self._pool = self._hired(self._count)
            return self._pool.submit(_worked, share)

    def _done(self, share: _Share[Item, Result]) -> tuple[list[Result], float]:
        """Return the results of a share and how many seconds it took, which is the usual where it says nothing."""
        if share.ours:
            return [share.ours()], _SHORT
        try:
            return share.work.result() if share.work else ([], _SHORT)
        except BrokenProcessPool:
            return self._one_by_one(share.items), _SHORT

    def _one_by_one(self, items: list[Item]) -> list[Result]:
        """Return the results of items worked on one at a time, since a worker died: so its item is found out."""
        results = []
        alone = self._hired(1)
        for item in items:
            try:
                results += alone.submit(_worked, [item]).result()[0]
            except BrokenProcessPool:
                results.append(self._lost(item))
                alone.shutdown(wait=True)
                alone = self._hired(1)
        alone.shutdown(wait=True)
        return results

    def _hired(self, count: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), _start, (self._begin, self._held))


class _Share(Generic[Item, Result]):
    """Items that one worker has in hand, or what this process is to do itself when their turn comes."""

    def __init__(
        self,
        items: list[Item],
        work: Future[tuple[list[Result], float]] | None = None,
        ours: Callable[[], Result] | None = None,
    ) -> None:
        self.items, self.work, self.ours = items, work, ours


# In a worker ----------------------------------------------------------------------------------------------------------

_WORK: list[Callable[[Any], Any]] = []


def _start(begin: Callable[[], Callable[[Any], Any]], leash: Connection) -> None:
    """Make this process a worker, with no life beyond its master's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # which Ctrl+C sends to all: the master decides
    threading.Thread(target=_leave_with, args=(leash,), daemon=True).start()
    _WORK.append(begin())


def _leave_with(leash: Connection) -> None:
    """End this process at once when the master's end of `leash` closes, as it does however the master ends."""
    try:
        leash.poll(None)
    finally:
        os._exit(1)


def _worked(items: list[Any]) -> tuple[list[Any], float]:
    """Return the results of `items`, and how many seconds they took."""
    began = perf_counter()
    results = [_WORK[0](item) for item in items]
    return results, perf_counter() - began
