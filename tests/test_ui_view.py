"""What the window looks like, on surfaces."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pygame
import pytest
from conftest import examples
from hypothesis import given
from hypothesis import strategies as st
from ui_stage import MARK, ONE, SEVEN, ZERO, after, counted, stroke

from recognizer.drawing import Drawing, Stroke
from ui.canvas import Ink
from ui.choosing import choice_rows
from ui.chrome import notice_box, notice_words, offer_box, offer_lines, offer_words
from ui.commands import GESTURES, KEYS
from ui.events import Event, Found, Key, Listed, ModelReady, Notice, PenDown, PenMove, PenUp, Ready, Scrolled
from ui.layout import SLIDER, banner_buttons, layout, picker_rows, popup_rows
from ui.lettering import area_of, font, shortened, wrapped
from ui.page import Box, Page, Picture
from ui.readout import number_lines, number_words
from ui.state import Settings, State
from ui.theme import DARK, LIGHT, THEMES, Colour, colour_of, mark_of
from ui.update import update
from ui.view import View


def shown(state: State) -> pygame.Surface:
    surface = pygame.Surface(state.size)
    View(state).paint(surface, state)
    return surface


def read(state: State, confidence: float = 0.99) -> State:
    reading = counted(Drawing(state.page.strokes), confidence)
    state = update(state, Ready(state.revision, reading, (MARK,) * len(reading.symbols), 0.01))
    return update(state, View(state).placed(state))


def colours(surface: pygame.Surface, box: Box) -> set[tuple[int, ...]]:
    part = surface.subsurface(pygame.Rect(box).clip(surface.get_rect()))
    return {tuple(part.get_at((x, y)))[:3] for x in range(part.get_width()) for y in range(part.get_height())}


def contrast(one: Colour, two: Colour) -> float:
    """Return how well two colours can be told apart, 1 to 21, as WCAG 2 measures it."""
    linear = [((np.array(colour[:3]) / 255 + 0.055) / 1.055) ** 2.4 for colour in (one, two)]
    dark, light = sorted(float(each @ (0.2126, 0.7152, 0.0722)) for each in linear)
    return (light + 0.05) / (dark + 0.05)


def written(**settings: object) -> State:
    state = State(settings=replace(Settings(), **settings))
    return after(state, [event for points in (SEVEN, ONE, ZERO) for event in stroke(points)])


@pytest.mark.parametrize(
    ("confidence", "colour", "mark"),
    [(0.99, LIGHT.sure, "99%"), (0.9, LIGHT.doubtful, "90%?"), (0.5, LIGHT.guess, "50%??"), (1.0, LIGHT.sure, "99%")],
)
def test_confidence_shows_by_colour_and_by_a_mark(confidence: float, colour: tuple[int, int, int], mark: str) -> None:
    state = read(written(), confidence)
    assert mark_of(confidence) == mark
    assert colour in colours(shown(state), state.labels[0])


def test_a_corrected_digit_has_a_colour_and_a_mark_of_its_own() -> None:
    state = after(read(written()), [Key("Right"), Key("7", "7"), Key("Escape")])
    state = update(state, View(state).placed(state))
    assert mark_of(1.0, said=True) == "ok"
    assert LIGHT.said in colours(shown(state), state.labels[0])


def test_colours_differ_in_brightness_or_hue_for_every_eye() -> None:
    """Seen without red-green difference (only blue against yellow, and brightness), no two are alike."""
    for theme in (LIGHT, DARK):
        seen = []
        for confidence in (0.99, 0.9, 0.5):
            red, green, blue = colour_of(theme, confidence)
            yellow = 0.3 * red + 0.59 * green
            seen.append((yellow + 0.11 * blue, blue - (red + green) / 2))
        for k, one in enumerate(seen):
            for other in seen[k + 1 :]:
                assert abs(one[0] - other[0]) + abs(one[1] - other[1]) > 24


def test_labels_keep_clear_of_the_number() -> None:
    state = after(State(), stroke(((40, 45), (60, 45), (48, 100))))
    state = read(state)
    (_, number), *_ = number_lines(state)[0]
    assert not pygame.Rect(number).colliderect(state.labels[0])


def test_a_long_number_is_set_smaller_to_fit() -> None:
    strokes = tuple(Stroke(((5.0 * k, 300.0), (5.0 * k, 330.0)), 2.0) for k in range(60))
    state = read(replace(State(size=(500, 400)), page=replace(State().page, strokes=strokes)))
    ((line, box),), _ = number_lines(state)
    assert len(line) == 60
    assert box[0] + box[2] <= 500


def test_a_number_is_grouped_as_its_format_says() -> None:
    strokes = tuple(Stroke(((50.0 * k + 20, 300.0), (50.0 * k + 20, 330.0)), 2.0) for k in range(10))
    state = State(page=replace(State().page, strokes=strokes), settings=Settings(format="phone"))
    ((line, _),), _ = number_lines(read(state))
    assert line == "012 345 6789"


def test_a_number_that_has_not_its_format_is_said_to() -> None:
    state = read(written(format="phone"))
    odd = replace(state, shown=replace(state.shown, reading=replace(state.shown.reading, fits=False)))
    assert number_words(odd, LIGHT)[-1][0] == "not of format phone"
    assert number_words(state, LIGHT)[-1][0] == mark_of(0.99)


def test_lines_stand_below_each_other() -> None:
    state = written()
    state = update(state, Ready(state.revision, replace(counted(Drawing(state.page.strokes)), text="01\n2")))
    (first, above), (second, below) = number_lines(state)[0]
    assert (first, second) == ("01", "2")
    assert below[1] >= above[1] + above[3]


def test_of_many_lines_the_last_are_shown() -> None:
    state = written()
    text = "\n".join(str(100 + k) for k in range(40))
    lines, height = number_lines(update(state, Ready(state.revision, replace(counted(Drawing(())), text=text))))
    assert [line for line, _ in lines] == ["…", "135", "136", "137", "138", "139"]
    assert height * len(lines) <= state.layout.paper[3] / 3


INK = st.lists(
    st.tuples(st.integers(0, 580), st.integers(0, 330), st.integers(2, 120), st.integers(2, 90)),
    min_size=1,
    max_size=12,
)


@examples(40)
@given(INK, st.sampled_from((0.75, 1.0, 2.0)), st.booleans())
def test_the_number_never_lies_on_ink(areas: list[Box], scale: float, panel: bool) -> None:
    state = State(size=(600, 500), settings=Settings(scale=scale, panel=panel))
    strokes = tuple(Stroke(((x, y), (x + w, y + h), (x, y + h), (x + w, y)), 5.0) for x, y, w, h in areas)
    state = read(replace(state, page=replace(state.page, strokes=strokes), revision=1))
    ink = Ink(state.size, LIGHT.ink)
    ink.show(strokes)
    boxes = [box for _, box in number_lines(state)[0]]
    assert boxes or (state.number is not None and not state.number[2])
    for x, y, width, height in boxes:
        assert pygame.Rect(state.layout.paper).contains((x, y, width, height))
        assert not ink.coverage[y : y + height, x : x + width].any()


def test_the_number_is_at_the_top_while_nothing_is_written_there() -> None:
    state = read(written())
    assert state.number is not None and state.number[:2] == (20, 10)
    over = read(after(written(), stroke(((30, 20), (60, 60)))))
    assert over.number is not None and over.number[0] > 60 and over.number[1:] == state.number[1:]


@pytest.mark.parametrize("size", [(320, 240), (600, 400), (1000, 640)])
def test_however_large_letters_are_there_is_paper_to_write_on(size: tuple[int, int]) -> None:
    large = State(size=size, settings=Settings(scale=3.0))
    assert large.scale >= 0.75 and large.layout.paper[3] >= 0.5 * size[1]
    assert State(size=(3000, 2000), settings=large.settings).scale == 3.0
    assert update(large, Key("Ctrl+-")).scale < large.scale or large.scale == 0.75


def test_labels_keep_clear_of_the_line_of_notices() -> None:
    state = State(size=(600, 400), settings=Settings(scale=2.0))
    low = state.layout.bar[1] - 5
    state = read(after(state, stroke(((60, 8), (90, 8), (70, low)))))
    strip = pygame.Rect(notice_box(state))
    assert state.labels and not any(strip.colliderect(label) for label in state.labels)


@pytest.mark.parametrize("over", [None, Listed("/somewhere", tuple(f"{k}.png" for k in range(40)))])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_long_notice_is_told_to_its_end_over_lists_too(over: Listed | None, scale: float) -> None:
    state = State(size=(640, 400), settings=Settings(scale=scale))
    state = update(state, over) if over else state
    told = update(state, Notice("This picture cannot be read: it ends in the middle. Save or download it once more."))
    lines = notice_words(told, LIGHT)
    assert " ".join(text for text, *_ in lines) == told.notice
    seen, before = shown(told), shown(state)
    for words in lines:
        area = area_of(words)
        assert seen.get_rect().contains(area)
        assert LIGHT.text in colours(seen, area)
    assert pygame.Rect(notice_box(told)).contains(pygame.Rect(area_of(lines[0])))
    assert pygame.image.tobytes(seen, "RGB") != pygame.image.tobytes(before, "RGB")


@pytest.mark.parametrize("change", [Key("D", "d"), Scrolled(3)])
def test_the_stroke_under_the_pen_takes_another_colour_and_width_at_once(change: Key | Scrolled) -> None:
    down, *moves, _ = stroke(ZERO)
    state = after(State(size=(600, 400)), [down, *moves])
    view, surface = View(state), pygame.Surface(state.size)
    view.paint(surface, state)
    changed = update(state, change)
    view.paint(surface, changed)
    seen, wanted = (pygame.surfarray.array3d(each).astype(int) for each in (surface, shown(changed)))
    assert np.count_nonzero(np.abs(seen - wanted).max(axis=2) > 32) <= 12
    assert changed.settings != state.settings


def test_on_a_page_full_of_ink_the_number_is_in_the_title_alone() -> None:
    strokes = tuple(Stroke(((0.0, 8.0 * k), (600.0, 8.0 * k)), 6.0) for k in range(60))
    state = read(replace(State(size=(600, 400)), page=replace(State().page, strokes=strokes), revision=1))
    assert number_lines(state) == ((), 0)
    assert state.title.startswith("Recognizer - 0123456789")


def test_dark_is_dark_all_over() -> None:
    state = read(written(theme="dark"))
    surface = shown(state)
    assert tuple(surface.get_at((500, 500)))[:3] == DARK.paper
    assert tuple(surface.get_at((220, 200)))[:3] == DARK.ink
    assert pygame.transform.average_color(surface)[0] < 60


def test_the_panel_shows_glyphs_and_classes_of_the_digit_under_the_pointer() -> None:
    state = after(read(written(panel=True)), [ModelReady((("seed", "7"),)), PenMove(300, 235, pressed=False)])
    seen = colours(shown(state), state.layout.panel)
    assert (128, 128, 128) in seen
    assert LIGHT.sure in seen and LIGHT.doubtful in seen


@pytest.mark.parametrize("scale", [0.75, 1.0, 2.0])
def test_the_slider_stays_beside_the_buttons_where_it_has_room(scale: float) -> None:
    wide, usual = (layout((round(width * scale), 900), scale, False) for width in (1200, 960))
    assert wide.slider[2] == round(SLIDER[1] * scale)
    assert round(SLIDER[0] * scale) <= usual.slider[2] < wide.slider[2]
    assert {button.box[1] for button in usual.buttons} == {usual.slider[1]}
    assert usual.slider[0] + usual.slider[2] < 960 * scale


def test_the_panel_never_reaches_over_the_toolbar() -> None:
    state = replace(read(written(panel=True, scale=2.0)), size=(700, 420))
    bar = state.layout.bar
    without = replace(state, settings=replace(state.settings, panel=False))
    assert bar == without.layout.bar
    one, other = shown(state).subsurface(bar), shown(without).subsurface(bar)
    button = next(b.box for b in state.layout.buttons if b.name == "Panel")
    for surface in (one, other):
        surface.fill((0, 0, 0), pygame.Rect(button).move(0, -bar[1]))
    assert pygame.image.tobytes(one, "RGB") == pygame.image.tobytes(other, "RGB")


def test_the_help_names_every_key_and_gesture_on_any_window() -> None:
    for size in ((1000, 640), (320, 240), (2400, 1400)):
        surface = shown(replace(State(size=size), help=True))
        middle = colours(surface, (0, size[1] // 4, size[0], size[1] // 4))
        assert len(middle) > 3, size
        assert colours(surface, (0, size[1] - 3, size[0], 3)) == {LIGHT.paper}, size
    assert all(keys and command.value for command, keys in KEYS.items())
    assert len(GESTURES) >= 6


def test_choices_files_notices_and_questions_are_drawn() -> None:
    state = read(written())
    plain = pygame.image.tobytes(shown(state), "RGB")
    for event in (Key("Right"), Listed("/x", ("a.png",)), Notice("Saved."), Found(Page((Stroke(SEVEN),)))):
        assert pygame.image.tobytes(shown(update(state, event)), "RGB") != plain, event


@pytest.mark.parametrize("scale", [0.75, 1.0, 2.0, 3.0])
@pytest.mark.parametrize("size", [(1000, 640), (640, 480), (320, 240), (2400, 1400)])
@pytest.mark.parametrize("panel", [False, True])
def test_the_question_about_an_unsaved_page_is_told_to_its_end(
    size: tuple[int, int], scale: float, panel: bool
) -> None:
    page = Page((Stroke(SEVEN),) * 128, Picture(b"\xff", (1, 1)))
    state = update(replace(written(scale=scale, panel=panel), size=size), Found(page))
    lines = offer_lines(state)
    assert " ".join(text for text, *_ in lines) == offer_words(state)
    areas = [pygame.Rect(area_of(words)) for words in lines]
    answers = [pygame.Rect(box) for box in banner_buttons(state.layout, state.scale)]
    paper = pygame.Rect(state.layout.paper)
    assert all(paper.contains(area) and area.collidelist(answers) < 0 for area in areas)
    assert all(paper.contains(answer) for answer in answers)


def test_notices_are_told_above_a_question_that_waits() -> None:
    state = update(written(), Found(Page((Stroke(SEVEN),))))
    told = update(state, Notice("Saved."))
    ((text, _, _, _),) = notice_words(told, LIGHT)
    assert text == "Saved."
    assert not pygame.Rect(notice_box(told)).colliderect(offer_box(told))
    assert notice_words(state, LIGHT) == ()
    assert LIGHT.text in colours(shown(told), notice_box(told))


@pytest.mark.parametrize("asking", [Listed("/x", ("a.png",)), Key("F", "f")])
def test_a_list_in_which_nothing_is_found_says_so(asking: Event) -> None:
    state = after(State(), [asking, Key("Z", "z"), Key("Z", "z")])
    row = picker_rows(state.size, state.scale)[0]
    assert LIGHT.muted in colours(shown(state), row)


def test_text_is_cut_or_wrapped_to_its_width() -> None:
    text = "nothing is ever wider than it may be"
    assert font(20).size(shortened(text, 20, 120))[0] <= 120
    assert shortened("short", 20, 120) == "short"
    lines = wrapped(text, 20, 120)
    assert " ".join(lines) == text
    assert max(font(20).size(line)[0] for line in lines) <= 120
    long = wrapped("see /a/path/that/is/longer/than/a/line", 20, 120)
    assert "".join(long) == "see/a/path/that/is/longer/than/a/line"
    assert max(font(20).size(line)[0] for line in long) <= 120
    assert wrapped("no room", 20, 0) == tuple("noroom")


@pytest.mark.parametrize("x", [10, 500, 960])
def test_the_choices_do_not_cover_the_digit(x: int) -> None:
    box = (x, 600, 30, 30)
    rows = popup_rows(box, 6, (1000, 640), 1.0)
    assert not any(pygame.Rect(row).colliderect(box) for row in rows)
    assert all(pygame.Rect(0, 0, 1000, 640).contains(row) for row in rows)


@pytest.mark.parametrize(
    ("box", "others", "place"),
    [
        ((300, 300, 30, 40), (), (340, 300)),
        ((300, 300, 30, 40), ((340, 300, 300, 40),), (100, 300)),
        ((300, 300, 30, 40), ((340, 300, 300, 40), (0, 300, 290, 40)), (220, 350)),
        ((300, 300, 30, 40), ((340, 300, 300, 40), (0, 300, 290, 40), (0, 400, 900, 40)), (220, 122)),
        ((300, 0, 30, 40), ((340, 0, 300, 40), (0, 0, 290, 90), (0, 50, 900, 40)), (220, 50)),
    ],
)
def test_the_choices_stand_where_they_cover_least(box: Box, others: tuple[Box, ...], place: tuple[int, int]) -> None:
    assert popup_rows(box, 6, (1000, 640), 1.0, others)[0][:2] == place


def test_the_choices_leave_the_digits_beside_the_chosen_one_in_sight() -> None:
    state = update(read(written()), Key("Right"))
    rows = [pygame.Rect(row) for row in choice_rows(state)]
    assert not any(row.colliderect(symbol.box) for row in rows for symbol in state.shown.symbols)


@pytest.mark.parametrize("gray", [0, 40, 110, 150, 215, 255])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_ink_and_labels_can_be_told_from_any_picture_under_them(theme: str, gray: int) -> None:
    picture = Picture(bytes([gray]) * 800 * 400, (800, 400))
    state = read(replace(written(theme=theme), page=Page((Stroke(ONE, 6.0),), picture)))
    surface, own = shown(state), THEMES[theme]
    x, y, width, _ = state.labels[0]
    paper, ink, label = (tuple(surface.get_at(at))[:3] for at in ((700, 300), (300, 235), (x + width // 2, y + 1)))
    assert contrast(paper, ink) > 4
    assert label == own.paper
    assert min(contrast(label, colour) for colour in (own.sure, own.said, own.doubtful, own.guess)) > 4


def test_the_eraser_of_the_right_button_is_seen_while_it_is_held() -> None:
    state = read(written())
    view, surface = View(state), pygame.Surface(state.size)
    view.paint(surface, state)
    around = (480, 380, 40, 40)
    for event, seen in ((PenDown(500, 400, erase=True), True), (PenMove(502, 401), True), (PenUp(erase=True), False)):
        state = update(state, event)
        view.paint(surface, state)
        assert (LIGHT.muted in colours(surface, around)) == seen


def test_ink_that_was_not_read_has_a_label_and_no_number_wherever_it_lies() -> None:
    rows = (10, *range(400, 590, 10))
    strokes = tuple(Stroke(((5.0, float(y)), (995.0, float(y))), 12.0) for y in rows)
    reading = counted(Drawing(strokes))
    symbols = tuple(replace(symbol, label="") for symbol in reading.symbols)
    state = State(page=Page(strokes))
    state = update(state, Ready(state.revision, replace(reading, text="", symbols=symbols), (MARK,) * len(rows)))
    placed = View(state).placed(state)
    assert len(placed.labels) == len(rows)
    assert number_lines(update(state, placed)) == ((), 0)
