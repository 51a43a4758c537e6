"""The window: the one place that touches Pygame's events and display, the clock, files and the clipboard."""

from __future__ import annotations

import locale
import os
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pygame

from recognizer.file import UnreadableFile
from ui.clipboard import get_picture, get_text, put_text
from ui.events import Event, Found, Listed, Notice, Opened, Placed, Resized, translate
from ui.files import MODELS, keep_ink, listed, open_page, path_of, picture_page, save
from ui.journal import Journal, lost
from ui.preferences import save_settings
from ui.reader import Job, Reader
from ui.state import TITLE, State, Wish
from ui.update import update
from ui.view import View

if TYPE_CHECKING:
    from recognizer import Recognizer

OURS = pygame.USEREVENT
"""Type of the Pygame events that carry one of ours, as `ours`, from other threads and wake the loop."""

SMALLEST = (320, 240)
"""Width and height, in pixels, under which the toolbar would leave no paper."""

SWITCH = 0.0005
"""Seconds that the reader's thread may keep the interpreter while the pen waits; Python's own 5 ms can be seen."""

LONGEST_UNPAINTED = 30
"""Milliseconds that a change waits for the reading that will be painted with it."""

WANTED = (
    pygame.MOUSEBUTTONDOWN,
    pygame.MOUSEBUTTONUP,
    pygame.MOUSEMOTION,
    pygame.MOUSEWHEEL,
    pygame.FINGERDOWN,
    pygame.FINGERMOTION,
    pygame.FINGERUP,
    pygame.KEYDOWN,
    pygame.VIDEORESIZE,
    pygame.WINDOWEXPOSED,
    pygame.DROPFILE,
    pygame.QUIT,
    OURS,
)


@dataclass(frozen=True)
class Folders:
    """Where things are kept: `home` settings and journals, `saved` what is saved, `kept` corrected ink."""

    home: Path
    saved: Path
    kept: Path


class Window:
    """A window on a state: takes events in, has pages read, and paints, only when something changed.

    `load` returns a recognizer with the model at a path, or with the usual one for None.
    """

    def __init__(
        self, state: State, load: Callable[[Path | None], Recognizer], folders: Folders, fullscreen: bool = False
    ) -> None:
        os.environ.setdefault("SDL_VIDEO_X11_WMCLASS", "recognizer")
        pygame.display.init()
        pygame.font.init()
        pygame.key.set_repeat(400, 40)
        pygame.display.set_icon(_icon())
        flags = pygame.RESIZABLE | (pygame.FULLSCREEN if fullscreen else 0)
        screen = pygame.display.set_mode((0, 0) if fullscreen else state.size, flags)
        _set_title(TITLE)
        pygame.event.set_blocked(None)
        pygame.event.set_allowed(WANTED)
        self.state = replace(state, size=screen.get_size())
        self._title = TITLE
        self._view = View(self.state)
        self._painted: State | None = None
        self._load = load
        self._reader = Reader(lambda: load(None), _post)
        self._asked = 0
        self._windowed = state.size
        self._finger: tuple[int, int] | None = None
        self._folders = folders
        self._journal: Journal | None = None
        self._left_behind: tuple[Path, ...] = ()
        self._listing = folders.saved
        self._kept: set[int] = set()

    def run(self) -> None:
        """Show the window until the person closes it."""
        self.open()
        try:
            while not self.state.done:
                waiting = self.state is not self._painted
                self.take([pygame.event.wait(LONGEST_UNPAINTED if waiting else 0), *pygame.event.get()])
        finally:
            self.close()

    def open(self) -> None:
        """Paint the first frame, then begin to load the model and to keep a journal."""
        self._switch = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH)
        self.paint()
        self._reader.start()
        strokes, self._left_behind = lost(self._folders.home)
        self._journal = Journal(self._folders.home)
        self.take([_event(Found(strokes))] if strokes else [])

    def close(self) -> None:
        """End the reader's thread, keep the settings, and close the window."""
        sys.setswitchinterval(self._switch)
        self._reader.close()
        save_settings(self.state.settings, self._folders.home)
        if self._journal is not None:
            self._journal.close(orderly=self.state.done)
        pygame.display.quit()

    def take(self, events: Sequence[pygame.event.Event]) -> None:
        """Take in all that happened, then have the page read if that is due, else paint, once.

        A page that is being read is painted with its labels: its ink is on the screen already, and both
        threads share one interpreter, so that a paint now would make the labels wait. Where the
        reader takes longer than `run` waits for it, or has no model yet, the page is painted before.
        """
        for event in events:
            if event.type == OURS:
                self.handle(event.ours)
            elif event.type == pygame.WINDOWEXPOSED:
                pygame.display.flip()
            elif self._is_first_finger(event):
                ours = translate(event, self.state.size)
                if ours is not None:
                    self.handle(ours)
        asked = self._have_read()
        if not asked or self.state.facts is None:
            self.paint()

    def handle(self, event: Event) -> None:
        """Update the state, and do what it wishes."""
        self.state = update(self.state, event)
        wishes = self.state.wishes
        if wishes:
            self.state = replace(self.state, wishes=())
        for wish in wishes:
            self._grant(wish)

    def _have_read(self) -> bool:
        """Give the page to the reader if that is due, write it into the journal, and return whether it is read now."""
        state = self.state
        if state.gesture is not None:
            return False
        due = state.asked > self._asked and not state.page.blank
        self._asked = state.asked
        if due:
            self._reader.ask(Job(state.revision, state.page, state.size))
        if self._journal is not None:
            self._journal.record(state.page.strokes)
        return due

    def paint(self) -> None:
        """Show the state, if it is not shown already."""
        if self.state.shown.reading.symbols and not self.state.labels:
            self.handle(Placed(self._view.labels(self.state)))
        if self.state is self._painted:
            return
        screen = pygame.display.get_surface()
        if screen is None or screen.get_size() != self.state.size:
            return
        pygame.display.update(self._view.paint(screen, self.state))
        self._painted = self.state
        if self.state.title != self._title:
            self._title = self.state.title
            _set_title(self._title)

    def _is_first_finger(self, event: pygame.event.Event) -> bool:
        """Return whether `event` is of the finger that came first, or of no finger: one hand writes at a time."""
        if event.type not in (pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP):
            return True
        finger = event.touch_id, event.finger_id
        if event.type == pygame.FINGERDOWN and self._finger is None:
            self._finger = finger
        first = finger == self._finger
        if event.type == pygame.FINGERUP and first:
            self._finger = None
        return first

    def _grant(self, wish: Wish) -> None:
        """Do what the state cannot do itself; what takes long goes to a thread of its own."""
        state = self.state
        match wish:
            case Wish.COPY:
                self._copy()
            case Wish.PASTE:
                self._paste()
            case Wish.LIST:
                self._list(self._listing)
            case Wish.OPEN:
                self._open(path_of(state.opening))
            case Wish.SAVE:
                if not state.page.blank:
                    _beside(lambda: _saved(state, self._folders.saved))
            case Wish.KEEP_INK:
                self._keep_ink()
            case Wish.FORGET:
                for path in self._left_behind:
                    path.unlink(missing_ok=True)
            case Wish.FULLSCREEN:
                self._toggle_fullscreen()

    def _copy(self) -> None:
        number = self.state.shown.reading.number
        if number:
            put_text(number)
        self.handle(Notice(f"Copied {' '.join(number.split())}." if number else "There is no number to copy."))

    def _paste(self) -> None:
        """Open the file whose path is on the clipboard, or the picture that is there."""
        path, room = path_of(get_text()), self._room()
        if path.is_file():
            self._open(path)
        else:
            _beside(lambda: Opened(picture_page(get_picture(), room), "the picture from the clipboard"))

    def _toggle_fullscreen(self) -> None:
        """Fill the screen, or go back to the size before."""
        if pygame.display.is_fullscreen():
            screen = pygame.display.set_mode(self._windowed, pygame.RESIZABLE)
        else:
            self._windowed = self.state.size
            screen = pygame.display.set_mode((0, 0), pygame.RESIZABLE | pygame.FULLSCREEN)
        _set_title(self._title)
        self._painted = None
        self.handle(Resized(screen.get_size()))

    def _list(self, folder: Path) -> None:
        self._listing = folder.resolve()
        self.handle(Listed(str(self._listing), listed(self._listing)))

    def _open(self, path: Path) -> None:
        """Open a picture or a drawing, list a folder, or read with another model."""
        if path.is_dir():
            self._list(path)
            return
        if path.suffix.lower() in MODELS:
            self._reader.use(lambda: self._load(path))
            return
        room = self._room()
        _beside(lambda: Opened(open_page(path, room), path.name))

    def _room(self) -> tuple[int, int]:
        """Return the (width, height) of the paper that nothing covers."""
        paper = self.state.layout.paper
        return max(1, paper[2]), max(1, paper[3])

    def _keep_ink(self) -> None:
        """Keep the ink of corrections that are new since the last time."""
        new = [correction for correction in self.state.page.corrections if id(correction) not in self._kept]
        self._kept |= {id(correction) for correction in new}
        _beside(lambda: _ink_kept(new, self._folders.kept))


