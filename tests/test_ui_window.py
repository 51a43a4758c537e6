"""The window without a screen: Pygame's own events go in, pixels, titles and files come out."""

from __future__ import annotations

import errno
import gc
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pygame
import pytest
from ui_stage import ONE, SEVEN, CountingRecognizer, counted, key, mouse, play

import recognizer
from recognizer.drawing import Drawing, Stroke, load_drawing, save_drawing
from recognizer.formats import Format
from recognizer.page import save_picture
from ui.errands import Folders
from ui.files import rendered
from ui.journal import Journal, lost, replayed
from ui.page import Page
from ui.preferences import load_settings
from ui.state import Settings, State
from ui.theme import LIGHT
from ui.window import FEW, Window

Opener = Callable[..., Window]

TWO = ((400, 200), (440, 200), (400, 270), (440, 270))


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    """Open windows without a screen, and close them after the test."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    windows: list[Window] = []

    def open_window(reader: Any = None, chosen: str = "", **state: Any) -> Window:
        folders = Folders(tmp_path / "home", tmp_path / "saved", tmp_path / "ink")
        folders.home.mkdir(exist_ok=True)
        window = Window(
            State(**state), lambda model: loaded(reader or CountingRecognizer(), model), folders, False, chosen
        )
        windows.append(window)
        window.open()
        return window

    yield open_window
    for window in windows:
        window.close()


@dataclass
class Halting(CountingRecognizer):
    """Halts in the midst of its second reading, `busy`, until it may `go` on."""

    busy: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)

    def explain(self, page: Any) -> Any:
        explained = super().explain(page)
        if len(self.pages) == 2:
            self.busy.set()
            self.go.wait(10)
        return explained


@dataclass
class Stepping(CountingRecognizer):
    """Reads in two steps, the first of which ends when it may `go` on; `begun` are the points of the last strokes."""

    begun: list[int] = field(default_factory=list)
    go: threading.Event = field(default_factory=threading.Event)

    def explaining(self, page: Any, format: Format | None = None, passing: bool = False) -> Any:
        self.begun.append(len(page.strokes[-1].points))
        self.go.wait(10)
        yield
        return self.explain(page)


def loaded(reader: Any, model: Path | None) -> Any:
    """Return the reader, or another for a model named "good"; other models are not there."""
    if model is None:
        return reader
    if model.stem == "good":
        return CountingRecognizer(confidence=0.97, card={"labels": ["other"]})
    raise recognizer.ModelUnavailable(f"{model.name} is no model: name another.")


def screen() -> pygame.Surface:
    surface = pygame.display.get_surface()
    assert surface is not None
    return surface


def ink_at(x: int, y: int) -> bool:
    return tuple(screen().get_at((x, y)))[:3] == LIGHT.ink


def test_letting_go_of_the_mouse_shows_number_label_and_title(opened: Opener) -> None:
    window = opened()
    state = play(window, mouse(SEVEN) + mouse(ONE), lambda s: len(s.labels) == 2)
    assert pygame.display.get_caption()[0] == "Recognizer - 01"
    x, y, width, height = state.labels[0]
    label = screen().subsurface((x, y, width, height))
    colours = {tuple(label.get_at((i, j)))[:3] for i in range(width) for j in range(height)}
    assert LIGHT.sure in colours
    assert y + height < 200


def test_ink_is_on_the_screen_while_the_mouse_is_down(opened: Opener) -> None:
    window = opened()
    play(window, mouse(((100, 300), (150, 300), (200, 300), (250, 300)))[:-1], lambda s: s.gesture is not None)
    assert all(ink_at(x, 300) for x in range(100, 251))


def test_it_draws_before_the_model_is_loaded(opened: Opener) -> None:
    go = threading.Event()

    class Late(CountingRecognizer):
        def explain(self, page: Any) -> Any:
            go.wait(10)
            return super().explain(page)

    window = opened(Late())
    state = play(window, mouse(SEVEN), lambda s: bool(s.page.strokes))
    assert ink_at(220, 200)
    assert state.facts is None
    go.set()
    assert play(window, [], lambda s: bool(s.labels)).title == "Recognizer - 0"


def test_what_is_loaded_is_not_looked_through_for_garbage(opened: Opener) -> None:
    gc.unfreeze()
    window = opened()
    play(window, [], lambda s: s.facts is not None)
    assert gc.get_freeze_count() > 0


def test_only_the_newest_page_is_read(opened: Opener) -> None:
    reader = Halting()
    window = opened(reader)
    play(window, mouse(SEVEN), lambda s: reader.busy.is_set())
    play(window, mouse(ONE) + mouse(((400, 200), (400, 260))), lambda s: len(s.page.strokes) == 3)
    reader.go.set()
    state = play(window, [], lambda s: len(s.labels) == 3)
    assert [len(page.strokes) for page in reader.pages] == [1, 1, 3]
    assert state.title == "Recognizer - 012"


def test_the_next_reading_is_prepared_while_nothing_is_asked(opened: Opener) -> None:
    reader = CountingRecognizer()
    window = opened(reader)
    play(window, mouse(SEVEN), lambda s: len(s.labels) == 1)
    play(window, mouse(ONE), lambda s: len(s.labels) == 2)
    play(window, [], lambda s: bool(reader.foreseen))
    assert reader.foreseen[-1] == reader.pages[-1]


def rest(window: Window) -> None:
    """Have nothing happen for a moment."""
    window.take([pygame.event.Event(pygame.NOEVENT)])


def test_where_the_pen_rests_is_read_before_it_is_lifted(opened: Opener) -> None:
    reader = CountingRecognizer()
    window = opened(reader)
    *drawn, lifted = mouse(SEVEN)
    play(window, drawn, lambda s: s.gesture is not None)
    rest(window)
    play(window, [], lambda s: len(reader.pages) == 2)
    assert not window.state.page.strokes and not window.state.labels
    assert play(window, [lifted], lambda s: len(s.labels) == 1).title == "Recognizer - 0"
    assert [len(page.strokes) for page in reader.pages] == [1, 1]
    play(window, [], lambda s: bool(reader.foreseen))
    assert reader.foreseen[-1] == reader.pages[-1]


def test_the_page_is_read_while_the_pen_moves(opened: Opener) -> None:
    reader = CountingRecognizer()
    window = opened(reader)
    *drawn, lifted = mouse(SEVEN)
    play(window, drawn, lambda s: len(reader.pages) == 2)
    assert window.state.gesture is not None and not window.state.labels
    assert play(window, [lifted], lambda s: len(s.labels) == 1).title == "Recognizer - 0"
    assert len(reader.pages) == 2


def test_of_a_pen_in_motion_the_newest_place_is_read(opened: Opener) -> None:
    reader = Stepping()
    window = opened(reader)
    down, *moves, lifted = mouse(((200, 200), (240, 200), (215, 240), (215, 270)))
    play(window, [down, moves[0]], lambda s: bool(reader.begun))
    play(window, moves[1:], lambda s: s.gesture is not None and len(s.gesture.points) == 4)
    reader.go.set()
    play(window, [], lambda s: len(reader.pages) == 2)
    play(window, [lifted], lambda s: len(s.labels) == 1)
    assert [len(page.strokes[-1].points) for page in reader.pages[1:]] == [4]
    assert reader.begun == [2, 4]


def test_a_page_of_very_many_strokes_is_read_where_the_pen_rests_alone(opened: Opener) -> None:
    reader = CountingRecognizer()
    window = opened(reader, page=Page((Stroke(ONE, 6.0),) * (FEW + 1)))
    play(window, mouse(SEVEN)[:-1], lambda s: s.facts is not None and s.gesture is not None)
    read = len(reader.pages)
    window.take([pygame.event.Event(pygame.MOUSEMOTION, pos=(216, 272), rel=(1, 1), buttons=(1, 0, 0))])
    assert window._rested is not window.state
    rest(window)
    play(window, [], lambda s: len(reader.pages) > read)
    assert len(reader.pages[-1].strokes) == FEW + 2


def test_a_pen_that_rested_and_went_on_is_read_where_it_is_lifted(opened: Opener) -> None:
    reader = CountingRecognizer()
    window = opened(reader)
    *drawn, _ = mouse(SEVEN[:2])
    play(window, drawn, lambda s: s.gesture is not None)
    rest(window)
    play(window, [], lambda s: len(reader.pages) == 2)
    _, *drawn, lifted = mouse(SEVEN[1:])
    state = play(window, [*drawn, lifted], lambda s: len(s.labels) == 1)
    assert [page.strokes for page in reader.pages[2:]] == [state.page.strokes]
    assert state.shown.symbols == counted(Drawing(state.page.strokes)).symbols


def test_a_page_that_is_asked_for_while_it_is_read_ahead_is_read_once(opened: Opener) -> None:
    reader = Halting()
    window = opened(reader)
    *drawn, lifted = mouse(SEVEN)
    play(window, drawn, lambda s: s.gesture is not None)
    rest(window)
    play(window, [], lambda s: reader.busy.is_set())
    play(window, [lifted], lambda s: bool(s.page.strokes))
    assert window.state.read < window.state.revision
    reader.go.set()
    assert len(play(window, [], lambda s: bool(s.labels)).labels) == 1
    assert len(reader.pages) == 2


def test_what_another_model_read_ahead_is_not_shown(opened: Opener) -> None:
    window = opened()
    *drawn, lifted = mouse(SEVEN)
    play(window, drawn, lambda s: s.gesture is not None)
    rest(window)
    good = pygame.event.Event(pygame.DROPFILE, file="good.tflite")
    play(window, [good], lambda s: s.facts == (("labels", "other"),))
    state = play(window, [lifted], lambda s: len(s.labels) == 1)
    assert state.shown.reading.confidence == 0.97


def test_what_fails_ahead_of_time_ends_no_reading(opened: Opener) -> None:
    class Hasty(CountingRecognizer):
        def foresee(self, drawing: Drawing, format: Format | None = None) -> Iterator[None]:
            yield from super().foresee(drawing, format)
            raise ZeroDivisionError("too early")

    reader = Hasty()
    window = opened(reader)
    play(window, mouse(SEVEN), lambda s: bool(reader.foreseen))
    assert len(play(window, mouse(ONE), lambda s: len(s.labels) == 2).labels) == 2


def test_a_page_that_breaks_the_reader_is_told_and_the_next_is_read(opened: Opener) -> None:
    class Fragile(CountingRecognizer):
        def explain(self, page: Any) -> Any:
            if len(page.strokes) == 2:
                raise ZeroDivisionError("two")
            return super().explain(page)

    window = opened(Fragile())
    state = play(window, mouse(SEVEN) + mouse(ONE), lambda s: "ZeroDivisionError" in s.notice)
    assert "undo the last step" in state.notice
    assert play(window, key(pygame.K_z, "", pygame.KMOD_CTRL), lambda s: len(s.labels) == 1).title == "Recognizer - 0"


def test_a_missing_model_is_told_in_the_window(opened: Opener, tmp_path: Path) -> None:
    class Missing:
        def explain(self, page: Any) -> Any:
            raise recognizer.ModelUnavailable("There is no model here: name another.")

    window = opened(Missing())
    assert play(window, [], lambda s: bool(s.problem)).problem == "There is no model here: name another."
    assert LIGHT.guess in {tuple(screen().get_at((x, y)))[:3] for x in range(20, 200) for y in range(15, 40)}


def test_a_reader_that_cannot_be_started_is_told_in_the_window(opened: Opener) -> None:
    class Broken:
        def explain(self, page: Any) -> Any:
            raise ImportError("no module")

    window = opened(Broken())
    told = play(window, [], lambda s: bool(s.problem)).problem
    assert told == "The reader cannot be started (ImportError: no module): install it again."


def test_nothing_is_painted_when_nothing_changed(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    window = opened()
    play(window, mouse(SEVEN), lambda s: bool(s.labels) and s.facts is not None)
    updates: list[object] = []
    monkeypatch.setattr(pygame.display, "update", updates.append)
    pygame.event.post(pygame.event.Event(pygame.MOUSEMOTION, pos=(800, 500), rel=(1, 1), buttons=(0, 0, 0)))
    window.take(pygame.event.get())
    assert updates == []


def test_a_movement_of_the_pen_paints_only_around_it(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    window = opened()
    events = mouse(((100, 300), (130, 300), (160, 300), (190, 300), (220, 300)))
    play(window, events[:3], lambda s: s.gesture is not None and s.facts is not None)
    updates: list[list[pygame.Rect]] = []
    monkeypatch.setattr(pygame.display, "update", updates.append)
    play(window, events[3:4], lambda s: True)
    ((area,),) = updates
    assert area.width < 120 and area.height < 30


def test_a_finger_writes_and_its_mouse_events_do_not(opened: Opener) -> None:
    window = opened()
    finger = {"touch_id": 1, "finger_id": 7, "dx": 0.0, "dy": 0.0}
    events = [
        pygame.event.Event(pygame.FINGERDOWN, x=0.2, y=0.5, **finger),
        pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=(200, 320), button=1, touch=True),
        pygame.event.Event(pygame.FINGERDOWN, x=0.8, y=0.8, **{**finger, "finger_id": 8}),
        pygame.event.Event(pygame.FINGERMOTION, x=0.9, y=0.8, **{**finger, "finger_id": 8}),
        pygame.event.Event(pygame.FINGERMOTION, x=0.3, y=0.5, **finger),
        pygame.event.Event(pygame.FINGERUP, x=0.3, y=0.5, **finger),
        pygame.event.Event(pygame.MOUSEBUTTONUP, pos=(300, 320), button=1, touch=True),
    ]
    state = play(window, events, lambda s: bool(s.page.strokes))
    assert [stroke.points for stroke in state.page.strokes] == [((200, 320), (300, 320))]


def test_resizing_keeps_ink_and_moves_the_toolbar(opened: Opener) -> None:
    window = opened()
    play(window, mouse(SEVEN), lambda s: bool(s.labels))
    pygame.display.set_mode((700, 500), pygame.RESIZABLE)
    resized = pygame.event.Event(pygame.VIDEORESIZE, w=700, h=500, size=(700, 500))
    state = play(window, [resized], lambda s: s.size == (700, 500) and bool(s.labels))
    assert ink_at(220, 200)
    assert tuple(screen().get_at((2, 498)))[:3] == LIGHT.chrome
    assert len(state.page.strokes) == 1


def test_saving_writes_all_that_was_promised(opened: Opener, tmp_path: Path) -> None:
    window = opened()
    play(window, mouse(SEVEN) + mouse(ONE), lambda s: len(s.labels) == 2)
    state = play(window, key(pygame.K_s, "", pygame.KMOD_CTRL), lambda s: s.notice.startswith("Saved"))
    names = sorted(path.name[18:] for path in (tmp_path / "saved").iterdir())
    assert names == ["-annotated.png", "-glyphs.png", ".inkml", ".json", ".png"]
    inkml = next((tmp_path / "saved").glob("01-*.inkml"))
    assert load_drawing(inkml) == Drawing(state.page.strokes, state.size)
    record = json.loads(inkml.with_suffix(".json").read_text())
    assert (record["number"], record["path"]) == ("01", inkml.with_suffix(".png").name)


def test_a_saved_drawing_opens_as_it_was(opened: Opener, tmp_path: Path) -> None:
    strokes = (Stroke(((100.0, 100.0), (150.5, 180.25)), 4.0), Stroke(((300.0, 200.0),), 9.0))
    save_drawing(tmp_path / "page.inkml", Drawing(strokes, (1000, 640)))
    window = opened()
    dropped = pygame.event.Event(pygame.DROPFILE, file=str(tmp_path / "page.inkml"))
    state = play(window, [dropped], lambda s: len(s.labels) == 2)
    assert state.page == Page(strokes)
    assert state.title == "Recognizer - 01"


def test_a_dropped_picture_is_shown_and_read_with_the_ink_on_it(opened: Opener, tmp_path: Path) -> None:
    page = Page((Stroke(((40.0, 30.0), (60.0, 30.0), (45.0, 70.0)), 6.0),))
    save_picture(tmp_path / "seven.png", rendered(page, (100, 90))[0])
    reader = CountingRecognizer()
    window = opened(reader)
    dropped = pygame.event.Event(pygame.DROPFILE, file=str(tmp_path / "seven.png"))
    state = play(window, [dropped], lambda s: s.title == "Recognizer - 5")
    assert state.page.picture is not None and state.page.picture.size == (100, 90)
    left, top = state.page.picture.at
    assert tuple(screen().get_at((left + 50, top + 30)))[:3] == (0, 0, 0)
    assert state.shown.symbols[0].box == (left + 2, top + 2, 10, 12)
    play(window, mouse(((left + 150, top + 10), (left + 150, top + 70))), lambda s: len(reader.pages) == 3)
    drawn = reader.pages[-1]
    assert not isinstance(drawn, Drawing)
    assert drawn.shape == (90, 155) and drawn[40, 150] < 9 < 200 < drawn[40, 130]


def test_what_cannot_be_opened_is_told_in_one_sentence(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "letter.png").write_text("Dear all")
    window = opened()
    dropped = pygame.event.Event(pygame.DROPFILE, file=str(tmp_path / "letter.png"))
    state = play(window, [dropped], lambda s: s.notice.endswith("."))
    assert "letter.png" in state.notice
    assert state.page.blank


def test_the_number_is_copied(opened: Opener) -> None:
    window = opened()
    play(window, mouse(SEVEN) + mouse(ONE), lambda s: len(s.labels) == 2)
    state = play(window, key(pygame.K_c, "", pygame.KMOD_CTRL), lambda s: bool(s.notice))
    assert state.notice == "Copied 01."
    assert pygame.scrap.get_text() == "01"


def test_a_pasted_path_is_opened(opened: Opener, tmp_path: Path) -> None:
    save_drawing(tmp_path / "a page.inkml", Drawing((Stroke(((10.0, 10.0), (40.0, 80.0)), 6.0),), (1000, 640)))
    window = opened()
    pygame.scrap.put_text((tmp_path / "a page.inkml").as_uri())
    state = play(window, key(pygame.K_v, "", pygame.KMOD_CTRL), lambda s: bool(s.labels))
    assert len(state.page.strokes) == 1


def test_a_crash_loses_no_stroke(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    crashed = Journal(tmp_path / "home")
    strokes = (Stroke(SEVEN, 6.0), Stroke(ONE, 6.0))
    crashed.record(Page(strokes[:1]))
    crashed.record(Page(strokes))
    crashed.close(keep=True)
    window = opened()
    assert window.state.offer == Page(strokes)
    state = play(window, key(pygame.K_RETURN, "\r"), lambda s: len(s.labels) == 2)
    assert state.page.strokes == strokes
    assert len(list((tmp_path / "home").glob("journal-*"))) == 1


def test_a_crash_loses_neither_what_was_said_nor_the_picture(opened: Opener, tmp_path: Path) -> None:
    save_picture(tmp_path / "five.png", np.full((28, 28), 255, np.uint8))
    window = opened()
    play(window, [pygame.event.Event(pygame.DROPFILE, file=str(tmp_path / "five.png"))], lambda s: len(s.labels) == 1)
    keys = key(pygame.K_RIGHT) + key(pygame.K_3, "3") + key(pygame.K_ESCAPE)
    play(window, mouse(SEVEN), lambda s: s.read == s.revision == 2)
    page = play(window, keys, lambda s: bool(s.page.corrections)).page
    assert page.picture is not None and page.strokes
    again = opened()
    assert again.state.offer.blank  # the other window still runs
    assert window._keeper.journal is not None
    window._keeper.journal.close(keep=True)
    again = opened()
    assert again.state.offer == page
    state = play(again, key(pygame.K_RETURN, "\r"), lambda s: bool(s.labels))
    assert state.shown.reading.text == "3"
    assert len(list((tmp_path / "home").glob("journal-*.pgm"))) == 1


def test_a_crash_after_saving_offers_nothing_but_what_was_written_since(opened: Opener, tmp_path: Path) -> None:
    window = opened()
    play(window, mouse(SEVEN), lambda s: bool(s.labels))
    play(window, SAVE, lambda s: not s.unsaved)
    (path,) = (tmp_path / "home").glob("journal-*.jsonl")
    assert replayed(path).blank
    page = play(window, mouse(ONE), lambda s: len(s.labels) == 2).page
    assert replayed(path) == page


def test_what_came_back_is_forgotten_only_when_it_is_kept_anew(
    opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").mkdir()
    crashed = Journal(tmp_path / "home")
    crashed.record(Page((Stroke(SEVEN, 6.0),)))
    crashed.close(keep=True)
    window = opened()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(window._keeper.journal, "_write", full)
    play(window, key(pygame.K_RETURN, "\r"), lambda s: len(s.labels) == 1)
    assert lost(tmp_path / "home")[0] == Page((Stroke(SEVEN, 6.0),))


QUIT, SAVE = key(pygame.K_q, "q"), key(pygame.K_s, "", pygame.KMOD_CTRL)


@pytest.mark.parametrize("last", [SAVE, key(pygame.K_c, "c"), key(pygame.K_z, "", pygame.KMOD_CTRL)])
def test_an_orderly_end_leaves_nothing_to_restore_of_a_page_that_is_saved_or_blank(
    opened: Opener, tmp_path: Path, last: list[pygame.event.Event]
) -> None:
    window = opened()
    play(window, mouse(SEVEN), lambda s: bool(s.labels))
    play(window, last + QUIT, lambda s: s.done)
    window.close()
    assert list((tmp_path / "home").glob("journal-*")) == []


def test_what_was_opened_and_left_as_it_was_is_not_offered_again(opened: Opener, tmp_path: Path) -> None:
    save_drawing(tmp_path / "one.inkml", Drawing((Stroke(ONE, 6.0),), (1000, 640)))
    window = opened()
    play(window, [pygame.event.Event(pygame.DROPFILE, file=str(tmp_path / "one.inkml"))], lambda s: bool(s.labels))
    play(window, QUIT, lambda s: s.done)
    window.close()
    assert list((tmp_path / "home").glob("journal-*")) == []


@pytest.mark.parametrize("end", [QUIT, [pygame.event.Event(pygame.QUIT)]])
def test_an_unsaved_page_is_offered_at_the_next_start(opened: Opener, end: list[pygame.event.Event]) -> None:
    window = opened()
    play(window, mouse(SEVEN), lambda s: bool(s.labels))
    play(window, SAVE, lambda s: not s.unsaved)
    play(window, mouse(ONE) + end, lambda s: s.done)
    window.close()
    again = opened()
    assert again.state.page.blank
    assert again.state.offer.strokes == (Stroke(SEVEN, 6.0), Stroke(ONE, 6.0))


@pytest.mark.parametrize(("button", "line", "left", "said"), [(1, TWO, (SEVEN, ONE, TWO), 1), (3, SEVEN, (ONE,), 0)])
def test_what_the_hand_is_at_when_the_window_closes_is_done(
    opened: Opener, button: int, line: Any, left: Any, said: int
) -> None:
    window = opened()
    play(window, mouse(SEVEN) + mouse(ONE), lambda s: len(s.labels) == 2)
    play(window, key(pygame.K_RIGHT) + key(pygame.K_9, "9") + key(pygame.K_ESCAPE), lambda s: bool(s.page.corrections))
    play(window, mouse(line, button)[:-1], lambda s: s.gesture is not None)
    play(window, [pygame.event.Event(pygame.QUIT)], lambda s: s.done)
    window.close()
    offer = opened().state.offer
    assert offer.strokes == tuple(Stroke(drawn, 6.0) for drawn in left)
    assert len(offer.corrections) == said


def test_corrected_ink_is_kept_with_its_label(opened: Opener, tmp_path: Path) -> None:
    window = opened()
    play(window, mouse(SEVEN) + mouse(ONE), lambda s: len(s.labels) == 2)
    keys = key(pygame.K_k, "k") + key(pygame.K_RIGHT) + key(pygame.K_7, "7") + key(pygame.K_ESCAPE)
    play(window, keys, lambda s: s.notice.startswith("Kept"))
    (kept,) = (tmp_path / "ink").iterdir()
    assert kept.name.startswith("7-")
    assert load_drawing(kept).strokes == (Stroke(SEVEN, 6.0),)


def test_a_correction_that_is_taken_back_is_not_kept(opened: Opener, tmp_path: Path) -> None:
    window = opened()
    play(window, mouse(SEVEN), lambda s: len(s.labels) == 1)
    keys = key(pygame.K_k, "k") + key(pygame.K_RIGHT) + key(pygame.K_7, "7") + key(pygame.K_ESCAPE)
    play(window, keys, lambda s: s.notice.startswith("Kept"))

    def ink() -> list[Path]:
        return list((tmp_path / "ink").glob("*.inkml"))

    play(window, key(pygame.K_z, "", pygame.KMOD_CTRL), lambda s: not ink())
    assert (window.state.title, ink()) == ("Recognizer - 0", [])
    play(window, key(pygame.K_y, "", pygame.KMOD_CTRL), lambda s: bool(ink()))
    assert window.state.title == "Recognizer - 7"
    (kept,) = ink()
    play(window, key(pygame.K_c, "c") + key(pygame.K_z, "", pygame.KMOD_CTRL), lambda s: bool(s.labels))
    window.close()
    assert ink() == [kept]


def test_settings_are_kept_for_the_next_run(opened: Opener, tmp_path: Path) -> None:
    window = opened()
    play(window, key(pygame.K_d, "d"), lambda s: s.settings.theme == "dark")
    kept = tmp_path / "home" / "settings.json"
    assert json.loads(kept.read_text())["theme"] == "dark"  # though the window may never come to close
    kept.unlink()
    window.close()
    assert json.loads(kept.read_text())["theme"] == "dark"


def test_the_classic_layout_shows_the_annotated_copy_at_the_right(opened: Opener) -> None:
    window = opened(classic=True)
    state = play(window, mouse(SEVEN), lambda s: bool(s.labels))
    x, y, width, height = state.labels[0]

    def has_label(left: int) -> bool:
        label = screen().subsurface((left + x, y, width, height))
        return LIGHT.sure in {tuple(label.get_at((i, j)))[:3] for i in range(width) for j in range(height)}

    assert ink_at(220, 200) and ink_at(720, 200)
    assert (has_label(0), has_label(500)) == (False, True)
    assert len(play(window, mouse(((600, 300), (700, 300))), lambda s: True).page.strokes) == 1
    assert play(window, mouse(((100, 100),), button=3), lambda s: s.page.blank).title == "Recognizer"


def test_another_model_can_be_opened_and_reads_the_page_anew(opened: Opener) -> None:
    window = opened()
    before = play(window, mouse(SEVEN), lambda s: bool(s.labels))
    bad = pygame.event.Event(pygame.DROPFILE, file="bad.tflite")
    state = play(window, [bad], lambda s: s.notice.endswith("."))
    assert (state.notice, state.facts) == ("bad.tflite is no model: name another.", before.facts)
    good = pygame.event.Event(pygame.DROPFILE, file="good.tflite")
    state = play(window, [good], lambda s: s.read > before.read)
    assert state.facts is not None and ("reads", "other") in state.facts
    assert state.title == "Recognizer - 0"


def test_the_model_that_was_chosen_reads_in_the_next_run(opened: Opener, tmp_path: Path) -> None:
    window = opened()
    play(window, [], lambda s: s.facts is not None)
    drop = pygame.event.Event(pygame.DROPFILE, file=str(tmp_path / "good.tflite"))
    play(window, [drop], lambda s: bool(s.settings.model))
    window.close()
    kept = load_settings(tmp_path / "home", Settings()).model
    assert kept == str(tmp_path / "good.tflite")
    state = play(opened(chosen=kept), [], lambda s: s.facts is not None)
    assert state.facts is not None and ("reads", "other") in state.facts
    assert not state.notice


def test_a_chosen_model_that_is_gone_gives_way_to_the_usual_one(opened: Opener) -> None:
    window = opened(chosen="/gone/bad.tflite")
    state = play(window, mouse(SEVEN), lambda s: bool(s.labels))
    assert state.facts is not None and ("reads", "0 1 2 3 4 5 6 7 8 9") in state.facts
    assert not state.problem


def test_that_a_chosen_model_is_gone_is_told(opened: Opener) -> None:
    state = play(opened(chosen="/gone/bad.tflite"), [], lambda s: bool(s.notice))
    assert state.notice == ("bad.tflite, chosen last, cannot be opened: the shipped model reads, Ctrl+O opens another.")


def test_a_model_can_be_opened_where_there_was_none(opened: Opener) -> None:
    class Missing:
        def explain(self, page: Any) -> Any:
            raise recognizer.ModelUnavailable("There is no model here: name another.")

    window = opened(Missing())
    play(window, mouse(SEVEN), lambda s: bool(s.problem))
    good = pygame.event.Event(pygame.DROPFILE, file="good.keras")
    assert play(window, [good], lambda s: bool(s.labels)).title == "Recognizer - 0"


def test_the_chosen_format_reaches_the_reader(opened: Opener) -> None:
    formats: list[str] = []

    class Strict(CountingRecognizer):
        def explain(self, page: Any, format: Any = None) -> Any:
            formats.append(format.name if format else "")
            return super().explain(page)

    window = opened(Strict())
    play(window, mouse(SEVEN), lambda s: bool(s.labels))
    chosen = key(pygame.K_f, "f") + key(pygame.K_DOWN) * 2 + key(pygame.K_RETURN, "\r")
    before = window.state.read
    state = play(window, chosen, lambda s: s.read > before)
    assert (state.settings.format, formats) == ("date", ["", "", "date"])


def test_a_slow_reading_does_not_hold_up_the_page(opened: Opener) -> None:
    go = threading.Event()

    class Slow(CountingRecognizer):
        def explain(self, page: Any) -> Any:
            if len(page.strokes) == 2:
                go.wait(10)
            return super().explain(page)

    window = opened(Slow())
    play(window, mouse(SEVEN), lambda s: bool(s.labels))
    play(window, mouse(((280, 400), (500, 400)), button=1), lambda s: len(s.page.strokes) == 2)
    state = play(window, key(pygame.K_u, "u"), lambda s: len(s.page.strokes) == 1)
    window.take([pygame.event.wait(1)])
    assert state.read < state.revision
    assert not ink_at(400, 400)
    go.set()
    assert play(window, [], lambda s: s.read == s.revision).title == "Recognizer - 0"
