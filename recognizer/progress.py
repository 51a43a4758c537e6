"""How far a long run is, on a terminal: how many files are read, how many a second, and how long it will take yet."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tqdm import tqdm


class Progress:
    """A line at the bottom of the terminal while the `with` block lasts, where `seen`; sentences go above it.

    `count` tells how many inputs there are. It may take its time: it runs beside the reading, and
    until it is done the line has no end in sight.
    """

    def __init__(self, seen: bool, count: Callable[[], int] | None = None) -> None:
        self._bar = _bar() if seen else None
        if self._bar is not None and count:
            threading.Thread(target=self._learn, args=(count,), daemon=True).start()

    def __enter__(self) -> Progress:
        """Return the progress, which is shown already."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the line as it is and go on below it."""
        if self._bar is not None:
            self._bar.close()

    def step(self) -> None:
        """Count one more input as read."""
        if self._bar is not None:
            self._bar.update()

    def say(self, sentence: str) -> None:
        """Print one sentence on standard error."""
        if self._bar is None:
            print(sentence, file=sys.stderr, flush=True)
        else:
            self._bar.write(sentence, file=sys.stderr)

    def _learn(self, count: Callable[[], int]) -> None:
        total = count()
        if self._bar is not None:
            self._bar.total = total


def _bar() -> tqdm[None]:
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # no thread that looks after bars which stand still
    tqdm.set_lock(threading.RLock())  # by default it is one for several processes, which takes a while to make
    return tqdm(file=sys.stderr, unit=" files", dynamic_ncols=True, smoothing=0.05)
