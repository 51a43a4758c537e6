"""Places with handwriting are told apart by what they hold, and read by writer."""

from __future__ import annotations

import gzip
import shutil

import pytest

from training.data import BadData
from training.sources import sources


def test_a_data_folder_holds_all_kinds(handwriting):
    found = sources([str(handwriting)])
    assert found.holds() == ("mnist", "scans", "digits", "marks", "others", "rejects")
    corpus = found.load(lambda _: True)
    assert len(corpus.mnist.labels) == 60
    assert len(corpus.scans.labels) % 3 == 0
    assert {s.writer for s in corpus.characters} == {f"w{i}" for i in range(12, 18)}
    assert {s.writer for s in found.load(lambda _: True, "test").characters} == {f"w{i}" for i in range(112, 118)}


def test_each_folder_can_be_named_alone(handwriting):
    assert sources([str(handwriting / "mnist")]).holds() == ("mnist",)
    assert sources([str(handwriting / "pen")]).holds() == ("digits", "marks", "others", "rejects")
    assert sources([str(handwriting / "cheques")]).holds() == ("scans",)
    assert sources(["keras", str(handwriting / "cheques")]).holds() == ("mnist", "scans")


def test_several_folders_of_ink_are_read_together(handwriting, tmp_path):
    shutil.copytree(handwriting / "pen", tmp_path / "more")
    one = sources([str(handwriting / "pen")]).load(lambda _: True)
    both = sources([str(handwriting / "pen"), str(tmp_path / "more")]).load(lambda _: True)
    assert len(both.characters) == 2 * len(one.characters)


def test_scans_are_parted_into_training_and_test(handwriting):
    found = sources([str(handwriting / "cheques")])
    train, test = (set(found.load(lambda _: True, split).scans.writers) for split in ("train", "test"))
    assert not train & test
    assert len(train | test) == 4


def test_only_admitted_writers_come(handwriting):
    corpus = sources([str(handwriting)]).load(lambda w: w in {"w13", "nist14"})
    assert set(corpus.hands) == {"w13"}
    assert set(corpus.mnist.writers) == {"nist14"}
    assert len(corpus.scans.labels) == 0


STRANGERS = "MNIST's writers are unknown: its held-out digits are other pictures, perhaps of the same writers"


def test_that_mnists_writers_are_unknown_is_told(handwriting, tmp_path):
    shutil.copytree(handwriting / "mnist", tmp_path / "mnist")
    (tmp_path / "mnist/qmnist-train-labels-idx2-int.gz").unlink()
    alone = sources([str(tmp_path / "mnist")])
    assert alone.told() == f"MNIST; pictures held out by hash; {STRANGERS}"
    both = sources([str(tmp_path / "mnist"), str(handwriting / "pen")])
    assert both.told() == f"MNIST, pen data; writers held out by hash; {STRANGERS}"
    assert [c for found in (alone, both, sources(["keras"])) for c in found.cautions()] == [
        f"{STRANGERS}; name a folder that holds qmnist-train-labels-idx2-int.gz beside MNIST."
    ] * 3
    known = sources([str(handwriting)])
    assert known.told() == "MNIST, pen data, scanned cheques; writers held out by hash"
    assert not list(known.cautions())


def test_mnist_is_named_once(handwriting):
    with pytest.raises(BadData, match=r"2 places hold MNIST, and one is expected: name .*mnist or keras\."):
        sources([str(handwriting / "mnist"), "keras"])


@pytest.mark.parametrize("again", ["", "mnist", "pen", "cheques", "pen/../pen"])
def test_a_folder_that_is_named_twice_is_read_once(again, handwriting):
    assert sources([str(handwriting), f"{handwriting}/{again}"]) == sources([str(handwriting)])


@pytest.mark.parametrize(
    ("files", "holds", "told"),
    [
        ("digits.train digits.test", ("digits",), "pen data (digits)"),
        ("numbers.train", ("digits", "marks", "rejects"), "pen data (numbers)"),
        ("digits.train letters.train", ("digits", "others", "rejects"), "pen data (digits, letters)"),
        ("symbols.train symbols.test", ("marks", "others"), "pen data (symbols)"),
    ],
)
def test_pen_data_may_hold_some_kinds_alone(files, holds, told, handwriting, tmp_path):
    for name in files.split():
        shutil.copy(handwriting / f"pen/{name}.jsonl.gz", tmp_path)
    found = sources([str(tmp_path)])
    assert found.holds() == holds
    assert found.told() == f"{told}; writers held out by hash"
    every = [f"{kind}.{split}" for split in ("train", "test") for kind in ("digits", "letters", "symbols", "numbers")]
    missing = ", ".join(name for name in every if name not in files)
    assert list(found.cautions()) == [f"{tmp_path} lacks pen data ({missing}): what is there is used."]
    assert found.load(lambda _: True).characters
    assert bool(found.load(lambda _: True, "test").characters) == ("test" in files)


def test_pen_data_may_be_unpacked(handwriting, tmp_path):
    content = gzip.decompress((handwriting / "pen/digits.train.jsonl.gz").read_bytes())
    (tmp_path / "digits.train.jsonl").write_bytes(content)
    assert len(sources([str(tmp_path)]).load(lambda _: True).characters) == 60


def test_places_without_handwriting_are_named(tmp_path):
    with pytest.raises(BadData, match="nowhere is no folder"):
        sources([str(tmp_path / "nowhere")])
    with pytest.raises(BadData, match="holds no handwriting that can be read"):
        sources([str(tmp_path)])


def test_mnist_through_keras(monkeypatch, handwriting):
    keras = pytest.importorskip("keras")
    from training.data import read_mnist

    halves = [read_mnist(handwriting / "mnist", split) for split in ("train", "test")]
    monkeypatch.setattr(keras.datasets.mnist, "load_data", lambda: [(h.images, h.labels.astype("u1")) for h in halves])
    corpus = sources(["keras"]).load(lambda _: True, "test")
    assert (corpus.mnist.images == halves[1].images).all()
    assert len(set(corpus.mnist.writers)) == 60

    def offline():
        raise OSError("no route to host")

    monkeypatch.setattr(keras.datasets.mnist, "load_data", offline)
    with pytest.raises(BadData, match="cannot be downloaded"):
        sources(["keras"]).load(lambda _: True)
