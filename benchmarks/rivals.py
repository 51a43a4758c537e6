"""Ten digits as scripts usually have them classified, beside this reader, which finds them on the page as well."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.options import Settings
from benchmarks.pages import drawings
from benchmarks.timing import Figures, in_turns, number, ratio, spread, table, told
from recognizer import Recognizer
from recognizer.classify import SHIPPED, Classifier, load_classifier
from recognizer.render import render_drawing

TITLE = "Beside Keras"
OURS = "this reader: a picture of ten digits, found and read"
PREDICT = "Keras, shipped network: predict, digit by digit"
BATCH = "Keras, shipped network: predict, ten at once"
_GRAY = 128  # parts ink from paper in the usual script: the pages are clean

Picture = NDArray[np.uint8]
Page = tuple[Picture, NDArray[np.float32]]
"""A picture (H, W) of ten digits, and ten glyphs (10, 28, 28, 1) as a network takes them."""
Works = dict[str, Callable[[Page], object]]


def measure(settings: Settings) -> Figures:
    """Return the milliseconds that ten digits take, and how many times as long as in this reader."""
    recognizer = Recognizer.load()
    works = _ours(recognizer)
    figures: Figures = {}
    if find_spec("tensorflow"):
        works |= _keras()
    else:
        figures[PREDICT] = {"skipped": "TensorFlow is not installed"}
    times = in_turns(works, _pages(recognizer), settings.rounds)
    for name, of in times.items():
        figures[name] = {"ms": spread(of), "times ours": ratio(of, times[OURS])}
    return figures


def _pages(recognizer: Recognizer) -> Iterator[Page]:
    """Yield pages with ten glyphs of the page before: the ones of their own, this reader would know already."""
    drawn = drawings(10)
    before = recognizer.explain(next(drawn)).glyphs
    for drawing in drawn:
        glyphs = np.resize(before, (10, 28, 28)).astype(np.float32)[..., None]
        yield render_drawing(drawing), glyphs
        before = recognizer.explain(drawing).glyphs


def _ours(recognizer: Recognizer) -> Works:
    classifier: Classifier = load_classifier()
    return {
        OURS: lambda page: recognizer.read(page[0]),
        "LiteRT, shipped network: ten at once": lambda page: classifier.run(page[1]),
        "LiteRT, shipped network: digit by digit": lambda page: [classifier.run(glyph[None]) for glyph in page[1]],
        "LiteRT, shipped network: one digit": lambda page: classifier.run(page[1][:1]),
    }


def _keras() -> Works:
    """Return what scripts do with the shipped network and with the small one that Keras introduces itself with."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras

    from training.models import simple

    network = keras.saving.load_model(SHIPPED / "digits.keras", compile=False, safe_mode=True)
    usual = simple(10)
    return {
        PREDICT: partial(_one_by_one, network),
        BATCH: lambda page: network.predict(page[1], verbose=0),
        "Keras, shipped network: called, ten at once": lambda page: np.asarray(network(page[1], training=False)),
        "Keras, small network: predict, digit by digit": partial(_one_by_one, usual),
        "contours, then that for each": lambda page: _usual_script(usual, page[0]),
    }


def _one_by_one(network: Any, page: Page) -> list[int]:
    return [int(network.predict(glyph[None], verbose=0).argmax()) for glyph in page[1]]


def _usual_script(network: Any, picture: Picture) -> list[int]:
    """Return what `network` calls each contour of `picture`, from left to right."""
    ink = np.asarray(cv2.threshold(picture, _GRAY, 255, cv2.THRESH_BINARY_INV)[1], np.uint8)
    contours, _ = cv2.findContours(ink, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    boxes = sorted((*map(int, cv2.boundingRect(contour)),) for contour in contours)
    for x, y, width, height in boxes:
        glyph = cv2.resize(ink[y : y + height, x : x + width], (28, 28), interpolation=cv2.INTER_AREA)
        found.append(int(network.predict(glyph.astype(np.float32)[None, ..., None], verbose=0).argmax()))
    return found


def report(found: Figures) -> Iterator[str]:
    """Yield the lines of Markdown that tell what was `found`."""
    yield "The same ten digits in turns, all loaded and warm; ms (half of all rounds). Only the first and the last"
    yield "begin with a picture; the others are given glyphs of 28 x 28 that somebody has cut out for them."
    yield ""
    yield from table(["what", "ms", "times ours"], (_row(*one) for one in found.items()))


def _row(name: str, of: Figures) -> list[str]:
    if "skipped" in of:
        return [name, of["skipped"], ""]
    return [name, told(of["ms"]), number(of["times ours"])]
