"""What is done for the window beside drawing: files, models, the clipboard; what takes long, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from pathlib import Path

from recognizer.file import UnreadableFile, kind_of, shown
from ui.about import shipped_file
from ui.choosing import NO_DIGIT
from ui.clipboard import get_picture, get_text, put_text
from ui.events import Event, Listed, Notice, Opened, Saved
from ui.files import MODELS, keep_ink, listed, open_page, path_of, picture_page, save
from ui.page import Correction
from ui.readout import room_of
from ui.state import State, Wish

_PASTED = "the picture from the clipboard"


@dataclass(frozen=True)
class Folders:
    """Where things are kept: `home` settings and journals, `saved` what is saved, `kept` corrected ink."""

    home: Path
    saved: Path
    kept: Path


class Errands:
    """Does what a state wishes and tells `post`, from any thread, what came of it; `use` reads with another model."""

    def __init__(self, folders: Folders, post: Callable[[Event], object], use: Callable[[Path], object]) -> None:
        self._folders = folders
        self._post = post
        self._use = use
        self._listing = folders.saved
        self._threads: list[threading.Thread] = []

    def run(self, wish: Wish, state: State) -> None:
        """Do what `state` wishes, as far as that is nothing of the window itself."""
        match wish:
            case Wish.COPY:
                self._copy(state.shown.reading.number)
            case Wish.COPY_TEXT:
                self._copy(state.shown.reading.text)
            case Wish.PASTE:
                self._paste(state)
            case Wish.LIST:
                self._list(self._listing)
            case Wish.OPEN:
                self._open(path_of(state.opening), state)
            case Wish.SHIPPED:
                self._use(shipped_file())
            case Wish.SAVE:
                if not state.page.blank:
                    self._beside(lambda: _saved(state, self._folders.saved))
            case Wish.KEEP_INK:
                self._beside(lambda: _ink_kept([*_taken_back(state), *state.page.corrections], self._folders.kept))

    def _copy(self, text: str) -> None:
        if text:
            put_text(text)
        self._post(Notice(f"Copied {' '.join(text.split())}." if text else "There is no number to copy."))

    def _paste(self, state: State) -> None:
        """Open the file whose path is on the clipboard, or the picture that is there."""
        path = path_of(get_text())
        if kind_of(path) == "file":
            self._open(path, state)
        else:
            self._beside(lambda: Opened(picture_page(get_picture(), *room_of(state)), _PASTED, stored=False))

    def _list(self, folder: Path) -> None:
        self._listing = folder.resolve()
        self._post(Listed(str(self._listing), listed(self._listing)))

    def _open(self, path: Path, state: State) -> None:
        """Open a picture or a drawing, list a folder, or read with another model."""
        if kind_of(path) == "folder":
            self._list(path)
        elif path.suffix.lower() in MODELS:
            self._use(path)
        else:
            self._beside(lambda: open_page(path, *room_of(state)))

    def _beside(self, work: Callable[[], Event | None]) -> None:
        """Do `work` in a thread of its own and post what it returns, if anything, or why it could not be done."""

        def run() -> None:
            try:
                if (done := work()) is not None:
                    self._post(done)
            except UnreadableFile as problem:
                self._post(Notice(str(problem)))
            except OSError as problem:
                place = shown(problem.filename2 or problem.filename or self._folders.saved)
                self._post(Notice(f"{place} cannot be written ({problem.strerror}): make room, or save elsewhere."))
            except Exception as problem:
                self._post(Notice(f"That cannot be done ({type(problem).__name__}: {problem}): undo the last step."))
                raise

        self._threads = [thread for thread in self._threads if thread.is_alive()]
        self._threads.append(threading.Thread(target=run, name="files"))
        self._threads[-1].start()

    def finish(self) -> None:
        """Wait until all that was begun is done, and told."""
        for thread in self._threads:
            thread.join()


def _saved(state: State, folder: Path) -> Event:
    folder.mkdir(parents=True, exist_ok=True)
    names = save(state, folder, datetime.now())
    return Saved(state.page, f"Saved {names[0]} and {len(names) - 1} files beside it in {folder.resolve()}.")


def _ink_kept(corrections: Sequence[Correction], folder: Path) -> Event | None:
    count = keep_ink(corrections, folder)
    return Notice(f"Kept {count} corrected digit{'s' * (count != 1)} in {folder.resolve()}.") if count else None


def _taken_back(state: State) -> list[Correction]:
    """Return what the latest step of history has taken back, as said to be no digit; its ink is still on the page."""
    page, said = set(state.page.strokes), {correction.strokes for correction in state.page.corrections}
    steps = [each for edit in (*state.past[-1:], *state.future[-1:]) for each in chain(*edit.corrections)]
    gone = [each for each in steps if each.strokes and each.strokes not in said and page.issuperset(each.strokes)]
    return [replace(each, label=NO_DIGIT) for each in gone]
