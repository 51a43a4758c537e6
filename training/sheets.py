"""Sheets to look at: the data with its labels, and what augmentation makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from training import mix
from training.data import BadData, Sample
from training.evaluate import trials
from training.mix import Corpus, Glyphs, Maker, Mix
from training.plots import sheet

GLYPHS = 96  # on a sheet
_ACROSS = 12  # on a row, and variants of each glyph on a sheet of augmentation


def write_sheets(corpus: Corpus, blend: Mix, folder: Path, seed: int) -> list[Path]:
    """Draw sheets of `corpus` into `folder`: each kind of data, augmentation, and a part of an epoch; return them.

    Raises
    ------
    BadData
        Where there is nothing to draw.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    written = []
    for name, glyphs, heads in (*_data(corpus, rng), *_augmented(corpus, blend, rng), *_epoch(corpus, blend, seed)):
        written.append(folder / f"{name.replace(' ', '-')}.png")
        sheet(glyphs, heads, name, written[-1], _ACROSS)
    if not written:
        raise BadData("The data holds nothing to draw: add data.")
    return written


def _data(corpus: Corpus, rng: np.random.Generator) -> Iterator[tuple[str, list[Glyphs], list[str]]]:
    """Yield some glyphs of each kind of data as they are, with label and writer."""
    for trial in trials(corpus):
        chosen = rng.permutation(len(trial.labels))[:GLYPHS]
        heads = [f"{trial.labels[i]}\n{trial.writers[i].rpartition('/')[2][:9]}" for i in chosen]
        yield trial.name, [trial.glyphs[i] for i in chosen], heads


def _augmented(corpus: Corpus, blend: Mix, rng: np.random.Generator) -> Iterator[tuple[str, list[Glyphs], list[str]]]:
    """Yield rows of one glyph each: as it is, then as training sees it, of pictures and of strokes."""
    rows = GLYPHS // _ACROSS
    if len(corpus.mnist.labels):
        found: list[Glyphs] = []
        heads: list[str] = []
        for i in rng.permutation(len(corpus.mnist.labels))[:rows]:
            one = mix.corpus_of(corpus.mnist.some(np.arange(len(corpus.mnist.labels)) == i), ())
            shown = Mix(_ACROSS - 1, 0, 0, 0, 0, 0, plain=0, strength=blend.strength)
            found += [one.mnist.images[0], *Maker(one, 1.0, shown).epoch(int(rng.integers(1 << 30)))[0]]
            heads += [str(one.mnist.labels[0]), *[""] * (_ACROSS - 1)]
        yield "augmented mnist", found, heads
    drawn = [s for s in corpus.characters if s.label in mix.DIGITS + mix.MARKS]
    if drawn:
        some = [drawn[i] for i in rng.permutation(len(drawn))[:rows]]
        glyphs = [g for s in some for g in _written(s, corpus, blend, rng)]
        yield "augmented ink", glyphs, [h for s in some for h in (s.label, *[""] * (_ACROSS - 1))]


def _written(sample: Sample, corpus: Corpus, blend: Mix, rng: np.random.Generator) -> list[Glyphs]:
    """Return `sample` as it was written and, beside it, as training draws it anew."""
    height = corpus.hands[sample.writer].height
    plain = mix.pen_glyph(sample.traces, height, rng, 0)
    maker = Maker(corpus, 1.0, blend)
    return [plain, *(maker.drawn(sample.traces, sample.writer, rng) for _ in range(_ACROSS - 1))]


def _epoch(corpus: Corpus, blend: Mix, seed: int) -> Iterator[tuple[str, list[Glyphs], list[str]]]:
    """Yield the beginning of an epoch, as a network gets it."""
    size = Maker(corpus, 1.0, blend).size()
    if size:
        glyphs, classes = Maker(corpus, min(1.0, 4 * GLYPHS / size), blend).epoch(seed)
        yield "an epoch", list(glyphs[:GLYPHS]), [blend.labels[c] or "none" for c in classes[:GLYPHS]]
