from __future__ import annotations

import os
import sys

import pytest
from test_command import PHONE

from recognizer.file import UnreadableFile
from recognizer.output import Output, OutputLost, names_told
from recognizer.report import Terms, json_error
from recognizer.table import COLUMNS, csv_error


def test_lines_are_in_the_file_as_soon_as_they_are_written(tmp_path):
    path = tmp_path / "all.txt"
    with Output(path) as output:
        output.write(("a: 1", "b: 2"))
        assert path.read_text() == "a: 1\nb: 2\n"
        output.write(())
        output.write(("c\udcff: é",))
    assert path.read_bytes() == b"a: 1\nb: 2\nc\\udcff: \xc3\xa9\n"


def test_a_file_is_replaced_or_gone_on_with_its_heading_standing_once(tmp_path):
    path = tmp_path / "all.csv"
    for going_on, held in ((False, "head\nrow\n"), (True, "head\nrow\nrow\n"), (False, "head\nrow\n")):
        with Output(path, going_on, ("head",)) as output:
            output.write(("row",))
        assert path.read_text() == held


def test_without_a_file_lines_go_to_standard_output(capsys):
    with Output(None) as output:
        output.write(("a: 1",))
    assert capsys.readouterr().out == "a: 1\n"


def test_a_picture_is_never_written_over(tmp_path):
    path = tmp_path / "phone.png"
    path.write_bytes(PHONE.read_bytes())
    with pytest.raises(UnreadableFile, match="is a picture or a drawing: name another file"):
        Output(path)
    assert path.read_bytes() == PHONE.read_bytes()


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(UnreadableFile, match="cannot be written"):
        Output(tmp_path / "gone" / "all.txt")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a device that is always full")  # noqa: PTH110
def test_a_full_disk_is_told(tmp_path):
    from pathlib import Path

    with Output(Path("/dev/full")) as output, pytest.raises(OutputLost, match="No space left"):
        output.write(("a",))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_pipe_takes_results_and_cannot_be_gone_on_with(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    held = os.open(pipe, os.O_RDWR)  # so that neither end waits for the other
    with Output(pipe, False, ("head",)) as output:
        output.write(("row",))
    assert os.read(held, 100) == b"head\nrow\n"
    os.close(held)
    with pytest.raises(UnreadableFile, match="is no file, and only a file can be gone on with"):
        names_told(pipe, "")


WRITTEN = {
    "json": f"{json_error('a.png', 'no', Terms())}\n{json_error('two' + chr(10) + 'lines: 3.png', 'no', Terms())}\n",
    "csv": f"{','.join(COLUMNS)}\n{csv_error('a.png', 'no', COLUMNS)}\n"
    + csv_error("two\nlines: 3.png", 'no, "never"', COLUMNS)
    + "\n",
    "": "a.png: 123\n  0.98  123\ntwo\\nlines: 3.png: \n",
}


@pytest.mark.parametrize("form", WRITTEN)
def test_a_file_of_results_tells_which_inputs_it_has(tmp_path, form):
    path = tmp_path / "all"
    path.write_text(WRITTEN[form])
    assert {"a.png", r"two\nlines: 3.png"} <= names_told(path, form)
    assert names_told(tmp_path / "none", form) == frozenset()


@pytest.mark.parametrize("form", WRITTEN)
@pytest.mark.parametrize("kept", [1, 2])
def test_half_a_line_at_the_end_is_cut_off(tmp_path, form, kept):
    path = tmp_path / "all"
    whole = WRITTEN[form].splitlines(keepends=True)
    half = "".join(whole[:kept]) + whole[-1][:-1]
    path.write_text(half)
    names_told(path, form)
    assert path.read_text() == "".join(whole[:kept])


def test_half_a_line_is_cut_off_however_long_it_is(tmp_path, monkeypatch):
    path = tmp_path / "all"
    for block in (1, 7, 1000):
        monkeypatch.setattr("recognizer.output._BLOCK", block)
        for held, left in ((b"a: 1\n" + b"x" * 100, b"a: 1\n"), (b"x" * 100, b""), (b"", b""), (b"a\n", b"a\n")):
            path.write_bytes(held)
            names_told(path, "")
            assert path.read_bytes() == left


FOREIGN = [("json", "a.png: 1\n"), ("json", "[]\n"), ("json", "[" * 200_000 + "\n"), ("csv", "a.png: 1\nb.png: 2\n")]


@pytest.mark.parametrize(("form", "held"), FOREIGN, ids=["plain", "a list", "a deep list", "plain for a table"])
def test_a_file_of_another_form_is_refused(tmp_path, form, held):
    (tmp_path / "all").write_text(held)
    with pytest.raises(UnreadableFile, match="give it the options of its first run"):
        names_told(tmp_path / "all", form)
