"""Many pages read from Python: in order, when they are asked for, by many threads, one field of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from scripted_pen import Hand, write
from test_command import PHONE, ZIP, wanted

from recognizer import Reading, Recognizer, UnreadablePage
from recognizer.region import OutsidePage
from recognizer.render import render_drawing


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.load()


def test_pages_are_read_in_their_order_when_they_are_asked_for(recognizer):
    taken = []

    def pages():
        for path in (PHONE, ZIP, PHONE):
            taken.append(path)
            yield path

    readings = recognizer.read_many(pages())
    assert next(readings).number == wanted(PHONE)
    assert taken == [PHONE]
    assert [reading.number for reading in readings] == [wanted(ZIP), wanted(PHONE)]


def test_a_page_that_cannot_be_read_raises_or_reads_as_what_is_given(recognizer, tmp_path):
    paths = [PHONE, tmp_path / "gone.png", ZIP]
    readings = recognizer.read_many(paths)
    next(readings)
    with pytest.raises(UnreadablePage, match=r"gone\.png does not exist"):
        next(readings)
    nothing = Reading("", 0.0)
    assert list(recognizer.read_many(paths, otherwise=nothing))[1] == nothing
    assert len(list(recognizer.read_many(paths, otherwise=nothing))) == 3


def test_one_path_is_not_taken_for_pages_called_by_its_letters(recognizer):
    with pytest.raises(TypeError, match=r"this is one path: give \['scans/7\.png'\]"):
        next(recognizer.read_many("scans/7.png", otherwise=Reading()))


def test_many_threads_read_what_one_reads(recognizer):
    pages = [write(str(number * 7919 % 10_000), Hand(number)) for number in range(24)]
    pages += [render_drawing(page) for page in pages]
    alone = [Recognizer.load().read(page) for page in pages]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(recognizer.read, pages * 2)) == alone * 2


def test_a_field_is_read_alone_with_its_boxes_on_the_page(recognizer):
    whole = recognizer.read(PHONE)
    fourth = [symbol for symbol in whole.symbols if symbol.label.isdigit()][3].box
    field = recognizer.read_field(PHONE, (fourth[0] - 5, 0, 100_000, 100_000))
    assert field.number == wanted(PHONE)[3:]
    assert abs(field.symbols[0].box[0] - fourth[0]) <= 1
    assert recognizer.read_field(ZIP, (-1000, -1000, 100_000, 100_000)) == recognizer.read(ZIP)
    with pytest.raises(OutsidePage, match="the region 90000,0,5,5 lies outside the page"):
        recognizer.read_field(PHONE, (90_000, 0, 5, 5))
