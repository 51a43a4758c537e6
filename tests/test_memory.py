from __future__ import annotations

import numpy as np

from recognizer.memory import KEPT, Memory, Row, Table, kept_up_to


def test_what_was_made_is_not_made_again():
    made: list[int] = []
    memory: Memory[int, int] = Memory()

    def square(number: int) -> int:
        made.append(number)
        return number * number

    assert memory.recall([1, 2, 3], square) == (1, 4, 9)
    assert memory.recall([3, 2, 4], square) == (9, 4, 16)
    assert made == [1, 2, 3, 4]


def test_what_no_round_asked_for_lately_is_forgotten():
    memory: Memory[int, object] = Memory()
    (first,) = memory.recall([0], lambda key: object())
    for number in range(1, KEPT):
        memory.recall([number], lambda key: object())
    assert memory.recall([0], lambda key: object()) == (first,)
    for number in range(1, KEPT + 1):
        memory.recall([number], lambda key: object())
    assert memory.recall([0], lambda key: object()) != (first,)


def test_a_round_of_any_size_is_known_in_the_next():
    memory: Memory[int, object] = Memory()
    many = memory.recall(range(10_000), lambda key: object())
    assert memory.recall(range(10_000), lambda key: object()) == many


def test_what_was_foreseen_is_there_when_it_is_asked_for():
    memory: Memory[int, object] = Memory()
    (known,) = memory.recall([1], lambda key: object())
    memory.foresee(2, lambda key: "foreseen")
    memory.foresee(1, lambda key: "made again")
    assert memory.recall([1, 2], lambda key: "new") == (known, "foreseen")


def test_rounds_in_passing_push_no_other_out_of_memory():
    memory: Memory[int, object] = Memory()
    (known,) = memory.recall([0], lambda key: object())
    for number in range(1, 3 * KEPT):
        memory.recall([number], lambda key: object(), passing=True)
    assert memory.unknown([0, 1, number]) == [1]
    assert memory.recall([0], lambda key: object()) == (known,)
    assert memory.unknown([number]) == [number]


def test_a_round_in_passing_that_is_kept_is_one_of_those_that_last():
    memory: Memory[int, object] = Memory()
    (known,) = memory.recall([0], lambda key: object(), passing=True)
    memory.keep()
    memory.recall([1], lambda key: object(), passing=True)
    assert memory.recall([0], lambda key: object()) == (known,)


def test_a_row_has_only_what_is_new_in_it_made():
    made: list[str] = []
    row: Row[str, str] = Row()

    def upper(letter: str) -> str:
        made.append(letter)
        return letter.upper()

    for letters in ("abc", "abcd", "abc", "abxc", "bxc", "", "bxc", "bxcbxc"):
        assert row.values(tuple(letters), upper) == tuple(letters.upper())
    assert "".join(made) == "abc" + "d" + "x" + "bxc" + "bxc"


def test_a_table_has_only_what_is_new_in_its_row_made():
    made: list[str] = []
    table: Table[str] = Table()

    def numbers(letter: str) -> tuple[int, int]:
        made.append(letter)
        return ord(letter), 1

    for letters in ("abc", "abcd", "abc", "abxc", "bxc", "", "bxc", "bxcbxc"):
        values = table.values(tuple(letters), numbers, 2)
        assert np.array_equal(values, np.reshape([(ord(letter), 1) for letter in letters], (-1, 2)))
        assert not values.flags.writeable
    assert "".join(made) == "abc" + "d" + "x" + "bxc" + "bxc"


def test_values_are_kept_up_to_a_size_and_no_larger_ones():
    made: list[int] = []

    @kept_up_to(100, len)
    def blank(length: int) -> bytes:
        made.append(length)
        return bytes(length)

    for length in (40, 50, 40, 50, 101, 101, 40):
        assert blank(length) == bytes(length)
    assert made == [40, 50, 101, 101]
    for length in (30, 40, 50):
        blank(length)
    assert made == [40, 50, 101, 101, 30, 50], "what was asked for longest ago made room"
