"""Pages without digits: what stands on them, and how many digits are read of them."""

from __future__ import annotations

import numpy as np
import pytest

from recognizer import Recognizer
from training.__main__ import main
from training.data import Sample
from training.false_digits import IN_LINE, THINGS, Mistake, alone, in_lines, mistakes, table, things

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")


def sample(label: str, writer: str = "w", height: float = 10.0) -> Sample:
    return Sample(label, writer, (np.array([[0, 0], [4, height]], float), np.array([[4, 0], [0, height]], float)))


def test_each_character_is_a_page_and_digits_are_none():
    pages = list(alone([sample("X"), sample("7"), sample("!")]))
    assert [(p.kind, p.label, p.symbols) for p in pages] == [("letters alone", "X", 1), ("symbols alone", "!", 1)]
    assert all(abs(int(np.ptp(np.nonzero(p.page < 128)[0])) - 97) < 6 for p in pages)


def test_lines_hold_eight_characters_of_one_writer():
    samples = [sample("X", w) for w in "aab" for _ in range(IN_LINE - 2)] + [sample("Y", "c")] * IN_LINE
    pages = list(in_lines(samples))
    assert [(p.kind, p.symbols, p.label) for p in pages] == [("letters in lines", IN_LINE, "")] * 2
    assert all(p.page.shape[1] > 4 * p.page.shape[0] / 2 for p in pages)


def test_things_are_all_drawn_and_differ():
    pages = list(things(2, 1))
    assert [p.kind for p in pages] == [kind for kind in THINGS for _ in range(2)]
    assert all(not np.array_equal(a.page, b.page) for a, b in zip(pages[::2], pages[1::2], strict=True))
    assert all((p.page < 200).any() for p in pages)
    assert np.array_equal(pages[0].page, next(things(1, 1)).page)


def test_printed_forms_without_an_entry_give_no_digit():
    some = [p for p in things(6, 3) if p.kind in {"ruled box", "table without entries"}]
    assert not [m for m in mistakes(Recognizer.load(), some) if m.digits]


def test_the_table_counts_symbols_by_kind_and_by_character():
    found = [Mistake("letters alone", "S", 1, 1), Mistake("letters alone", "X", 0, 1), Mistake("tick", "", 2, 1)]
    assert table(found).splitlines() == [
        "| pages without digits | symbols | read as digits | share |",
        "| --- | --- | --- | --- |",
        "| letters alone | 2 | 1 | 50.0 % (9.5 to 90.5) |",
        "| letters alone, without B G I O S Z _ ` \\| | 1 | 0 | 0.0 % (0.0 to 79.3) |",
        "| tick | 1 | 1 | 100.0 % (20.7 to 100.0) |",
        "",
        "| character | symbols | read as digits | share |",
        "| --- | --- | --- | --- |",
        "| `S` | 1 | 1 | 100.0 % (20.7 to 100.0) |",
    ]


def test_the_command_prints_the_table(capsys, handwriting):
    assert main(["false-digits", "--data", str(handwriting), "--limit", "4", "--count", "1"]) == 0
    printed = capsys.readouterr().out
    assert "| letters alone | " in printed
    assert "| stamp | 1 | " in printed
