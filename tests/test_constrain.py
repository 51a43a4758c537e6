from __future__ import annotations

import cv2
import numpy as np
import pytest
from scripted_pen import Hand, write
from test_decode import LABELS, MARK, certain, every_path, lattice

from recognizer import Recognizer
from recognizer.candidates import Candidate
from recognizer.constrain import DOUBT, as_one_digit, held_to
from recognizer.decode import Lattice, Path
from recognizer.formats import Format
from recognizer.render import render_drawing

THREE = Format("three", r"[12]-[12]")


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.load()


def test_paths_in_a_format_are_those_of_walking_all():
    wanted = Format("odd", r"1(2|-)*")
    for seed in range(30):
        made = lattice(3, seed)
        shares: dict[str, float] = {}
        for weight, text in every_path(made):
            shares[text] = shares.get(text, 0.0) + np.exp(weight - made.sums[0][-1])
        best = max((text for text in shares if wanted.complete(text)), key=shares.__getitem__)
        found = made.paths(20, wanted)
        assert found[0].text == best
        assert found[0].probability == pytest.approx(shares[best], rel=0.05)
        assert all(wanted.complete(path.text) for path in found)


def doubtful(inside: float) -> Lattice:
    """A lattice that reads 1-2, in the format, with the share `inside`, and 122 else."""
    potentials = np.full((3, len(LABELS)), -30.0)
    potentials[[0, 2], [LABELS.index("1"), LABELS.index("2")]] = 0
    potentials[1, [LABELS.index("-"), LABELS.index("2")]] = np.log(inside), np.log(1 - inside)
    return Lattice(3, tuple(Candidate(i, i + 1, MARK) for i in range(3)), LABELS, potentials)


@pytest.mark.parametrize("inside", [0.9, 0.3, 1e-3])
def test_the_format_is_believed_as_far_as_the_ink_allows(inside):
    made = doubtful(inside)
    (ways,), fits = held_to(THREE, [made], [made.paths()], [tuple], 5)
    assert fits
    assert ways[0].text == "1-2"
    assert ways[0].probability == pytest.approx(inside / (inside + DOUBT * (1 - inside)), abs=1e-3)


def test_a_line_that_cannot_have_the_format_stays_as_it_is():
    made = [certain("12"), doubtful(0.9)]
    free = [m.paths() for m in made]
    ways, fits = held_to(THREE, made, free, [tuple] * len(made), 5)
    assert not fits
    assert ways[0] == free[0]
    assert ways[1][0].text == "1-2"


def test_a_line_that_says_nothing_need_have_no_format():
    silent = Lattice(1, (Candidate(0, 1, MARK),), LABELS, np.array([[-9.0, -9, -9, 0]]))
    ways, fits = held_to(THREE, [silent], [silent.paths()], [tuple], 5)
    assert fits
    assert ways[0][0].text == ""


def test_a_page_is_read_by_its_format_and_says_what_it_would_be_without(recognizer):
    page = write("4071", Hand(4))
    free = recognizer.read(page)
    assert (free.number, free.fits, free.otherwise) == ("4071", True, "")
    held = recognizer.read(page, format=Format.of("digits:4"))
    assert (held.text, held.fits, held.otherwise) == (free.text, True, "")
    assert held.confidence >= free.confidence
    forced = recognizer.read(page, format=Format.of(r"\d+[/(]|407[^1]"))
    assert forced.fits
    assert forced.text != "4071"
    assert forced.otherwise == "4071"
    assert forced.confidence < 0.5


def test_a_page_without_the_format_is_sure_of_nothing(recognizer):
    reading = recognizer.read(write("4071", Hand(4)), format=Format.of("digits:12"))
    assert (reading.number, reading.fits, reading.confidence, reading.otherwise) == ("4071", False, 0.0, "")


def test_every_line_is_held_to_the_format(recognizer):
    reading = recognizer.read(write("407\n62", Hand(4)), format=Format.of("digits:2-3"))
    assert (reading.number, reading.fits) == ("407\n62", True)
    assert not recognizer.read(write("407\n62", Hand(4)), format=Format.of("digits:9")).fits


def test_one_digit_is_likelier_where_it_was_cut_out():
    ways = (Path("", (), 0.5), Path("7", (), 0.3), Path("71", (), 0.1))
    found = as_one_digit(tuple, ways)
    assert [way.text for way in found] == ["7", "", "71"]
    more = np.exp(2.0) * 0.3
    assert found[0].probability == pytest.approx(more / (more + 0.7))
    assert sum(way.probability for way in found) < 1


def test_two_digits_on_a_picture_as_small_as_one_are_read_all_the_same(recognizer):
    two = render_drawing(write("42", Hand(5)))
    small = np.pad(cv2.resize(two, (26, 18), interpolation=cv2.INTER_AREA), ((5, 5), (1, 1)), constant_values=255)
    assert small.shape == (28, 28)
    assert recognizer.read(small).number == "42"
