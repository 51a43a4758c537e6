"""Distillation: the loss against the formula, the teacher's labels, and a network that learns what it is told."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import keras
import numpy as np
import pytest

from recognizer.classify import SHIPPED, load_classifier
from training import mix, train
from training.__main__ import main
from training.data import BadData
from training.mix import Mix
from training.teacher import Distillation, Teacher, load_teacher
from training.train import Recipe

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")
DIGITS = tuple("0123456789")
RECIPE = Recipe(model="simple", epochs=8, batch=8, rate=5e-3, seed=5)
BLEND = Mix(mnist=1, digits=0, marks=0, others=0, rejects=0)


def always(digit, share=1.0):
    """A teacher who takes every glyph for the same digit."""
    likely = np.full(10, 0.01)
    likely[digit] = 0.91
    return Teacher(lambda g: np.tile(likely, (len(g), 1)), DIGITS, f"always {digit}", share, 1.0)


def softmax(logits):
    likely = np.exp(logits - logits.max(1, keepdims=True))
    return likely / likely.sum(1, keepdims=True)


def test_the_loss_is_hintons():
    rng = np.random.default_rng(1)
    logits, opinion = rng.normal(0, 2, (6, 4)), softmax(rng.normal(0, 2, (6, 4)))
    right = np.eye(4)[[0, 1, 2, 3, 0, 1]]
    smooth = right * 0.9 + 0.1 / 4
    by_label = -(smooth * np.log(softmax(logits))).sum(1)
    by_teacher = -(opinion * np.log(softmax(logits / 3))).sum(1)
    loss = Distillation(0.6, 3.0, 0.1)
    found = loss(np.concatenate([right, opinion], 1).astype(np.float32), logits.astype(np.float32))
    assert float(found) == pytest.approx(float(np.mean(0.4 * by_label + 0.6 * 9 * by_teacher)), rel=1e-4)
    again = Distillation.from_config(loss.get_config())
    assert (again.share, again.temperature, again.smoothing) == (0.6, 3.0, 0.1)


def test_a_teacher_is_asked_about_the_labels_that_are_to_be_learnt():
    teacher = Teacher(lambda g: np.tile([0.5, 0.3, 0.2], (len(g), 1)), ("a", "b", "c"), "t", 0.5, 1.0)
    opinions = teacher.of(("c", "a")).opinions(np.zeros((600, 28, 28), np.uint8))
    assert np.allclose(opinions, [[2 / 7, 5 / 7]] * 600, atol=1e-5)
    with pytest.raises(BadData, match="does not know 'd'"):
        teacher.of(("a", "d"))


def test_opinions_are_softened():
    teacher = Teacher(lambda g: np.tile([0.9, 0.1], (len(g), 1)), ("a", "b"), "t", 0.5, 2.0)
    assert np.allclose(teacher.opinions(np.zeros((1, 28, 28), np.uint8)), [[0.75, 0.25]])


def test_a_network_learns_what_its_teacher_thinks(handwriting, tmp_path):
    corpus = mix.load(handwriting, lambda _: True)
    taught = train.train(RECIPE, corpus, {}, tmp_path, BLEND, teacher=always(3))
    read = taught(corpus.mnist.images[..., None].astype(np.float32)).numpy()
    assert (read.argmax(1) == 3).all()
    assert np.allclose(read.mean(0), [0.91 if d == 3 else 0.01 for d in range(10)], atol=0.1)
    with pytest.raises(BadData, match="begun with other settings or data"):
        train.train(RECIPE, corpus, {}, tmp_path, BLEND, teacher=always(4))
    with pytest.raises(BadData, match="begun with other settings or data"):
        train.train(RECIPE, corpus, {}, tmp_path, BLEND)


def test_a_training_does_not_go_on_with_other_data(handwriting, tmp_path):
    recipe = replace(RECIPE, epochs=1)
    corpus = mix.load(handwriting, lambda _: True)
    train.train(recipe, corpus, {}, tmp_path, BLEND)
    fewer = mix.load(handwriting, lambda w: w != "nist13")
    with pytest.raises(BadData, match="begun with other settings or data"):
        train.train(recipe, fewer, {}, tmp_path, BLEND)


def test_a_model_teaches_by_either_of_its_forms(tmp_path):
    for name in ("digits.tflite", "digits.json"):
        shutil.copy(SHIPPED / name, tmp_path / name)
    lone, whole = tmp_path / "digits.tflite", SHIPPED / "digits.tflite"
    assert load_teacher(lone).about != load_teacher(whole).about == load_teacher(SHIPPED).about


def test_the_shipped_model_teaches_by_its_file(handwriting):
    teacher = load_teacher(SHIPPED)
    glyphs = mix.load(handwriting, lambda _: True).mnist.images[:20]
    full = load_classifier(SHIPPED, "keras").run(glyphs[..., None].astype(np.float32))
    assert (teacher.opinions(glyphs).argmax(1) == full.argmax(1)).all()
    assert teacher.about.startswith("digits (sha256 ")


def test_the_command_takes_a_teacher_and_the_card_names_it(handwriting, tmp_path):
    common = ["--data", str(handwriting / "mnist"), "--out", str(tmp_path), "--epochs", "1", "--teacher", str(SHIPPED)]
    assert main(["train", "sequential", *common, "--teacher-share", "0.4", "--softness", "2"]) == 0
    card = json.loads((tmp_path / "sequential-1.json").read_text())
    assert card["teacher"]["share"] == 0.4
    assert card["teacher"]["temperature"] == 2.0
    assert "MNIST" in card["data"]
    assert "Y. LeCun" in card["credit"]
    assert keras.saving.load_model(tmp_path / "sequential-1.keras", compile=False).output.shape == (None, 10)
