"""Reading handwriting for training: what is good comes back as it was written, what is broken is named."""

from __future__ import annotations

import gzip
import json
import re
import shutil

import numpy as np
import pytest
from training_data import write_idx, write_rows

from training.data import (
    BadData,
    Pictures,
    are_known,
    fold,
    knows_writers,
    read_idx,
    read_mnist,
    read_pen,
    read_samples,
)
from training.options import EXAMPLES
from training.sources import sources

ROW = {"id": "a", "source": "s", "writer": "w", "label": "7", "strokes": [[[0, 0], [5, 0], [2, 9]]]}


@pytest.mark.parametrize("array", [np.arange(24, dtype="u1").reshape(2, 3, 4), np.array([[-1, 2], [3, 70000]], "i4")])
def test_idx_comes_back_as_it_was_written(tmp_path, array):
    write_idx(tmp_path / "a.gz", array)
    back = read_idx(tmp_path / "a.gz")
    assert back.shape == array.shape
    assert (back == array).all()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"no gzip", "not an IDX file"),
        (gzip.compress(bytes([0, 0, 8, 1, 0, 0, 0, 5]) + b"12345")[:-9], "not an IDX file"),
        (gzip.compress(b"ab"), "not an IDX file"),
        (gzip.compress(bytes([0, 0, 13, 1, 0, 0, 0, 1]) + b"1234"), "not an IDX file"),
        (gzip.compress(bytes([0, 0, 8, 3, 0, 0])), "not an IDX file"),
        (gzip.compress(bytes([0, 0, 8, 1, 0, 0, 0, 5]) + b"1234"), "is not what its header"),
        (bytes([0, 0, 8, 3]) + 2 * (1 << 31).to_bytes(4, "big") + (4).to_bytes(4, "big"), "is not what its header"),
        (bytes([0, 0, 8, 70]) + 70 * (1).to_bytes(4, "big") + b"1", "not an IDX file"),
    ],
)
def test_a_broken_idx_file_is_named_with_what_is_wrong(tmp_path, content, complaint):
    (tmp_path / "images.gz").write_bytes(content)
    with pytest.raises(BadData, match=complaint) as caught:
        read_idx(tmp_path / "images.gz")
    assert "images.gz" in str(caught.value)


def test_mnist_comes_with_the_writers_that_qmnist_knows(handwriting):
    pictures = read_mnist(handwriting / "mnist", "train")
    assert pictures.images.shape == (60, 28, 28)
    assert pictures.labels.tolist() == list(range(10)) * 6
    assert list(dict.fromkeys(pictures.writers)) == [f"nist{i}" for i in range(12, 18)]


def test_without_qmnist_every_picture_is_a_writer_of_its_own(handwriting, tmp_path):
    shutil.copytree(handwriting / "mnist", tmp_path / "mnist")
    (tmp_path / "mnist/qmnist-train-labels-idx2-int.gz").unlink()
    assert not knows_writers(tmp_path / "mnist")
    writers = read_mnist(tmp_path / "mnist", "train").writers
    assert len(set(writers)) == 60
    assert not are_known(writers)
    assert are_known(read_mnist(tmp_path / "mnist", "test").writers)


@pytest.mark.parametrize("rename", [str, lambda name: name.replace("-idx", ".idx")])
def test_mnist_may_be_unpacked(handwriting, tmp_path, rename):
    for path in (handwriting / "mnist").glob("*.gz"):
        (tmp_path / rename(path.stem)).write_bytes(gzip.decompress(path.read_bytes()))
    unpacked, packed = read_mnist(tmp_path, "train"), read_mnist(handwriting / "mnist", "train")
    assert (unpacked.images == packed.images).all()
    assert (unpacked.writers == packed.writers).all()
    assert sources([str(tmp_path)]).mnist == tmp_path


