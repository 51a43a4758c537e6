"""Model files that want more than to reckon are refused, and nothing in them happens."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Command

from recognizer.classify import SHIPPED, load_classifier
from recognizer.engine import ModelUnavailable
from recognizer.model_file import LARGEST_SIDE, MOST_BYTES, UnsafeModel, check_network, check_tensors, read_card

CARD = {"labels": ["0", "1"]}


def layer(name: str, module: str = "keras.layers", **config: object) -> dict[str, Any]:
    return {"module": module, "class_name": name, "config": config, "registered_name": None}


def network(*layers: dict[str, Any]) -> dict[str, Any]:
    inside = {"name": "network", "layers": list(layers), "input_layers": ["x", 0, 0]}
    return {"module": "keras.src.models.functional", "class_name": "Functional", "config": inside}


def archive(path: Path, description: object, **others: bytes) -> Path:
    """Write a .keras file with a card beside it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("metadata.json", "{}")
        made.writestr("config.json", description if isinstance(description, bytes) else json.dumps(description))
        for name, data in others.items():
            made.writestr(name, data)
    path.with_suffix(".json").write_text(json.dumps(CARD))
    return path


def test_the_shipped_network_is_harmless():
    check_network(SHIPPED / "digits.keras")


def test_large_numbers_that_measure_nothing_are_passed_over(tmp_path):
    shared = layer("Dropout", rate=0.5, seed=2**62) | {"shared_object_id": 2**47, "compile_config": {"steps": 2**40}}
    check_network(archive(tmp_path / "m.keras", network(shared)))


CODE = "4wEAAAAAAAAA"
HOSTILE = {
    "a Lambda layer": layer("Lambda", function={"class_name": "__lambda__", "config": {"code": CODE}}),
    "a lambda as an activation": layer("Dense", units=1, activation={"class_name": "__lambda__", "config": {}}),
    "a function of another module": layer("function", "builtins", config="os.system"),
    "a known name of another module": layer("Dense", "subprocess"),
    "a module that only begins so": layer("Dense", "keras_evil.layers"),
    "a call of Keras itself": layer("function", "keras.config", config="enable_unsafe_deserialization"),
    "a saved model from elsewhere": layer("TFSMLayer", filepath="/tmp/model"),
    "a vocabulary from a file": layer("StringLookup", vocabulary="/etc/passwd"),
    "a class of its own": layer("Evil", "evil"),
    "a name that is none": layer(["Dense"]),  # type: ignore[arg-type]
    "a layer without measure": layer("Dense", units=LARGEST_SIDE + 1),
    "a layer within a layer": network(network(layer("Lambda"))),
}


