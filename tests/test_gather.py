from __future__ import annotations

from itertools import pairwise
from statistics import fmean, median

import numpy as np
import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from scripted_pen import Hand, write

from recognizer import Drawing
from recognizer.drawn import ink_of_drawing
from recognizer.gather import _beside_each_other, gathered
from recognizer.ink import Mark, writing_height


def mark(x: int, y: int, width: int = 10, height: int = 20) -> Mark:
    return Mark(x, y, np.full((height, width), 255, np.uint8))


def test_two_lines_are_read_top_to_bottom():
    marks = [mark(0, 60), mark(0, 0), mark(20, 60), mark(20, 0)]
    assert gathered(marks) == [[1, 3], [0, 2]]


def test_a_slanted_line_is_one_line():
    assert gathered([mark(20 * i, 8 * i) for i in range(9)]) == [list(range(9))]


def test_a_dash_and_a_dot_belong_to_the_line_they_are_in():
    marks = [mark(0, 0), mark(40, 0), mark(0, 60), mark(40, 60), mark(20, 9, 8, 3), mark(25, 78, 3, 3)]
    assert gathered(marks) == [[0, 4, 1], [2, 5, 3]]


def grid(*columns: tuple[int, int, int], drop: int = 0) -> list[Mark]:
    """Columns of (left, lines, marks on each line); each column stands so much lower than the one before it."""
    return [
        mark(left + 14 * place, 60 * line + drop * number)
        for number, (left, lines, count) in enumerate(columns)
        for line in range(lines)
        for place in range(count)
    ]


@pytest.mark.parametrize("drop", [0, 13, 30])
def test_columns_of_numbers_are_read_one_after_the_other(drop):
    marks = grid((0, 2, 7), (180, 2, 7), drop=drop)
    assert gathered(marks) == [list(range(start, start + 7)) for start in (0, 7, 14, 21)]


@pytest.mark.parametrize(
    "columns",
    [
        ((0, 1, 7), (180, 1, 7)),  # one line
        ((0, 3, 1), (90, 3, 7)),  # a table: things counted, and their prices
        ((0, 3, 4), (105, 3, 4)),  # a gap of two and a half heights
    ],
)
def test_rows_stay_lines_where_columns_are_not_plain(columns):
    assert len(gathered(grid(*columns))) == columns[0][1]


def test_a_heading_above_both_columns_leaves_rows():
    heading = [mark(14 * place, -60) for place in range(20)]
    assert len(gathered(heading + grid((0, 2, 7), (180, 2, 7)))) == 3


def test_two_halves_of_an_eight_are_one_line():
    assert gathered([mark(0, 0, 20, 20), mark(0, 19, 20, 20)]) in ([[0, 1]], [[1, 0]])


def test_two_circles_that_do_not_quite_touch_are_one_line_and_two_digits_are_two():
    assert len(gathered([mark(0, 0, 20, 20), mark(0, 23, 20, 20)])) == 1
    assert len(gathered([mark(0, 0, 12, 20), mark(0, 32, 12, 20)])) == 2


# Mark by mark ---------------------------------------------------------------------------------------------------------


def one_by_one(marks: list[Mark]) -> list[list[int]]:
    """What `gathered` returns, by looking at each mark by itself and remembering nothing."""
    height = writing_height([(m.width, m.height) for m in marks])
    order = sorted(range(len(marks)), key=lambda i: marks[i].x)
    lines = one_column(marks, order, height)
    starts = [0]
    for k in range(1, len(order)):
        if marks[order[k]].x - max(marks[i].x + marks[i].width for i in order[:k]) >= 3 * height:
            starts.append(k)
    parts = [order[start:stop] for start, stop in pairwise([*starts, len(order)])]
    columns = [one_column(marks, part, height) for part in parts]
    tall = [sum(marks[i].height >= 0.5 * height for i in part) for part in parts]
    plain = all(len(c) >= 2 and count >= 3 * len(c) for c, count in zip(columns, tall, strict=True))
    return [line for column in columns for line in column] if len(parts) > 1 and len(lines) > 1 and plain else lines


