from __future__ import annotations

import numpy as np

from recognizer.candidates import GEOMETRY, candidates_of, geometry, merged
from recognizer.ink import Ink, Mark
from recognizer.locate import Line, Piece


def piece(x: int, width: int = 4, source: int | None = None, height: int = 20, y: int = 0) -> Piece:
    return Piece(Mark(x, y, np.full((height, width), 255, np.uint8)), x if source is None else source)


def line(*pieces: Piece) -> Line:
    return Line(tuple(pieces), 20.0, 10.0, 0.0)


def test_every_run_of_near_pieces_is_a_candidate():
    found = candidates_of(line(piece(0), piece(6), piece(12)))
    assert {(c.start, c.stop) for c in found} == {(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)}


def test_pieces_far_apart_are_never_one_symbol():
    found = candidates_of(line(piece(0), piece(30)))
    assert {(c.start, c.stop) for c in found} == {(0, 1), (1, 2)}


def test_what_is_too_wide_beside_others_may_be_one_symbol_alone():
    flat = (piece(0, 22), piece(23, 22))
    assert (0, 2) in {(c.start, c.stop) for c in candidates_of(line(*flat))}
    assert (0, 2) not in {(c.start, c.stop) for c in candidates_of(line(*flat, piece(50)))}


def test_what_stands_far_above_or_below_is_never_part_of_a_symbol():
    for far in (-101, 101):
        assert (0, 2) not in {(c.start, c.stop) for c in candidates_of(line(piece(0), piece(6, y=far)))}
    assert (0, 2) in {(c.start, c.stop) for c in candidates_of(line(piece(0), piece(6, y=100)))}


def test_merging_lays_the_ink_together():
    one = merged((piece(0).mark, piece(6, height=10).mark))
    assert (one.x, one.width, one.height) == (0, 10, 20)
    assert one.gray[:10, 6:].all() and not one.gray[10:, 6:].any() and not one.gray[:, 4:6].any()


def test_geometry_measures_in_heights_of_the_writing():
    pieces = (piece(0), piece(14), piece(20, source=14))
    row = dict(zip(GEOMETRY, geometry(line(*pieces), candidates_of(line(*pieces))[:1], Ink(pen=4.0))[0], strict=True))
    assert row["height"] == 0 and row["gap right"] == 0.5 and row["first"] == 1 and row["last"] == 0
    assert row["top"] == -0.5 and row["bottom"] == 0.5 and row["pieces"] == 0 and row["lone line"] == 0


def test_geometry_knows_cuts_and_shares():
    pieces = (Piece(piece(0).mark, 7, cut_right=1.2), Piece(piece(5).mark, 7, cut_left=1.2))
    rows = geometry(line(*pieces), candidates_of(line(*pieces)), Ink(pen=4.0))
    by_run = {(c.start, c.stop): r for c, r in zip(candidates_of(line(*pieces)), rows, strict=True)}
    share, inside = GEOMETRY.index("share of source"), GEOMETRY.index("cuts inside")
    assert by_run[0, 1][share] == 0.5 and by_run[0, 2][share] == 1
    assert by_run[0, 1][inside] == 0 and by_run[0, 2][inside] == 1
