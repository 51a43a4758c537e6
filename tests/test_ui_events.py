"""From Pygame's events to ours."""

from __future__ import annotations

import pygame
import pytest

from ui.events import Closed, Dropped, Key, PenDown, PenMove, PenUp, Resized, Scrolled, translate

SIZE = (1000, 500)


def ours(kind: int, **facts: object) -> object:
    return translate(pygame.event.Event(kind, **facts), SIZE)


@pytest.mark.parametrize(
    ("name", "typed", "mod", "expected"),
    [
        (pygame.K_z, "\x1a", pygame.KMOD_LCTRL, Key("Ctrl+Z")),
        (pygame.K_z, "\x1a", pygame.KMOD_LCTRL | pygame.KMOD_LSHIFT, Key("Ctrl+Shift+Z")),
        (pygame.K_z, "z", pygame.KMOD_LMETA, Key("Ctrl+Z")),
        (pygame.K_q, "q", 0, Key("Q", "q")),
        (pygame.K_SLASH, "?", pygame.KMOD_LSHIFT, Key("?", "?")),
        (pygame.K_KP7, "7", pygame.KMOD_NUM, Key("7", "7")),
        (pygame.K_SPACE, " ", 0, Key(" ", " ")),
        (pygame.K_DELETE, "\x7f", 0, Key("Delete")),
        (pygame.K_RETURN, "\r", 0, Key("Return")),
        (pygame.K_KP_ENTER, "\r", 0, Key("Return")),
        (pygame.K_ESCAPE, "\x1b", 0, Key("Escape")),
        (pygame.K_F1, "", 0, Key("F1")),
        (pygame.K_EQUALS, "", pygame.KMOD_RCTRL, Key("Ctrl+=")),
    ],
)
def test_keys_are_named_by_what_they_type(name: int, typed: str, mod: int, expected: Key) -> None:
    assert ours(pygame.KEYDOWN, key=name, unicode=typed, mod=mod) == expected


@pytest.mark.parametrize("name", [pygame.K_LSHIFT, pygame.K_RCTRL])
def test_a_modifier_alone_is_nothing(name: int) -> None:
    assert ours(pygame.KEYDOWN, key=name, unicode="", mod=0) is None


@pytest.mark.parametrize("mod", [pygame.KMOD_RALT | pygame.KMOD_LCTRL, pygame.KMOD_RALT, pygame.KMOD_MODE])
def test_what_is_typed_with_the_third_level_of_a_key_is_no_chord(mod: int) -> None:
    assert ours(pygame.KEYDOWN, key=pygame.K_MINUS, unicode="\\", mod=mod) == Key("\\", "\\")


def test_control_with_the_right_alt_key_is_a_chord_where_nothing_is_typed() -> None:
    mod = pygame.KMOD_RALT | pygame.KMOD_LCTRL
    assert ours(pygame.KEYDOWN, key=pygame.K_s, unicode="", mod=mod) == Key("Ctrl+S")
    assert ours(pygame.KEYDOWN, key=pygame.K_s, unicode="\x13", mod=mod) == Key("Ctrl+S")


def test_buttons_write_and_erase() -> None:
    down = ours(pygame.MOUSEBUTTONDOWN, pos=(3, 4), button=1)
    erase = ours(pygame.MOUSEBUTTONDOWN, pos=(3, 4), button=3)
    assert isinstance(down, PenDown) and (down.x, down.y, down.erase) == (3, 4, False)
    assert isinstance(erase, PenDown) and erase.erase
    assert isinstance(ours(pygame.MOUSEBUTTONUP, pos=(3, 4), button=1), PenUp)


@pytest.mark.parametrize("button", [2, 4, 5, 6])
def test_other_buttons_are_nothing(button: int) -> None:
    assert ours(pygame.MOUSEBUTTONDOWN, pos=(3, 4), button=button) is None


@pytest.mark.parametrize(("held", "pressed"), [((1, 0, 0), True), ((0, 0, 1), True), ((0, 1, 0), False)])
def test_a_movement_tells_whether_the_pen_touches(held: tuple[int, int, int], pressed: bool) -> None:
    assert ours(pygame.MOUSEMOTION, pos=(3, 4), rel=(1, 1), buttons=held) == PenMove(3, 4, pressed)


def test_fingers_are_told_in_fractions_of_the_window() -> None:
    assert ours(pygame.FINGERMOTION, x=0.25, y=0.5, finger_id=1, touch_id=1) == PenMove(250, 250)
    down = ours(pygame.FINGERDOWN, x=0.25, y=0.5, finger_id=1, touch_id=1)
    assert isinstance(down, PenDown) and (down.x, down.y) == (250, 250)
    assert isinstance(ours(pygame.FINGERUP, x=0.25, y=0.5, finger_id=1, touch_id=1), PenUp)


def test_the_mouse_that_a_finger_pretends_to_be_is_nothing() -> None:
    assert ours(pygame.MOUSEBUTTONDOWN, pos=(3, 4), button=1, touch=True) is None
    assert ours(pygame.MOUSEMOTION, pos=(3, 4), buttons=(1, 0, 0), touch=True) is None


def test_wheel_window_and_files() -> None:
    assert ours(pygame.MOUSEWHEEL, x=0, y=-2) == Scrolled(-2)
    wheel = pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=1)
    assert translate(wheel, SIZE, (30, 40)) == Scrolled(1, 30, 40)
    assert ours(pygame.MOUSEWHEEL, x=1, y=0) is None
    assert ours(pygame.VIDEORESIZE, w=640, h=480, size=(640, 480)) == Resized((640, 480))
    assert ours(pygame.DROPFILE, file="/a/b.png") == Dropped("/a/b.png")
    assert ours(pygame.QUIT) == Closed()
    assert ours(pygame.WINDOWMOVED, x=1, y=2) is None
