"""Exporting: what LiteRT runs is what Keras made."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from scripted_pen import FONT, Hand, write

from recognizer.classify import SHIPPED, load_classifier
from recognizer.normalize import normalize
from recognizer.render import render_drawing
from training.export import export
from training.models import simple, with_softmax

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")


@pytest.fixture(scope="module")
def glyphs():
    """Symbols in several hands, an empty glyph, a full one, and noise."""
    written = [normalize(255 - render_drawing(write(c, Hand(seed)))) for c in FONT for seed in range(4)]
    noise = np.random.default_rng(1).integers(0, 256, (20, 28, 28))
    return np.concatenate([written, np.zeros((1, 28, 28)), np.full((1, 28, 28), 255), noise]).astype(np.uint8)


def test_the_shipped_model_says_the_same_in_keras_and_in_litert(glyphs):
    lite, full = (load_classifier(SHIPPED, engine) for engine in ("litert", "keras"))
    assert lite.labels == full.labels
    inlet = glyphs.astype(np.float32)[..., None]
    assert np.abs(lite.run(inlet) - full.run(inlet)).max() < 1e-4
    assert np.abs(lite.probabilities(glyphs) - full.probabilities(glyphs)).max() < 1e-4


def test_an_export_takes_any_number_of_glyphs(tmp_path, glyphs):
    keras.utils.set_random_seed(1)
    network = with_softmax(simple(10))
    export(network, tmp_path / "simple.tflite")
    (tmp_path / "simple.json").write_text('{"labels": ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]}')
    classifier = load_classifier(tmp_path / "simple.tflite")
    for count in (1, 7, 2):
        inlet = glyphs[:count].astype(np.float32)[..., None]
        assert np.abs(classifier.run(inlet) - network(inlet).numpy()).max() < 1e-4


def test_a_full_disk_leaves_the_good_export_alone(tmp_path, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    (tmp_path / "simple.tflite").write_bytes(b"good")
    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr("os.fsync", full)
        export(with_softmax(simple(10)), tmp_path / "simple.tflite")
    assert [p.name for p in tmp_path.iterdir()] == ["simple.tflite"]
    assert (tmp_path / "simple.tflite").read_bytes() == b"good"