def test_a_missing_file_of_mnist_is_named(handwriting, tmp_path):
    shutil.copytree(handwriting / "mnist", tmp_path / "mnist")
    (tmp_path / "mnist/train-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(BadData, match=r"train-labels-idx1-ubyte\.gz is missing: name the folder"):
        read_mnist(tmp_path / "mnist", "train")


@pytest.mark.parametrize(
    ("images", "labels"), [((3, 28, 28), [1, 2]), ((3, 20, 28), [1, 2, 3]), ((3, 28, 28), [1, 2, 10])]
)
def test_images_and_labels_that_are_not_mnists_are_refused(tmp_path, images, labels):
    write_idx(tmp_path / "train-images-idx3-ubyte.gz", np.zeros(images, np.uint8))
    write_idx(tmp_path / "train-labels-idx1-ubyte.gz", np.array(labels, np.uint8))
    with pytest.raises(BadData, match="are not MNIST's"):
        read_mnist(tmp_path, "train")


@pytest.mark.parametrize(("images", "labels"), [("i4", "u1"), ("u1", "i4")])
def test_numbers_that_mnist_cannot_hold_are_refused(tmp_path, images, labels):
    write_idx(tmp_path / "train-images-idx3-ubyte.gz", np.zeros((2, 28, 28), images))
    write_idx(tmp_path / "train-labels-idx1-ubyte.gz", np.array([3, 4 if labels == "u1" else -1], labels))
    with pytest.raises(BadData, match="are not MNIST's"):
        read_mnist(tmp_path, "train")


@pytest.mark.parametrize("shape", [(60,), (60, 2), (59, 8)])
def test_writers_that_are_not_qmnists_are_refused(handwriting, tmp_path, shape):
    shutil.copytree(handwriting / "mnist", tmp_path / "mnist")
    write_idx(tmp_path / "mnist/qmnist-train-labels-idx2-int.gz", np.zeros(shape, np.int32))
    with pytest.raises(BadData, match=r"qmnist-train-labels-idx2-int\.gz is not QMNIST's"):
        read_mnist(tmp_path / "mnist", "train")


def test_some_of_the_pictures_are_chosen_by_a_mask_or_from_the_start(handwriting):
    pictures = read_mnist(handwriting / "mnist", "train")
    assert isinstance(pictures.some(3), Pictures)
    assert pictures.some(3).labels.tolist() == [0, 1, 2]
    assert set(pictures.some(pictures.labels == 4).labels) == {4}


def test_a_sample_keeps_its_label_writer_and_points(tmp_path):
    write_rows(tmp_path / "a.jsonl.gz", [ROW])
    (sample,) = read_samples(tmp_path / "a.jsonl.gz")
    assert (sample.label, sample.writer, sample.counts) == ("7", "w", ())
    assert [t.tolist() for t in sample.traces] == ROW["strokes"]


def test_a_number_falls_into_characters_where_its_segmentation_is_known(tmp_path):
    strokes = [[[i, 0], [i, 9]] for i in range(4)]
    number = ROW | {"label": "5 -1", "strokes": strokes, "chars": [{"n": 2}, {"n": 1}, {"n": 1}]}
    write_rows(tmp_path / "a.jsonl.gz", [number, number | {"chars": None}])
    known, unknown = read_samples(tmp_path / "a.jsonl.gz")
    parts = list(known.characters())
    assert [p.label for p in parts] == ["5", "-", "1"]
    assert [[t[0, 0] for t in p.traces] for p in parts] == [[0, 1], [2], [3]]
    assert not list(unknown.characters())


def test_ink_without_separators_has_the_label_without_them(tmp_path):
    write_rows(tmp_path / "a.jsonl.gz", [ROW | {"label": "1/2", "digits": "12", "level": "CHARTOK_NOSEP"}])
    assert read_samples(tmp_path / "a.jsonl.gz")[0].label == "12"


@pytest.mark.parametrize(
    "line",
    [
        '{"label": "7"',
        "[]",
        "7",
        json.dumps({k: v for k, v in ROW.items() if k != "writer"}),
        json.dumps(ROW | {"strokes": "none"}),
        json.dumps(ROW | {"strokes": [[[0, 0], [1]]]}),
        json.dumps(ROW | {"strokes": [[["a", "b"]]]}),
        json.dumps(ROW | {"strokes": []}),
        json.dumps(ROW | {"strokes": [[]]}),
        json.dumps(ROW | {"strokes": [[[0, float("nan")]]]}),
        json.dumps(ROW | {"chars": [{"m": 1}]}),
        json.dumps(ROW | {"chars": [{"n": -1}]}),
        json.dumps(ROW | {"chars": [{"n": 2}]}),
        "[" * 100_000,
        json.dumps(ROW | {"chars": 3}),
        json.dumps(ROW | {"chars": [{"n": 1e999}]}),
        json.dumps(ROW | {"strokes": [[[0, 10**400]]]}),
        json.dumps(ROW | {"label": None}),
        json.dumps(ROW | {"label": ""}),
        json.dumps(ROW | {"label": [7]}),
    ],
)
def test_a_broken_line_is_named_by_its_number(tmp_path, line):
    with gzip.open(tmp_path / "a.jsonl.gz", "wt") as file:
        file.write(json.dumps(ROW) + "\n" + line + "\n")
    with pytest.raises(BadData, match=r"a\.jsonl\.gz, line 2: not a labelled drawing"):
        read_samples(tmp_path / "a.jsonl.gz")


def test_of_single_characters_a_longer_label_is_named_by_its_line(tmp_path):
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(ROW | {"label": label}) + "\n" for label in ("7", "12")))
    assert [sample.label for sample in read_samples(tmp_path / "a.jsonl")] == ["7", "12"]
    with pytest.raises(BadData, match="line 2: not a labelled drawing"):
        read_samples(tmp_path / "a.jsonl", single=True)


def test_pen_data_are_what_the_help_says(tmp_path):
    (line,) = re.findall(r"a line (\{.*\})", EXAMPLES)
    (tmp_path / "digits.train.jsonl").write_text(line.replace("[[x, y], ...], ...", "[[1, 2], [3, 4]]"))
    ((sample,), _) = read_pen(tmp_path, lambda _: True, "train", ["digits"])
    assert (sample.label, sample.writer, sample.traces[0].tolist()) == ("7", "who", [[1, 2], [3, 4]])


def test_samples_are_read_unzipped_too(tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps(ROW) + "\n")
    assert len(read_samples(tmp_path / "a.jsonl")) == 1


def test_a_missing_or_cut_file_of_samples_is_named(tmp_path):
    with pytest.raises(BadData, match=r"a\.jsonl\.gz is missing"):
        read_samples(tmp_path / "a.jsonl.gz")
    whole = gzip.compress((json.dumps(ROW) + "\n").encode() * 500)
    (tmp_path / "a.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadData, match=r"a\.jsonl\.gz cannot be read"):
        read_samples(tmp_path / "a.jsonl.gz")


def test_a_writer_is_always_in_the_same_fold():
    assert [fold(f"w{i}", 5) for i in range(10)] == [4, 2, 1, 4, 3, 1, 3, 3, 1, 2]
    counts = np.bincount([fold(f"writer {i}", 4) for i in range(2000)])
    assert counts.min() > 400
