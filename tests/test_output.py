from __future__ import annotations

import os
import sys

import pytest
from test_command import PHONE

from recognizer.__main__ import main
from recognizer.file import UnreadableFile
from recognizer.output import Output, OutputLost
from recognizer.resume import done_in


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
        done_in(pipe, "", listed=False)


def test_a_disk_that_fills_up_amid_a_group_keeps_none_of_it(tmp_path):
    resource = pytest.importorskip("resource", reason="Windows has no limit of file sizes")
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    path = tmp_path / "all"
    with Output(path) as output:
        output.write(("a: 1",))
        resource.setrlimit(resource.RLIMIT_FSIZE, (12, usual[1]))
        try:
            with pytest.raises(OutputLost, match="too large"):
                output.write(("b: 2", "b: 3"))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert path.read_text() == "a: 1\n"


def test_what_is_read_is_never_written_over(tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("a.png\n")
    with pytest.raises(UnreadableFile, match="is read by this very command"):
        Output(tmp_path / "." / "names.txt", read=[tmp_path / "none", names])
    assert names.read_text() == "a.png\n"


def test_a_standard_output_that_is_closed_is_told(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdout", None)
    assert main([str(PHONE)]) == 1
    assert capsys.readouterr().err == "recognizer: the output cannot be written (standard output is closed).\n"
