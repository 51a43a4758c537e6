"""What holds of every stage by itself, whatever is written, or whatever a page is covered with."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from conftest import examples
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from written_pages import CROPPED, WRITTEN, Written, with_margins

from recognizer import Drawing, Format, Reading, Recognizer, Stroke
from recognizer.candidates import MOST_PIECES, MOST_WIDTH, MOST_WIDTH_ALONE, candidates_of
from recognizer.drawn import ink_of_drawing
from recognizer.ink import Ink, ink_of_page
from recognizer.locate import lines_of
from recognizer.normalize import SIDE, normalize
from recognizer.render import render_drawing, sheet_of

Page = NDArray[np.uint8]


def scrawl(seed: int, width: int, height: int, count: int, noise: float) -> Page:
    """Return a page of bars, boxes and dots of any gray, laid over each other, on paper that may be grainy."""
    rng = np.random.default_rng(seed)
    page = np.full((height, width), float(rng.integers(256)))
    for _ in range(count):
        (x0, x1), (y0, y1) = (np.sort(rng.integers(0, side + 1, 2)) for side in (width, height))
        page[y0 : min(y1, y0 + rng.integers(1, 12)) if rng.random() < 0.7 else y1, x0:x1] = rng.integers(256)
    return np.clip(page + noise * rng.normal(size=page.shape), 0, 255).astype(np.uint8)


SCRAWLS = st.builds(
    scrawl,
    st.integers(0, 10_000),
    st.integers(8, 300),
    st.integers(8, 300),
    st.integers(0, 12),
    st.sampled_from([0.0, 3.0, 25.0]),
)


def check_marks(ink: Ink, page: Page) -> None:
    """Every mark is tight around its ink, and lies on the page, whose sides the ink's scale rounds."""
    high, wide = (max(1, round(side * ink.scale)) for side in page.shape)
    for mark in ink.marks:
        assert all(side.any() for side in (mark.gray[0], mark.gray[-1], mark.gray[:, 0], mark.gray[:, -1]))
        assert mark.x >= 0 and mark.x + mark.width <= wide
        assert mark.y >= 0 and mark.y + mark.height <= high


@examples(40)
@given(SCRAWLS)
def test_marks_of_any_page_lie_on_it_and_are_tight(page):
    check_marks(ink_of_page(page), page)


@examples(25)
@given(CROPPED)
def test_marks_of_writing_lie_on_the_page_and_are_tight(written):
    check_marks(ink_of_page(written.page), written.page)


@examples(40)
@given(SCRAWLS)
def test_any_page_is_read(page):
    reading = reader().read(page)
    assert 0 <= reading.confidence <= 1
    for symbol in reading.symbols:
        x, y, wide, high = symbol.box
        assert 0 <= x < x + wide <= page.shape[1]
        assert 0 <= y < y + high <= page.shape[0]


@cache
def reader() -> Recognizer:
    return Recognizer.load()


def inks(written: Written) -> tuple[Ink, Ink]:
    return ink_of_page(written.page), ink_of_drawing(written.drawing)


@examples(25)
@given(WRITTEN)
def test_lines_hold_every_mark_once_and_all_of_its_ink(written):
    for ink in inks(written):
        lines = lines_of(ink)
        assert sum(len({piece.source for piece in line.pieces}) for line in lines) == len(ink.marks)
        amount = math.fsum(piece.mark.amount for line in lines for piece in line.pieces)
        assert amount == math.fsum(mark.amount for mark in ink.marks)
        for line in lines:
            middles = [piece.middle for piece in line.pieces]
            assert middles == sorted(middles)
            assert line.height > 0


@examples(25)
@given(WRITTEN)
def test_candidates_are_every_piece_and_runs_of_neighbours_that_are_small(written):
    for ink in inks(written):
        for line in lines_of(ink):
            found = candidates_of(line)
            spans = [(c.start, c.stop) for c in found]
            assert len(spans) == len(set(spans))
            assert {(k, k + 1) for k in range(len(line.pieces))} <= set(spans)
            for c in found:
                assert 0 < c.stop - c.start <= MOST_PIECES
                marks = [piece.mark for piece in line.pieces[c.start : c.stop]]
                assert (c.mark.x, c.mark.y) == (min(m.x for m in marks), min(m.y for m in marks))
                most = MOST_WIDTH_ALONE if len(marks) == len(line.pieces) else MOST_WIDTH
                assert c.mark.width <= max(most * line.height, marks[0].width if len(marks) == 1 else 0)


@examples(25)
@given(WRITTEN, st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_a_glyph_is_that_of_its_ink_whatever_paper_is_around_it(written, above, below, left, right):
    ink = 255 - written.page
    glyph = normalize(ink)
    assert glyph.shape == (SIDE, SIDE)
    assert np.array_equal(normalize(255 - with_margins(written.page, above, below, left, right)), glyph)


@examples(25)
@given(WRITTEN)
def test_paths_of_a_lattice_are_likely_together_and_fall(written):
    seen = reader().explain(written.page)
    for ways, lattice in zip(seen.ways, seen.lattices, strict=True):
        shares = [way.probability for way in ways]
        assert shares == sorted(shares, reverse=True)
        assert 0 < math.fsum(shares) <= 1 + 1e-9
        assert len({way.text for way in ways}) == len(ways)
        for way in ways:
            assert way.text == "".join(lattice.labels[step.label] for step in way.steps)


@examples(20)
@given(WRITTEN, st.sampled_from(["phone", "date", "amount", "digits:4", "digits:7-10"]))
def test_what_is_held_to_a_format_has_it_or_says_that_it_has_not(written, name):
    wanted = Format.of(name)
    reading = reader().read(written.drawing, format=wanted)
    lines = ["".join(line.split()) for line in reading.lines]
    assert reading.fits == all(wanted.complete(line) for line in lines)
    if not reading.fits:
        assert reading.confidence == 0
    if reading.otherwise:
        assert reading.otherwise != reading.text


@examples(20)
@given(WRITTEN)
def test_a_field_as_large_as_its_page_reads_as_the_page(written):
    page = written.page
    assert reader().read_field(page, (0, 0, page.shape[1], page.shape[0])) == reader().read(page)


@examples(20)
@given(WRITTEN, st.floats(0.02, 50), st.booleans())
def test_a_sheet_holds_its_drawing_in_any_unit(written, unit, bounded):
    strokes = tuple(Stroke(tuple((unit * x, unit * y) for x, y in s.points)) for s in written.drawing.strokes)
    drawing = Drawing(strokes, (10, 10) if bounded else None)
    sheet = sheet_of(drawing)
    page = render_drawing(drawing, sheet)
    assert page.shape == (sheet.height, sheet.width)
    assert (page < 128).any()
    for stroke in drawing.strokes:
        for x, y in stroke.points:
            assert 0 <= (x - sheet.origin[0]) * sheet.scale <= sheet.width
            assert 0 <= (y - sheet.origin[1]) * sheet.scale <= sheet.height


@examples(30)
@given(st.lists(st.tuples(st.text("0123456789-/ ", max_size=6), st.floats(0, 1)), min_size=1, max_size=5))
def test_numbers_share_what_their_texts_have(alternatives):
    reading = Reading(alternatives[0][0], 0.5, alternatives=tuple(alternatives))
    first, *rivals = reading.numbers
    assert first == (reading.number, 0.5)
    assert reading.number not in {number for number, _ in rivals}
    others = math.fsum(share for text, share in alternatives if Reading(text).number != reading.number)
    assert math.isclose(math.fsum(share for _, share in rivals), others, abs_tol=1e-9)
