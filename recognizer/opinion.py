"""A second opinion on whole readings: what the line model says of the likeliest paths through a lattice.

The lattice cuts and looks at each symbol by itself; the line model sees the line as a whole and
never cuts. They err in different ways, so the log-probabilities of both together tell more than
either, and where they disagree neither is sure (two such experts are combined as in
G. Hinton, Products of experts, ICANN 1999). `training.opinion` fits the weights.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from recognizer.candidates import NOISE
from recognizer.decode import Lattice, Step
from recognizer.decode import Path as Way
from recognizer.line_model import Frames, digits_alone, likeliest, log_probabilities
from recognizer.reading import DIGITS, digits_of
from recognizer.score import SHRINK, Features

TRAITS = (
    "lattice beside the line model",
    "line model's text",
    "line model's digits",
    "nothing by the lattice",
    "nothing where digits look strange",
    "lattice on noisy paper",
    "line model's text on noisy paper",
    "line model's digits on noisy paper",
    "nothing by the lattice on noisy paper",
    "nothing where digits look strange on noisy paper",
)
"""Log-probabilities of a text: the lattice's once more, and the line model's, of the text with its marks and of its
digits whatever marks stand there. Of no text at all, the lattice's another time, since it was fitted on pages that have
some and tells little there, and how strange the digits of the line look. All again times the unevenness of the paper,
which spoils cuts and looks first."""
SILENT = tuple("nothing" in name for name in TRAITS)
"""Which of the traits speak for no text at all."""
_FAINTEST = -30.0  # nats: a text that the line model thinks less likely is as good as this
_LEAST_REST = -14.0  # the same for all other texts together
_LONGEST = 60  # pieces of a line: on more, which grain may leave, numbers would take seconds to spell
_STRANGEST = 8.0  # nats: a digit that looks stranger than this is as good as this, one that looks better likewise


@dataclass(frozen=True, eq=False)
class Opinion:
    """What the line model says of one line: the probabilities of `labels` along it.

    `seen` (candidates, labels + geometry) is what the lattice's score sees of the same line.
    """

    frames: Frames
    labels: tuple[str, ...]
    seen: Features

    @property
    def noise(self) -> float:
        """The unevenness of the line's paper."""
        return float(self.seen[0, len(self.labels) + NOISE])

    @cached_property
    def digits(self) -> Frames:
        """The same for the digits alone."""
        return digits_alone(self.frames, self.labels)

    @property
    def text(self) -> str:
        """The likeliest text."""
        return likeliest(self.frames, self.labels)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The likeliest digits, whatever marks stand between them, and those of the likeliest text."""
        return tuple(dict.fromkeys((likeliest(self.digits, self.labels), digits_of(self.text))))

    def traits(self, paths: Sequence[Way]) -> NDArray[np.float64]:
        """Return the `TRAITS` (paths + 1, traits) of each path and, in the last row, of all other texts together."""
        texts = [path.text for path in paths]
        numbers = [digits_of(text) for text in texts]
        of_text, of_digits = np.split(log_probabilities(self.frames, self.labels, texts, numbers), 2)
        apart: dict[str, float] = dict(zip(numbers, of_digits.tolist(), strict=True))
        by_cuts = np.log(np.maximum([path.probability for path in paths], 1e-300))
        columns = [
            np.append(np.maximum(own, _FAINTEST), _rest(every))
            for own, every in ((by_cuts, by_cuts.tolist()), (of_text, of_text.tolist()), (of_digits, apart.values()))
        ]
        nothing = np.array([*(float(not text) for text in texts), 0.0])
        columns += [nothing * columns[0], nothing * self.strangeness(paths)]
        return np.stack([*columns, *(self.noise * told for told in columns)], 1)

    def strangeness(self, paths: Sequence[Way]) -> float:
        """Return how much likelier the digits of the first of `paths` that has any look to be no symbol, in nats.

        This is the mean over them of the log odds that the classifier gives each by itself; 0 without digits.
        """
        none = self.labels.index("")
        steps = next((held for way in paths if (held := self._digits_of(way))), ())
        odds = [SHRINK * float(self.seen[i, none] - self.seen[i, label]) for i, label in steps]
        return fmean(min(_STRANGEST, max(-_STRANGEST, each)) for each in odds) if odds else 0.0

    def _digits_of(self, way: Way) -> tuple[Step, ...]:
        return tuple(step for step in way.steps if self.labels[step.label] in DIGITS)


def _rest(told: Iterable[float]) -> float:
    """Return the log-probability of all that is not among texts whose own are `told`."""
    return max(_LEAST_REST, math.log(max(1e-300, 1.0 - math.fsum(map(math.exp, told)))))


def seconded(paths: Sequence[Way], opinion: Opinion, weights: Mapping[str, float]) -> tuple[Way, ...]:
    """Return `paths` with what `opinion` says of them added to their log-probabilities, likeliest first."""
    told = opinion.traits(paths)
    merits = told[:, 0] + told @ [weights.get(name, 0.0) for name in TRAITS]
    shares = np.exp(merits - merits.max())
    shares /= shares.sum()
    again = (Way(path.text, path.steps, share) for path, share in zip(paths, shares.tolist(), strict=False))
    return tuple(sorted(again, key=lambda path: -path.probability))


@dataclass(frozen=True)
class Spelled:
    """Texts whose digits are `number`, whatever marks stand between them; asked for as a format is."""

    number: str

    def viable(self, prefix: str) -> bool:
        """Say whether such a text may begin with `prefix`."""
        last = prefix[-1:]
        return last not in DIGITS or (last in self.number and self.number.startswith(digits_of(prefix)))

    def complete(self, text: str) -> bool:
        """Say whether `text` is one."""
        return digits_of(text) == self.number


def spelled(lattice: Lattice, opinion: Opinion, found: Sequence[Way]) -> tuple[Way, ...]:
    """Return ways to the line model's likeliest numbers, and to none, that are not among those `found`.

    A number that `lattice` has no way to is left out, and all are where it is too long.
    """
    known = {digits_of(way.text) for way in found}
    new = [number for number in opinion.numbers if number not in known] if lattice.places <= _LONGEST else []
    more = [way for number in new for way in lattice.paths(1, Spelled(number))]
    return tuple(more) if any(not way.text for way in (*found, *more)) else (*more, lattice.blank())
