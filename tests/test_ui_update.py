"""The canvas as a function: what becomes of a state when something happens."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ui_stage import MARK, ONE, SEVEN, ZERO, after, counted, stroke

from recognizer.drawing import Drawing, Stroke
from recognizer.reading import Reading, Symbol
from ui.choosing import NO_DIGIT, choice_rows, choices, chosen
from ui.chrome import offer_box
from ui.commands import KEYS, Command
from ui.events import (
    Closed,
    Do,
    Dropped,
    Found,
    Key,
    Listed,
    ModelMissing,
    ModelReady,
    Notice,
    Opened,
    PenDown,
    PenMove,
    PenUp,
    Placed,
    Ready,
    Resized,
    Saved,
    Scrolled,
)
from ui.layout import WIDEST_PEN, banner_buttons
from ui.page import Correction, Page, Picture
from ui.state import Hint, State, Tool, Wish
from ui.update import OFF_PAPER, update

BARE = State(settings=replace(State().settings, hints_done=tuple(hint.name for hint in Hint)))


def written(*lines: tuple[tuple[float, float], ...]) -> State:
    return after(BARE, [event for line in lines for event in stroke(line)])


def read(state: State) -> State:
    """Return `state` with its page read as 0, 1, 2, … and labels 20 pixels above the boxes."""
    state = update(state, Ready(state.revision, counted(Drawing(state.page.strokes)), (MARK,) * 9))
    boxes = [symbol.box for symbol in state.shown.symbols]
    return update(state, Placed(tuple((x, y - 20, 30, 16) for x, y, _, _ in boxes)))


def pressed(state: State, command: Command) -> State:
    box = next(button.box for button in state.layout.buttons if button.command is command)
    return after(state, stroke([(box[0] + box[2] / 2, box[1] + box[3] / 2)]))


def test_lifting_the_pen_makes_a_stroke_and_asks_for_a_reading() -> None:
    state = written(SEVEN)
    assert state.page.strokes == (Stroke(SEVEN, 6.0),)
    assert state.asked == state.revision == 1


def test_nothing_is_asked_while_the_pen_is_down() -> None:
    state = after(BARE, stroke(SEVEN)[:-1])
    assert (state.page.strokes, state.asked) == ((), 0)


def test_a_click_is_a_dot() -> None:
    assert written(((50, 60),)).page.strokes == (Stroke(((50, 60),), 6.0),)


def test_every_point_of_a_fast_scribble_is_kept() -> None:
    points = tuple((float(k * 37 % 900), float(k * 53 % 500)) for k in range(500))
    assert written(points).page.strokes[0].points == points


def test_points_beyond_the_window_stay_at_its_edge() -> None:
    state = after(BARE, [PenDown(900, 300), PenMove(1200, 320), PenMove(1300, -50), PenUp()])
    assert state.page.strokes[0].points == ((900, 300), (999, 320), (999, 0))


def test_a_stroke_whose_end_was_not_seen_ends_when_the_bare_pointer_moves() -> None:
    state = after(BARE, [PenDown(100, 100), PenMove(120, 120), PenMove(300, 300, pressed=False)])
    assert state.gesture is None
    assert state.page.strokes[0].points == ((100, 100), (120, 120))


def test_the_right_button_ends_no_stroke_of_the_left_one() -> None:
    right = PenDown(115, 115, erase=True), PenUp(erase=True)
    state = after(BARE, [PenDown(100, 100), PenMove(120, 120), *right, PenMove(140, 100), PenUp()])
    assert [stroke.points for stroke in state.page.strokes] == [((100, 100), (120, 120), (140, 100))]
    rubbing = after(state, [PenDown(500, 500, erase=True), PenDown(120, 120), PenUp(), PenMove(120, 120)])
    assert rubbing.page.blank and rubbing.gesture is not None


def test_a_reading_of_other_ink_is_not_shown() -> None:
    state = written(SEVEN, ONE)
    late = update(state, Ready(1, counted(Drawing(state.page.strokes[:1]))))
    assert late is state


def test_a_reading_shows_in_the_title() -> None:
    assert read(written(SEVEN, ONE)).title == "Recognizer - 01"
    assert State().title == "Recognizer"


def test_lines_stand_apart_in_the_title() -> None:
    reading = replace(counted(Drawing((Stroke(SEVEN), Stroke(ONE)))), text="0\n1")
    assert update(written(SEVEN, ONE), Ready(2, reading)).title == "Recognizer - 0 1"


def test_clearing_shows_no_number_at_once() -> None:
    state = update(read(written(SEVEN)), Key("C"))
    assert state.page.blank
    assert state.title == "Recognizer"
    assert state.asked == state.read == state.revision


@pytest.mark.parametrize("undo", ["Ctrl+Z", "U"])
@pytest.mark.parametrize("redo", ["Ctrl+Y", "Ctrl+Shift+Z"])
def test_undo_and_redo_go_all_the_way_and_are_read(undo: str, redo: str) -> None:
    state = written(SEVEN, ONE, ZERO)
    back = after(state, [Key(undo)] * 5)
    assert back.page.blank
    assert back.future and not back.past
    forth = after(back, [Key(redo)] * 5)
    assert forth.page == state.page
    assert forth.asked == forth.revision > state.revision


def test_a_new_stroke_ends_what_could_be_redone() -> None:
    state = after(written(SEVEN, ONE), [Key("Ctrl+Z"), *stroke(ZERO)])
    assert not state.future
    assert update(state, Key("Ctrl+Y")) is state


def test_undo_brings_back_a_cleared_page() -> None:
    state = written(SEVEN, ONE)
    assert after(state, [Key("N"), Key("Ctrl+Z")]).page == state.page


@pytest.mark.parametrize("way", ["right button", "tool"])
def test_the_eraser_takes_away_strokes_that_it_touches_in_one_step(way: str) -> None:
    state = written(SEVEN, ONE, ZERO)
    if way == "tool":
        state = update(state, Key("E"))
    rubbed = after(state, stroke(((180, 235), (330, 235)), erase=way == "right button"))
    assert rubbed.page.strokes == state.page.strokes[2:]
    assert rubbed.asked > state.asked
    assert update(rubbed, Key("Ctrl+Z")).page == state.page


def test_the_area_eraser_cuts_a_stroke_in_two() -> None:
    state = after(written(((100, 100), (300, 100))), [Key("E"), Key("E")])
    assert state.tool is Tool.AREA_ERASER
    cut = after(state, stroke(((200, 100),)))
    left, right = cut.page.strokes
    assert left.points[0] == (100, 100) and right.points[-1] == (300, 100)
    assert left.points[-1][0] < 191 < 209 < right.points[0][0]


def test_erasing_nothing_is_no_step() -> None:
    state = written(SEVEN)
    same = after(state, stroke(((700, 400), (720, 420)), erase=True))
    assert same.past == state.past
    assert same.asked == state.asked


def test_digits_are_found_under_the_pointer_on_the_classic_copy_too() -> None:
    state = read(replace(written(SEVEN, ONE), classic=True))
    x, y, _, _ = state.shown.symbols[1].box
    for left in (0, state.layout.copy[0]):
        assert update(state, PenMove(left + x, y, pressed=False)).hovered == 1


def test_the_right_button_clears_in_classic_mode() -> None:
    state = replace(written(SEVEN, ONE), classic=True)
    assert after(state, stroke(((500, 300),), erase=True)).page.blank


def zigzag(left: float, top: float, right: float, bottom: float) -> tuple[tuple[float, float], ...]:
    heights = [top + (bottom - top) * k / 7 for k in range(8)]
    return tuple((left if k % 2 else right, y) for k, y in enumerate(heights))


def test_a_zigzag_over_a_digit_scratches_it_out() -> None:
    state = written(SEVEN, ONE, ZERO)
    scratched = after(state, stroke(zigzag(285, 195, 315, 275)))
    assert scratched.page.strokes == (state.page.strokes[0], state.page.strokes[2])
    assert update(scratched, Key("Ctrl+Z")).page == state.page


def test_a_zigzag_on_bare_paper_is_ink() -> None:
    assert len(written(SEVEN, zigzag(600, 200, 700, 300)).page.strokes) == 2


def test_a_digit_written_over_a_finished_one_replaces_it() -> None:
    state = read(written(SEVEN, ZERO))
    over = tuple((x + 3, y + 2) for x, y in ZERO)
    replaced = after(state, stroke(over, time=10))
    assert replaced.page.strokes == (state.page.strokes[0], Stroke(over, 6.0))
    assert update(replaced, Key("Ctrl+Z")).page == state.page


def test_a_second_stroke_soon_after_the_first_replaces_nothing() -> None:
    state = read(written(SEVEN, ZERO))
    assert len(after(state, stroke(ZERO, time=0.6)).page.strokes) == 3


def test_a_late_bar_replaces_nothing() -> None:
    state = read(written(SEVEN, ZERO))
    slash = ((375, 268), (400, 235), (425, 202))
    assert len(after(state, stroke(slash, time=10)).page.strokes) == 3


def test_clicking_a_label_offers_alternatives_and_writes_no_dot() -> None:
    state = read(written(SEVEN, ONE))
    x, y, _, _ = state.labels[1]
    chosen = after(state, stroke(((x + 5, y + 5),)))
    assert chosen.selected == 1
    assert chosen.page == state.page


def test_choices_that_reach_over_the_toolbar_take_the_click() -> None:
    small = after(replace(BARE, size=(320, 240)), stroke(((40, 70), (75, 72), (50, 120))))
    seven = Symbol("7", 0.6, (40, 70, 36, 51), 0, tuple((label, 0.1) for label in "71045"))
    state = update(update(small, Ready(1, Reading("7", 0.6, (seven,)), (MARK,))), Key("Right"))
    x, y, _, _ = choice_rows(state)[-1]
    assert y > state.layout.bar[1]
    said = after(state, stroke(((x + 60, y + 3),)))
    assert (said.title, said.tool, said.selected) == ("Recognizer", Tool.PEN, None)
    assert [each.label for each in said.page.corrections] == [""]


def test_a_click_beside_the_choices_closes_them_and_writes_no_dot() -> None:
    state = update(read(written(SEVEN)), Key("Right"))
    closed = after(state, stroke(((600, 450), (601, 451))))
    assert (closed.selected, closed.page) == (None, state.page)
    assert len(after(closed, stroke(((600, 450),))).page.strokes) == 2
    assert len(after(state, stroke(((600, 450), (600, 500)))).page.strokes) == 2
    assert after(state, stroke(SEVEN[:1], erase=True)).page.blank


def test_a_stroke_that_begins_on_a_label_is_ink() -> None:
    state = read(written(SEVEN))
    x, y, _, _ = state.labels[0]
    written_on = after(state, stroke(((x + 5, y + 5), (x + 60, y - 60))))
    assert written_on.selected is None
    assert len(written_on.page.strokes) == 2


def test_typing_corrects_the_chosen_digit() -> None:
    state = after(read(written(SEVEN, ONE)), [Key("Right"), Key("Right"), Key("7", "7")])
    assert state.title == "Recognizer - 07"
    assert state.shown.said == {1}
    assert update(state, Key("Ctrl+Z")).title == "Recognizer - 01"


def test_what_was_said_of_a_digit_stands_out_among_its_choices_and_return_leaves_it() -> None:
    said = after(read(written(SEVEN, ONE)), [Key("Left"), Key("7", "7"), Key("Escape")])
    again = update(said, Key("Left"))
    symbol = again.shown.symbols[1]
    assert (chosen(symbol, again.choice), choices(symbol)) == ("7", ("7", "1", "2", ""))
    assert update(again, Key("Return")).page == said.page
    assert after(again, [Key("Down"), Key("Return")]).title == "Recognizer - 01"
    other = after(again, [Key("Up"), Key("Up"), Key("Return"), Key("Left")])
    assert (other.title, chosen(other.shown.symbols[1], other.choice)) == ("Recognizer - 02", "2")


def test_what_the_arrows_went_to_is_forgotten_with_the_list_that_held_it() -> None:
    state = after(read(written(SEVEN)), [Key("Right"), Key("9", "9"), Key("Down"), Key("Up"), Key("Ctrl+Z")])
    assert (state.choice, chosen(state.shown.symbols[0], state.choice)) == ("9", "0")
    assert update(state, Key("Return")).title == "Recognizer - 0"


def test_more_typing_makes_one_box_several_digits() -> None:
    state = after(read(written(SEVEN, ONE)), [Key("Left"), Key("4", "4"), Key("2", "2"), Key("Return")])
    assert state.title == "Recognizer - 042"
    assert state.selected is None


def test_splitting_gives_each_digit_a_box() -> None:
    state = after(read(written(SEVEN)), [Key("Right"), Key("4", "4"), Key("2", "2"), Key("3", "3")])
    assert state.title == "Recognizer - 423"
    assert len(state.shown.symbols) == 3
    assert update(state, Key("Ctrl+Z")).title == "Recognizer - 42"


def test_joining_makes_two_boxes_one_that_can_be_named() -> None:
    state = after(read(written(SEVEN, ONE, ZERO)), [Key("Right"), Key("J")])
    assert state.title == "Recognizer - 02"
    joined = state.shown.symbols[0].box
    assert (joined[0], joined[0] + joined[2]) == (200, 301)
    named = after(state, [Key("8", "8"), Key("Escape")])
    assert named.title == "Recognizer - 82"
    assert read(after(named, stroke(((700, 200), (700, 280))))).title == "Recognizer - 823"


def test_the_last_digit_has_none_to_be_joined_with() -> None:
    state = after(read(written(SEVEN, ONE)), [Key("Left")])
    assert update(state, Key("J")) is state


def test_arrows_and_return_choose_an_alternative() -> None:
    state = after(read(written(SEVEN)), [Key("Right"), Key("Down"), Key("Return")])
    assert state.title == "Recognizer - 1"


def test_delete_says_that_it_is_no_digit() -> None:
    state = after(read(written(SEVEN, ONE)), [Key("Right"), Key("Delete")])
    assert state.title == "Recognizer - 1"
    assert state.shown.origin == (1,)


def test_ink_that_was_not_read_is_named_at_its_label() -> None:
    state = written(SEVEN, ONE)
    reading = counted(Drawing(state.page.strokes))
    symbols = reading.symbols[0], replace(reading.symbols[1], label="")
    state = update(state, Ready(state.revision, replace(reading, text="0", symbols=symbols), (MARK, MARK)))
    state = update(state, Placed(tuple((x, y - 20, 30, 16) for x, y, _, _ in (s.box for s in state.shown.symbols))))
    assert state.shown.reading.number == "0"
    asked = after(state, stroke((state.labels[1][:2],)))
    assert choices(asked.shown.symbols[1]) == ("1", "2", NO_DIGIT)
    named = after(asked, [Key("7", "7"), Key("Escape")])
    assert named.shown.reading.number == "07"
    assert update(named, Key("Ctrl+Z")).shown.reading.number == "0"
    assert len(update(asked, Key("Return")).shown.symbols) == 1
    joined = after(update(state, Key("Right")), [Key("J", "j")])
    assert [symbol.label for symbol in joined.shown.symbols] == ["0"]


def test_a_label_that_goes_while_it_is_clicked_is_not_chosen() -> None:
    state = read(written(SEVEN, ONE))
    down, up = stroke((state.labels[1][:2],))
    fewer = counted(Drawing(state.page.strokes[:1]))
    state = after(state, [down, Ready(state.revision, fewer, (MARK,)), up])
    assert state.selected is None and len(state.page.strokes) == 2


def test_a_correction_outlives_a_new_reading() -> None:
    state = after(read(written(SEVEN, ONE)), [Key("Right"), Key("7", "7"), Key("Escape"), *stroke(ZERO)])
    assert read(state).title == "Recognizer - 712"


def test_a_correction_goes_with_its_ink_and_comes_back_with_it() -> None:
    state = after(read(written(SEVEN, ONE)), [Key("Right"), Key("7", "7"), Key("Escape")])
    gone = after(state, stroke(((180, 235), (240, 235)), erase=True))
    assert not gone.page.corrections
    assert read(update(gone, Key("Ctrl+Z"))).title == "Recognizer - 71"


def test_corrected_ink_is_kept_only_if_the_person_wants_that() -> None:
    events = [Key("Right"), Key("7", "7"), Key("Escape")]
    state = read(written(SEVEN))
    assert after(state, events).wishes == ()
    kept = after(state, [Key("K"), *events])
    assert kept.wishes == (Wish.KEEP_INK,)
    assert after(state, [*events, Key("Ctrl+Z")]).wishes == ()
    assert update(replace(kept, wishes=()), Key("Ctrl+Z")).wishes == (Wish.KEEP_INK,)


def test_clicking_a_choice_takes_it() -> None:
    state = update(read(written(SEVEN)), Key("Right"))
    row = choice_rows(state)[1]
    assert after(state, stroke(((row[0] + 4, row[1] + 4),))).title == "Recognizer - 1"


@pytest.mark.parametrize(("command", "wish"), [(Command.SAVE, Wish.SAVE), (Command.COPY, Wish.COPY)])
def test_buttons_ask_the_shell(command: Command, wish: Wish) -> None:
    state = pressed(written(SEVEN), command)
    assert state.wishes == (wish,)
    assert len(state.page.strokes) == 1


def test_every_button_does_what_its_key_does() -> None:
    state = after(read(written(SEVEN, ONE)), [Key("Ctrl+Z")])
    for button in state.layout.buttons:
        by_key = update(state, Key(KEYS[button.command][0]))
        assert replace(pressed(state, button.command), gesture=None) == by_key, button.name


def test_a_stroke_may_run_over_the_toolbar() -> None:
    bar = BARE.layout.bar
    state = after(BARE, stroke(((500, 400), (500, bar[1] + 20))))
    assert state.page.strokes[0].points[-1] == (500, bar[1] + 20)


def test_a_button_counts_when_the_hand_lets_go_of_it() -> None:
    state = written(SEVEN)
    box = next(button.box for button in state.layout.buttons if button.command is Command.CLEAR)
    on = (box[0] + 5, box[1] + 5)
    down = update(state, PenDown(*on))
    assert down.page == state.page
    assert update(down, PenUp()).page.blank
    assert after(down, [PenMove(box[0] + box[2] + 40, on[1]), PenUp()]).page == state.page


def test_a_stroke_may_begin_on_the_toolbar() -> None:
    x, y = BARE.layout.buttons[4].box[0] + 5, BARE.layout.bar[1] + 10
    points = ((x, y), (x + 2, y - 30), (x + 4, y - 60))
    state = after(BARE, stroke(points))
    assert state.page.strokes == (Stroke(points, 6.0),)


def test_the_slider_sets_the_width_of_the_pen() -> None:
    x, y, width, height = BARE.layout.slider
    state = after(BARE, stroke(((x + 1, y + height // 2), (x + width - 1, y + 5))))
    assert state.settings.pen_width == WIDEST_PEN
    assert state.page.blank


def test_keys_and_wheel_set_the_width_of_the_pen_within_limits() -> None:
    assert after(BARE, [Key("]"), Scrolled(2)]).settings.pen_width == 9
    assert after(BARE, [Scrolled(-99), Key("[")]).settings.pen_width == 1
    assert after(BARE, [Scrolled(99)] * 2).settings.pen_width == WIDEST_PEN


def test_live_reading_off_waits_for_the_button() -> None:
    state = after(update(BARE, Key("L")), stroke(SEVEN))
    assert state.asked == 0
    assert state.stale
    assert pressed(state, Command.READ).asked == 2


def test_turning_live_reading_on_reads_what_is_there() -> None:
    state = after(update(BARE, Key("L")), [*stroke(SEVEN), Key("L")])
    assert state.asked == state.revision


def test_what_changes_nothing_returns_the_same_state() -> None:
    state = read(written(SEVEN))
    quiet = [Key("F9"), PenUp(), Resized(state.size), Key("Ctrl+Y"), PenMove(900, 500, pressed=False), Key("Escape")]
    for event in quiet:
        assert update(state, event) is state, event


def test_pointing_at_a_digit_shows_which() -> None:
    state = update(read(written(SEVEN, ONE)), PenMove(300, 235, pressed=False))
    assert state.hovered == 1


def test_a_crash_is_offered_and_brought_back_below_what_is_new() -> None:
    old = (Stroke(SEVEN, 6.0), Stroke(ONE, 6.0))
    state = after(update(BARE, Found(Page(old))), stroke(ZERO))
    restored = update(state, Key("Return"))
    assert restored.page.strokes == (*old, Stroke(ZERO, 6.0))
    assert restored.wishes == (Wish.FORGET,)
    assert restored.offer.blank


def test_a_crash_gives_back_its_picture_and_what_was_said_and_leaves_what_is_said_now() -> None:
    picture, seven = Picture(b"\xff", (1, 1)), Stroke(SEVEN)
    lost = Page((seven,), picture, (Correction("7", (200, 200, 40, 70), (seven,)), Correction("5", (2, 2, 10, 12))))
    state = update(read(written(ONE)), Key("Right"))
    restored = after(state, [Key("1", "1"), Key("Escape"), Found(lost), Key("Return")]).page
    assert (restored.strokes, restored.picture) == ((seven, Stroke(ONE, 6.0)), picture)
    assert [said.label for said in restored.corrections] == ["7", "5", "1"]


def test_a_crash_can_be_forgotten_by_its_button() -> None:
    state = update(BARE, Found(Page((Stroke(SEVEN, 6.0),))))
    x, y, _, _ = banner_buttons(state.layout, 1.0)[1]
    forgotten = after(state, stroke(((x + 3, y + 3),)))
    assert forgotten.page.blank
    assert forgotten.wishes == (Wish.FORGET,)
    assert forgotten.offer.blank


def test_nothing_is_written_under_a_question_that_waits() -> None:
    state = update(BARE, Found(Page((Stroke(SEVEN, 6.0),))))
    x, y, _, _ = offer_box(state)
    assert after(state, stroke(((x + 3, y + 3), (x + 40, y + 9)))).page.blank


def test_a_page_that_was_left_on_larger_paper_comes_back_onto_this() -> None:
    state = after(BARE, [Found(Page((Stroke(((1500.0, 900.0), (1500.0, 980.0)), 6.0),))), Key("Return")])
    assert state.page.strokes == (Stroke(((987.0, 507.0), (987.0, 587.0)), 6.0),)


def test_digits_off_the_paper_are_told_and_brought_in() -> None:
    state = update(read(written(SEVEN, ONE)), Resized((400, 260)))
    assert state.notice == OFF_PAPER
    inside = update(state, Key("A"))
    assert inside.notice == ""
    paper = state.layout.paper
    assert all(0 <= x < paper[2] and 0 <= y < paper[3] for stroke in inside.page.strokes for x, y in stroke.points)
    assert inside.asked == inside.revision > state.revision
    assert update(inside, Key("Ctrl+Z")).page == state.page
    assert update(state, Resized(BARE.size)).notice == ""


def test_the_panel_tells_what_it_covers() -> None:
    state = read(written(SEVEN, tuple((x + 500, y) for x, y in ONE)))
    assert update(state, Key("I")).notice == OFF_PAPER
    assert after(state, [Key("I"), Key("I")]).notice == ""


def test_the_list_of_files_is_narrowed_by_typing_and_opens() -> None:
    listed = update(BARE, Listed("/somewhere", ("..", "phone.png", "plate.png", "note.inkml")))
    state = after(listed, [Key("P", "p"), Key("L", "l")])
    assert state.picker is not None and state.picker.found == ("plate.png",)
    opening = update(state, Key("Return"))
    assert (opening.opening, opening.wishes) == ("/somewhere/plate.png", (Wish.OPEN,))
    assert opening.notice == "Opening plate.png …"
    assert update(state, Key("Escape")).picker is None


def test_the_list_of_files_takes_arrows_wheel_and_clicks() -> None:
    from ui.layout import picker_rows

    state = update(BARE, Listed("/x", tuple(f"{k}.png" for k in range(60))))
    down = after(state, [Key("Down")] * 70 + [Key("Up"), Scrolled(-1), Scrolled(2)])
    assert down.picker is not None and down.picker.chosen == 57
    row = picker_rows(down.size, 1.0)[0]
    from ui.picking import first_row

    clicked = after(down, stroke(((row[0] + 5, row[1] + 5),)))
    assert clicked.opening == f"/x/{first_row(down)}.png"


def test_a_format_is_chosen_from_a_list_and_the_page_is_read_by_it() -> None:
    written = after(BARE, stroke(SEVEN))
    state = after(written, [Key("F", "f"), Key("Down"), Key("Return")])
    assert (state.settings.format, state.picker) == ("phone", None)
    assert state.asked == state.revision > written.asked
    again = after(state, [Key("F", "f"), Key("Return")])
    assert again.asked == state.asked
    assert after(state, [Key("F", "f"), Key("Up"), Key("Return")]).settings.format == ""


def test_a_format_can_be_typed() -> None:
    def typed(text: str) -> State:
        return after(BARE, [Key("F", "f"), *(Key(letter.upper(), letter) for letter in text), Key("Return")])

    assert typed("digits:5").settings.format == "digits:5"
    assert typed("dat").settings.format == "date"
    wrong = typed("digits:0")
    assert wrong.settings.format == "" and wrong.picker is not None and wrong.picker.typed == "digits:0"
    assert "digits:N" in wrong.notice
    keys = [Key("F", "f"), *(Key(letter.upper(), letter) for letter in "digits:4"), Key("Return")]
    assert after(typed("digits:4-6"), keys).settings.format == "digits:4"
    mended = after(wrong, [Key("Backspace"), Key("4", "4"), Key("Return")])
    assert (mended.settings.format, mended.picker, mended.notice) == ("digits:4", None, "")
    own = update(typed(r"\d{4}"), Key("F", "f"))
    assert own.picker is not None and own.picker.names[own.picker.chosen] == r"\d{4}"


def test_an_opened_page_is_one_step_and_is_read() -> None:
    page = Page((Stroke(ONE, 6.0),))
    state = update(written(SEVEN), Opened(page, "one.inkml"))
    assert state.page == page
    assert state.asked == state.revision
    assert len(update(state, Key("Ctrl+Z")).page.strokes) == 1


@pytest.mark.parametrize("picture", [None, Picture(b"\xff", (1, 1))])
def test_what_was_said_of_an_opened_page_comes_with_it(picture: Picture | None) -> None:
    said = Correction("7", (200, 200, 40, 70), () if picture else (Stroke(SEVEN),))
    page = Page(() if picture else said.strokes, picture, (said,))
    state = update(written(ONE), Opened(page, "page"))
    assert state.page == page
    assert update(state, Key("Ctrl+Z")).page.strokes == (Stroke(ONE, 6.0),)


def test_a_page_is_unsaved_where_it_is_in_no_file() -> None:
    page = Page((Stroke(SEVEN),))
    pasted, opened = (update(BARE, Opened(page, "page", stored)) for stored in (False, True))
    assert not BARE.unsaved and pasted.unsaved and not opened.unsaved
    drawn = after(opened, stroke(ONE))
    assert drawn.unsaved and not update(drawn, Saved(drawn.page, "Saved.")).unsaved
    assert update(drawn, Saved(page, "Saved.")).unsaved
    assert not update(drawn, Key("Ctrl+Z")).unsaved


def test_a_dropped_file_is_opened() -> None:
    state = update(BARE, Dropped("/x/phone.png"))
    assert (state.opening, state.wishes) == ("/x/phone.png", (Wish.OPEN,))


def test_help_shows_and_any_click_or_escape_closes_it() -> None:
    shown = update(BARE, Key("F1"))
    assert shown.help
    assert not update(shown, Key("Escape")).help
    closed = after(shown, stroke(SEVEN))
    assert not closed.help
    assert closed.page.blank


def test_hints_go_away_for_good_when_followed() -> None:
    state = State()
    assert state.hint is Hint.WRITE
    state = after(state, stroke(SEVEN))
    assert state.hint is Hint.CORRECT
    state = after(read(state), [Key("Right"), Key("4", "4")])
    assert state.hint is Hint.HELP
    assert after(state, [Key("Escape"), Key("F1")]).hint is None
    assert replace(State(), page=Page((Stroke(SEVEN, 6.0),))).hint is Hint.CORRECT


def test_news_from_the_reader_is_kept() -> None:
    state = after(BARE, [ModelMissing("No model."), ModelReady((("seed", "7"),)), Notice("Saved.")])
    assert (state.facts, state.problem, state.notice) == ((("seed", "7"),), "", "Saved.")


def test_settings_change_by_key() -> None:
    state = after(BARE, [Key("D"), Key("I"), Key("Ctrl+="), Key("Ctrl+="), Key("Ctrl+-")])
    assert (state.settings.theme, state.settings.panel, state.settings.scale) == ("dark", True, 1.25)


def test_closing_and_q_end_it() -> None:
    assert update(BARE, Closed()).done
    assert update(BARE, Key("Q")).done
    assert update(BARE, Do(Command.QUIT)).done


def test_a_model_that_was_opened_is_named_and_an_older_complaint_goes() -> None:
    state = update(update(BARE, ModelReady(())), Notice("line.json: the model's card is missing."))
    state = update(update(state, Dropped("/models/own.tflite")), ModelReady((("seed", "2"),), "/models/own.tflite"))
    assert state.notice == "Reading with own.tflite."
    assert update(BARE, ModelReady(())).notice == ""


def test_the_model_that_was_chosen_is_kept_until_the_shipped_one_is_chosen_from_the_list() -> None:
    state = after(BARE, [ModelReady(()), ModelReady((), "/models/own.tflite"), Dropped("page.png"), ModelReady(())])
    assert state.settings.model == "/models/own.tflite"
    listed = update(state, Listed("/models", ("..", "own.tflite")))
    chosen = after(listed, [Key("S", "s"), Key("H", "h"), Key("I", "i"), Key("Return")])
    assert chosen.wishes[-1] is Wish.SHIPPED
    shipped = update(chosen, ModelReady((), ""))
    assert (shipped.settings.model, shipped.notice, shipped.picker) == ("", "Reading with the shipped model.", None)
    listed = update(shipped, Listed("/models", ("..", "own.tflite")))
    assert listed.picker is not None and listed.picker.names == ("..", "own.tflite")


def test_what_is_cleared_while_the_eraser_works_comes_back_whole() -> None:
    before = written(SEVEN, ONE, ZERO)
    down, *moves, up = stroke(SEVEN, erase=True)
    cleared = after(before, [down, *moves, Key("C", "c"), *moves, up])
    assert cleared.page.blank and cleared.gesture is None
    assert update(cleared, Key("Ctrl+Z")).page.strokes == before.page.strokes


@pytest.mark.parametrize(
    ("key", "wish"), [("Ctrl+S", Wish.SAVE), ("Ctrl+C", Wish.COPY), ("Ctrl+Shift+C", Wish.COPY_TEXT)]
)
def test_what_is_taken_away_is_read_to_its_last_stroke(key: str, wish: Wish) -> None:
    state = after(read(update(written(SEVEN), ModelReady(()))), [Key("L", "l"), *stroke(ONE), Key(key)])
    assert state.wishes == () and state.asked == state.revision
    taken = read(state)
    assert taken.wishes == (wish,)
    assert read(replace(taken, wishes=())).wishes == ()
    assert update(replace(taken, wishes=()), Key(key)).wishes == (wish,)


def test_a_slip_in_typing_is_taken_back() -> None:
    state = after(read(written(SEVEN, ZERO)), [Key("Left"), Key("4", "4"), Key("2", "2"), Key("Backspace")])
    assert (state.shown.reading.number, state.typed) == ("04", "4")
    state = update(state, Key("Backspace"))
    assert (state.shown.reading.number, state.typed, state.page.corrections) == ("01", "", ())
    assert update(state, Key("Backspace")).shown.reading.number == "0"


def test_what_waits_for_a_reading_goes_with_the_page_and_waits_for_ink_that_comes_meanwhile() -> None:
    waiting = after(read(update(written(SEVEN), ModelReady(()))), [Key("L", "l"), *stroke(ONE), Key("Ctrl+S")])
    assert read(after(waiting, [Key("C", "c"), *stroke(ONE)])).wishes == ()
    longer = after(waiting, stroke(ZERO))
    assert longer.wishes == () and longer.asked == longer.revision
    assert read(longer).wishes == (Wish.SAVE,)


@pytest.mark.parametrize("end", [Key("Q"), Closed()])
def test_what_was_corrected_last_is_kept_at_the_end(end: Key | Closed) -> None:
    state = after(read(written(SEVEN)), [Key("K"), Key("Left"), Key("7", "7"), end])
    assert state.done and state.wishes == (Wish.KEEP_INK,)


def test_lost_strokes_are_forgotten_by_key() -> None:
    state = after(BARE, [Found(Page((Stroke(ONE, 6.0),))), Key("X", "x")])
    assert (state.offer, state.wishes, state.page.blank) == (Page(), (Wish.FORGET,), True)
