"""A model in a few lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from recognizer import Recognizer
from ui.about import SHIPPED_NAME, about


def test_the_shipped_model_is_told_by_name_file_labels_data_scores_and_limits() -> None:
    model = Recognizer.load()
    told = dict(about(model.card, model.file))
    assert (told["name"], told["file"]) == (SHIPPED_NAME, "digits.tflite")
    assert told["reads"].startswith("0 1 2 3 4 5 6 7 8 9")
    assert told["data"] and told["limits"] and told["size"].endswith("parameters")
    assert told["right, mnist"].endswith("% of 10,000")
    assert sum(len(name) + len(value) for name, value in told.items()) < 600


@pytest.mark.parametrize("scores", [None, {}, [], 3, {"mnist": None}, {"mnist": {"accuracy": "high"}}])
def test_what_a_card_does_not_tell_is_left_out(scores: object) -> None:
    told = dict(about({"labels": ["0", "1"], "scores": scores, "parameters": "many", "history": [1] * 999}, None))
    assert set(told) == {"reads", "tells other ink apart", "limits"}
    assert told["tells other ink apart"].startswith("no")


def test_a_model_of_ones_own_is_told_by_its_own_name_and_folder() -> None:
    card = {"labels": ["0", ""], "name": "mine", "scores": {"pen": {"accuracy": 0.5, "glyphs": 1234}}}
    told = dict(about(card, Path("/models/own.keras")))
    assert (told["name"], told["file"], told["more"]) == ("mine", "own.keras", "in own.json")
    assert told["folder"] == str(Path("/models"))
    assert told["right, pen"] == "50.00% of 1,234"
