"""Cheques: what is broken is named, and those that no training sees can be had alone."""

from __future__ import annotations

import json
import shutil

import pytest

from training.__main__ import main
from training.cheques import amount_digits, listed
from training.data import BadData
from training.networks import cheque_held_out

ROW = {"image": "images/cheque0.png", "digits": "40", "boxes": [[1, 2, 3, 4], [5, 6, 7, 8]]}


def test_an_amount_keeps_its_name_digits_and_boxes(tmp_path):
    (tmp_path / "labels.jsonl").write_text(json.dumps(ROW) + "\n")
    (amount,) = listed(tmp_path)
    assert (amount.name, amount.digits, amount.boxes) == ("images/cheque0.png", "40", ((1, 2, 3, 4), (5, 6, 7, 8)))


@pytest.mark.parametrize(
    "line",
    [
        b'{"image"',
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        json.dumps({k: v for k, v in ROW.items() if k != "digits"}).encode(),
        json.dumps(ROW | {"digits": "4a"}).encode(),
        json.dumps(ROW | {"digits": "407"}).encode(),
        json.dumps(ROW | {"boxes": [[1, 2, 3], [5, 6, 7]]}).encode(),
        json.dumps(ROW | {"boxes": [["a", 2, 3, 4], [5, 6, 7, 8]]}).encode(),
        json.dumps(ROW | {"boxes": [[1, 2, 0, 4], [5, 6, 7, 8]]}).encode(),
        json.dumps(ROW | {"boxes": 2}).encode(),
        json.dumps(ROW | {"image": "../elsewhere.png"}).encode(),
        json.dumps(ROW | {"image": "/elsewhere.png"}).encode(),
    ],
)
def test_a_broken_line_is_named_by_its_number(tmp_path, line):
    (tmp_path / "labels.jsonl").write_bytes(json.dumps(ROW).encode() + b"\n" + line + b"\n")
    with pytest.raises(BadData, match=r"labels\.jsonl, line 2: not a labelled amount"):
        list(listed(tmp_path))


def test_a_missing_picture_is_named(handwriting, tmp_path):
    shutil.copytree(handwriting / "cheques", tmp_path / "cheques")
    (tmp_path / "cheques/images/cheque1.png").unlink()
    with pytest.raises(BadData, match=r"cheque1\.png does not exist"):
        amount_digits(tmp_path / "cheques", lambda _: True)


def test_the_held_out_cheques_make_a_folder_of_their_own(handwriting, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("training.networks.CHEQUES_HELD_OUT", 2)
    assert main(["cheques", "--data", str(handwriting), "--held-out", str(tmp_path)]) == 0
    names = {amount.name for amount in listed(handwriting / "cheques") if cheque_held_out(amount.name)}
    assert 0 < len(names) < 4
    assert capsys.readouterr().out == f"{len(names)} cheques that no training sees: {tmp_path / 'cheques'}\n"
    copied = {amount.name: amount for amount in listed(tmp_path / "cheques")}
    assert set(copied) == names
    for amount in listed(handwriting / "cheques"):
        if amount.name in names:
            assert copied[amount.name] == amount
            pictures = [(place / "cheques" / amount.name).read_bytes() for place in (handwriting, tmp_path)]
            assert pictures[0] == pictures[1]


def test_without_held_out_cheques_there_is_nothing_to_copy(handwriting, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("training.networks.cheque_held_out", lambda name: False)
    assert main(["cheques", "--data", str(handwriting), "--held-out", str(tmp_path)]) == 1
    assert "holds no such amounts" in capsys.readouterr().err
    assert main(["cheques", "--data", str(handwriting / "pen"), "--held-out", str(tmp_path)]) == 1
    assert "0 folders of cheques are named" in capsys.readouterr().err
    assert not list(tmp_path.rglob("labels.jsonl"))
