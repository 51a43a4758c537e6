"""Pages that hypothesis chooses: numbers as people write them, in the hands of the scripted pen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray
from scripted_pen import Hand, write

from recognizer.drawing import Drawing
from recognizer.render import render_drawing

PAPER = 255


def _digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


TEXTS = st.one_of(
    st.text("0123456789", min_size=1, max_size=8),
    st.builds("({}) {}-{}".format, _digits(3), _digits(3), _digits(4)),
    st.builds("{}/{}/{}".format, _digits(2), _digits(2), _digits(4)),
    st.builds("${}.{}".format, _digits(3), _digits(2)),
    st.builds("{}\n{}".format, _digits(4), _digits(3)),
)
HANDS = st.builds(
    Hand,
    seed=st.integers(0, 10_000),
    height=st.floats(40, 120),
    width=st.floats(3, 9),
    slant=st.floats(-0.1, 0.4),
    rise=st.floats(-0.08, 0.08),
    gap=st.floats(0.1, 0.4),
    unevenness=st.floats(0, 1.5),
)


@dataclass(frozen=True)
class Written:
    """A number that a hand has written, with `margin` pixels of paper around it where it is a picture."""

    text: str
    hand: Hand
    margin: int

    @property
    def drawing(self) -> Drawing:
        """It as strokes."""
        return write(self.text, self.hand)

    @property
    def page(self) -> NDArray[np.uint8]:
        """It as a picture, dark on light, no side under the 8 pixels that pictures must have."""
        page = render_drawing(self.drawing)
        rows, columns = np.nonzero(page < PAPER)
        inked = page[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        return with_margins(inked, *[max(self.margin, (9 - min(inked.shape)) // 2)] * 4)


def with_margins(page: NDArray[np.uint8], above: int, below: int, left: int, right: int) -> NDArray[np.uint8]:
    """Return `page` with so much more paper around it."""
    return np.pad(page, ((above, below), (left, right)), constant_values=PAPER)


def written(least: int) -> st.SearchStrategy[Written]:
    """Numbers with at least so many pixels of paper around them."""
    return st.builds(Written, TEXTS, HANDS, st.integers(least, 3) | st.integers(least, 40))


CROPPED = written(0)
"""Among these are pictures cut out along their ink."""

WRITTEN = written(1)
