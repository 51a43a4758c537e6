from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from operator import is_

import numpy as np
import pytest
from conftest import examples
from hypothesis import given
from hypothesis import strategies as st
from scripted_pen import Hand, write

from recognizer import Drawing, Format, ModelUnavailable, Reading, Recognizer, Stroke
from recognizer.render import render_drawing


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.load()


def test_a_drawing_and_its_picture_read_the_same(recognizer):
    drawing = write("2718", Hand(3))
    assert recognizer.read(drawing).number == recognizer.read(render_drawing(drawing)).number == "2718"


def test_nothing_on_the_page_is_an_empty_reading(recognizer):
    assert recognizer.read(np.full((40, 60), 255, np.uint8)) == Reading()
    assert recognizer.read(Drawing()) == Reading()


def test_each_stroke_has_only_what_it_changed_classified(recognizer):
    """Digits one after another: once the first tell how tall the writing is, only what holds the new stroke is new."""
    written = write("31415926535897932384", Hand(11))
    strokes, size = written.strokes, written.size
    recognizer.read(Drawing(strokes[:7], size))
    for count in range(8, len(strokes) + 1):
        before = recognizer.classifier.classified
        seen = recognizer.explain(Drawing(strokes[:count], size))
        (line,), (lattice,) = seen.lines, seen.lattices
        new = [c for c in lattice.candidates if seen.ink.marks[-1] in {p.source for p in line.pieces[c.start : c.stop]}]
        assert 0 < recognizer.classifier.classified - before <= len(new)
    before = recognizer.classifier.classified
    for count in range(len(strokes), 7, -1):
        recognizer.read(Drawing(strokes[:count], size))
    assert recognizer.classifier.classified == before


def test_a_drawing_that_grows_reads_as_one_read_afresh(recognizer):
    written = write("31/12\n(26)", Hand(9))
    strokes, size = written.strokes, written.size
    pages = [strokes[:count] for count in (*range(1, len(strokes) + 1), len(strokes) - 1)]
    for page in [*pages, strokes[:2] + strokes[3:], strokes[1:] + strokes[:1]]:
        for asked in ({}, {"alternatives": 12}, {"format": Format.of("digits:2-5")}):
            drawing = Drawing(page, size)
            assert recognizer.read(drawing, **asked) == Recognizer.load().read(drawing, **asked)


WRITTEN = write("407/2\n61-35\n(98)", Hand(9))
EDITS = st.lists(st.tuples(st.sampled_from(["write", "erase", "undo", "ahead"]), st.integers(0, 99)), max_size=6)


@examples(8)
@given(st.integers(4, len(WRITTEN.strokes)), EDITS)
def test_whatever_was_read_before_a_page_reads_as_one_read_afresh(count: int, edits: list[tuple[str, int]]) -> None:
    kept = Recognizer.load()
    pages = [WRITTEN.strokes[:count]]
    for what, number in [("read", 0), *edits]:
        page = pages[-1]
        away = [stroke for stroke in WRITTEN.strokes if stroke not in page]
        if what == "write" and away:
            page = (*page, away[number % len(away)])
        elif what == "erase" and len(page) > 1:
            page = page[: number % len(page)] + page[number % len(page) + 1 :]
        elif what == "undo" and len(pages) > 1:
            page = pages[-2]
        elif what == "ahead":
            list(kept.foresee(Drawing(page, WRITTEN.size)))
        pages.append(page)
        copies = tuple(Stroke(stroke.points, stroke.width) for stroke in page)
        assert kept.read(Drawing(page, WRITTEN.size)) == replace(kept).read(Drawing(copies, WRITTEN.size))


def test_a_line_without_new_ink_is_not_read_again(recognizer):
    written = write("314\n159", Hand(5))
    strokes, size = written.strokes, written.size
    before, after, undone = (recognizer.explain(Drawing(strokes[:k], size)) for k in (-1, None, -1))
    assert after.lattices[0] is before.lattices[0]
    assert after.lattices[1] is not before.lattices[1]
    assert undone.lattices == before.lattices
    assert all(map(is_, undone.reading.symbols, before.reading.symbols))


def test_what_was_foreseen_is_not_classified_again():
    """With the last stroke most are so low that all of them are drawn, and seen, at another scale."""
    reader = Recognizer.load()
    strokes = tuple(Stroke(((60.0 * k, 0.0), (60.0 * k, height))) for k, height in enumerate((80, 75, 60, 60, 60)))
    before = reader.explain(Drawing(strokes[:-1]))
    assert len(list(reader.foresee(Drawing(strokes[:-1])))) == 1
    classified = reader.classifier.classified
    after = reader.explain(Drawing(strokes))
    assert before.ink.scale != after.ink.scale
    assert reader.classifier.classified - classified <= 1
    assert after.reading == Recognizer.load().read(Drawing(strokes))


def given_up(steps: Iterator[None], after: int) -> None:
    """Take so many `steps` of a reading, then no more."""
    for _ in islice(steps, after):
        pass


