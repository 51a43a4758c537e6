from __future__ import annotations

import numpy as np

from recognizer.candidates import GEOMETRY
from recognizer.decode import Path, Step
from recognizer.rescore import load_weights
from recognizer.strip import MARGIN, ROWS
from training.lattice import Example
from training.rescore import Contest, fit, readings, save_weights

NO_STRIP = np.zeros((ROWS, 2 * MARGIN), np.uint8)
NO_STRIP = np.zeros((ROWS, 2 * MARGIN), np.uint8)
LABELS = (*"0123456789()-", "")


def contest(right: str, wrong: str, kind: str = "ink", free: str = "") -> Contest:
    """A line on which the lattice thinks `wrong` likelier than what is written."""
    ways = [
        Path(text, tuple(Step(i, LABELS.index(c)) for i, c in enumerate(text)), share)
        for text, share in ((wrong, 0.6), (right, 0.3))
    ]
    seen = np.zeros((max(len(right), len(wrong)), len(LABELS) + len(GEOMETRY)), np.float32)
    named = [LABELS.index(c) for c in right if c not in free]
    example = Example(
        np.zeros((0, 2), int), seen, len(right), tuple(named), np.isin(LABELS, list(free)), "w", kind, NO_STRIP
    )
    return Contest(example, LABELS, tuple(ways))


def test_what_right_readings_have_in_common_is_learnt():
    seen = [contest("(507)", "(5071"), contest("(61)", "(611"), contest("12-3", "12-)3"), contest("(2)", "12)")] * 5
    new = [contest("(84)", "(841"), contest("(7)", "17)")]
    assert [text for text, _, _ in readings(new, {})["ink"]] == [False, False]
    weights = fit(seen)
    assert weights["unpaired brackets"] < 0
    assert [text for text, _, _ in readings(new, weights)["ink"]] == [True, True]


def test_marks_that_may_stand_anywhere_do_not_count_and_numbers_are_their_digits():
    (free,) = readings([contest("1-2", "12", free="-")], {})["ink"]
    assert free == (True, True, free[2])
    (named,) = readings([contest("1-2", "12")], {})["ink"]
    assert named[:2] == (False, True)
    assert named[2] > 0.85, "both readings have the same digits"


def test_weights_come_back_as_they_were_saved(tmp_path):
    save_weights({"left out": -1.5}, tmp_path / "readings.json")
    assert load_weights(tmp_path / "readings.json") == {"left out": -1.5}