def _post(event: Event) -> None:
    """Put one of our events into Pygame's queue, from any thread; after the window closed it is lost."""
    if pygame.display.get_init():
        pygame.event.post(_event(event))


def _event(event: Event) -> pygame.event.Event:
    """Return one of our events in one of Pygame's."""
    return pygame.event.Event(OURS, ours=event)


def _beside(work: Callable[[], Event]) -> None:
    """Do `work` in a thread of its own and post what it returns, or why it could not be done."""

    def run() -> None:
        try:
            _post(work())
        except (OSError, UnreadableFile) as problem:
            _post(Notice(str(problem)))

    threading.Thread(target=run, name="files").start()


def _saved(state: State, folder: Path) -> Event:
    folder.mkdir(parents=True, exist_ok=True)
    names = save(state, folder, datetime.now())
    return Notice(f"Saved {names[0]} and {len(names) - 1} files beside it in {folder.resolve()}.")


def _ink_kept(corrections: Sequence[object], folder: Path) -> Event:
    count = keep_ink(corrections, folder, datetime.now())  # type: ignore[arg-type]
    return Notice(f"Kept {count} corrected digit{'s' * (count != 1)} in {folder.resolve()}.")


def _set_title(title: str) -> None:
    """Set the window's title, plain ASCII.

    In a locale such as C.UTF-8, X11 would store it as an encoding that other programs do not know,
    and a script that looks for a window by its name would not find it.
    """
    before = locale.setlocale(locale.LC_CTYPE)
    locale.setlocale(locale.LC_CTYPE, "C")
    pygame.display.set_caption(title)
    locale.setlocale(locale.LC_CTYPE, before)


def _icon() -> pygame.Surface:
    """Return the window's icon: a handwritten 7 on paper."""
    icon = pygame.Surface((32, 32))
    icon.fill((255, 255, 252))
    pygame.draw.lines(icon, (0, 100, 168), False, [(8, 8), (24, 8), (14, 26)], 4)
    pygame.draw.line(icon, (0, 100, 168), (12, 17), (23, 17), 3)
    return icon
