from __future__ import annotations

import json

import numpy as np
import pytest
from conftest import ROOT, Command
from make_samples import SAMPLES, content

from recognizer.drawing import Drawing
from recognizer.source import files_below, load_source

FOLDER = ROOT / "sample_images"


def test_the_folder_holds_the_samples_and_nothing_else():
    assert sorted(path.name for path in files_below(FOLDER)) == sorted(sample.name for sample in SAMPLES)
    assert len({sample.name for sample in SAMPLES}) == len(SAMPLES) >= 16


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_is_what_the_script_makes(sample):
    kept, made = load_source(FOLDER / sample.name), load_source(content(sample))
    if isinstance(kept, Drawing):
        assert kept == made
        return
    # Another OpenCV may round the edge of a stroke, or a JPEG, otherwise by a little.
    for page, again in zip(kept, made, strict=True):
        assert np.abs(page.astype(int) - again).mean() < 1.0


def test_the_command_reads_every_sample_right(command: Command):
    done = command("--json", FOLDER)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    names = [answer["path"].replace("\\", "/").rpartition("/")[2] for answer in answers]
    assert len(names) == len(SAMPLES)
    wrong = {
        name: answer["text"]
        for name, answer in zip(names, answers, strict=True)
        if answer["number"].replace("\n", "") != name.partition(".")[0].partition("-")[0]
    }
    assert not wrong


def test_lines_and_pages_are_told_apart(command: Command):
    done = command(
        "--json", *(FOLDER / f"{name}" for name in ("3141592653-two-lines.png", "2718281828-three-lines.inkml"))
    )
    lines = [json.loads(line)["number"].split("\n") for line in done.stdout.splitlines()]
    assert lines == [["31415", "92653"], ["271", "828", "1828"]]
