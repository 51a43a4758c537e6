"""Two readers, one reading: how the line model's opinion changes what the lattice says."""

from __future__ import annotations

import numpy as np
import pytest

from recognizer.candidates import GEOMETRY, NOISE, Candidate
from recognizer.decode import Lattice, Path, Step
from recognizer.ink import Mark
from recognizer.opinion import TRAITS, Opinion, Spelled, seconded, spelled
from recognizer.reading import digits_of
from recognizer.score import SHRINK

LABELS = (*"0123456789-", "")
WEIGHTS = dict.fromkeys(TRAITS[1:3], 0.5)
FOUR, SEVEN = Step(0, LABELS.index("4")), Step(1, LABELS.index("7"))


def seen(noise: float = 0.0) -> np.ndarray:
    """What the lattice's score sees of two candidates: the first looks like a 4, the second like no symbol."""
    looks = np.full((2, len(LABELS)), -9.0)
    looks[0, LABELS.index("4")] = looks[1, LABELS.index("")] = 0
    geometry = np.zeros((2, len(GEOMETRY)))
    geometry[:, NOISE] = noise
    return np.concatenate([looks / SHRINK, geometry], 1).astype(np.float32)


def opinion(text: str, sure: float = 0.9) -> Opinion:
    """Frames that spell `text`, each of them this sure, a frame of none after each symbol."""
    rest = (1 - sure) / (len(LABELS) - 1)
    frames = np.full((2 * len(text), len(LABELS)), rest)
    for i, c in enumerate(text):
        frames[2 * i, LABELS.index(c)] = sure
        frames[2 * i + 1, LABELS.index("")] = sure
    return Opinion(frames, LABELS, seen())


def ways(**shares: float) -> list[Path]:
    return [Path(name.strip("_").replace("_", "-"), (), share) for name, share in shares.items()]


def test_an_opinion_turns_the_order_where_the_lattice_is_unsure():
    first, second = seconded(ways(_17=0.55, _11=0.44), opinion("11"), WEIGHTS)
    assert (first.text, second.text) == ("11", "17")
    assert first.probability > 0.9


def test_a_shared_opinion_makes_sure_and_another_makes_unsure():
    found = ways(_17=0.9, _11=0.05)
    agreed, against = (seconded(found, opinion(text), WEIGHTS) for text in ("17", "93"))
    assert agreed[0].probability > 0.97
    assert against[0].text == "17" and against[0].probability < 0.6, "93 is none of the ways, so it keeps its share"


def test_without_weights_nothing_changes():
    found = ways(_17=0.6, _11=0.3)
    assert [w.probability for w in seconded(found, opinion("11"), {})] == pytest.approx([0.6, 0.3])


def told(heard: Opinion, *texts: str) -> np.ndarray:
    """What is told of `texts`, each as likely as one in ten to the lattice, and of all others in the last row."""
    return heard.traits([Path(text, (), 0.1) for text in texts])


def test_marks_weigh_in_the_text_and_not_in_the_digits():
    text, digits = told(opinion("1-2"), "1-2", "12")[:2, 1:3].T
    assert text[0] > text[1] + 2 and digits[0] == pytest.approx(digits[1])


def test_texts_of_the_same_digits_do_not_count_twice_beside_the_rest():
    alone, twice = told(opinion("1-2", 0.6), "12"), told(opinion("1-2", 0.6), "12", "1-2")
    assert alone[-1, 2] == pytest.approx(twice[-1, 2])
    assert twice[-1, 1] < alone[-1, 1], "what the second text takes is no longer the rest's"
    assert alone[-1, 0] == pytest.approx(np.log(0.9)) and twice[-1, 0] == pytest.approx(np.log(0.8))


def test_noisy_paper_weighs_with_all_that_is_said():
    plain = opinion("12")
    noisy = Opinion(plain.frames, LABELS, seen(0.5))
    half = len(TRAITS) // 2
    assert not told(plain, "12", "")[:, half:].any()
    assert told(noisy, "12", "")[:, half:] == pytest.approx(0.5 * told(noisy, "12", "")[:, :half])


def test_of_no_text_at_all_it_is_told_how_strange_the_digits_look():
    ways = [Path(text, steps, 0.1) for text, steps in (("-", ()), ("4", (FOUR,)), ("", ()), ("7", (SEVEN,)))]
    strange = opinion("4").traits(ways)[:, TRAITS.index("nothing where digits look strange")]
    assert strange.tolist() == [0, 0, -8, 0, 0], "nine nats count as eight"
    assert opinion("4").traits(ways[2:])[0, TRAITS.index("nothing where digits look strange")] == 8
    assert opinion("4").strangeness([Path("44", (FOUR, SEVEN), 0.1)]) == 0
    assert opinion("4").strangeness(ways[:1]) == 0


def test_of_no_text_at_all_the_lattice_is_heard_once_more():
    again = told(opinion("12"), "12", "-", "")[:, TRAITS.index("nothing by the lattice")]
    assert again.tolist() == pytest.approx([0, 0, np.log(0.1), 0])


def test_a_line_may_say_nothing_however_sure_the_lattice_is_of_something():
    candidates = tuple(Candidate(i, i + 1, Mark(0, 0, np.zeros((1, 1), np.uint8))) for i in range(2))
    potentials = np.full((2, len(LABELS)), -40.0)
    potentials[:, LABELS.index("4")] = 0
    lattice = Lattice(2, candidates, LABELS, potentials)
    found = lattice.paths()
    assert [way.text for way in found] == ["44"]
    (silent,) = spelled(lattice, opinion("44"), found)
    assert silent.text == "" and [step.candidate for step in silent.steps] == [0, 1]
    assert 0 <= silent.probability < 1e-30
    assert not spelled(lattice, opinion("44"), (*found, silent)), "it is told once"


def test_no_number_is_spelled_along_a_line_of_grain():
    def line(pieces):
        candidates = tuple(Candidate(i, i + 1, Mark(0, 0, np.zeros((1, 1), np.uint8))) for i in range(pieces))
        return Lattice(pieces, candidates, LABELS, np.zeros((pieces, len(LABELS))))

    assert [digits_of(way.text) for way in spelled(line(5), opinion("44"), ())] == ["44", ""]
    assert [way.text for way in spelled(line(500), opinion("44"), ())] == [""]


def test_the_likeliest_digits_are_told_once():
    assert opinion("1-2").numbers == ("12",)


def test_a_number_may_stand_between_any_marks():
    wanted = Spelled("12")
    assert wanted.viable("") and wanted.viable("-1-") and not wanted.viable("2")
    assert wanted.complete("-1-2") and not wanted.complete("1-")
