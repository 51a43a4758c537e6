"""UNIPEN's own files and the canvas's kept drawings, read as the labelled ink that they are."""

from __future__ import annotations

import numpy as np
import pytest
from scripted_pen import Hand, write

from recognizer.drawing import Drawing, Stroke, save_drawing
from training.data import BadData, fold
from training.drawings import WRITER, read_drawings
from training.sources import TEST, VALIDATION, sources
from training.unipen import is_unipen, read_unipen

INK = """.VERSION 1.0
.COMMENT Points of three columns, the pen up between
any two strokes.
.WRITER_ID Ann
.COORD T X Y
.PEN_DOWN
0 10 90
1 20 90
2 12 50
.PEN_UP
3 15 60
.PEN_DOWN
4 30 90
5 30 50
.DT 100
.PEN_DOWN
6 40 90
7 40 80
8 42 70
9 44 50
"""
LABELS = """.VERSION 1.0
.INCLUDE abc/data/ink.dat
.HIERARCHY WORD CHARACTER
.SEGMENT WORD 0-2 OK "7 11"
.SEGMENT CHARACTER 0 OK "7"
.SEGMENT CHARACTER 1 ? "1"
.SEGMENT CHARACTER 2 GOOD "1"
"""


def distribution(folder, labels=LABELS, ink=INK, writer="1a/abc"):
    """Write one file with labels, and the ink that it includes, as the distribution lays them out."""
    (folder / "data" / writer).mkdir(parents=True, exist_ok=True)
    (folder / "include/abc/data").mkdir(parents=True, exist_ok=True)
    (folder / "data" / writer / "labels.dat").write_text(labels)
    (folder / "include/abc/data/ink.dat").write_text(ink)
    return folder


def test_characters_come_with_their_strokes_and_y_downwards(tmp_path):
    characters, _ = read_unipen(distribution(tmp_path))
    assert [s.label for s in characters] == ["7", "1", "1"]
    assert {s.writer for s in characters} == {"abc Ann"}
    assert characters[0].traces[0].tolist() == [[10, -90], [20, -90], [12, -50]]
    assert characters[1].traces[0].tolist() == [[30, -90], [30, -50]]


@pytest.mark.parametrize(
    ("labels", "ink", "writers"),
    [
        (LABELS, INK.replace(".DT 100", ".WRITER_ID Bob"), ["abc Ann", "abc Ann", "abc Bob"]),
        (LABELS.replace(".INCLUDE", ".WRITER_ID Eve\n.INCLUDE"), INK.replace(".WRITER_ID Ann", ""), ["abc Eve"] * 3),
        (LABELS + ".WRITER_ID Eve\n", INK.replace(".WRITER_ID Ann", ""), ["abc Eve"] * 3),
        (
            LABELS,
            INK.replace(".WRITER_ID Ann", "").replace(".DT 100", ".WRITER_ID Bob").replace(".PEN_UP", ".WRITER_ID Ann"),
            ["abc Ann", "abc Ann", "abc Bob"],
        ),
        (LABELS, INK.replace(".WRITER_ID Ann", ""), ["1a/abc"] * 3),
    ],
    ids=["several in the ink", "in the file that includes it", "behind all ink", "before some ink", "none"],
)
def test_ink_is_by_the_writer_who_is_named_before_it(tmp_path, labels, ink, writers):
    characters, numbers = read_unipen(distribution(tmp_path, labels, ink))
    assert [s.writer for s in characters] == writers
    assert [s.writer for s in numbers] == writers[:1]


def test_ink_that_is_included_after_another_is_by_its_own_writer(tmp_path):
    labels = LABELS.replace(".HIERARCHY", ".INCLUDE abc/data/more.dat\n.HIERARCHY") + '.SEGMENT CHARACTER 3 OK "7"\n'
    distribution(tmp_path, labels)
    (tmp_path / "include/abc/data/more.dat").write_text(INK.replace("Ann", "Bob"))
    assert [s.writer for s in read_unipen(tmp_path)[0]] == [*["abc Ann"] * 3, "abc Bob"]


def test_numbers_come_with_the_segmentation_where_it_is_known(tmp_path):
    _, (number,) = read_unipen(distribution(tmp_path / "known"))
    assert (number.label, number.counts) == ("7 11", (1, 1, 1))
    assert [s.label for s in number.characters()] == ["7", "1", "1"]
    unknown = LABELS.replace('.SEGMENT CHARACTER 1 ? "1"\n', "")
    assert read_unipen(distribution(tmp_path / "unknown", unknown))[1][0].counts == ()
    words = LABELS.replace('"7 11"', '"til"')
    assert read_unipen(distribution(tmp_path / "words", words))[1] == ()


@pytest.mark.parametrize(
    ("where", "traces"),
    [
        ("1-2", [[[30, -90], [30, -50]], [[40, -90], [40, -80], [42, -70], [44, -50]]]),
        ("1,0:1-0:2", [[[30, -90], [30, -50]], [[20, -90], [12, -50]]]),
        ("1:1-2:1", [[[30, -50]], [[40, -90], [40, -80]]]),
        ("2:2", [[[42, -70], [44, -50]]]),
    ],
)
def test_segments_are_runs_of_components_and_of_points(tmp_path, where, traces):
    characters, _ = read_unipen(distribution(tmp_path, LABELS + f'.SEGMENT CHARACTER {where} OK "4"\n'))
    assert [t.tolist() for t in characters[-1].traces] == traces


