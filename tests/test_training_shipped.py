"""The model that ships is made in one command, and what is finished is not made again."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from recognizer.candidates import candidates_of, geometry
from recognizer.classify import load_classifier
from recognizer.ink import ink_of_page
from recognizer.line_model import load_line_model
from recognizer.locate import lines_of
from recognizer.looks import WEIGHTS, Sight
from recognizer.opinion import TRAITS
from recognizer.rescore import load_weights
from recognizer.score import features, load_score
from recognizer.strip import strip_of
from recognizer.trajectory import CHANNELS, POINTS, load_trajectory_model
from training import networks, shipped
from training import pages as real
from training.__main__ import main
from training.card_page import page
from training.cheques import amounts
from training.mix import LABELS, Mix, held_out

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")
RECIPES = [name for name, value in vars(networks).items() if isinstance(value, networks.Recipe)]


@pytest.fixture(scope="module")
def small():
    """The same steps with fewer folds, a smaller network, less of everything."""
    with pytest.MonkeyPatch.context() as patch:
        for name in RECIPES:
            patch.setattr(networks, name, replace(getattr(networks, name), model="simple", epochs=1, scale=0.001))
        brief = {n: replace(networks.LINE_RECIPES[n], epochs=1, strips=16, batch=8) for n in ("first", "deep")}
        patch.setattr(networks, "LINE_RECIPES", brief)
        patch.setattr(networks, "INK_RECIPE", networks.InkRecipe(epochs=1, pages=8, batch=4))
        patch.setattr(networks, "INK_CHECKS", 4)
        patch.setattr(networks, "LINE_PAGES", 8)
        patch.setattr(networks, "LINE_CHECKS", 4)
        patch.setattr(shipped, "HEARD_ON_PAPER", 8)
        patch.setattr(networks, "SETTLE_MIX", Mix(others=0, rejects=10_000, plain=0.5, strength=0.5))
        patch.setattr(shipped, "SCORE_EPOCHS", 1)
        for module in (networks, shipped):
            patch.setattr(module, "FOLDS", 2)
            patch.setattr(module, "pages", lambda corpus, rng, *_: real.pages(corpus, rng, 0, 6, 4))
        yield patch


@pytest.fixture(scope="module")
def made(small, handwriting, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shipped")
    arguments = ["--data", str(handwriting), "--work", str(folder / "work"), "--models", str(folder / "models")]
    assert main(["shipped", *arguments]) == 0
    return folder


def test_all_files_of_the_model_are_there_and_fit_together(made):
    models = made / "models"
    names = {"ink.tflite", "digits.keras", "digits.tflite", "digits.json", "README.md", "lattice.npz", "readings.json"}
    assert {p.name for p in models.iterdir()} == names | {"line.tflite", "trajectory.tflite"}
    classifier, score = load_classifier(models / "digits.tflite"), load_score(models / "lattice.npz")
    assert classifier.labels == LABELS
    sheet = np.full((80, 60), 255, np.uint8)
    sheet[10:70, 25:32] = 0
    ink = ink_of_page(sheet)
    (line,) = lines_of(ink)
    candidates = candidates_of(line)
    looks = np.full((len(candidates), len(LABELS)), 1 / len(LABELS), np.float32)
    assert score.potentials(features(looks, geometry(line, candidates, ink))).shape == looks.shape
    frames = load_line_model(models / "line.tflite", LABELS).frames(strip_of(line))
    assert frames.shape[1] == len(LABELS)
    assert {*TRAITS, *WEIGHTS} <= load_weights(models / "readings.json").keys()
    strokes = load_trajectory_model(models / "trajectory.tflite", LABELS)
    assert strokes.probabilities(np.zeros((2, POINTS, CHANNELS), np.uint8)).shape == (2, len(LABELS))


def test_a_full_disk_leaves_the_whole_set_that_ships(tmp_path, monkeypatch):
    made, models = tmp_path / "made", tmp_path / "models"
    for folder, text in ((made, "new"), (models, "old")):
        folder.mkdir()
        for name in ("digits.tflite", "lattice.npz"):
            (folder / name).write_text(text)
    (made / ".together-left").mkdir()
    real = shipped.write_file

    def full(path, content):
        if path.name == "lattice.npz":
            raise OSError(28, "No space left on device")
        real(path, content)

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr(shipped, "write_file", full)
        shipped.put(made, models)
    assert {p.name: p.read_text() for p in models.iterdir()} == {"digits.tflite": "old", "lattice.npz": "old"}
    shipped.put(made, models)
    assert {p.name: p.read_text() for p in models.iterdir()} == {"digits.tflite": "new", "lattice.npz": "new"}


def test_nothing_ships_that_no_writers_were_held_out_of(handwriting, tmp_path, capsys):
    shutil.copytree(handwriting, tmp_path / "data")
    (tmp_path / "data/mnist/qmnist-train-labels-idx2-int.gz").unlink()
    arguments = ["--data", str(tmp_path / "data"), "--work", str(tmp_path / "work"), "--models", str(tmp_path / "m")]
    assert main(["shipped", *arguments]) == 1
    assert "qmnist-train-labels-idx2-int.gz is missing: the model that ships" in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["data"]


def test_the_card_tells_how_it_was_made_and_the_page_tells_the_card(made):
    card = json.loads((made / "models/digits.json").read_text())
    assert card["labels"] == list(LABELS)
    assert card["command"].startswith("python -m training shipped --data")
    assert card["recipe"]["epochs"] == 1
    assert [len(rows) for rows in card["history"]] == [1, 1, 1, 1], "of both trainings and of their settling"
    assert "zenodo.1195803" in card["credit"]
    assert set(card["scores on test writers"]) == {"mnist", "pen digits", "pen marks"}
    assert (made / "models/README.md").read_text() == page(card, "digits")


def test_what_is_finished_is_not_made_again(made, handwriting, monkeypatch):
    def never(*_):
        raise AssertionError("a finished network was trained again")

    monkeypatch.setattr(networks, "train", never)
    network = networks.classifier(handwriting, made / "work")
    glyph = np.full((1, 28, 28, 1), 99, np.float32)
    assert np.allclose(network(glyph), load_classifier(made / "models/digits.tflite").run(glyph), atol=1e-3)
    monkeypatch.setattr(networks, "train_lines", never)
    assert networks.line_model(handwriting, made / "work/line").output_shape[-1] == len(LABELS)


def test_no_classifier_sees_the_writers_that_it_is_judged_by(small, handwriting, tmp_path, monkeypatch):
    seen = []

    def train(recipe, corpus, checks, folder, *_):
        seen.append(({*corpus.hands, *corpus.mnist.writers, *corpus.scans.writers}, checks))
        raise KeyboardInterrupt

    monkeypatch.setattr(networks, "train", train)
    for part in range(2):
        with pytest.raises(KeyboardInterrupt):
            networks.fold_classifier(handwriting, tmp_path, part)
    with pytest.raises(KeyboardInterrupt):
        networks.classifier(handwriting, tmp_path)
    (one, _), (other, _), (whole, _) = seen
    assert not {w for w in one & other if not w.startswith("images/")}
    assert {"w17", "nist12"} & (one | other)
    assert not {"w17", "nist12"} & whole
    assert not {w for w in whole if w.startswith("images/") and networks.cheque_held_out(w)}


def test_the_line_model_sees_neither_the_writers_nor_the_cheques_that_it_is_judged_by(
    small, handwriting, tmp_path, monkeypatch
):
    seen = []

    def train(recipe, maker, checks, folder, start):
        seen.append((maker, checks))
        raise KeyboardInterrupt

    monkeypatch.setattr(networks, "train_lines", train)
    with pytest.raises(KeyboardInterrupt):
        networks.line_model(handwriting, tmp_path)
    ((maker, checks),) = seen
    assert not {"w17", "nist12"} & {*maker.corpus.hands, *maker.corpus.mnist.writers.tolist()}
    assert {"ink", "picture", "mnist"} <= checks.keys()
    known = amounts(
        handwriting / "cheques", lambda n: not networks.cheque_held_out(n) and not held_out(n, 0, networks.VALIDATION)
    )
    assert sorted(scan.text for scan in maker.scans) == sorted(amount.digits for amount, _ in known)


def test_opinions_are_weighed_on_writers_and_cheques_that_nothing_was_trained_on(small, handwriting, made):
    known = load_classifier(made / "models/digits.tflite")
    heard, silent = shipped.validation_examples(handwriting, Sight(known))
    assert {"ink", "picture", "mnist"} <= {e.kind for e in heard}
    assert not any(e.classes for e in silent)
    for example in (*heard, *silent):
        assert held_out(example.writer, 0, networks.VALIDATION)
        assert not (example.kind == "cheque" and networks.cheque_held_out(example.writer))
