"""Training one network: a result that interruptions do not change, and nothing half-written left behind."""

from __future__ import annotations

import json
from dataclasses import replace

import keras
import numpy as np
import pytest

from training import mix, train
from training.data import BadData
from training.mix import Mix
from training.train import Recipe, Schedule

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")
RECIPE = Recipe(model="simple", epochs=2, batch=32, seed=5)
BLEND = Mix(mnist=1, digits=10, marks=6, others=0, rejects=4)


@pytest.fixture(scope="module")
def corpus(handwriting):
    return mix.load(handwriting, lambda _: True)


@pytest.fixture(scope="module")
def checks(corpus):
    return train.checks(corpus, 20)


@pytest.fixture(scope="module")
def trained(corpus, checks, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained")
    return train.train(RECIPE, corpus, checks, folder, BLEND), folder


def same(one, other):
    return all((a == b).all() for a, b in zip(one.get_weights(), other.get_weights(), strict=True))


def interrupt(monkeypatch, after):
    """Let the next training be killed as soon as its checkpoint number `after` is written."""
    written = []

    def save(*arguments):
        real(*arguments)
        written.append(1)
        if len(written) == after:
            raise KeyboardInterrupt

    real = train.save_checkpoint
    monkeypatch.setattr(train, "save_checkpoint", save)


def test_an_interrupted_training_goes_on_to_the_same_result(trained, corpus, checks, tmp_path, monkeypatch):
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        interrupt(patch, after=1)
        train.train(RECIPE, corpus, checks, tmp_path, BLEND)
    assert not (tmp_path / "digits.keras").exists()
    assert same(train.train(RECIPE, corpus, checks, tmp_path, BLEND), trained[0])
    log = [json.loads((folder / "history.json").read_text()) for folder in (tmp_path, trained[1])]
    assert log[0] == log[1]
    assert [row["epoch"] for row in log[0]] == [1, 2]


def test_a_training_leaves_its_network_history_and_recipe(trained):
    network, folder = trained
    assert same(keras.saving.load_model(folder / "digits.keras", compile=False), network)
    assert Recipe(**json.loads((folder / "recipe.json").read_text())) == RECIPE
    row = json.loads((folder / "history.json").read_text())[-1]
    assert set(row) == {"epoch", "loss", "mnist", "pen digits", "pen marks"}
    assert not [p.name for p in folder.iterdir() if p.name.startswith(".")]
    likely = network(np.zeros((2, 28, 28, 1), np.float32))
    assert np.allclose(np.sum(likely, 1), 1, atol=1e-5)


def test_a_training_that_diverges_ends_without_a_network(corpus, checks, tmp_path):
    with pytest.raises(BadData, match="diverged"):
        train.train(replace(RECIPE, rate=1e38), corpus, checks, tmp_path, BLEND)
    assert not (tmp_path / "digits.keras").exists()


def test_an_epoch_without_glyphs_is_refused(corpus, checks, tmp_path):
    with pytest.raises(BadData, match="no glyph at all"):
        train.train(replace(RECIPE, scale=1e-9), corpus, checks, tmp_path, BLEND)


def test_other_settings_do_not_go_on_from_a_checkpoint(trained, corpus, checks):
    with pytest.raises(BadData, match="begun with other settings"):
        train.train(replace(RECIPE, rate=1e-3), corpus, checks, trained[1], BLEND)
    with pytest.raises(BadData, match="begun with other settings"):
        train.train(RECIPE, corpus, checks, trained[1], replace(BLEND, digits=12))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"no archive at all"])
def test_a_broken_checkpoint_is_named(corpus, checks, tmp_path, content):
    (tmp_path / "state.npz").write_bytes(content)
    with pytest.raises(BadData, match=r"state\.npz: this checkpoint is broken"):
        train.train(RECIPE, corpus, checks, tmp_path, BLEND)


def test_a_full_disk_leaves_the_good_network_alone(trained, tmp_path, monkeypatch):
    target = tmp_path / "digits.keras"
    train.save_network(trained[0], target)
    good = target.read_bytes()

    def full(self, path):
        path.write_bytes(b"half a netw")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space left"):
        patch.setattr(keras.Model, "save", full)
        train.save_network(trained[0], target)
    assert target.read_bytes() == good
    assert [p.name for p in tmp_path.iterdir()] == ["digits.keras"]


def test_patience_ends_a_training_and_keeps_its_best_epoch(corpus, checks, tmp_path, monkeypatch):
    scores = iter([0.5, 0.5, 0.5, 0.9, 0.9, 0.9, 0.7, 0.7, 0.7, 0.8, 0.8, 0.8, 0.99, 0.99, 0.99])
    seen = []

    def accuracy(network, glyphs, classes):
        seen.append(network)
        return next(scores)

    monkeypatch.setattr(train, "_accuracy", accuracy)
    kept = train.train(replace(RECIPE, epochs=5, patience=2), corpus, checks, tmp_path, BLEND)
    assert len(json.loads((tmp_path / "history.json").read_text())) == 4
    assert same(kept, seen[3])
    assert not same(kept, seen[-1])
    again = train.train(replace(RECIPE, epochs=5, patience=2), corpus, checks, tmp_path, BLEND)
    assert same(kept, again)


def test_half_precision_learns_and_is_saved_in_full(corpus, checks, tmp_path):
    recipe = replace(RECIPE, model="sequential", epochs=1, precision="bfloat16")
    network = train.train(recipe, corpus, checks, tmp_path, replace(BLEND, marks=0, others=0, rejects=0))
    assert keras.config.dtype_policy().name == "float32"
    assert {str(layer.compute_dtype) for layer in network.layers} == {"float32"}
    assert network.output.shape == (None, 10)
    assert {w.dtype.name for w in network.get_weights()} == {"float32"}


def test_the_learning_rate_warms_up_and_cools_down():
    schedule = Schedule(2.0, 200)
    rates = [float(schedule(step)) for step in (0, 5, 10, 105, 200, 300)]
    assert np.allclose(rates, [0, 1, 2, 1, 0, 0], atol=1e-5)
    assert Schedule(**schedule.get_config())(7) == schedule(7)


def test_checks_are_glyphs_as_written_and_the_same_every_time(corpus):
    one, two = train.checks(corpus), train.checks(corpus)
    assert set(one) == {"mnist", "pen digits", "pen marks"}
    assert all((one[name][0] == two[name][0]).all() for name in one)
    assert {mix.LABELS[c] for c in one["pen marks"][1]} == set("-.,:/()+")
    assert set(train.checks(corpus, labels=tuple("0123456789"))) == {"mnist", "pen digits"}
