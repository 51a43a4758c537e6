"""What a model goes over again while it learns a hand, lest it forgets other hands, and is asked afterwards.

Without any data there are still the digits that come with scikit-learn, 1797 of E. Alpaydin and
C. Kaynak's *Optical recognition of handwritten digits* (UCI, 1998, CC BY 4.0), and a pen that
writes digits and marks by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from recognizer.normalize import normalize
from training import scripted_pen
from training.data import Pictures, Sample
from training.mix import DIGITS, Corpus, Maker, Mix, corpus_of, held_out
from training.scripted_pen import FONT
from training.sources import VALIDATION, Sources, joined
from training.train import Checks, checks

PICTURES = 8000  # that are gone over at most, and as many digits of the pen: more than an epoch takes
HANDS, HANDS_HELD_OUT = 40, 12  # that the scripted pen writes in: to go over, and to be asked about
BUNDLED, SCRIPTED = "digits of scikit-learn", "scripted pen"
BUNDLED_CREDIT = "Digits of scikit-learn: E. Alpaydin and C. Kaynak (UCI, 1998), CC BY 4.0."
_ENLARGED = 48  # pixels of the side of a digit of 8 x 8, drawn as smoothly as a pen leaves it
_FAINT = 1.3  # of 16: what is left of less is the shadow of a stroke
_ASKED = 4  # the last of so many parts of scikit-learn's digits, in their order, is asked about


@dataclass(frozen=True, eq=False)
class Rehearsal:
    """Handwriting to go over again, and glyphs of other writers to ask about afterwards.

    Those named in `validating` are of people's handwriting, such as the model is to read.
    """

    corpus: Corpus
    checks: Checks
    told: str
    validating: tuple[str, ...] = ()

    def maker(self, count: int, labels: tuple[str, ...]) -> Maker:
        """Return what makes epochs of about `count` glyphs for a model of `labels`."""
        pictures = len(self.corpus.mnist.labels)
        more = pictures // 4 if len(labels) > len(DIGITS) else 0
        blend = Mix(1, 0, pictures, 2 * more, more, more)
        return Maker(self.corpus, count / Maker(self.corpus, 1.0, blend).size(), blend)


def rehearsal(found: Sources | None, labels: tuple[str, ...], seed: int) -> Rehearsal:
    """Return what is gone over: what the package has itself, and the handwriting in `found`, if it is given."""
    bundled = bundled_digits()
    asked = np.arange(len(bundled.labels)) >= len(bundled.labels) * (_ASKED - 1) // _ASKED
    questions = {BUNDLED: (bundled.images[asked], bundled.labels[asked])}
    questions |= _scripted_checks(labels)
    corpus = corpus_of(bundled.some(~asked), scripted(range(HANDS)))
    if found:
        more = found.load(lambda w: not held_out(w, 0, VALIDATION))
        pictures = joined([more.mnist, more.scans])
        chosen = np.random.default_rng(seed).permutation(len(pictures.labels))[:PICTURES]
        some = pictures.some(np.isin(np.arange(len(pictures.labels)), chosen))
        corpus = corpus_of(joined([corpus.mnist, some]), corpus.characters + more.characters)
        theirs = checks(found.load(lambda w: held_out(w, 0, VALIDATION)), labels=labels)
        return Rehearsal(corpus, questions | theirs, f"{found.told()}; {BUNDLED}; {SCRIPTED}", tuple(theirs))
    return Rehearsal(corpus, questions, f"{BUNDLED}; {SCRIPTED}")


def bundled_digits() -> Pictures:
    """Return scikit-learn's digits as glyphs, in their order; 13 people wrote them."""
    digits = load_digits()
    glyphs = np.stack([normalize(_enlarged(digit)) for digit in digits.images])
    return Pictures(glyphs, digits.target.astype(np.int64), np.full(len(glyphs), "scikit-learn"))


def _enlarged(digit: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return the ink (48, 48) of a digit (8, 8) of 0 to 16; what interpolation leaves beside it is paper."""
    large = cv2.resize(digit.astype(np.float32), (_ENLARGED, _ENLARGED), interpolation=cv2.INTER_CUBIC)
    return np.clip(np.where(large > _FAINT, large, 0) * 255 / 16, 0, 255).astype(np.uint8)


def scripted(hands: Iterable[int]) -> tuple[Sample, ...]:
    """Return every symbol that the scripted pen knows, as a sample of each of `hands`."""
    samples = []
    for seed in hands:
        slant = float(np.random.default_rng(seed).normal(0.12, 0.12))
        hand = scripted_pen.Hand(seed, slant=slant, unevenness=1.5)
        for symbol in FONT:
            strokes = scripted_pen.write(symbol, hand).strokes
            samples.append(Sample(symbol, f"scripted {seed}", tuple(np.array(s.points, np.float64) for s in strokes)))
    return tuple(samples)


def _scripted_checks(labels: tuple[str, ...]) -> Checks:
    none = Pictures(np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.int64), np.zeros(0, np.str_))
    hands = corpus_of(none, scripted(range(HANDS, HANDS + HANDS_HELD_OUT)))
    parts = checks(hands, labels=labels).values()
    glyphs, classes = (np.concatenate(part) for part in zip(*parts, strict=True))
    return {SCRIPTED: (glyphs, classes)}