@pytest.mark.parametrize("part", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_network_that_could_do_more_than_reckon_is_refused_before_keras_sees_it(tmp_path, part, monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", None)  # importing it would fail with another sentence
    path = archive(tmp_path / "m.keras", network(layer("Flatten"), part))
    with pytest.raises(ModelUnavailable, match="opened safely") as refusal:
        load_classifier(path, "keras")
    assert "only reckon" in str(refusal.value) or "large" in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("name", ["../evil.py", "/tmp/evil.py", "assets/../../evil", "model.py", "C:\\evil"])
def test_a_file_that_no_network_needs_is_refused_and_written_nowhere(tmp_path, name):
    (tmp_path / "in").mkdir()
    path = archive(tmp_path / "in" / "m.keras", network())
    with zipfile.ZipFile(path, "a") as made:
        made.writestr(name, b"evil")
    with pytest.raises(UnsafeModel, match="which no network needs"):
        check_network(path)
    assert {p.name for p in tmp_path.rglob("*")} == {"in", "m.keras", "m.json"}


def test_an_archive_that_unpacks_to_too_much_is_refused_unopened(tmp_path, monkeypatch):
    monkeypatch.setattr("recognizer.model_file.MOST_BYTES", 1_000_000)
    path = archive(tmp_path / "m.keras", network(), **{"model.weights.h5": bytes(2_000_000)})
    assert path.stat().st_size < 10_000
    with pytest.raises(UnsafeModel, match="unpacks to more than 1 MB"):
        check_network(path)


def test_a_description_that_no_network_needs_is_refused_unopened(tmp_path, monkeypatch):
    monkeypatch.setattr("recognizer.model_file.MOST_CARD_BYTES", 100)
    with pytest.raises(UnsafeModel, match="its description has more than 0 MB"):
        check_network(archive(tmp_path / "m.keras", network()))


BROKEN = {
    "no archive": b"not a model",
    "no description": None,
    "no JSON": b"{",
    "nested without end": b"[" * 200_000,
    "bytes of no encoding": b"\xff\xfe\xff",
}


@pytest.mark.parametrize("held", BROKEN.values(), ids=BROKEN.keys())
def test_an_archive_of_nonsense_is_refused(tmp_path, held):
    path = tmp_path / "m.keras"
    if held == b"not a model":
        path.write_bytes(held)
    elif held is None:
        with zipfile.ZipFile(path, "w") as made:
            made.writestr("metadata.json", "{}")
    else:
        archive(path, held)
    with pytest.raises(UnsafeModel, match=r"no archive of a network|description is missing"):
        check_network(path)


def test_a_description_that_is_there_twice_is_refused(tmp_path):
    path = archive(tmp_path / "m.keras", network())
    with zipfile.ZipFile(path, "a") as made, pytest.warns(UserWarning, match="Duplicate"):
        made.writestr("config.json", json.dumps(network(layer("Lambda"))))
    with pytest.raises(UnsafeModel, match="there twice"):
        check_network(path)


def grown(side: int) -> bytes:
    """Return the shipped LiteRT model with an inlet of 1 x side x side x 1."""
    data = (SHIPPED / "digits.tflite").read_bytes()
    inlet = struct.pack("<4i", 1, 28, 28, 1)
    assert data.count(inlet) == 1
    return data.replace(inlet, struct.pack("<4i", 1, side, side, 1))


def test_tensors_that_would_fill_the_memory_are_refused(tmp_path):
    path = tmp_path / "large.tflite"
    path.write_bytes(grown(32_767))
    path.with_suffix(".json").write_bytes((SHIPPED / "digits.json").read_bytes())
    with pytest.raises(ModelUnavailable, match=r"its tensors would take 42\d\d MB, and 500 are allowed"):
        load_classifier(path)


def test_tensors_are_counted_together():
    check_tensors([{"shape": [MOST_BYTES // 16]}, {"shape": [MOST_BYTES // 16]}, {"shape": []}])
    with pytest.raises(UnsafeModel, match="are allowed"):
        check_tensors([{"shape": [MOST_BYTES // 8]}, {"shape": [MOST_BYTES // 8, -2]}])


def test_a_model_file_too_large_to_be_one_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("recognizer.model_file.MOST_BYTES", 1_000_000)
    (tmp_path / "large.tflite").write_bytes(bytes(1_000_001))
    (tmp_path / "large.json").write_bytes((SHIPPED / "digits.json").read_bytes())
    with pytest.raises(ModelUnavailable, match="has more than the 1 MB"):
        load_classifier(tmp_path / "large.tflite")


CARDS = {
    "nothing": b"",
    "no object": b"[]",
    "no labels": b"{}",
    "labels that are no texts": b'{"labels": [1]}',
    "no label at all": b'{"labels": []}',
    "nested without end": b"[" * 200_000,
    "a temperature of nothing": b'{"labels": ["0"], "temperature": 0}',
    "a temperature that is no number": b'{"labels": ["0"], "temperature": NaN}',
    "a temperature in words": b'{"labels": ["0"], "temperature": "warm"}',
    "bytes of no encoding": b"\xff\xfe\xff",
}


@pytest.mark.parametrize("held", CARDS.values(), ids=CARDS.keys())
def test_a_card_that_makes_no_sense_is_refused(tmp_path, held):
    path = tmp_path / "m.tflite"
    path.write_bytes((SHIPPED / "digits.tflite").read_bytes())
    path.with_suffix(".json").write_bytes(held)
    with pytest.raises(ModelUnavailable, match="card with its labels is missing or broken"):
        load_classifier(path)
    with pytest.raises(ValueError):
        read_card(path.with_suffix(".json"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows forbids such names")
def test_the_name_of_a_model_cannot_speak_to_the_terminal(command: Command, tmp_path):
    for suffix in (".tflite", ".json"):
        (tmp_path / f"\x1b[31mred\x9b{suffix}").write_bytes(b"no model")
    done = command("--model", tmp_path, "a.png")
    assert (done.returncode, done.stdout) == (2, b"")
    told = done.stderr.decode()
    assert r"\x1b[31mred" in told
    assert all(c.isprintable() for c in told.removesuffix("\n"))


def test_labels_that_would_speak_to_the_terminal_are_refused_in_print(tmp_path):
    path = tmp_path / "m.tflite"
    path.write_bytes((SHIPPED / "digits.tflite").read_bytes())
    card = json.loads((SHIPPED / "digits.json").read_text())
    path.with_suffix(".json").write_text(json.dumps(card | {"labels": ["\x1b[2J", *card["labels"][1:]]}))
    line = [sys.executable, "-m", "recognizer", "--model", str(path), "a.png"]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ)
    assert done.returncode == 2
    assert r"The model reads '\x1b[2J', which is not scored here" in done.stderr


DAMAGES = 40


def test_damaged_models_are_refused_or_opened_and_end_nothing(tmp_path):
    """In a process of its own, which a damage that is not noticed would end."""
    script = (
        "import random, sys; from pathlib import Path; from recognizer.classify import *\n"
        "good, place = Path(sys.argv[1]).read_bytes(), Path(sys.argv[2])\n"
        "for seed in range(int(sys.argv[3])):\n"
        "    chance, bad = random.Random(seed), bytearray(good)\n"
        "    for _ in range(chance.choice((1, 3, 10))):\n"
        "        at = chance.choice((chance.randrange(64), len(bad) - 1 - chance.randrange(30_000)))\n"
        "        bad[at] = chance.randrange(256)\n"
        "    place.write_bytes(bad)\n"
        "    try:\n"
        "        load_classifier(place); print('opened')\n"
        "    except ModelUnavailable:\n"
        "        print('refused')\n"
    )
    place = tmp_path / "damaged.tflite"
    place.with_suffix(".json").write_bytes((SHIPPED / "digits.json").read_bytes())
    line = [sys.executable, "-c", script, str(SHIPPED / "digits.tflite"), str(place), str(DAMAGES)]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) == DAMAGES
    assert set(done.stdout.split()) == {"opened", "refused"}
