"""What holds of every reading, whatever is written: tried on numbers that a pen by itself writes in many hands.

`EXAMPLES_TIMES=50 python -m pytest tests/test_properties.py` tries fifty times as many, new ones in every run.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
from conftest import ROOT, examples
from hypothesis import event, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scripted_pen import Hand
from written_pages import CROPPED, WRITTEN, Written, with_margins

from recognizer import Drawing, Reading, Recognizer, Stroke, load_pages, save_drawing
from recognizer.page import save_picture
from recognizer.reading import digits_of
from recognizer.report import Terms, json_line

Page = NDArray[np.uint8]

KEPT = [(".png", ()), (".bmp", ()), (".tiff", ()), (".webp", (cv2.IMWRITE_WEBP_QUALITY, 101))]
"""Formats, with OpenCV's options, that keep every pixel."""

SETTLED = 0.98
"""Numbers this likely keep their reading; on less likely ones a 1 between digits may turn into a slash."""

MARGIN = st.integers(0, 150)
SOLID = 140
"""Ink from this gray level on is a stroke, and no soft edge that two strokes may share."""


@cache
def reader() -> Recognizer:
    """The shipped one; no fixture, since hypothesis writes out what a failing test was given."""
    return Recognizer.load()


def same_number(reading: Reading, again: Reading) -> bool:
    """Tell whether two readings have one number, or neither is settled: what may be read either way may turn over."""
    event("the same" if reading.number == again.number else "another, unsettled")
    return reading.number == again.number or max(reading.confidence, again.confidence) < SETTLED


def resized(page: Page, scale: float) -> Page:
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(page, None, fx=scale, fy=scale, interpolation=method), np.uint8)


def encoded(page: Page, ending: str, *options: int) -> Page:
    return load_pages(cv2.imencode(ending, page, options)[1].tobytes())[0]


# What a reading is ----------------------------------------------------------------------------------------------------


def check_itself(reading: Reading) -> None:
    assert reading.number == digits_of(reading.text)
    assert "".join(reading.text.split()) == "".join(symbol.label for symbol in reading.symbols)
    assert [symbol.line for symbol in reading.symbols] == [
        number for number, line in enumerate(reading.lines) for character in line if character != " "
    ]
    assert 0 <= reading.confidence <= 1
    assert reading.alternatives[0][0] == reading.text
    rivals = [share for _, share in reading.alternatives[1:]]
    assert rivals == sorted(rivals, reverse=True)
    assert math.fsum(share for _, share in reading.alternatives) <= 1 + 1e-6
    for symbol in reading.symbols:
        assert 0 <= symbol.confidence <= 1
        assert math.fsum(share for _, share in symbol.alternatives) <= 1 + 1e-3  # each is rounded to 4 decimals


@examples(20)
@given(CROPPED)
def test_a_reading_agrees_with_itself(written):
    check_itself(reader().read(written.page))
    check_itself(reader().read(written.drawing))


@examples(25)
@given(CROPPED)
def test_boxes_lie_in_the_page_and_hold_ink(written):
    page = written.page
    height, width = page.shape
    for symbol in reader().read(page).symbols:
        x, y, wide, high = symbol.box
        assert 0 <= x < x + wide <= width
        assert 0 <= y < y + high <= height
        assert (page[y : y + high, x : x + wide] < 128).any()


@examples(25)
@given(WRITTEN)
def test_each_pixel_of_ink_is_in_one_symbol_at_most(written):
    seen = reader().explain(written.page)
    marks = [
        lattice.candidates[step.candidate].mark
        for lattice, ways in zip(seen.lattices, seen.ways, strict=True)
        for step in ways[0].steps
    ]
    assert marks
    high, wide = max(m.y + m.height for m in marks), max(m.x + m.width for m in marks)
    owners = np.zeros((high, wide), int)
    for m in marks:
        owners[m.y : m.y + m.height, m.x : m.x + m.width] += m.gray >= SOLID
    assert owners.max() == 1


@examples(25)
@given(WRITTEN)
def test_every_piece_is_in_one_step_of_every_way(written):
    for page in (written.page, written.drawing):
        seen = reader().explain(page)
        for line, lattice, ways in zip(seen.lines, seen.lattices, seen.ways, strict=True):
            for way in ways:
                spans = [lattice.candidates[step.candidate] for step in way.steps]
                assert [place for span in spans for place in range(span.start, span.stop)] == [*range(len(line.pieces))]


# What changes nothing -------------------------------------------------------------------------------------------------


@examples(15)
@given(CROPPED)
def test_light_ink_on_dark_paper_reads_the_same(written):
    page = written.page
    assert reader().read(255 - page) == reader().read(page)


@examples(10)
@given(
    CROPPED, st.sampled_from([(".png", ()), (".bmp", ()), (".tiff", ()), (".webp", (cv2.IMWRITE_WEBP_QUALITY, 101))])
)
def test_a_format_that_keeps_every_pixel_changes_nothing(written, kept):
    page = with_margins(written.page, 8, 8, 8, 8)
    ending, options = kept
    assert reader().read(encoded(page, ending, *options)) == reader().read(page)


