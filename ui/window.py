"""The window: the one place that touches Pygame's events and display, and the clock."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pygame

from recognizer.file import shown
from ui.about import SHIPPED_NAME, is_shipped
from ui.errands import Errands, Folders
from ui.events import Event, Found, Notice, PenUp, Resized, translate
from ui.keeper import Keeper
from ui.preferences import save_settings
from ui.reader import Job, Reader
from ui.state import TITLE, State, Wish
from ui.title import icon, set_title
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

STILL = 12
"""Milliseconds after which a pen that has not moved is taken to rest: a mouse in motion is heard of every 8 or less."""

FEW = 300
"""Strokes of a page that is read at every movement of the pen; of one that holds more, whose lines take long to find,
only where the pen rests."""

# Text input and releases of keys are not taken in, but where they are blocked keys do not tell what they type: "?" is
# "/" once that was typed, and where the canvas is busy. Pygame forgets what a key typed as it hands out its release.
WANTED = (
    pygame.MOUSEBUTTONDOWN,
    pygame.MOUSEBUTTONUP,
    pygame.MOUSEMOTION,
    pygame.MOUSEWHEEL,
    pygame.FINGERDOWN,
    pygame.FINGERMOTION,
    pygame.FINGERUP,
    pygame.KEYDOWN,
    pygame.KEYUP,
    pygame.TEXTINPUT,
    pygame.VIDEORESIZE,
    pygame.WINDOWEXPOSED,
    pygame.DROPFILE,
    pygame.QUIT,
    OURS,
)


class Window:
    """A window on a state: takes events in, has pages read, and paints, only when something changed.

    `load` returns a recognizer with the model at a path, or with the usual one for None; the first
    is that which was `chosen` in an earlier run, if one is named.
    """

    def __init__(
        self,
        state: State,
        load: Callable[[Path | None], Recognizer],
        folders: Folders,
        fullscreen: bool = False,
        chosen: str = "",
    ) -> None:
        os.environ.setdefault("SDL_VIDEO_X11_WMCLASS", "recognizer")
        pygame.display.init()
        if pygame.display.get_driver() == "x11":  # else SDL shows every change through OpenGL, the window as a whole
            os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
        pygame.font.init()
        pygame.key.set_repeat(400, 40)
        pygame.display.set_icon(icon())
        flags = pygame.RESIZABLE | (pygame.FULLSCREEN if fullscreen else 0)
        screen = pygame.display.set_mode((0, 0) if fullscreen else state.size, flags)
        set_title(TITLE)
        pygame.event.set_blocked(None)
        pygame.event.set_allowed(WANTED)
        self.state = replace(state, size=screen.get_size())
        self._title = TITLE
        self._kept = state.settings
        self._view = View(self.state)
        self._painted: State | None = None
        self._load = load
        self._reader = Reader(lambda: self._first_model(chosen), _post)
        self._asked = 0
        self._rested: State | None = None
        self._windowed = state.size
        self._finger: tuple[int, int] | None = None
        self._folders = folders
        self._keeper = Keeper(folders.home, lambda told: self.handle(Notice(told)))
        self.unkept = ""
        self._errands = Errands(folders, _post, self._use)

    def run(self) -> None:
        """Show the window until the person closes it."""
        self.open()
        try:
            while not self.state.done:
                self.take([pygame.event.wait(self._patience()), *pygame.event.get()])
        finally:
            self.close()

    def _first_model(self, chosen: str) -> Recognizer:
        """Return a recognizer with the `chosen` model, or with the usual one where that is gone or broken."""
        if chosen:
            try:
                return self._load(Path(chosen))
            except Exception:  # whatever ails it, the usual one can be read with
                name = shown(Path(chosen).name)
                _post(Notice(f"{name}, chosen last, cannot be opened: {SHIPPED_NAME} reads, Ctrl+O opens another."))
        return self._load(None)

    def _use(self, path: Path) -> None:
        """Read with the model at `path` from now on, in later runs too."""
        self._reader.use(lambda: self._load(path), "" if is_shipped(path) else str(path.resolve()))

    def _patience(self) -> int:
        """Return the milliseconds after which something is to be done though nothing happened, 0 where nothing is."""
        if self.state.gesture is not None and self._rested is not self.state:
            return STILL
        return LONGEST_UNPAINTED if self.state is not self._painted else 0

    def open(self) -> None:
        """Paint the first frame, then begin to load the model and to keep a journal."""
        self._switch = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH)
        self.paint()
        self._reader.start()
        page = self._keeper.begin()
        self.take([] if page.blank else [_event(Found(page))])

    def close(self) -> None:
        """End the threads, keep the settings and what is in no file yet, and close the window."""
        sys.setswitchinterval(self._switch)
        self._reader.close()
        self._end_errands()
        try:
            save_settings(self.state.settings, self._folders.home)
        except OSError as problem:
            self.unkept = f"The settings cannot be kept in {self._folders.home} ({problem.strerror}): make room there."
        if self.state.gesture is None:
            self._keeper.record(self.state.page, not self.state.unsaved)
        self._keeper.end(keep=self.state.unsaved or not self.state.done)
        pygame.display.quit()

    def _end_errands(self) -> None:
        """Wait for what is being opened or saved, and take in what came of it."""
        self._errands.finish()
        for event in pygame.event.get(OURS) if pygame.display.get_init() else ():
            self.handle(event.ours)

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
                ours = translate(event, self.state.size, pygame.mouse.get_pos())
                if ours is not None:
                    self.handle(ours)
        asked = self._have_read()
        if not asked or self.state.facts is None:
            self.paint()
        else:
            self._view.lay_ink(self.state)
        if not asked:
            self._keep_settings()
        if len(self.state.page.strokes) <= FEW or all(event.type == pygame.NOEVENT for event in events):
            self._have_read_ahead()

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
            self._reader.ask(_job(state))
        self._keeper.record(state.page, not state.unsaved)
        return due

    def _have_read_ahead(self) -> None:
        """Have the page read that there will be if the pen is lifted where it is."""
        if self.state.gesture is None or self._rested is self.state:
            return
        self._rested = self.state
        lifted = update(self.state, PenUp(self.state.gesture.began, self.state.gesture.erase))
        if lifted.asked > self._asked and lifted.page.picture is None and not lifted.page.blank:
            self._reader.expect(_job(lifted))

    def _keep_settings(self) -> None:
        """Keep the settings where they changed, so that a crash loses none; that they cannot be is told at the end."""
        settings = self.state.settings
        if settings is not self._kept and self.state.gesture is None:
            self._kept = settings
            with suppress(OSError):
                save_settings(settings, self._folders.home)

    def paint(self) -> None:
        """Show the state, if it is not shown already."""
        if self.state.shown.symbols and not self.state.labels:
            self.handle(self._view.placed(self.state))
        if self.state is self._painted:
            return
        screen = pygame.display.get_surface()
        if screen is None or screen.get_size() != self.state.size:
            return
        pygame.display.update(self._view.paint(screen, self.state))
        self._painted = self.state
        if self.state.title != self._title:
            self._title = self.state.title
            set_title(self._title)

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
        """Do what the state cannot do itself, or have it done."""
        if wish is Wish.FULLSCREEN:
            self._toggle_fullscreen()
        elif wish is Wish.FORGET:
            self._keeper.forget(self.state.page)
        else:
            self._errands.run(wish, self.state)

    def _toggle_fullscreen(self) -> None:
        """Fill the screen, or go back to the size before."""
        if pygame.display.is_fullscreen():
            screen = pygame.display.set_mode(self._windowed, pygame.RESIZABLE)
        else:
            self._windowed = self.state.size
            screen = pygame.display.set_mode((0, 0), pygame.RESIZABLE | pygame.FULLSCREEN)
        set_title(self._title)
        self._view, self._painted = View(self.state), None
        self.handle(Resized(screen.get_size()))


def _job(state: State) -> Job:
    """Return the page of `state` as something to read."""
    return Job(state.revision, state.page, state.size, state.settings.format)


def _post(event: Event) -> None:
    """Put one of our events into Pygame's queue, from any thread; after the window closed it is lost."""
    if pygame.display.get_init():
        pygame.event.post(_event(event))


def _event(event: Event) -> pygame.event.Event:
    """Return one of our events in one of Pygame's."""
    return pygame.event.Event(OURS, ours=event)
