"""Exporting: what LiteRT runs is what Keras made."""

from __future__ import annotations

import json

import keras
import numpy as np
import pytest
from scripted_pen import FONT, Hand, write

from recognizer.classify import SHIPPED, load_classifier
from recognizer.drawing import save_drawing
from recognizer.normalize import normalize
from recognizer.render import render_drawing
from recognizer.risk import KEY
from training import variant
from training.__main__ import main
from training.calibrate import calibration_error
from training.data import read_mnist
from training.export import export
from training.models import simple, with_softmax
from training.sources import sources

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")


SIXTEEN_BITS = 2e-3  # of a probability: what weights of 16 bits, which batch normalisation scaled, may cost


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
    assert np.abs(lite.run(inlet) - full.run(inlet)).max() < SIXTEEN_BITS
    assert np.abs(lite.probabilities(glyphs) - full.probabilities(glyphs)).max() < SIXTEEN_BITS


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


@pytest.mark.parametrize(("precision", "size", "apart"), [("float16", 0.55, 0.02), ("int8", 0.35, 0.4)])
def test_a_smaller_export_is_smaller_and_measured(precision, size, apart, handwriting, tmp_path, capsys):
    arguments = ["--precision", precision, "--data", str(handwriting), "--out", str(tmp_path)]
    assert main(["export", str(SHIPPED), *arguments]) == 0
    lines = capsys.readouterr().out.splitlines()
    path = tmp_path / f"digits-{precision}.tflite"
    assert lines[-1] == str(path)
    assert {p.name for p in tmp_path.iterdir()} == {path.with_suffix(end).name for end in (".tflite", ".json", ".md")}
    text = path.with_suffix(".md").read_text()
    for told in (f"# Model card: digits-{precision}", f"- precision: {precision}", f"export {SHIPPED}", *lines[:-1]):
        assert told in text
    card = json.loads(path.with_suffix(".json").read_text())
    measured = card["against float32"]
    assert measured["bytes"][0] == path.stat().st_size < size * 4 * card["parameters"]
    assert f"{measured['bytes'][0] / 1000:,.0f} kB instead of" in lines[0]
    pictures = read_mnist(handwriting / "mnist", "test")
    small, full = load_classifier(path), load_classifier(SHIPPED, "keras")
    inlet = pictures.images.astype(np.float32)[..., None]
    one, other = small.run(inlet), full.run(inlet)
    assert measured["mnist"]["largest difference of a probability"] == pytest.approx(
        np.abs(one - other).max(), abs=1e-4
    )
    assert measured["mnist"]["read the same"] == pytest.approx((one.argmax(1) == other.argmax(1)).mean(), abs=1e-4)
    assert measured["mnist"]["accuracy"] == pytest.approx((one.argmax(1) == pictures.labels).mean(), abs=1e-4)
    assert not {"scores on test writers", "validation", KEY} & card.keys()
    assert set(card["scores"]) == set(measured) - {"bytes", "milliseconds a digit"}
    scored = card["scores"]["mnist"]
    assert scored["accuracy"] == measured["mnist"]["accuracy"]
    right, likely = one.argmax(1) == pictures.labels, small.probabilities(pictures.images)
    assert scored["calibration error"] == pytest.approx(calibration_error(likely.max(1), right), abs=1e-4)
    assert scored["calibration error before"] == pytest.approx(calibration_error(one.max(1), right), abs=1e-4)
    assert 0 < np.abs(one - other).max() < apart
    assert small.run(inlet[:3]).shape == (3, 23)


def test_an_export_is_measured_on_data_or_not_made(handwriting, tmp_path, capsys):
    folder = ["--data", str(handwriting / "cheques"), "--out", str(tmp_path / "out")]
    assert main(["export", str(tmp_path), "--precision", "int8", *folder]) == 1
    assert "no .keras model in this folder" in capsys.readouterr().err
    (tmp_path / "ink").mkdir()
    save_drawing(tmp_path / "ink/7-1.inkml", write("7", Hand(1)))
    folder = ["--data", str(tmp_path / "ink"), "--out", str(tmp_path / "out")]
    assert main(["export", str(SHIPPED), "--precision", "int8", *folder]) == 1
    assert "holds nothing to measure an export on" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_full_disk_leaves_an_export_with_its_card(handwriting, tmp_path, monkeypatch):
    names = [f"digits-float16.{end}" for end in ("tflite", "json", "md")]
    for name in names:
        (tmp_path / name).write_text("good")
    real = variant.write_file

    def full(path, content):
        if path.name == "digits-float16.json":
            raise OSError(28, "No space left on device")
        real(path, content)

    monkeypatch.setattr(variant, "write_file", full)
    with pytest.raises(OSError, match="No space"):
        variant.make_variant(SHIPPED, "float16", sources([str(handwriting)]), tmp_path, "command")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == dict.fromkeys(names, b"good")
