"""The training command as it is used, on handwriting of the scripted pen."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from concurrent.futures import BrokenExecutor

import keras
import numpy as np
import pytest
from conftest import ROOT
from scripted_pen import Hand, write

from recognizer import Recognizer
from recognizer.classify import SHIPPED
from training import commands
from training.__main__ import main
from training.commands import mix_of
from training.data import BadData
from training.mix import LABELS, Mix
from training.models import MODELS

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")


def test_the_list_names_every_model_with_its_size(capsys):
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    names = [line.split()[0] for line in lines[::2]]
    assert names == [*MODELS, "ensemble", "svc", "svc8"]
    simple = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(32, 3), keras.layers.MaxPooling2D(),
                               keras.layers.Conv2D(64, 3), keras.layers.MaxPooling2D(), keras.layers.Flatten(),
                               keras.layers.Dense(23)])  # fmt: skip
    assert f"{simple.count_params():,} parameters" in lines[0]
    assert f"{26 * 26 * 9 * 32 + 11 * 11 * 9 * 32 * 64 + 1600 * 23:,} multiply-adds" in lines[0]


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("svc8", ["--mix", "mnist,digits=40"]),
        ("svc", ["--mix", "mnist,digits=60,marks=60,others=20,rejects=20"]),
        ("ensemble", ["--of", "sequential", "--members", "2", "--epochs", "1", "--mix", "mnist"]),
    ],
)
def test_a_trained_model_reads(name, more, handwriting, tmp_path, capsys):
    assert main(["train", name, "--data", str(handwriting), "--out", str(tmp_path), *more]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(tmp_path / f"{name}-1.tflite")
    card = json.loads((tmp_path / f"{name}-1.json").read_text())
    assert card["name"] == name
    assert card["command"].startswith(f"python -m training train {name} --data")
    assert card["labels"] == list(LABELS if "rejects" in more[-1] else "0123456789")
    assert card["parameters"] > 0
    assert card["multiply-adds"] > 0
    assert ({"epochs", "rate", "batch"} <= card["recipe"].keys(), "epoch" in card) == (2 * (name == "ensemble",))
    assert 0 <= card["scores"]["mnist"]["accuracy"] <= 1
    page = write("3", Hand(2))
    lite, full = (Recognizer.load(tmp_path, engine).read(page) for engine in ("litert", "keras"))
    assert lite.text == full.text
    assert lite.confidence == pytest.approx(full.confidence, abs=1e-3)
    if name != "ensemble":
        assert lite.text == "3"


def test_pen_digits_alone_make_a_model_of_ten_labels(handwriting, tmp_path, capsys):
    (tmp_path / "own").mkdir()
    shutil.copy(handwriting / "pen/digits.train.jsonl.gz", tmp_path / "own")
    more = ["--data", str(tmp_path / "own"), "--out", str(tmp_path), "--scale", "0.005"]
    assert main(["train", "svc8", *more]) == 0
    card = json.loads((tmp_path / "svc8-1.json").read_text())
    assert (card["labels"], card["scores"]) == (list("0123456789"), {})
    assert "own lacks pen data (letters.train, symbols.train, numbers.train, digits.test," in capsys.readouterr().err


def test_early_stopping_and_half_precision_are_asked_for_on_the_command_line(handwriting, tmp_path):
    more = ["--epochs", "3", "--patience", "1", "--precision", "bfloat16", "--rate", "1e-9"]
    arguments = ["--data", str(handwriting / "mnist"), "--out", str(tmp_path), *more]
    assert main(["train", "sequential", *arguments]) == 0
    card = json.loads((tmp_path / "sequential-1.json").read_text())
    assert (card["recipe"]["patience"], card["recipe"]["precision"]) == (1, "bfloat16")
    assert card["epoch"] == "best on validation writers"
    assert len(card["history"]) == 2
    assert Recognizer.load(tmp_path).card["name"] == "sequential"


def test_several_seeds_make_several_models(handwriting, tmp_path):
    arguments = ["--data", str(handwriting / "mnist"), "--out", str(tmp_path), "--epochs", "1", "--seeds", "1,2"]
    assert main(["train", "simple", *arguments]) == 0
    assert {p.name for p in tmp_path.glob("*.tflite")} == {"simple-1.tflite", "simple-2.tflite"}
    first, second = ((tmp_path / f"simple-{seed}.tflite").read_bytes() for seed in (1, 2))
    assert first != second


@pytest.mark.parametrize("name", MODELS)
def test_every_network_takes_glyphs_and_gives_a_logit_for_each_label(name):
    for classes in (10, 23):
        network = MODELS[name].build(classes)
        assert network(np.zeros((2, 28, 28, 1), np.float32)).shape == (2, classes)
        assert network.name == name


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["train", "complicated", "--data", "keras"], "No model is called complicated; choose one of simple,"),
        (["train", "ensemble", "--of", "svc", "--data", "keras"], "No model is called svc"),
        (["train", "simple", "--data", "nowhere"], "nowhere is no folder"),
        (["train", "simple", "--data", "{data}/mnist", "--mix", "mnist,digits"], "holds nothing for digits"),
        (["train", "simple", "--data", "{data}/mnist", "--mix", "mnist,stamps"], "got 'stamps'"),
        (["shipped", "--data", "nowhere"], "is missing"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(arguments, complaint, handwriting, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main([a.format(data=handwriting) for a in arguments]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("recognizer-train: ")
    assert complaint in captured.err.splitlines()[-1]


def test_a_test_file_that_is_missing_is_told_before_the_training(handwriting, tmp_path, capsys):
    shutil.copytree(handwriting / "mnist", tmp_path / "mnist")
    (tmp_path / "mnist/t10k-labels-idx1-ubyte.gz").unlink()
    assert main(["train", "simple", "--data", str(tmp_path / "mnist"), "--out", str(tmp_path / "models")]) == 1
    assert "t10k-labels-idx1-ubyte.gz is missing" in capsys.readouterr().err.splitlines()[-1]
    assert not list((tmp_path / "models").iterdir())


def test_a_folder_that_cannot_be_written_is_named(handwriting, tmp_path, capsys):
    (tmp_path / "file").write_text("in the way")
    assert main(["train", "simple", "--data", str(handwriting / "mnist"), "--out", str(tmp_path / "file/models")]) == 1
    assert re.search(
        r"recognizer-train: .*file/models cannot be read or written \(Not a directory\)", capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("error", "status", "complaint"),
    [
        (KeyboardInterrupt(), 130, "recognizer-train: interrupted.\n"),
        (BrokenExecutor(), 1, "recognizer-train: a process was ended from outside, for lack of memory perhaps.\n"),
        (OSError(28, "No space left on device"), 1, "A file cannot be read or written (No space left on device).\n"),
    ],
)
def test_an_end_from_outside_is_a_sentence(error, status, complaint, capsys, monkeypatch):
    def stop(options):
        raise error

    monkeypatch.setattr(commands, "describe", stop)
    assert main(["list"]) == status
    assert capsys.readouterr().err.endswith(complaint)


def test_an_interrupted_training_tells_how_to_go_on(capsys, monkeypatch):
    def stop(options):
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "train", stop)
    assert main(["train", "simple", "--data", "d"]) == 130
    assert "the same command goes on from the last whole epoch" in capsys.readouterr().err


@pytest.mark.parametrize(
    "more",
    [
        None,
        [],
        ["--epochs", "0"],
        ["--patience", "-1"],
        ["--teacher-share", "2"],
        ["--rate", "-1"],
        ["--seeds", "1,x"],
        ["--batch", "x"],
    ],
)
def test_a_wrong_command_tells_how_it_is_used(more, capsys):
    with pytest.raises(SystemExit) as end:
        main([] if more is None else ["train", "simple", *(["--data", "d", *more] if more else [])])
    assert end.value.code == 2
    assert "usage: recognizer-train" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "options", "refused"),
    [
        ("svc8", ["--epochs", "3"], "svc8 makes no use of --epochs:"),
        ("svc", ["--patience", "0", "--batch", "9"], "svc makes no use of --batch and --patience:"),
        ("svc", ["--rate", "1", "--precision", "float32"], "svc makes no use of --rate and --precision:"),
        ("svc8", ["--teacher", "m", "--softness", "2"], "svc8 makes no use of --teacher and --softness:"),
        ("svc8", ["--of", "simple"], "svc8 makes no use of --of:"),
        ("simple", ["--members", "2"], "simple makes no use of --members:"),
        ("simple", ["--teacher-share", "0.5"], "simple makes no use of --teacher-share:"),
        ("ensemble", ["--softness", "2"], "ensemble makes no use of --softness:"),
    ],
)
def test_options_that_would_change_nothing_are_refused(name, options, refused, tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        main(["train", name, "--data", "keras", "--out", str(tmp_path / "models"), *options])
    assert end.value.code == 2
    assert refused in capsys.readouterr().err.splitlines()[-1]
    assert not (tmp_path / "models").exists()


def test_the_help_is_quick_and_shows_examples():
    script = "import sys, training.__main__ as t\ntry: t.main(['--help'])\nfinally: print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False)
    assert "python -m training train simple --data keras" in done.stdout
    assert not {"numpy", "tensorflow"} & set(done.stdout.split())


def test_a_mix_is_what_was_asked_or_what_the_data_holds():
    assert mix_of(None, ("mnist", "digits")) == Mix(mnist=1, scans=0, digits=40_000, marks=0, others=0, rejects=0)
    assert mix_of("mnist=2,rejects", ()) == Mix(mnist=2, scans=0, digits=0, marks=0, others=0, rejects=20_000)
    with pytest.raises(BadData, match="got 'digits'"):
        mix_of("digits=many", ())


def test_the_shipped_card_names_the_labels_of_the_mix():
    assert json.loads((SHIPPED / "digits.json").read_text())["labels"] == list(LABELS)