def test_readings_that_were_given_up_or_made_in_passing_change_none():
    """The last stroke as the pen draws it: each time it is read as far as one step further."""
    written = write("314/15", Hand(9))
    *before, last = written.strokes
    reader = Recognizer.load()
    first = reader.explain(Drawing(tuple(before), written.size))
    for count in range(1, len(last.points) + 1):
        page = Drawing((*before, Stroke(last.points[:count], last.width)), written.size)
        given_up(reader.explaining(page, passing=True), count)
    assert reader.read(page) == Recognizer.load().read(written)
    again = reader.explain(Drawing(tuple(before), written.size))
    assert all(map(is_, again.lattices, first.lattices))


def test_a_reading_yields_between_its_stages(recognizer):
    steps = recognizer.explaining(write("2718", Hand(12)), passing=True)
    assert sum(1 for _ in steps) > 5


def test_symbols_stand_in_their_boxes_from_left_to_right(recognizer):
    drawing = write("360", Hand(4))
    page = render_drawing(drawing)
    symbols = recognizer.read(page).symbols
    assert [s.label for s in symbols] == list("360")
    assert [s.box[0] for s in symbols] == sorted(s.box[0] for s in symbols)
    for symbol in symbols:
        x, y, w, h = symbol.box
        assert (page[y : y + h, x : x + w] < 128).any()
        assert symbol.alternatives[0][0] == symbol.label
    inside = [(page[y : y + h, x : x + w] < 128).sum() for x, y, w, h in (s.box for s in symbols)]
    assert sum(inside) == (page < 128).sum()


def test_lines_are_numbered_and_joined_by_line_feeds(recognizer):
    reading = recognizer.read(write("27\n36", Hand(2)))
    assert reading.text == "27\n36"
    assert [s.line for s in reading.symbols] == [0, 0, 1, 1]


def test_ink_that_no_symbol_was_read_from_is_told_beside_the_reading(recognizer):
    written = write("72", Hand(1))
    letter = Stroke(((20, 300), (28, 220), (55, 280), (92, 220), (100, 300)), 4.0)
    both = recognizer.explain(Drawing((*written.strokes, letter)))
    reading, marks = both.with_unread()
    assert both.reading.text == reading.text == "72"
    assert [(symbol.label, symbol.line) for symbol in reading.symbols] == [("7", 0), ("2", 0), ("", 1)]
    left, top, width, height = reading.symbols[2].box
    assert left <= 20 and top <= 220 and left + width >= 100 and top + height >= 300
    assert marks[:2] == both.marks and len(marks) == 3
    assert "" not in dict(reading.symbols[2].alternatives)
    alone = recognizer.explain(written)
    assert alone.with_unread() == (alone.reading, alone.marks)


def test_glyphs_are_what_the_model_saw_of_each_symbol(recognizer):
    explained = recognizer.explain(write("52", Hand(1)))
    assert explained.glyphs.shape == (2, 28, 28)
    likely = recognizer.classifier.probabilities(explained.glyphs)
    assert [recognizer.classifier.labels[i] for i in likely.argmax(1)] == list("52")


def test_what_was_classified_before_is_not_classified_again(recognizer):
    written = write("31415926", Hand(8))
    recognizer.read(written)
    before = recognizer.classifier.classified
    recognizer.read(written)
    assert recognizer.classifier.classified == before


def test_reading_does_not_depend_on_place_or_unit(recognizer):
    written = write("86420", Hand(6))
    moved = Drawing(tuple(Stroke(tuple((3 * x + 500, 3 * y + 70) for x, y in s.points)) for s in written.strokes))
    assert recognizer.read(moved).number == recognizer.read(written).number


def test_many_threads_read_as_one(recognizer):
    drawings = [write(f"{i}{i + 1}", Hand(i)) for i in range(8)]
    alone = [recognizer.read(d) for d in drawings]
    fresh = Recognizer.load()
    start = threading.Barrier(4)

    def read(part: int) -> list[Reading]:
        start.wait()
        return [fresh.read(d) for d in drawings[part::4]]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(read, range(4)))
    assert [together[i % 4][i // 4] for i in range(8)] == alone


def test_a_colour_picture_reads_as_its_gray_one(recognizer):
    gray = render_drawing(write("17", Hand(5)))
    assert recognizer.read(np.dstack([gray] * 3)) == recognizer.read(gray)


@pytest.mark.parametrize("engine", ["litert", "keras"])
def test_a_model_that_is_none_is_refused_by_name(tmp_path, engine):
    suffix = {"litert": ".tflite", "keras": ".keras"}[engine]
    false = tmp_path / f"false{suffix}"
    false.write_bytes(b"not a model")
    false.with_suffix(".json").write_text('{"labels": ["0"]}')
    with pytest.raises(ModelUnavailable, match="false"):
        Recognizer.load(false, engine)
    with pytest.raises(ModelUnavailable, match="missing"):
        Recognizer.load(tmp_path / f"missing{suffix}", engine)
    with pytest.raises(ModelUnavailable, match=r"no .* model"):
        Recognizer.load(tmp_path / "..", engine)
