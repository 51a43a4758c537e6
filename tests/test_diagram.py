"""Explanations as pictures: what they must show is looked for by its colour and counted."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from scripted_pen import Hand, write

from recognizer import Drawing, Recognizer, Stroke
from recognizer.annotate import BLUE, ORANGE
from recognizer.candidates_chart import COLUMNS, NEGLIGIBLE, PIECES, chart
from recognizer.diagram import LINES, diagram
from recognizer.render import render_drawing
from training.forms import FACES, printed

WRITTEN = write("407", Hand(4))


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.load()


def count(picture: np.ndarray, colour: tuple[int, int, int]) -> int:
    """How many pixels are of exactly this colour."""
    return int((picture == colour).all(2).sum())


def frames(picture: np.ndarray, colour: tuple[int, int, int]) -> int:
    """How many connected frames of this colour there are."""
    found = cv2.connectedComponentsWithStats((picture == colour).all(2).astype(np.uint8), connectivity=8)[2][1:]
    return int(((found[:, 2] > 80) & (found[:, 3] > 20)).sum())


@pytest.mark.parametrize("page", [WRITTEN, render_drawing(WRITTEN), np.dstack([render_drawing(WRITTEN)] * 3)])
def test_drawings_and_pictures_are_explained_and_left_as_they_are(recognizer, page):
    before = page if isinstance(page, Drawing) else page.copy()
    picture = diagram(page, recognizer.explain(page))
    assert picture.dtype == np.uint8
    assert picture.shape[2] == 3
    assert all(count(picture, colour) > 50 for colour in (BLUE, *PIECES[:3]))
    assert page == before if isinstance(page, Drawing) else (page == before).all()


def test_every_line_is_explained(recognizer):
    one, two = (diagram(page, recognizer.explain(page)) for page in (write("407", Hand(4)), write("407\n62", Hand(4))))
    assert two.shape[0] > 1.5 * one.shape[0]


def test_print_is_pale_on_the_page_and_writing_is_not(recognizer):
    number, label = render_drawing(WRITTEN), printed("Phone number", FACES[0], 30)
    page = np.full((number.shape[0] + 60, max(number.shape[1], label.shape[1]) + 40), 255, np.uint8)
    page[10 : 10 + label.shape[0], 20 : 20 + label.shape[1]] = label
    page[60:, 20 : 20 + number.shape[1]] = number
    explained = recognizer.explain(page)
    assert explained.reading.number == "407"
    assert explained.ink.printed[:60][page[:60] < 60].all()
    assert not explained.ink.printed[60:].any(), "what is written is not print"
    with_print, without = (
        diagram(page, e) for e in (explained, replace(explained, ink=replace(explained.ink, printed=None)))
    )
    dark = [(picture[: with_print.shape[0] // 3] < 60).all(2).sum() for picture in (with_print, without)]
    assert dark[0] < dark[1]
    assert with_print.shape[0] > without.shape[0], "a sentence tells what pale means"


def test_a_page_without_ink_is_explained_too(recognizer):
    for page in (np.full((40, 60), 255, np.uint8), Drawing()):
        picture = diagram(page, recognizer.explain(page))
        assert (picture < 128).any()
        assert count(picture, BLUE) == 0


def test_cuts_are_ticked_in_red(recognizer):
    apart = diagram(WRITTEN, recognizer.explain(WRITTEN))
    strokes = write("77", Hand(3)).strokes
    joined = Drawing((Stroke(strokes[0].points + strokes[-1].points, strokes[0].width),))
    cut = diagram(joined, recognizer.explain(joined))
    assert count(apart, (200, 0, 0)) == 0
    assert count(cut, (200, 0, 0)) >= 2 * 9 * 2


def test_the_chart_has_a_column_for_each_piece_and_frames_the_path(recognizer):
    explained = recognizer.explain(WRITTEN)
    (line,), (lattice,), (ways,) = explained.lines, explained.lattices, explained.ways
    picture = chart(line, lattice, explained.looks[0], ways[0], set())
    assert picture.shape[1] % lattice.places == 0
    assert frames(picture, BLUE) == len(ways[0].steps)
    assert frames(picture, ORANGE) == 0
    rest = set(range(len(lattice.candidates))) - {s.candidate for s in ways[0].steps}
    unlikely = [i for i in rest if lattice.posteriors()[i].sum() < NEGLIGIBLE]
    if unlikely:
        assert frames(chart(line, lattice, explained.looks[0], ways[0], {unlikely[0]}), ORANGE) == 1


def test_long_lines_and_long_pages_make_pictures_of_bounded_size(recognizer):
    bars = tuple(Stroke(((20.0 * x, 10.0), (20.0 * x, 70.0)), 5.0) for x in range(3 * COLUMNS))
    picture = diagram(Drawing(bars), recognizer.explain(Drawing(bars)))
    assert picture.shape[1] < 5000
    lines = tuple(Stroke(((10.0, 100.0 * y), (10.0, 100.0 * y + 60)), 5.0) for y in range(2 * LINES))
    explained = recognizer.explain(Drawing(lines))
    assert len(explained.lines) == 2 * LINES
    half = diagram(Drawing(lines[:LINES]), recognizer.explain(Drawing(lines[:LINES])))
    assert diagram(Drawing(lines), explained).shape[0] < half.shape[0] + 200


def test_looks_are_what_the_model_says_of_each_candidate(recognizer):
    explained = recognizer.explain(write("52\n36", Hand(1)))
    assert [len(looks) for looks in explained.looks] == [len(lattice.candidates) for lattice in explained.lattices]
    for looks in explained.looks:
        assert np.allclose(looks.sum(1), 1, atol=1e-4)
