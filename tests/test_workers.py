"""What several processes make of items, some of which kill them."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from itertools import count, islice

import pytest

from recognizer.workers import Workers


def begin() -> Callable[[int], int]:
    return work


def work(item: int) -> int:
    """The square of an item; a negative one is the worker's death."""
    if item < 0:
        os._exit(9)
    return item * item


def lost(item: int) -> int:
    return item


def elsewhere(item: int) -> None:
    """No item is for this process."""


def test_results_come_in_the_order_of_their_items_and_a_death_costs_one_item():
    items = [*range(40), -1, *range(40, 60), -2, -3, *range(60, 100)]
    with Workers(2, begin, lost) as workers:
        assert list(workers.results(items, elsewhere)) == [item if item < 0 else item * item for item in items]


def test_what_only_this_process_can_do_is_done_by_it_in_its_turn():
    def here(item: int) -> Callable[[], int] | None:
        return partial(os.getpid) if item % 3 == 0 else None

    with Workers(2, begin, lost) as workers:
        results = list(workers.results(range(20), here))
    assert results == [os.getpid() if item % 3 == 0 else item * item for item in range(20)]


def test_no_more_items_are_taken_than_are_under_way():
    taken = count()

    with Workers(2, begin, lost) as workers:
        results = workers.results(taken, elsewhere)
        assert list(islice(results, 500)) == [item * item for item in range(500)]
        assert next(taken) < 500 + 32 * 6


def test_leaving_early_ends_the_workers():
    with pytest.raises(KeyboardInterrupt), Workers(2, forever, lost) as workers:
        next(workers.results(iter([1, 2, 3, 4]), interrupted_at_3))


def forever() -> Callable[[int], int]:
    return endlessly


def endlessly(item: int) -> int:
    while True:
        pass


def interrupted_at_3(item: int) -> None:
    if item == 3:
        raise KeyboardInterrupt
