"""Models side by side: each by a title of its own, and run by what runs its file."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from recognizer.classify import SHIPPED
from training.__main__ import main
from training.compare import titled

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")


@pytest.mark.parametrize(
    ("paths", "titles"),
    [
        ("/m/a.tflite /m/b.keras", "a b"),
        ("/m/a.tflite /m/a.keras", "a.tflite a.keras"),
        ("/m/a.tflite /n/a.tflite /n/b.tflite", "m/a n/a n/b"),
        ("/m/a.tflite /n/a.tflite /n/a.keras", "m/a.tflite n/a.tflite n/a.keras"),
        ("/1/m/a.tflite /2/m/a.tflite", "1/m/a 2/m/a"),
        ("/m/a.tflite /m/a.tflite", "a"),
    ],
)
def test_a_title_is_the_shortest_that_tells_models_apart(paths, titles):
    found = titled([Path(path) for path in paths.split()])
    assert list(found) == titles.split()
    assert list(found.values()) == [Path(path) for path in dict.fromkeys(paths.split())]


def test_no_models_have_no_titles():
    assert titled([]) == {}


def test_a_model_in_both_its_forms_is_told_apart_and_each_is_run_by_its_engine(handwriting, tmp_path):
    for name in ("digits.tflite", "digits.keras", "digits.json"):
        shutil.copy(SHIPPED / name, tmp_path / name)
    models = [str(tmp_path / "digits.tflite"), str(tmp_path / "digits.keras")]
    more = ["--data", str(handwriting / "mnist"), "--limit", "5", "--out", str(tmp_path / "report")]
    assert main(["evaluate", *models, *more]) == 0
    numbers = json.loads((tmp_path / "report/report.json").read_text())
    assert {title: n["engine"] for title, n in numbers.items()} == {"digits.tflite": "LiteRT", "digits.keras": "Keras"}
    rows = [
        line.split(" | ") for line in (tmp_path / "report/report.md").read_text().splitlines() if "| digits" in line
    ]
    assert [(row[0], row[2]) for row in rows] == [("| digits.tflite", "LiteRT"), ("| digits.keras", "Keras")]
    assert main(["evaluate", *models, *more, "--engine", "keras"]) == 0
    numbers = json.loads((tmp_path / "report/report.json").read_text())
    assert {title: n["engine"] for title, n in numbers.items()} == {"digits": "Keras"}


def test_keras_is_not_said_to_run_what_litert_would(handwriting, tmp_path, capsys):
    for name in ("digits.tflite", "digits.json"):
        shutil.copy(SHIPPED / name, tmp_path / name)
    lone = tmp_path / "digits.tflite"
    more = ["--data", str(handwriting / "mnist"), "--out", str(tmp_path / "report"), "--engine", "keras"]
    assert main(["evaluate", str(lone), *more]) == 1
    assert (
        capsys.readouterr().err
        == f"recognizer-train: {lone}: Keras runs .keras files, and none is beside it; name one.\n"
    )
    assert not (tmp_path / "report").exists()
