"""The Ray job on a cluster of one machine, as `python -m recognizer.ray_job` starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from conftest import ROOT
from test_command import PHONE, ZIP, wanted

from recognizer import Drawing, Format, Recognizer, load_pages, ray_job


def run(*arguments: object) -> subprocess.CompletedProcess[bytes]:
    line = [sys.executable, "-m", "recognizer.ray_job", *map(str, arguments)]
    quiet = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0"}
    return subprocess.run(line, capture_output=True, cwd=ROOT, timeout=300, check=False, env=quiet)


def test_without_ray_the_way_to_it_is_told(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ray", None)
    assert ray_job.main(["in", "out"]) == 2
    assert capsys.readouterr().err == "recognizer: Ray is not installed: pip install 'recognizer[ray]'.\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "the following arguments are required: source, target"),
        (("in", "out", "--workers", 0), "argument --workers: expected at least 1, got '0'"),
    ],
)
def test_a_wrong_command_needs_no_ray(arguments, sentence):
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().splitlines()[-1].endswith(sentence)


def test_a_batch_of_files_becomes_a_batch_of_rows():
    pa = pytest.importorskip("pyarrow", reason="the extra recognizer[ray] is not installed")
    files = pa.table({"path": ["a.png", "b.inkml", "c.png"], "bytes": [PHONE.read_bytes(), ZIP.read_bytes(), b"words"]})
    rows = ray_job.Reader()(files).to_pylist()
    assert [(row["path"], row["number"]) for row in rows] == [
        ("a.png", wanted(PHONE)),
        ("b.inkml", wanted(ZIP)),
        ("c.png", ""),
    ]
    assert [row["error"] for row in rows[:2]] == [None, None]
    assert rows[2]["error"].startswith("c.png is not a picture")
    assert len(rows[0]["symbols"][0]["box"]) == 4


@pytest.mark.parametrize("fault", [RuntimeError("a fault"), MemoryError()])
def test_a_fault_of_ours_costs_its_file_alone(fault, monkeypatch):
    pa = pytest.importorskip("pyarrow", reason="the extra recognizer[ray] is not installed")
    read = Recognizer.read

    def faulty(self, page, *arguments, **options):
        if isinstance(page, Drawing):
            raise fault
        return read(self, page, *arguments, **options)

    monkeypatch.setattr(Recognizer, "read", faulty)
    files = pa.table({"path": ["a.png", "b.inkml"], "bytes": [PHONE.read_bytes(), ZIP.read_bytes()]})
    good, bad = ray_job.Reader()(files).to_pylist()
    assert (good["number"], good["error"]) == (wanted(PHONE), None)
    assert bad["number"] == ""
    assert bad["error"].startswith("b.inkml ")


def test_a_field_of_each_page_is_read_as_its_format_has_it():
    pa = pytest.importorskip("pyarrow", reason="the extra recognizer[ray] is not installed")
    files = pa.table({"path": ["a.png"], "bytes": [PHONE.read_bytes()]})
    (page,) = load_pages(PHONE)
    (whole,) = ray_job.Reader()(files).to_pylist()
    label, (x, y, width, height) = next((s["label"], s["box"]) for s in whole["symbols"] if s["label"].isdigit())
    region = (x - 5, y - 5, width + 10, height + 10)
    (field,) = ray_job.Reader(region=region, format=Format.of("digits:1"))(files).to_pylist()
    assert field["number"] == label == wanted(PHONE)[0]
    assert abs(field["symbols"][0]["box"][0] - x) <= 2
    (beside,) = ray_job.Reader(region=(page.shape[1], 0, 9, 9))(files).to_pylist()
    assert "lies outside the page" in beside["error"]


def test_a_folder_is_looked_into_as_the_command_does_it(tmp_path, command):
    pytest.importorskip("ray", reason="the extra recognizer[ray] is not installed")
    from pyarrow import parquet

    folder = tmp_path / "in"
    (folder / "inner").mkdir(parents=True)
    for name in (b"inner/no-utf-8-\xff.png", b"_begun.png", b"without ending"):
        (folder / os.fsdecode(name)).write_bytes(PHONE.read_bytes())
    (folder / "inner/loop").symlink_to(folder, target_is_directory=True)
    (folder / "gone.png").symlink_to("nowhere")
    done = run(folder, tmp_path / "out")
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    rows = parquet.read_table(tmp_path / "out").to_pylist()
    told = [json.loads(line) for line in command("--json", folder).stdout.splitlines()]
    assert len(rows) == len(told) == 3
    printable = {one["path"].encode("utf-8", "backslashreplace").decode(): one["number"] for one in told}
    assert {row["path"]: row["number"] for row in rows} == printable


def test_a_place_that_is_not_there_is_a_sentence(tmp_path):
    pytest.importorskip("ray", reason="the extra recognizer[ray] is not installed")
    done = run(tmp_path / "nowhere", tmp_path / "out")
    assert done.returncode == 2
    assert done.stderr.decode().splitlines()[-1] == f"recognizer: {tmp_path}/nowhere does not exist: check the path."


def test_a_folder_becomes_a_parquet_table_that_says_what_the_command_says(tmp_path, command):
    pytest.importorskip("ray", reason="the extra recognizer[ray] is not installed")
    from pyarrow import parquet

    folder = tmp_path / "in"
    folder.mkdir()
    for path in (PHONE, ZIP):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "broken.png").write_bytes(PHONE.read_bytes()[:3000])
    done = run(folder, tmp_path / "out", "--workers", 1)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    rows = {os.path.basename(row["path"]): row for row in parquet.read_table(tmp_path / "out").to_pylist()}  # noqa: PTH119
    told = [json.loads(line) for line in command("--json", folder).stdout.splitlines()]
    assert len(rows) == len(told) == 3
    for one in told:
        row = rows[os.path.basename(one["path"])]  # noqa: PTH119
        assert (row["number"], row["text"]) == (one["number"], one["text"])
        assert (row["error"] is None) == (one["error"] is None)
    assert "damaged or cut short" in rows["broken.png"]["error"]