def test_bad_and_missing_ink_is_left_out_and_other_statements_are_passed_over(tmp_path):
    more = '.SEGMENT CHARACTER 1 BAD "1"\n.SEGMENT CHARACTER 3 OK "8"\n'
    more += '.SEGMENT PAGE\n.START_BOX\n.X_DIM 300\n.SEGMENT CHARACTER 0 OK "\\""\n'
    characters, _ = read_unipen(distribution(tmp_path, LABELS + more))
    assert [s.label for s in characters] == ["7", "1", "1", '\\"']


@pytest.mark.parametrize(
    ("labels", "ink", "complaint"),
    [
        (LABELS.replace("ink.dat", "lost.dat"), INK, r"lost\.dat is missing"),
        (LABELS.replace("abc/data/ink.dat", "../../secret.dat"), INK, r"labels\.dat, line 2: .*not below include"),
        (LABELS, INK + ".INCLUDE abc/data/ink.dat\n", r"ink\.dat, line 21: .*included by itself"),
        (LABELS, INK.replace("12 50", "12 fifty"), r"ink\.dat, line 6: not as UNIPEN writes \.PEN_DOWN"),
        (LABELS, INK.replace("2 12 50", "2 12"), r"ink\.dat, line 6: not as UNIPEN writes \.PEN_DOWN"),
        (LABELS, INK.replace("2 12 50", "2 12 nan"), r"ink\.dat, line 6: .*no number"),
        (LABELS, INK.replace("T X Y", "T U V"), r"ink\.dat, line 5: not as UNIPEN writes \.COORD"),
        (LABELS.replace("0-2", "2-0"), INK, r"labels\.dat, line 4: .*runs backwards"),
    ],
)
def test_what_is_broken_is_named(tmp_path, labels, ink, complaint):
    with pytest.raises(BadData, match=complaint):
        read_unipen(distribution(tmp_path, labels, ink))


def test_a_distribution_is_a_source_parted_by_writer(tmp_path):
    for k in range(12):
        distribution(tmp_path, LABELS.replace("ink", f"ink{k}"), INK, f"1a/w{k}")
        (tmp_path / f"include/abc/data/ink{k}.dat").write_text(INK.replace("Ann", f"Ann{k}"))
    assert is_unipen(tmp_path)
    found = sources([str(tmp_path)])
    assert found.holds() == ("digits", "marks", "others", "rejects")
    train, test = (found.load(lambda _: True, split) for split in ("train", "test"))
    assert not set(train.hands) & set(test.hands)
    assert len(train.hands) + len(test.hands) == 12
    assert len(train.numbers) == len(train.hands) > 0
    assert len(test.numbers) > 0


def kept(folder):
    """Keep two corrected drawings as the canvas does."""
    folder.mkdir(exist_ok=True)
    for number, label in enumerate(("7", "10")):
        save_drawing(folder / f"{label}-20260101-120000-{number}.inkml", write(label, Hand(number)))
    return folder


def test_kept_drawings_have_the_label_that_their_name_begins_with(tmp_path):
    (seven,), (ten,) = read_drawings(kept(tmp_path))
    assert (seven.label, ten.label) == ("7", "10")
    assert seven.writer == ten.writer == WRITER
    strokes = write("7", Hand(0)).strokes
    assert np.array_equal(seven.traces[0], np.array(strokes[0].points))


def test_kept_drawings_are_for_training_alone(tmp_path):
    found = sources([str(kept(tmp_path / "ink"))])
    assert found.holds() == ("digits",)
    assert [s.label for s in found.load(lambda _: True).characters] == ["7"]
    assert not found.load(lambda _: True, "test").characters
    assert fold(WRITER, VALIDATION) != 0
    assert TEST != VALIDATION
    assert list(found.cautions()) == [
        f"{tmp_path / 'ink'} holds 1 drawings of several symbols, uncut: only adapt learns from such."
    ]
    next((tmp_path / "ink").glob("10-*")).unlink()
    assert not list(found.cautions())


def test_a_drawing_without_label_or_without_ink_is_told_or_left_out(tmp_path):
    save_drawing(tmp_path / "8-blank.inkml", Drawing())
    assert read_drawings(tmp_path) == ((), ())
    save_drawing(tmp_path / "nameless.inkml", Drawing((Stroke(((1, 2), (3, 4))),)))
    with pytest.raises(BadData, match=r"nameless\.inkml: the name must begin with what is written"):
        read_drawings(tmp_path)
    (tmp_path / "nameless.inkml").rename(tmp_path / "9-x.inkml")
    (tmp_path / "9-x.inkml").write_text("<svg/>")
    with pytest.raises(BadData, match=r"9-x\.inkml cannot be read as InkML"):
        read_drawings(tmp_path)
