"""How long reading takes: `python -m pytest tests/test_speed.py --benchmark-enable`.

Without that option each is run once, untimed, so that it stays runnable. Every round reads other handwriting: the
reader remembers glyphs that it has seen, which is for canvases and would flatter it here.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from time import perf_counter

import numpy as np
import pytest
from conftest import ROOT
from pytest_benchmark.fixture import BenchmarkFixture
from scripted_pen import Hand, write

from recognizer import Drawing, Recognizer
from recognizer.candidates import candidates_of
from recognizer.drawing import load_drawing, to_inkml
from recognizer.drawn import ink_of_drawing
from recognizer.ink import ink_of_page
from recognizer.locate import lines_of
from recognizer.normalize import normalize
from recognizer.page import load_pages
from recognizer.render import render_drawing

ROUNDS = 30
DIGITS = "31415926535897932384"
PICTURE = ROOT / "sample_images" / "1357924680-large-page.png"


def drawings(count: int) -> Iterator[Drawing]:
    """Drawings of `count` digits, no two alike."""
    seed = 0
    while True:
        yield write(DIGITS[:count], Hand(seed))
        seed += 1


def timed(benchmark: BenchmarkFixture, work: Callable[..., object], inputs: Iterator[object]) -> object:
    """Time `work` on a new input each round."""
    return benchmark.pedantic(work, setup=lambda: ((next(inputs),), {}), rounds=ROUNDS, warmup_rounds=2)


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.load()


@pytest.mark.parametrize("count", [1, 10, 20])
@pytest.mark.benchmark(group="read a picture")
def test_reading_a_picture(benchmark, recognizer, count):
    reading = timed(benchmark, recognizer.read, map(render_drawing, drawings(count)))
    assert reading.text


@pytest.mark.parametrize("count", [1, 10, 20])
@pytest.mark.benchmark(group="read a drawing")
def test_reading_a_drawing(benchmark, recognizer, count):
    reading = timed(benchmark, recognizer.read, drawings(count))
    assert reading.text


@pytest.mark.benchmark(group="stages, ten digits")
def test_a_picture_is_decoded(benchmark):
    (page,) = timed(benchmark, load_pages, iter(lambda: PICTURE.read_bytes(), b""))
    assert page.shape == (3000, 4000)


@pytest.mark.benchmark(group="stages, ten digits")
def test_inkml_is_decoded(benchmark):
    assert timed(benchmark, load_drawing, map(to_inkml, drawings(10))).strokes


@pytest.mark.benchmark(group="stages, ten digits")
def test_ink_of_a_page(benchmark):
    assert timed(benchmark, ink_of_page, map(render_drawing, drawings(10))).marks


@pytest.mark.benchmark(group="stages, ten digits")
def test_ink_of_a_drawing(benchmark):
    assert timed(benchmark, ink_of_drawing, drawings(10)).marks


@pytest.mark.benchmark(group="stages, ten digits")
def test_lines_of_ink(benchmark):
    assert len(timed(benchmark, lines_of, map(ink_of_drawing, drawings(10)))) == 1


@pytest.mark.benchmark(group="stages, ten digits")
def test_candidates_of_a_line(benchmark):
    lines = (lines_of(ink_of_drawing(drawing))[0] for drawing in drawings(10))
    assert timed(benchmark, candidates_of, lines)


@pytest.mark.benchmark(group="stages, ten digits")
def test_glyphs_of_candidates(benchmark):
    found = (candidates_of(lines_of(ink_of_drawing(drawing))[0]) for drawing in drawings(10))
    glyphs = timed(benchmark, lambda candidates: [normalize(c.mark.gray) for c in candidates], found)
    assert all(glyph.shape == (28, 28) for glyph in glyphs)


@pytest.mark.benchmark(group="stages, ten digits")
def test_probabilities_of_ten_glyphs(benchmark, recognizer):
    glyphs = (np.roll(recognizer.explain(drawing).glyphs[:10], 1, axis=1) for drawing in drawings(12))
    assert timed(benchmark, recognizer.classifier.probabilities, glyphs).shape[0] == 10


@pytest.mark.benchmark(group="stages, ten digits")
def test_the_best_path_through_the_lattice(benchmark, recognizer):
    lattices = (recognizer.explain(drawing).lattices[0] for drawing in drawings(10))
    assert timed(benchmark, lambda lattice: lattice.paths(), lattices)


# From nothing: what it costs beside importing TensorFlow, as most readers of digits do --------------------------------

STARTS = {
    "python alone": ["-c", ""],
    "import recognizer": ["-c", "import recognizer"],
    "load the reader": ["-c", "import recognizer; recognizer.Recognizer.load()"],
    "recognizer --help": ["-m", "recognizer", "--help"],
    "recognizer, one picture": ["-m", "recognizer", str(ROOT / "sample_images" / "5550142986-phone.png")],
}


def start(arguments: list[str]) -> float:
    """Run a fresh interpreter to its end and return how many seconds it took."""
    began = perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return perf_counter() - began


@pytest.fixture(scope="module")
def seconds_of_tensorflow() -> float:
    """The best of three imports of TensorFlow."""
    return min(start(["-W", "ignore", "-c", "import tensorflow"]) for _ in range(3))


@pytest.mark.parametrize("name", STARTS)
@pytest.mark.benchmark(group="starts, as processes")
def test_starting(benchmark, request, name):
    benchmark.pedantic(start, (STARTS[name],), rounds=5, warmup_rounds=1)
    if benchmark.enabled:
        whole = request.getfixturevalue("seconds_of_tensorflow")
        benchmark.extra_info["share of importing TensorFlow"] = round(benchmark.stats.stats.min / whole, 3)
        assert benchmark.stats.stats.min < whole / 3, (
            "importing TensorFlow costs so little more that it would be no loss"
        )
