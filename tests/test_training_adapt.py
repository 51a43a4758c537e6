"""Adapting a model to its user's hand: it learns what it could not read, and forgets nothing, or is not kept."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import keras
import numpy as np
import pytest
from scripted_pen import FONT, Hand, write

from recognizer import Drawing, Recognizer, Stroke, save_drawing
from recognizer.classify import SHIPPED, load_classifier
from training import adapt as adapting
from training import own_hand as hands
from training.__main__ import main
from training.adapt import Change, Plan, adapt
from training.data import BadData, Pictures
from training.drawings import kept_drawings
from training.mix import LABELS, corpus_of
from training.own_hand import own_hand, own_maker
from training.rehearsal import BUNDLED, SCRIPTED, bundled_digits, rehearsal, scripted
from training.sources import sources

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept:DeprecationWarning")
QUICK = Plan(epochs=3, rate=1e-3, own=300, others=600, tolerance=0.02)


def crossed(seed):
    """Two crossing strokes with a bar on top: the 8 of somebody whom no reader knows."""
    rng = np.random.default_rng(seed)

    def stroke(*ends):
        points = np.linspace(*np.array(ends) * 80.0, 12) + rng.normal(0, 1.0, (12, 2))
        return Stroke(tuple(map(tuple, (points + 40).tolist())), 6.0)

    wobble = rng.normal(0, 0.06, 4)
    ends = ((wobble[0], 0), (0.7, 1 + wobble[1])), ((0.7, wobble[2]), (0, 1 + wobble[3])), ((0, 0), (0.7, 0))
    return Drawing(tuple(stroke(*end) for end in ends))


@pytest.fixture
def ink(tmp_path):
    """A folder of corrected ink: crosses that are meant as eights, and digits as others write them."""
    folder = tmp_path / "ink"
    folder.mkdir()
    for n in range(16):
        save_drawing(folder / f"8-20260101-0000{n:02d}-0.inkml", crossed(n))
    for digit in "0123456":
        save_drawing(folder / f"{digit}-20260102-000000-{digit}.inkml", write(digit, Hand(int(digit))))
    return folder


def right(model, folder):
    """How many of the eights in `folder` the model in a file reads by itself, without a second opinion."""
    reader = replace(Recognizer.load(model), line_model=None)
    return sum(reader.read(kept.drawing).text == "8" for kept in kept_drawings(folder) if kept.label == "8")


def test_a_strange_eight_is_learnt_and_the_rest_is_not_forgotten(ink, tmp_path):
    done = adapt(ink, SHIPPED, None, tmp_path / "out", QUICK, "python -m training adapt INK")
    own, *others = done.changes
    assert (own.own, own.count) == (True, len(done.read))
    assert own.after > own.before
    assert {c.kind for c in others} == {BUNDLED, SCRIPTED}
    assert done.path == tmp_path / "out/adapted.tflite"
    assert {p.name for p in done.path.parent.iterdir()} == {
        "adapted.keras", "adapted.tflite", "adapted.json", "adapted.md", "adapted-held-out.png"
    }  # fmt: skip
    assert right(done.path.parent, ink) > 12 > 8 > right(SHIPPED, ink)
    lines = list(done.told())
    assert lines[1].startswith(f"your drawings, held out ({own.count})")
    assert any(line.endswith("8 now") for line in lines)
    card = json.loads((tmp_path / "out/adapted.json").read_text())
    assert card["labels"] == list(LABELS)
    assert card["adapted from"]["drawings held out"] == own.count
    assert card["adapted from"]["right before and after"][own.kind] == f"{own.before} and {own.after} of {own.count}"
    assert card["temperature"] == load_classifier(SHIPPED).card["temperature"]
    assert "E. Alpaydin" in card["credit"]
    network = keras.saving.load_model(tmp_path / "out/adapted.keras", compile=False)
    assert all(layer.trainable for layer in network.layers)


def test_a_model_that_forgets_is_not_kept(ink, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(adapting, "Plan", lambda epochs, rate, seed, tolerance: Plan(1, rate, seed, 64, 64))
    arguments = [str(ink), "--out", str(tmp_path / "out"), "--rate", "0.5"]
    (tmp_path / "out").mkdir()
    (tmp_path / "out/adapted.tflite").write_bytes(b"good")
    assert main(["adapt", *arguments]) == 1
    captured = capsys.readouterr()
    assert re.search(f"Not kept, since it became worse at: .*{BUNDLED}", captured.err)
    assert "before" in captured.out
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["adapted.tflite"]
    assert (tmp_path / "out/adapted.tflite").read_bytes() == b"good"


def test_learning_that_goes_astray_is_a_sentence(ink, tmp_path):
    with pytest.raises(BadData, match="went astray: choose a lower --rate"):
        adapt(ink, SHIPPED, None, tmp_path, Plan(1, 1e30, 1, 64, 64), "again")
    assert [p.name for p in tmp_path.iterdir()] == ["ink"]


@pytest.mark.parametrize(
    ("change", "worse"),
    [
        (Change("own", 10, 5, 4, own=True), True),
        (Change("own", 10, 5, 5, own=True), False),
        (Change("other", 100, 90, 89), False),
        (Change("other", 100, 90, 88), True),
        (Change("other", 5000, 4900, 4890), False),
        (Change("other", 5000, 4900, 4889), True),
        (Change("other", 100, 90, 95), False),
    ],
)
def test_what_counts_as_worse(change, worse):
    assert change.worse(0.002) == worse


def test_what_was_asked_about_is_never_learnt_also_when_more_has_come(ink):
    before = own_hand(ink, LABELS)
    for n in range(20, 40):
        save_drawing(ink / f"7-20260103-0000{n}-0.inkml", write("7", Hand(n)))
    after = own_hand(ink, LABELS)
    assert {k.name for k in before.asked} <= {k.name for k in after.asked}
    assert not {k.name for k in after.asked} & {k.name for k in after.learnt}
    assert len(after.asked) + len(after.learnt) == 43
    assert 4 < len(after.asked) < 18


def test_letters_teach_models_with_a_label_for_them_and_are_not_asked_about(ink):
    save_drawing(ink / "Q-20260103-000000-0.inkml", crossed(99))
    for labels, learnt in ((LABELS, True), (LABELS[:10], False)):
        hand = own_hand(ink, labels)
        assert ("Q" in {k.label for k in hand.learnt}) == learnt
        assert "Q" not in {k.label for k in hand.asked}


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_drawings_are_a_sentence(tmp_path, count, capsys):
    for n in range(count):
        save_drawing(tmp_path / f"8-{n}.inkml", crossed(n))
    assert main(["adapt", str(tmp_path)]) == 1
    assert f"holds {count} drawings of what the model reads, and at least 2 are needed" in capsys.readouterr().err


def test_two_drawings_are_one_to_learn_and_one_to_ask_about(tmp_path):
    for n in range(2):
        save_drawing(tmp_path / f"8-{n}.inkml", crossed(n))
    hand = own_hand(tmp_path, LABELS)
    assert (len(hand.learnt), len(hand.asked)) == (1, 1)


def test_a_drawing_of_several_digits_is_cut_into_them(tmp_path):
    save_drawing(tmp_path / "47-1.inkml", write("47", Hand(3)))
    reader = Recognizer.load()
    maker = own_maker(kept_drawings(tmp_path), reader, 40, LABELS)
    assert maker.corpus.scans.labels.tolist() == [4, 7]
    read = reader.classifier.probabilities(maker.corpus.scans.images).argmax(1)
    assert read.tolist() == [4, 7]
    glyphs, classes = maker.epoch(1)
    assert len(glyphs) == maker.size() == 40
    assert set(classes) == {4, 7}


def test_ink_that_cannot_be_cut_teaches_nothing(tmp_path, monkeypatch):
    save_drawing(tmp_path / "47-1.inkml", write("47", Hand(3)))
    monkeypatch.setattr(hands, "_spelling", lambda lattice, text: ())
    with pytest.raises(BadData, match="None of the drawings can be learnt from"):
        own_maker(kept_drawings(tmp_path), Recognizer.load(), 40, LABELS)


def test_other_handwriting_is_gone_over_and_its_validation_writers_are_asked(handwriting):
    found = sources([str(handwriting)])
    again = rehearsal(found, LABELS, 1)
    assert set(again.checks) == {BUNDLED, SCRIPTED, "mnist", "pen digits", "pen marks"}
    assert again.validating == ("mnist", "pen digits", "pen marks")
    assert not {"nist12", "w17"} & {*again.corpus.mnist.writers, *again.corpus.hands}
    assert {"nist13", "w12"} <= {*again.corpus.mnist.writers, *again.corpus.hands}
    glyphs, classes = again.maker(200, LABELS).epoch(1)
    assert 190 <= len(glyphs) <= 210
    assert {0, 9, 22} <= set(classes)
    _, classes = again.maker(200, LABELS[:10]).epoch(1)
    assert set(classes) == set(range(10))


def test_what_the_package_has_itself_is_read_by_the_shipped_model():
    digits = bundled_digits()
    classifier = load_classifier()
    assert len(digits.labels) == 1797
    assert (classifier.probabilities(digits.images[::5]).argmax(1) == digits.labels[::5]).mean() > 0.95
    assert {s.label for s in scripted(range(2))} == set(FONT) == set(LABELS) - {""}


def test_models_that_cannot_be_adapted_are_named(ink, tmp_path, handwriting, capsys):
    assert main(["adapt", str(ink), "--model", str(SHIPPED / "digits.json")]) == 1
    assert "a model is a .tflite or a .keras file" in capsys.readouterr().err
    train = ["train", "svc8", "--data", str(handwriting / "mnist"), "--out", str(tmp_path / "svc")]
    assert main(train) == 0
    assert main(["adapt", str(ink), "--model", str(tmp_path / "svc")]) == 1
    assert "has no weights to train" in capsys.readouterr().err
    (tmp_path / "svc/svc8-1.keras").unlink()
    assert main(["adapt", str(ink), "--model", str(tmp_path / "svc/svc8-1.tflite")]) == 1
    assert "svc8-1.tflite: Keras runs .keras files, and none is beside it; name one." in capsys.readouterr().err
    assert main(["adapt", str(tmp_path / "nowhere")]) == 1
    assert "nowhere is no folder" in capsys.readouterr().err


def test_a_model_of_ten_digits_is_adapted_with_data_to_go_over(ink, tmp_path, handwriting, monkeypatch):
    train = ["train", "simple", "--data", str(handwriting / "mnist"), "--out", str(tmp_path), "--epochs", "2"]
    assert main(train) == 0
    found = sources([str(handwriting / "mnist")])
    plan = replace(QUICK, epochs=1, tolerance=1.0)
    monkeypatch.setattr(adapting, "_own_change", lambda read: Change("own", 1, 0, 1, own=True))
    done = adapt(ink, tmp_path / "simple-1.keras", found, tmp_path / "out", plan, "again")
    assert {c.kind for c in done.changes} == {"own", BUNDLED, SCRIPTED, "mnist"}
    card = json.loads((tmp_path / "out/adapted.json").read_text())
    assert card["labels"] == list("0123456789")
    assert set(card["scores"]) == {"mnist"}
    assert "Y. LeCun" in card["credit"]


def test_the_bundled_digits_are_ink_on_paper():
    digits = bundled_digits()
    assert isinstance(digits, Pictures)
    assert digits.images.max() == 255
    assert (digits.images == 0).mean() > 0.5
    assert len(corpus_of(digits, ()).mnist.labels) == 1797