@examples(10)
@given(CROPPED)
def test_a_gray_picture_in_colours_reads_the_same(written):
    assert reader().read(np.dstack([written.page] * 3)) == reader().read(written.page)


@examples(15)
@given(WRITTEN)
def test_a_jpeg_reads_the_same_number_where_that_is_settled(written):
    page = with_margins(written.page, 8, 8, 8, 8)
    assert same_number(reader().read(page), reader().read(encoded(page, ".jpg", cv2.IMWRITE_JPEG_QUALITY, 95)))


@examples(15)
@given(WRITTEN, MARGIN, MARGIN, MARGIN, MARGIN)
def test_where_on_the_paper_it_stands_changes_no_settled_number(written, above, below, left, right):
    page = written.page
    reading, moved = reader().read(page), reader().read(with_margins(page, above, below, left, right))
    assert same_number(reading, moved)
    if [s.label for s in reading.symbols] == [s.label for s in moved.symbols]:
        beside = 3 + 0.05 * max((s.box[3] for s in reading.symbols), default=0)  # large writing is scaled, to a raster
        for old, new in zip(reading.symbols, moved.symbols, strict=True):
            x, y, wide, high = old.box
            assert np.abs(np.subtract(new.box, (x + left, y + above, wide, high))).max() <= beside


@examples(15)
@given(WRITTEN)
def test_one_more_pixel_of_paper_changes_no_settled_number(written):
    page = written.page
    assert same_number(reader().read(page), reader().read(with_margins(page, 1, 1, 1, 1)))


@examples(15)
@given(WRITTEN, st.floats(0.5, 4))
def test_half_to_four_times_the_size_changes_no_settled_number(written, scale):
    page = with_margins(written.page, 8, 8, 8, 8)
    assert same_number(reader().read(page), reader().read(resized(page, scale)))


@examples(15)
@given(WRITTEN, st.floats(0.01, 100), st.floats(-1e5, 1e5), st.floats(-1e5, 1e5))
def test_place_and_unit_of_a_drawing_change_no_settled_number(written, scale, right, down):
    drawing = written.drawing
    moved = tuple(
        Stroke(tuple((scale * x + right, scale * y + down) for x, y in stroke.points)) for stroke in drawing.strokes
    )
    assert same_number(reader().read(drawing), reader().read(Drawing(moved)))


# The same every time --------------------------------------------------------------------------------------------------


@examples(5)
@given(st.lists(CROPPED, min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_what_was_read_before_changes_no_reading(several, chance):
    """A fresh reader, other neighbours in the network's batches, one thread: the same readings to the last bit."""
    pages = [page for written in several for page in (written.page, written.drawing)]
    order = [*range(len(pages))]
    chance.shuffle(order)
    fresh, threads = Recognizer.load(), cv2.getNumThreads()
    try:
        cv2.setNumThreads(1)
        again = {place: fresh.read(pages[place]) for place in order}
    finally:
        cv2.setNumThreads(threads)
    assert [reader().read(page) for page in pages] == [again[place] for place in range(len(pages))]


def test_runs_and_workers_say_the_same(tmp_path):
    for seed, text in enumerate(("275", "(604) 555-0142", "8/31", "$12.75", "60\n42", "90210")):
        save_picture(tmp_path / f"{seed}.png", Written(text, Hand(seed), 8).page)

    def told(workers: int, seed: int) -> bytes:
        line = [sys.executable, "-m", "recognizer", "--json", "--workers", str(workers), str(tmp_path)]
        environment = os.environ | {"PYTHONHASHSEED": str(seed)}
        return subprocess.run(line, capture_output=True, cwd=ROOT, env=environment, check=True).stdout

    first = told(1, 1)
    assert [json.loads(line)["error"] for line in first.splitlines()] == [None] * 6
    assert told(1, 2) == told(3, 3) == first


@examples(1)
@given(st.lists(WRITTEN, min_size=4, max_size=4), st.randoms(use_true_random=False))
def test_what_is_written_and_undone_stroke_by_stroke_reads_as_in_a_process_that_saw_it_whole(several, chance):
    """What readings remember of earlier ones, in this process, must show in none."""
    with TemporaryDirectory() as folder:
        last = []
        for number, written in enumerate(several):
            drawing = written.drawing
            for count in range(1, len(drawing.strokes) + 1):
                reader().read(Drawing(drawing.strokes[:count], drawing.size))
                if chance.random() < 0.3:
                    reader().read(Drawing(drawing.strokes[: count - 1], drawing.size))
            path = Path(folder) / f"{number}.inkml"
            save_drawing(path, drawing)
            last.append(json.loads(json_line(str(path), reader().read(drawing), Terms())))
        line = [sys.executable, "-m", "recognizer", "--json", "--workers", "1", folder]
        done = subprocess.run(line, capture_output=True, cwd=ROOT, check=True)
        assert [json.loads(told) for told in done.stdout.splitlines()] == last
