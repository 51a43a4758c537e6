"""The command with many files: workers, lists, tables, files of results that an interruption leaves whole."""

from __future__ import annotations

import csv
import json
import os
import re
import select
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from conftest import ROOT, Command
from crowded import crowded
from scripted_pen import Hand, write
from test_command import PHONE, SAMPLE_FOLDER, ZIP, wanted

from recognizer.page import save_picture
from recognizer.render import render_drawing

BROKEN = PHONE.read_bytes()[:3000]


@pytest.fixture
def read(capsys):
    """Run the command in this process; return (status, standard output, standard error)."""

    def run(*arguments: object) -> tuple[int, str, str]:
        status = import_module("recognizer.__main__").main([str(argument) for argument in arguments])
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def wrong(capsys):
    """Run a command that is wrong in this process; return what it says last."""

    def run(*arguments: object) -> str:
        with pytest.raises(SystemExit) as end:
            import_module("recognizer.__main__").main([str(argument) for argument in arguments])
        assert end.value.code == 2
        return capsys.readouterr().err.splitlines()[-1]

    return run


@pytest.fixture
def form(tmp_path) -> Path:
    """A page with 275 at the top left and 8642 below it, further to the right."""
    upper, lower = (render_drawing(write(text, Hand(3))) for text in ("275", "8642"))
    page = np.full((upper.shape[0] + lower.shape[0] + 100, 200 + lower.shape[1]), 255, np.uint8)
    page[: upper.shape[0], : upper.shape[1]] = upper
    page[-lower.shape[0] :, -lower.shape[1] :] = lower
    save_picture(tmp_path / "form.png", page)
    return tmp_path / "form.png"


# Several processes --------------------------------------------------------------------------------------------------


def test_workers_say_what_one_process_says_in_the_same_order(command: Command, tmp_path):
    (tmp_path / "broken.png").write_bytes(BROKEN)
    paths = [SAMPLE_FOLDER, tmp_path / "broken.png", "-", tmp_path / "missing.png", *[PHONE, ZIP] * 10]
    alone = command("--json", "--workers", 1, *paths, stdin=PHONE.read_bytes())
    several = command("--json", "--workers", 2, *paths, stdin=PHONE.read_bytes())
    assert several.stdout == alone.stdout
    assert several.stderr == alone.stderr
    assert (several.returncode, alone.returncode) == (1, 1)
    assert len(alone.stdout.splitlines()) > 30


