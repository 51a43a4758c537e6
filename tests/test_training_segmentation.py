"""Segmentation scored on numbers of the scripted pen: whose ink is whose, and what kind of error was made."""

from __future__ import annotations

import numpy as np
import pytest
from scripted_pen import Hand, write

from recognizer import Recognizer
from training.__main__ import main
from training.data import Sample
from training.gallery import Gallery
from training.segmentation import KINDS, PAGES, Outcome, outcome, outcomes, table

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.load()


def sample(text: str, counts: tuple[int, ...] | None = None, label: str | None = None) -> Sample:
    """A number of the scripted pen; its strokes belong to its characters as `counts` say."""
    traces = tuple(np.array(s.points, float) for s in write(text, Hand(3)).strokes)
    if counts is None:
        counts = tuple(len(write(c, Hand(3)).strokes) for c in text)
    return Sample(label or text, "w", traces, counts)


@pytest.mark.parametrize("page", PAGES)
def test_a_number_parted_and_read_right_is_no_error(recognizer, page):
    one, shown, explained = outcome(recognizer, sample("407-25"), page)
    assert one == Outcome(page, "407-25", "407-25", True, "")
    assert one.right
    assert len(shown.strokes) == sum(sample("407-25").counts)
    assert len(explained.glyphs) == 6


@pytest.mark.parametrize("page", PAGES)
def test_the_truth_decides_what_is_parted_right(recognizer, page):
    """What was written as 27 but is said to be one symbol, or three, is parted wrong."""
    strokes = len(sample("27").traces)
    merged, _, _ = outcome(recognizer, sample("27", (strokes,), "8"), page)
    assert (merged.parted, merged.kind) == (False, "split")
    three = sample("275")
    first, second, third = three.counts
    taken = Sample("12", "w", three.traces, (first, second + third))
    assert outcome(recognizer, taken, page)[0].parted is False


@pytest.mark.parametrize("page", PAGES)
def test_errors_are_told_by_what_was_read_for_what(recognizer, page):
    assert outcome(recognizer, sample("40", label="49"), page)[0].kind == "digit for digit"
    assert outcome(recognizer, sample("4-0", label="410"), page)[0].kind == "mark for digit"
    assert outcome(recognizer, sample("470", label="4-0"), page)[0].kind == "digit for mark"
    assert outcome(recognizer, sample("4-7", label="710"), page)[0].kind == "several"


def test_right_symbols_in_another_order_are_told(recognizer):
    right = sample("47")
    first, second = right.traces[: right.counts[0]], right.traces[right.counts[0] :]
    turned = Sample("74", "w", (*second, *first), right.counts[::-1])
    one = outcome(recognizer, turned, "ink")[0]
    assert (one.parted, one.kind) == (True, "order")


def test_marks_alone_read_wrong_leave_the_number_right(recognizer):
    one = outcome(recognizer, sample("4-0", label="4+0"), "ink")[0]
    assert (one.right, one.kind) == (True, "")


@pytest.mark.parametrize(("label", "kind"), [("42", "digit for digit"), ("74", "order"), ("4", "length"), ("47", "")])
def test_where_the_partition_is_unknown_the_texts_are_compared(recognizer, label, kind):
    one = outcome(recognizer, sample("47", (), label), "ink")[0]
    assert (one.parted, one.kind) == (None, kind)


def test_numbers_of_unknown_symbols_are_left_out(recognizer):
    assert [o.wrote for o, _, _ in outcomes(recognizer, [sample("47", (), "4X"), sample("47")])] == ["47", "47"]


def test_the_table_counts_each_page_for_itself():
    found = [
        Outcome("ink", "12", "12", True, ""),
        Outcome("ink", "12", "17", True, "digit for digit"),
        Outcome("ink", "12", "1", False, "merged"),
        Outcome("picture", "12", "12", None, ""),
    ]
    text = table(found)
    assert "| read right | 1 of 3, 33.3 % | 1 of 1, 100.0 % |" in text
    assert "| partition right, where it is known | 2 of 3, 66.7 % | - |" in text
    assert "| read right, of those parted right | 1 of 2, 50.0 % | - |" in text
    assert f"| merged: {KINDS['merged']} | 1 | 0 |" in text
    assert "left out" not in text


def test_errors_hang_in_a_folder_for_their_kind(recognizer, tmp_path):
    one, shown, explained = outcome(recognizer, sample("4/0", label="410"), "ink")
    gallery = Gallery(tmp_path)
    paths = [gallery.hang(one, shown.page, explained) for _ in range(2)]
    assert [str(p.relative_to(tmp_path)) for p in paths] == [
        "mark-for-digit/410-read-4_0-ink.png",
        "mark-for-digit/410-read-4_0-ink-2.png",
    ]
    assert all(p.stat().st_size > 5000 for p in paths)


def test_the_command_prints_the_table_and_draws_the_errors(handwriting, tmp_path, capsys):
    assert main(["segmentation", "--data", str(handwriting), "--errors", str(tmp_path / "wrong"), "--limit", "8"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("| numbers | ink | picture |")
    assert "| read right | 6 of 6, 100.0 % |" in out


def test_data_without_numbers_is_told(handwriting, capsys):
    assert main(["segmentation", "--data", str(handwriting / "mnist")]) == 1
    assert "holds no numbers" in capsys.readouterr().err
