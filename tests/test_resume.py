from __future__ import annotations

import pytest

from recognizer.file import UnreadableFile
from recognizer.inputs import Input
from recognizer.listing import with_numbers
from recognizer.report import Terms, json_error
from recognizer.resume import done_in
from recognizer.table import COLUMNS, LISTED_COLUMNS, csv_error

BROKEN_LINE = "two\nlines: 3.png"
NAMES = ["a.png", BROKEN_LINE, "a.png: b.png"]


def _json(listed: bool) -> str:
    lines = [json_error(name, "no", Terms()) for name in NAMES]
    return "".join(f"{with_numbers(line, (), 0.0) if listed else line}\n" for line in lines)


def _csv(columns: tuple[str, ...]) -> str:
    return "\n".join([",".join(columns), *(csv_error(name, 'no, "never"', columns) for name in NAMES), ""])


WRITTEN = {
    ("json", False): _json(False),
    ("csv", False): _csv(COLUMNS),
    ("", False): "a.png: 123\n  0.98  123\ntwo\\nlines: 3.png: \na.png: b.png: 1?3 45\n",
    ("json", True): _json(True),
    ("csv", True): _csv(LISTED_COLUMNS),
    ("", True): "a.png: 1,2,3,4: 12\na.png: 9,2,3,4: \n"
    "two\\nlines: 3.png: page 2: 1,2,3,4: 5\na.png: b.png: \n",
}  # fmt: skip
IDS = [f"{form or 'plain'}{' listed' if listed else ''}" for form, listed in WRITTEN]


@pytest.mark.parametrize(("form", "listed"), WRITTEN, ids=IDS)
def test_a_file_of_results_tells_which_inputs_it_has(tmp_path, form, listed):
    path = tmp_path / "all"
    path.write_text(WRITTEN[form, listed])
    others = ["a.png: c.png", "b.png", "3.png", "a.png"]
    inputs = [Input(name) for name in [*NAMES, *others]]
    assert [one.name for one in done_in(path, form, listed).left_of(inputs)] == others
    assert list(done_in(tmp_path / "none", form, listed).left_of(inputs)) == inputs


def test_names_that_look_alike_are_told_apart_in_json(tmp_path):
    (tmp_path / "all").write_text(_json(False))
    twin = Input(r"two\nlines: 3.png")
    assert list(done_in(tmp_path / "all", "json", False).left_of([twin, Input(BROKEN_LINE)])) == [twin]


@pytest.mark.parametrize(("form", "listed"), WRITTEN, ids=IDS)
@pytest.mark.parametrize("kept", [1, 2])
def test_half_a_line_at_the_end_is_cut_off(tmp_path, form, listed, kept):
    path = tmp_path / "all"
    whole = WRITTEN[form, listed].splitlines(keepends=True)
    half = "".join(whole[:kept]) + whole[-1][:-1]
    path.write_text(half)
    done_in(path, form, listed)
    assert path.read_text() == "".join(whole[:kept])


def test_half_a_line_is_cut_off_however_long_it_is(tmp_path, monkeypatch):
    path = tmp_path / "all"
    for block in (1, 7, 1000):
        monkeypatch.setattr("recognizer.resume._BLOCK", block)
        for held, left in ((b"a: 1\n" + b"x" * 100, b"a: 1\n"), (b"x" * 100, b""), (b"", b""), (b"a: \n", b"a: \n")):
            path.write_bytes(held)
            done_in(path, "", False)
            assert path.read_bytes() == left


@pytest.mark.parametrize("asked", WRITTEN, ids=IDS)
@pytest.mark.parametrize("held", [*WRITTEN.values(), "[]\n", "[" * 200_000 + "\n"], ids=[*IDS, "a list", "a deep list"])
def test_a_file_of_another_form_is_refused(tmp_path, asked, held):
    if held == WRITTEN[asked]:
        return
    (tmp_path / "all").write_text(held)
    with pytest.raises(UnreadableFile, match="give it the options of its first run"):
        done_in(tmp_path / "all", *asked)
