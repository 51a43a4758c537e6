"""What the latest readings made, so that the next one need not make it again."""

from __future__ import annotations

import threading
from collections import ChainMap
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import chain
from typing import Generic, ParamSpec, TypeVar

import numpy as np
from cachetools import LRUCache, cached
from numpy.typing import NDArray

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
T = TypeVar("T")
P = ParamSpec("P")

KEPT = 8
"""Rounds: what a stroke changed is still known after it is undone, and when it is drawn once more."""


class Memory(Generic[K, V]):
    """Values by what they are made from, those of the last `KEPT` rounds. Safe to use from many threads.

    It grows with what one round asks for and not with the number of rounds, and however much that
    is, the next round finds all of it.
    """

    def __init__(self) -> None:
        self._rounds: tuple[dict[K, V], ...] = ()
        self._passes = False

    def recall(self, keys: Sequence[K], make: Callable[[K], V], passing: bool = False) -> tuple[V, ...]:
        """Return the value of each of `keys`, made now where no round has it; these are a round of their own.

        A `passing` round gives way to the next, unless it is kept before.
        """
        rounds = self._rounds
        latest, earlier = rounds[0] if rounds else {}, ChainMap(*rounds[1:])
        values = [latest[k] if k in latest else earlier[k] if k in earlier else make(k) for k in keys]
        before = rounds[1:] if self._passes else rounds[: KEPT - 1]
        self._rounds, self._passes = (dict(zip(keys, values, strict=True)), *before), passing
        return tuple(values)

    def unknown(self, keys: Iterable[K]) -> list[K]:
        """Return those of `keys` that no round has."""
        rounds = self._rounds
        return [key for key in keys if not any(key in known for known in rounds)]

    def keep(self) -> None:
        """Have the latest round count as one, though it was passing."""
        self._passes = False

    def foresee(self, key: K, make: Callable[[K], V]) -> None:
        """Make the value of `key` before a round asks for it, as part of the latest."""
        if self._rounds and self.unknown([key]):
            self._rounds[0][key] = make(key)


class Row(Generic[T, V]):
    """The values of the things of a row, kept for those with which the next row begins and ends.

    So a row of ten thousand with one thing added costs little more than that one. Safe to use from
    many threads.
    """

    def __init__(self) -> None:
        self._last: tuple[tuple[T, ...], tuple[V, ...]] = (), ()

    def values(self, row: tuple[T, ...], make: Callable[[T], V]) -> tuple[V, ...]:
        """Return the value of each thing of `row`, made for those between its ends that are new."""
        before, known = self._last
        head = common(before, row)
        tail = common(before[head:][::-1], row[head:][::-1])
        new = row[head : len(row) - tail]
        values = (*known[:head], *map(make, new), *known[len(before) - tail :])
        self._last = row, values
        return values


class Table(Generic[T]):
    """The numbers of the things of a row, as an array, kept as in a `Row`. Safe to use from many threads."""

    def __init__(self) -> None:
        self._last: tuple[tuple[T, ...], NDArray[np.float64] | None] = (), None

    def values(self, row: tuple[T, ...], make: Callable[[T], Sequence[float]], columns: int) -> NDArray[np.float64]:
        """Return an array (things, columns), not to be written to, made for those between its ends that are new."""
        before, known = self._last
        head = common(before, row)
        tail = common(before[head:][::-1], row[head:][::-1])
        new = row[head : len(row) - tail]
        made = np.fromiter(chain.from_iterable(map(make, new)), np.float64, columns * len(new)).reshape(-1, columns)
        values = made if known is None else np.concatenate([known[:head], made, known[len(before) - tail :]])
        values.flags.writeable = False
        self._last = row, values
        return values


def kept_up_to(most: int, size: Callable[[V], int]) -> Callable[[Callable[P, V]], Callable[P, V]]:
    """Return a decorator that keeps what a function returned last, at most `most` bytes by their `size`.

    Values that are larger alone are not kept. Safe to use from many threads.
    """
    return cached(LRUCache(most, size), lock=threading.Lock())


def common(one: Sequence[object], other: Sequence[object]) -> int:
    """Return with how many equal things both begin: they are compared many at once, the very same in no time."""
    low, high = 0, min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle
    return low
