"""Keeps the page of a window on disk while it is open, and what an earlier one left until that is answered for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from ui.journal import Journal, forget, lost
from ui.page import Page


class Keeper:
    """Writes the page into a journal in `folder`; that it cannot, it tells `tell`, once until it can again."""

    def __init__(self, folder: Path, tell: Callable[[str], object]) -> None:
        self._folder = folder
        self._tell = tell
        self._is_told = False
        self._left: tuple[Path, ...] = ()
        self.journal: Journal | None = None

    def begin(self) -> Page:
        """Begin a journal, and return the page that an earlier window left unsaved last."""
        page, self._left = lost(self._folder)
        self._attempt(self._begin)
        return page

    def record(self, page: Page, stored: bool = False) -> None:
        """Write `page` down, and whether it is `stored` in a file: then no other window need offer it."""
        if self.journal is not None:
            self._attempt(partial(self.journal.record, page, stored))

    def forget(self, page: Page) -> None:
        """Remove what an earlier window left, once `page`, with what came back of it, is written down."""
        self.record(page)
        if not self._is_told:
            for path in self._left:
                forget(path)

    def end(self, keep: bool) -> None:
        """End the journal; with `keep` the next window offers what is in it."""
        if self.journal is not None:
            self.journal.close(keep)

    def _begin(self) -> None:
        self.journal = Journal(self._folder)

    def _attempt(self, write: Callable[[], object]) -> None:
        try:
            write()
            self._is_told = False
        except OSError as problem:
            if not self._is_told:
                self._is_told = True
                self._tell(f"A crash would lose what you draw: it cannot be kept ({problem.strerror}).")
