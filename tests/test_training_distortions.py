"""Distorted pages: what is done to them, and how what is read of them is told."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from scripted_pen import Hand, write

from recognizer import Recognizer
from recognizer.page import load_pages
from training.__main__ import main
from training.distortions import KINDS, Outcome, misread, named, outcomes, scripted, table, written
from training.paper import STRENGTHS, Picture, clean, ink_of

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")
QUICK = sorted(set(KINDS) - {"large"})  # whose digits of 3000 px take seconds


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.load()


def pictured(kind: str, strength: int, seed: int = 1) -> Picture:
    return KINDS[kind](write("407", Hand(3)), strength, np.random.default_rng(seed))


@pytest.mark.parametrize("kind", QUICK)
def test_a_seed_decides_what_a_page_looks_like_and_each_strength_looks_different(kind):
    files = [pictured(kind, strength).encoded() for strength in range(len(STRENGTHS))]
    assert files[1] == pictured(kind, 1).encoded()
    assert len(set(files)) == (1 if kind == "clean" else len(STRENGTHS))
    assert all(load_pages(file)[0].size > 500 for file in files)


@pytest.mark.parametrize("kind", sorted(set(QUICK) - {"clean"}))
def test_mildly_distorted_pages_are_read(recognizer, kind):
    (page,) = load_pages(pictured(kind, 0).encoded())
    assert recognizer.read(page).number == "407"


def test_a_large_page_is_the_same_drawing_enlarged():
    plain, large = (
        clean(drawing := write("4", Hand(3)), 0, np.random.default_rng(1)),
        KINDS["large"](drawing, 0, np.random.default_rng(1)),
    )
    assert large.image.shape[0] / plain.image.shape[0] == pytest.approx(300 / 90, rel=0.01)
    small = cv2.resize(large.image, plain.image.shape[::-1], interpolation=cv2.INTER_AREA)
    assert np.corrcoef(small.ravel(), plain.image.ravel())[0, 1] > 0.95


def test_ink_of_a_thicker_pen_covers_more():
    drawing = write("4", Hand(3))
    assert ink_of(drawing, thicker=2.0).sum() > 1.6 * ink_of(drawing).sum()


def test_depth_transparency_and_quality_reach_the_file():
    assert pictured("16 bit", 1).image.dtype == np.uint16
    assert pictured("transparency", 0).image.shape[2] == 4
    assert pictured("JPEG", 1).encoded()[:3] == b"\xff\xd8\xff"


def test_pages_are_distorted_in_the_same_way_whatever_else_is_measured(recognizer):
    originals = scripted(2, 5)
    both = list(outcomes(recognizer, originals, ("shadow", "ruled"), 5))
    assert len(both) == 2 * len(STRENGTHS) * 2
    assert [o for o in both if o.kind == "ruled"] == list(outcomes(recognizer, originals, ("ruled",), 5))


def test_numbers_that_people_wrote_are_pages_too(handwriting):
    from training.sources import sources

    numbers = sources([str(handwriting)]).load(lambda _: True).numbers
    made = written(numbers, 3)
    assert len(made) == 3
    assert all(o.digits.isdecimal() and o.drawing.strokes for o in made)


def test_shares_stand_in_a_table_with_their_intervals():
    found = [Outcome("clean", "mild", "1", "1"), Outcome("photos", "", "7", "1", "7-a.png")]
    found += [Outcome("shadow", s, "12", "12" if s == "mild" else "1") for s in STRENGTHS]
    assert table(found).splitlines()[2:] == [
        "| clean | 100.0 % (21 to 100 of 1) |  |  |",
        "| photos | 0.0 % (0 to 79 of 1) |  |  |",
        "| shadow | 100.0 % (21 to 100 of 1) | 0.0 % (0 to 79 of 1) | 0.0 % (0 to 79 of 1) |",
    ]
    assert misread(found) == "7-a.png: wrote 7, read 1"


def test_named_pictures_are_scored_by_their_names(recognizer, tmp_path):
    for digit in "47":
        picture = clean(write(digit, Hand(3)), 0, np.random.default_rng(0))
        (tmp_path / f"{digit}-someone.png").write_bytes(picture.encoded())
    (tmp_path / "notes.txt").write_text("no picture")
    found = list(named(recognizer, tmp_path))
    assert [(o.wrote, o.read, o.name) for o in found] == [("4", "4", "4-someone.png"), ("7", "7", "7-someone.png")]


def test_the_command_prints_the_table_and_writes_it(capsys, tmp_path):
    out = tmp_path / "table.md"
    assert main(["distortions", "--count", "2", "--kinds", "clean,boxed", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert printed == out.read_text()
    assert [line.split(" |")[0] for line in printed.splitlines()[2:]] == ["| clean", "| boxed"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--kinds", "fog"], "No distortion is called fog; choose some of: clean, uneven light"),
        (["--count", "0", "--named", "nowhere"], "nowhere holds no pictures whose names begin with their number"),
    ],
)
def test_what_cannot_be_measured_is_told_in_one_sentence(capsys, arguments, told):
    assert main(["distortions", *arguments]) == 1
    assert told in capsys.readouterr().err
