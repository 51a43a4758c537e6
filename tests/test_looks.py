"""Two networks, one opinion of a symbol: what glyph and trajectory say together."""

from __future__ import annotations

import numpy as np
import pytest
from scripted_pen import Hand, one_stroke_of, write

from recognizer.candidates import candidates_of, strokes_of
from recognizer.classify import Classifier, load_classifier
from recognizer.drawing import Drawing
from recognizer.drawn import ink_of_drawing
from recognizer.locate import lines_of
from recognizer.looks import WEIGHTS, Sight, together

HALF = dict.fromkeys(WEIGHTS, 0.5)
LABELS = ("1", "7", "")


def likely(*rows: list[float]) -> np.ndarray:
    return np.array(rows, np.float32)


def test_where_one_is_unsure_the_other_decides():
    both = together(likely([0.5, 0.5, 0.0]), likely([0.1, 0.9, 0.0]), [1, 1])
    assert both[0] == pytest.approx([0.1, 0.9, 0], abs=1e-4)


def test_what_weighs_nothing_says_nothing():
    looks = likely([0.2, 0.3, 0.5])
    assert together(looks, likely([0.9, 0.1, 0.0]), [1, 0]) == pytest.approx(looks)


def test_no_label_is_ever_impossible():
    both = together(likely([1, 0, 0]), likely([0, 1, 0]), [0.5, 0.5])
    assert np.isfinite(both).all() and both[0, :2] == pytest.approx([0.5, 0.5], abs=1e-4)


def test_only_whole_strokes_are_asked_about():
    classifier = load_classifier()
    sure = np.full(len(classifier.labels), 1e-6, np.float32)
    sure[classifier.labels.index("7")] = 1
    seven = Classifier(lambda ways: np.tile(sure, (len(ways), 1)), {"labels": list(classifier.labels)})
    (line,) = lines_of(ink_of_drawing(one_stroke_of("35", "4")))
    candidates = candidates_of(line)
    alone = Sight(classifier).looks(line, candidates)
    looks = Sight(classifier, seven, HALF).looks(line, candidates)
    whole = np.array([bool(strokes) for strokes in strokes_of(line, candidates)])
    assert whole.any() and not whole.all()
    assert looks[~whole] == pytest.approx(alone[~whole])
    column = classifier.labels.index("7")
    assert (looks[whole, column] > alone[whole, column]).all()
    assert looks.sum(1) == pytest.approx(np.ones(len(looks)), abs=1e-4)


def test_ink_that_was_seen_is_not_looked_at_again(monkeypatch):
    classifier = load_classifier()
    asked: list[int] = []
    real = Classifier.probabilities
    monkeypatch.setattr(Classifier, "probabilities", lambda own, glyphs: asked.append(len(glyphs)) or real(own, glyphs))
    strokes = write("314", Hand(5)).strokes
    sight = Sight(classifier)
    (before,), (after,) = (lines_of(ink_of_drawing(Drawing(strokes[:k]))) for k in (-1, None))
    sight.looks(before, candidates_of(before))
    candidates = candidates_of(after)
    assert np.array_equal(sight.looks(after, candidates), Sight(classifier).looks(after, candidates))
    assert asked == [len(candidates_of(before)), len(candidates) - len(candidates_of(before)), len(candidates)]
