"""All that the window shows, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from recognizer.formats import is_format
from recognizer.reading import Reading
from ui.commands import Command
from ui.corrections import Corrected, correct, standing
from ui.layout import Layout, fitting, layout
from ui.page import Box, Edit, Page, edit_between

if TYPE_CHECKING:
    from recognizer.ink import Mark

Point: TypeAlias = tuple[float, float]

Spot: TypeAlias = tuple[int, int, int]
"""Where the number stands: its left, its top, and the height of its type, 0 where there is no room for it."""

TITLE = "Recognizer"

SCALES = (0.75, 3.0)
"""Smallest and largest scale of letters and buttons."""


class Tool(Enum):
    """What the left button does; the value names it for the person."""

    PEN = "pen"
    ERASER = "eraser"
    AREA_ERASER = "area eraser"


class Wish(Enum):
    """What only the shell round the state can do; it is told by `State.wishes`."""

    COPY = "copy"
    COPY_TEXT = "copy text"
    PASTE = "paste"
    SAVE = "save"
    LIST = "list"
    OPEN = "open"
    SHIPPED = "shipped model"
    FULLSCREEN = "fullscreen"
    KEEP_INK = "keep ink"
    FORGET = "forget"
    QUIT = "quit"


class Hint(Enum):
    """What a newcomer is told, in this order; each goes away for good once it was done."""

    WRITE = "Write a number anywhere on the page. Letting go reads it."
    CORRECT = "Read wrong? Click the label above a digit, then type what it is."
    HELP = "F1 shows all keys and gestures."


@dataclass(frozen=True)
class Settings:
    """What is kept from one run to the next."""

    theme: str = "light"
    pen_width: float = 6.0
    scale: float = 1.0
    live: bool = True
    panel: bool = False
    keep: bool = False
    format: str = ""
    hints_done: tuple[str, ...] = ()
    model: str = ""


@dataclass(frozen=True)
class Gesture:
    """What the hand does from touching the paper to letting go.

    `kind` is "write", "erase", "slide" or "press" (on a button or a panel, which writes nothing);
    `before` is the page when it began; with `erase`, the other end of the pen began it, and ends it.
    `label` and `command` are of the label and the button that were touched, if any. It `closes` what
    lay over the paper: if it is a click, it writes nothing.
    """

    kind: str
    points: tuple[Point, ...]
    before: Page
    began: float = 0.0
    erase: bool = False
    label: int | None = None
    command: Command | None = None
    closes: bool = False


class Purpose(Enum):
    """What a list is for; the value says how to use it."""

    OPEN = "type to narrow the list; Return opens, Escape leaves; or drop a file on the window"
    FORMAT = r"Return reads by it; or type digits:5, digits:4-8 or an expression as \d{4}-\d{4}"


@dataclass(frozen=True)
class Picker:
    """A list over the page: its title, for files their folder; its names, what was typed to narrow them, the chosen."""

    title: str
    names: tuple[str, ...]
    typed: str = ""
    chosen: int = 0
    purpose: Purpose = Purpose.OPEN

    @property
    def found(self) -> tuple[str, ...]:
        """The names that hold what was typed; first that itself, where it is a format that is not among them."""
        names = tuple(name for name in self.names if self.typed.lower() in name.lower())
        new = self.purpose is Purpose.FORMAT and self.typed not in names and is_format(self.typed)
        return (self.typed, *names) if new else names


@dataclass(frozen=True)
class State:
    """The window: the page and its history, the reading of it, the tools, and what lies over the page.

    `revision` counts the changes of the ink; `asked` is the one to be read, `read` the one that
    `raw` was read from. `shown` is `raw` with the person's corrections. `labels` has one box a
    symbol of `shown`, `number` is where the number stands, None until that is known. `selected` is
    the symbol being corrected, `choice` the label that the arrows went to for it, `hovered` the symbol
    under the pointer. `scrolled` tells how many pixels the help, or else the panel, is scrolled down.
    `offer` is what an earlier run left unsaved, `saved` the page that is in files.
    """

    size: tuple[int, int] = (1000, 640)
    settings: Settings = field(default_factory=Settings)
    classic: bool = False
    page: Page = field(default_factory=Page)
    past: tuple[Edit, ...] = ()
    future: tuple[Edit, ...] = ()
    revision: int = 0
    asked: int = 0
    read: int = 0
    raw: Reading = field(default_factory=Reading)
    shown: Corrected = field(default_factory=Corrected)
    labels: tuple[Box, ...] = ()
    number: Spot | None = None
    marks: tuple[Mark, ...] = ()
    seconds: float = 0.0
    facts: tuple[tuple[str, str], ...] | None = None
    problem: str = ""
    tool: Tool = Tool.PEN
    gesture: Gesture | None = None
    pointer: Point = (-1.0, -1.0)
    lifted: float = 0.0
    hovered: int | None = None
    selected: int | None = None
    choice: str | None = None
    typed: str = ""
    corrected: bool = False
    help: bool = False
    scrolled: int = 0
    picker: Picker | None = None
    notice: str = ""
    offer: Page = field(default_factory=Page)
    saved: Page = field(default_factory=Page)
    wishes: tuple[Wish, ...] = ()
    opening: str = ""
    waiting: Command | None = None
    done: bool = False

    @property
    def layout(self) -> Layout:
        """Where things stand now."""
        return layout(self.size, self.scale, self.settings.panel, self.classic)

    @property
    def scale(self) -> float:
        """The scale of letters and buttons: as set, less where that would leave no paper."""
        return fitting(self.size, self.settings.scale, SCALES[0])

    @property
    def title(self) -> str:
        """The title of the window: the number is in it, lines apart by a space."""
        number = " ".join(self.shown.reading.number.split())
        return f"{TITLE} - {number}" if number else TITLE

    @property
    def stale(self) -> bool:
        """Whether the ink has changed since it was read and will not be read until asked."""
        return self.revision > max(self.read, self.asked)

    @property
    def unread(self) -> bool:
        """Whether there is ink on the page that the reading shown does not know."""
        return self.revision > self.read and not self.page.blank

    @property
    def unsaved(self) -> bool:
        """Whether there is something on the page that is in no file."""
        return not self.page.blank and self.page != self.saved

    @property
    def hint(self) -> Hint | None:
        """What to tell a newcomer now, if anything."""
        done = {*self.settings.hints_done, *((Hint.WRITE.name,) if not self.page.blank else ())}
        return next((hint for hint in Hint if hint.name not in done), None)


def with_page(state: State, page: Page) -> State:
    """Return `state` with `page` on the table, one step of history further, with what an eraser at work has done."""
    state = _before_erasing(state)
    return with_other_page(state, replace(page, corrections=standing(page, state.page)))


def with_other_page(state: State, page: Page) -> State:
    """Return `state` with a page that was made elsewhere on the table, one step of history further."""
    state = _before_erasing(state)
    if page == state.page:
        return state
    return turned_to(replace(state, past=(*state.past, edit_between(state.page, page)), future=()), page)


def _before_erasing(state: State) -> State:
    """Return `state` with the page as it was before an eraser at work, which history does not know yet."""
    if state.gesture is None or state.gesture.kind != "erase":
        return state
    return replace(state, page=state.gesture.before, gesture=None)


def turned_to(state: State, page: Page) -> State:
    """Return `state` showing `page`, history aside: new ink is to be read, if reading is live or awaited."""
    if page.strokes == state.page.strokes and page.picture is state.page.picture:
        return with_reading(replace(state, page=page))
    revision = state.revision + 1
    state = replace(state, page=page, revision=revision, selected=None, typed="", hovered=None)
    if page.blank:
        blank = replace(state, raw=Reading(), marks=(), asked=revision, read=revision, seconds=0.0, waiting=None)
        return with_reading(blank)
    return asking(state) if state.settings.live or state.waiting else state


def asking(state: State) -> State:
    """Return `state` with its page to be read."""
    return replace(state, asked=state.revision)


def with_reading(state: State) -> State:
    """Return `state` with the reading shown afresh: what was read and what was said of it."""
    shown = correct(state.raw, state.page.corrections)
    if shown == state.shown:
        return state
    count = len(shown.symbols)
    before = state.shown.symbols
    same = count == len(before) and all(a.box == b.box for a, b in zip(shown.symbols, before, strict=True))
    return replace(
        state,
        shown=shown,
        labels=state.labels if same and shown.reading.text == state.shown.reading.text else (),
        hovered=state.hovered if same else None,
        selected=state.selected if state.selected is not None and state.selected < count else None,
    )


def with_setting(state: State, **changes: object) -> State:
    """Return `state` with settings changed by name."""
    return replace(state, settings=replace(state.settings, **changes))  # type: ignore[arg-type]


def learned(state: State, hint: Hint) -> State:
    """Return `state` without `hint`, which the person has followed."""
    if hint.name in state.settings.hints_done:
        return state
    return with_setting(state, hints_done=(*state.settings.hints_done, hint.name))


def wishing(state: State, wish: Wish) -> State:
    """Return `state` asking the shell for `wish`."""
    return replace(state, wishes=(*state.wishes, wish))