def one_column(marks: list[Mark], order: list[int], height: float) -> list[list[int]]:
    tall = [i for i in order if marks[i].height >= 0.5 * height] or order
    joined: list[list[int]] = []
    for line in sorted(strung(marks, tall), key=len, reverse=True):
        beside = next((other for other in joined if not apart(marks, other, line, height)), None)
        if beside is None:
            joined.append(list(line))
        else:
            beside.extend(line)
    owner = {i: line for line in joined for i in line}
    for i in sorted(set(order) - set(tall)):
        x, y = marks[i].x + marks[i].width / 2, marks[i].y + marks[i].height / 2
        owner[min(tall, key=lambda k: away(marks[k], x, y))].append(i)
    lines = [sorted(line, key=lambda i: marks[i].x) for line in joined]
    return sorted(lines, key=lambda line: fmean(2 * marks[i].y + marks[i].height for i in line))


def strung(marks: list[Mark], tall: list[int]) -> list[list[int]]:
    lines: list[list[int]] = []
    for i in tall:
        top, bottom = marks[i].y, marks[i].y + marks[i].height
        shares = []
        for line in lines:
            t, b = fmean(marks[k].y for k in line[-3:]), fmean(marks[k].y + marks[k].height for k in line[-3:])
            shares.append((min(b, bottom) - max(t, top)) / max(1.0, min(b - t, bottom - top)))
        if shares and max(shares) > 0.25:
            lines[shares.index(max(shares))].append(i)
        else:
            lines.append([i])
    return lines


def apart(marks: list[Mark], line: list[int], other: list[int], height: float) -> bool:
    spacing, free = [], []
    for i in other:
        near = min(line, key=lambda k: abs(2 * marks[k].x + marks[k].width - 2 * marks[i].x - marks[i].width))
        one, two = marks[near], marks[i]
        spacing.append(abs(one.y + one.height / 2 - two.y - two.height / 2))
        free.append(max(one.y - two.y - two.height, two.y - one.y - one.height))
    least = 0.05 if max(len(line), len(other)) > 1 else 0.35
    return median(spacing) > 0.8 * height and median(free) > least * height


def away(mark: Mark, x: float, y: float) -> float:
    aside = max(mark.x - x, x - mark.x - mark.width, 0)
    return aside + 3 * max(mark.y - y, y - mark.y - mark.height, 0)


SIDES = st.sampled_from([(4, 4), (10, 20), (12, 40), (20, 30), (30, 3), (9, 41)])
ANYWHERE = st.tuples(st.integers(0, 300), st.integers(0, 200))
ON_A_GRID = st.tuples(st.integers(0, 20).map(lambda n: 12 * n), st.integers(0, 8).map(lambda n: 20 * n))
IN_COLUMNS = st.tuples(st.integers(0, 9), st.integers(0, 1), st.integers(0, 3)).map(
    lambda place: (14 * place[0] + 300 * place[1], 60 * place[2])
)


@given(st.one_of(*(st.lists(st.tuples(place, SIDES), max_size=40) for place in (ANYWHERE, ON_A_GRID, IN_COLUMNS))))
def test_marks_gather_as_they_do_when_each_is_looked_at_by_itself(placed):
    marks = [mark(x, y, width, height) for (x, y), (width, height) in placed]
    lines = gathered(marks)
    event(f"{min(len(lines), 5)} lines or more")
    assert lines == (one_by_one(marks) if marks else [])


def test_a_page_that_grows_stroke_by_stroke_gathers_as_if_it_had_been_there_at_once():
    strokes = write("\n".join(["31415926", "(535) 8979", "3.2:38/4-6", "2643383279"]), Hand(3, height=40)).strokes
    for count in range(1, len(strokes) + 1):
        marks = list(ink_of_drawing(Drawing(strokes[:count])).marks)
        assert gathered(marks) == one_by_one(marks)
    assert gathered(marks[:20] + marks[21:]) == one_by_one(marks[:20] + marks[21:])


def test_no_marks_make_no_lines():
    assert gathered([]) == []


def test_lines_that_may_be_one_are_found_whichever_stand_between_them():
    """Of all pairs, by a plain look at each: few of many lines lie so near."""
    rng = np.random.default_rng(5)
    low = rng.integers(0, 400, 60).astype(float)
    high = low + rng.integers(1, 40, 60)
    one, other = _beside_each_other(low, high, 9)
    pairs = {frozenset(pair) for pair in zip(one.tolist(), other.tolist(), strict=True)}
    free = [(max(low[i] - high[k], low[k] - high[i]), {i, k}) for i in range(60) for k in range(i)]
    assert len(one) == len(pairs)
    assert pairs == {frozenset(both) for gap, both in free if gap <= 9}