def test_workers_make_the_same_copies(command: Command, tmp_path):
    for number in (1, 2):
        assert command("--workers", number, "--annotate", tmp_path / str(number), PHONE, ZIP).returncode == 0
    copies = [{path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("1", "2")]
    assert copies[0] == copies[1]
    assert len(copies[0]) == 2


def test_one_file_starts_no_process_and_no_bar():
    script = (
        "import sys; from recognizer.__main__ import main; "
        f"main([{str(PHONE)!r}]); print(*sys.modules, sep=chr(10), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == wanted(PHONE)
    loaded = set(done.stderr.split())
    assert "cv2" in loaded
    assert not {"multiprocessing", "concurrent.futures", "tqdm", "pypdfium2", "defusedxml", "ray"} & loaded
    assert not {"recognizer.annotate", "recognizer.diagram"} & loaded


# Which files ----------------------------------------------------------------------------------------------------------


def test_files_are_named_on_standard_input(command: Command):
    lines = f"{PHONE}\n{ZIP}\n".encode()
    told = f"{PHONE}: {wanted(PHONE)}\n{ZIP}: {wanted(ZIP)}\n"
    assert command("--files-from", "-", stdin=lines).stdout.decode() == told
    assert command("-0", "--files-from", "-", stdin=lines.replace(b"\n", b"\0")).stdout.decode() == told


def test_a_list_follows_the_paths_and_has_names_even_for_one(read, tmp_path):
    (tmp_path / "list").write_text(f"{ZIP}\n")
    assert read("--files-from", tmp_path / "list")[1] == f"{ZIP}: {wanted(ZIP)}\n"
    assert read("--files-from", tmp_path / "list", PHONE)[1] == f"{PHONE}: {wanted(PHONE)}\n{ZIP}: {wanted(ZIP)}\n"


def test_a_list_that_is_missing_or_none_is_a_wrong_command(read, tmp_path):
    status, out, error = read("--files-from", tmp_path / "gone")
    assert (status, out) == (2, "")
    assert "cannot be opened" in error
    (tmp_path / "zeros").write_bytes(bytes(2_000_000))
    status, out, error = read("--files-from", tmp_path / "zeros")
    assert (status, out, error) == (2, "", "recognizer: The list of files is none: put one name on a line.\n")


def test_a_pattern_is_taken_where_the_shell_left_it(read, tmp_path):
    for name in ("b.png", "a.png"):
        (tmp_path / name).write_bytes(PHONE.read_bytes())
    assert [line.partition(": ")[0] for line in read(tmp_path / "?.png")[1].splitlines()] == [
        str(tmp_path / "a.png"),
        str(tmp_path / "b.png"),
    ]
    status, out, error = read(tmp_path / "*.jpg")
    assert (status, out) == (1, "")
    assert error.endswith("*.jpg matches no file: check the pattern.\n")


# What is told ---------------------------------------------------------------------------------------------------------


def test_a_table_has_a_heading_and_a_row_for_each_input(read, tmp_path):
    (tmp_path / "broken.png").write_bytes(BROKEN)
    status, out, _ = read("--csv", PHONE, tmp_path / "broken.png")
    rows = list(csv.DictReader(out.splitlines()))
    assert (status, [row["number"] for row in rows]) == (1, [wanted(PHONE), ""])
    assert rows[0]["accepted"] == "true"
    assert "damaged or cut short" in rows[1]["error"]


def test_each_number_of_a_page_is_listed_with_its_box(read, form):
    lines = read("--lines", form)[1].splitlines()
    assert [line.partition(": ")[2] for line in lines] == ["275", "8642"]
    upper, lower = ([int(side) for side in line.partition(": ")[0].split(",")] for line in lines)
    assert upper[1] + upper[3] < lower[1]
    assert upper[0] < 200 < lower[0] + lower[2]
    (answer,) = map(json.loads, read("--lines", "--json", form)[1].splitlines())
    assert [one["box"] for one in answer["numbers"]] == [upper, lower]
    rows = list(csv.DictReader(read("--lines", "--csv", form)[1].splitlines()))
    assert [[int(row[side]) for side in ("x", "y", "width", "height")] for row in rows] == [upper, lower]
    assert [row["number"] for row in rows] == ["275", "8642"]


def test_one_field_is_read_and_its_boxes_are_of_the_page(read, form):
    boxes = [line.partition(": ")[0] for line in read("--lines", form)[1].splitlines()]
    for box, number in zip(boxes, ("275", "8642"), strict=True):
        x, y, width, height = map(int, box.split(","))
        region = f"{x - 20},{y - 20},{width + 40},{height + 40}"
        assert read("--region", region, form)[1] == f"{number}\n"
        found = read("--lines", "--region", region, form)[1].partition(": ")[0].split(",")
        assert all(abs(int(side) - was) <= 2 for side, was in zip(found, (x, y, width, height), strict=True))


def test_a_field_may_begin_before_the_page(read, form):
    assert read("--region", "-50,-50,100000,100000", form)[1] == "275 8642\n"
    assert read("--", "--region", form)[1] == f"{form}: 275 8642\n"


def test_a_field_beside_the_page_is_an_error_of_that_page(read, form):
    status, out, error = read("--region", "90000,0,10,10", form)
    assert (status, out) == (1, "")
    assert error.startswith(f"recognizer: {form} has nothing there: the region 90000,0,10,10 lies outside the page of ")


def test_a_page_of_thousands_of_marks_is_refused_in_a_sentence(read, tmp_path):
    (tmp_path / "grain.png").write_bytes(crowded(4))
    status, out, error = read(tmp_path / "grain.png")
    assert (status, out) == (1, "")
    assert re.fullmatch(r"recognizer: .*grain.png is no page of writing: it has \d+ marks and writing .*\.\n", error)


def test_copies_are_no_inputs_of_the_next_run(read, tmp_path):
    (tmp_path / "a.png").write_bytes(PHONE.read_bytes())
    seen = tmp_path / "seen"
    for _ in range(2):
        assert read("--annotate", seen, tmp_path) == (0, f"{tmp_path / 'a.png'}: {wanted(PHONE)}\n", "")
        assert [path.name for path in seen.iterdir()] == ["a.png"]
    status, out, error = read("--annotate", seen, seen)
    assert (status, out) == (1, "")
    assert error == f"recognizer: {seen} is where copies are kept: name another folder for them.\n"


# Files of results -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [["--json"], ["--csv"], []], ids=["json", "csv", "plain"])
def test_a_run_that_goes_on_leaves_the_file_of_one_that_was_never_interrupted(read, tmp_path, form):
    for name in ("1.png", "2: 3.png", "4.png", "5.png"):
        (tmp_path / name).write_bytes(PHONE.read_bytes())
    output = tmp_path / "results"
    asked = [*form, "--output", output, tmp_path]
    assert read(*asked) == (0, "", "")
    whole = output.read_bytes()
    assert len(whole.splitlines()) == (5 if form == ["--csv"] else 4)
    for left in (0, 1, len(whole) // 2, len(whole) - 1, len(whole)):
        output.write_bytes(whole[:left])
        assert read("--resume", *asked) == (0, "", "")
        assert output.read_bytes() == whole


def test_a_run_that_goes_on_leaves_the_copies_of_its_first_part(read, tmp_path):
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder, sample in zip(folders, (PHONE, ZIP), strict=True):
        folder.mkdir()
        (folder / f"same{sample.suffix}").write_bytes(sample.read_bytes())
    seen, results = tmp_path / "seen", tmp_path / "results.jsonl"
    run = ("--json", "--annotate", seen, "--output", results)
    assert read(*run, folders[0])[0] == 0
    first = (seen / "same.png").read_bytes()
    assert read(*run, "--resume", *folders)[0] == 0
    assert (seen / "same.png").read_bytes() == first
    assert sorted(path.name for path in seen.iterdir()) == ["same-2.png", "same.png"]


def test_a_file_of_other_results_is_not_gone_on_with(read, tmp_path):
    (tmp_path / "results").write_text("a.png: 123\n")
    status, out, error = read("--json", "--resume", "--output", tmp_path / "results", PHONE)
    assert (status, out) == (2, "")
    assert "give it the options of its first run" in error
    assert (tmp_path / "results").read_text() == "a.png: 123\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_list_from_a_pipe_is_read_once_however_long_it_is_watched(read, tmp_path, monkeypatch):
    monkeypatch.setattr("recognizer.__main__._is_watched", lambda options: True)
    names, output = tmp_path / "names", tmp_path / "results"
    os.mkfifo(names)
    feeding = Thread(target=lambda: names.write_text(f"{'/.' * 1800}{ZIP}\n" * 100))  # more than a pipe holds
    feeding.start()
    assert read("--json", "--workers", 1, "--files-from", names, "--output", output)[0] == 0
    feeding.join()
    assert whole_lines(output) == 100


def test_a_run_stops_when_more_fail_than_may(read, tmp_path):
    for name in "abcdef":
        (tmp_path / f"{name}.png").write_bytes(PHONE.read_bytes() if name == "a" else BROKEN)
    status, out, error = read("--json", "--max-failures", 2, tmp_path)
    assert (status, len(out.splitlines()), len(error.splitlines())) == (1, 4, 4)
    assert error.endswith("recognizer: stopped, since more than 2 inputs could not be read.\n")
    status, out, error = read("--json", "--max-failures", 5, tmp_path)
    assert (status, len(out.splitlines()), len(error.splitlines())) == (1, 6, 5)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--resume", PHONE], "--resume needs --output"),
        (["-0", PHONE], "--null needs --files-from"),
        (["--files-from", "-", "-"], "standard input cannot be both"),
        (["--workers", "0", PHONE], "expected at least 1"),
        (["--workers", "many", PHONE], "expected a whole number"),
        (["--max-failures", "-1", PHONE], "expected"),
        (["--region", "1,2,3", PHONE], "expected x,y,width,height"),
        (["--region", "1,2,0,4", PHONE], "expected x,y,width,height"),
        (["--region", "--json", PHONE], "expected x,y,width,height"),
        ([PHONE, "--region"], "expected one argument"),
        (["--json", "--csv", PHONE], "not allowed with"),
        ([], "the following arguments are required: PATH"),
    ],
)
def test_options_that_make_no_sense_are_told(wrong, arguments, sentence):
    assert sentence in wrong(*arguments)


def test_no_thread_is_used_but_one():
    asked = "import sys, threadpoolctl; from recognizer.__main__ import main; main(sys.argv[1:]); "
    asked += (
        "print({pool['num_threads'] for pool in threadpoolctl.threadpool_info() if 'openblas' in pool['filepath']})"
    )
    done = subprocess.run([sys.executable, "-c", asked, ZIP], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] in {"{1}", "set()"}  # an empty one where numpy has another library


def long_run(tmp_path: Path) -> tuple[list[str], Path]:
    """A command that reads one file very often with two workers, and the file of its results."""
    (tmp_path / "list").write_text(f"{ZIP}\n" * 20_000)
    output = tmp_path / "results"
    options = ["--json", "--workers", "2", "--files-from", str(tmp_path / "list"), "--output", str(output)]
    return [sys.executable, "-m", "recognizer", *options], output


def wait_for_lines(process: subprocess.Popen[bytes], output: Path, least: int) -> None:
    while not output.exists() or output.read_bytes().count(b"\n") < least:
        assert process.poll() is None


def whole_lines(output: Path) -> int:
    data = output.read_bytes()
    assert data.endswith(b"\n")
    numbers = [json.loads(line)["number"] for line in data.splitlines()]
    assert set(numbers) == {wanted(ZIP)}
    return len(numbers)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of processes that are not our children")
def test_a_run_that_is_killed_leaves_whole_lines_and_no_processes(tmp_path):
    line, output = long_run(tmp_path)
    with subprocess.Popen(line, cwd=ROOT, stderr=subprocess.PIPE) as process:
        wait_for_lines(process, output, 40)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        watched = [os.pidfd_open(int(child)) for child in children]
        process.kill()
        assert process.stderr.read() == b""
    assert 40 <= whole_lines(output) < 20_000
    assert len(watched) >= 2
    for child in watched:
        assert select.select([child], [], [], 60)[0]
        os.close(child)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal for one process")
def test_an_interrupted_run_says_how_it_goes_on(tmp_path):
    line, output = long_run(tmp_path)
    with subprocess.Popen(line, cwd=ROOT, stderr=subprocess.PIPE, start_new_session=True) as process:
        wait_for_lines(process, output, 40)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the workers get it too
        assert process.stderr.read().decode() == (
            f"recognizer: interrupted; {output} holds what was read, and --resume goes on.\n"
        )
    assert process.returncode == 130
    assert 40 <= whole_lines(output) < 20_000
