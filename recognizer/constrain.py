"""Holds the ways through a page's lines to what is known of it: a format, or that somebody cut out one digit."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from recognizer.decode import BEAM, Lattice, Path
from recognizer.formats import Format
from recognizer.reading import DIGITS

Weighing = Callable[[Sequence[Path]], tuple[Path, ...]]  # of whole readings, as in `recognizer.rescore`

DOUBT = 0.01
"""How much a reading outside the format counts against one inside. That a page has a format says much, as few texts
have it, but not all: if one page in ten is not what it is said to be and one text in ten has the format, it is this."""

CUT_OUT = 32
"""Pixels of the longer side of a picture up to which it is taken for one digit that was cut out, as those of MNIST."""

_ONE_DIGIT = 2.0
"""How much more likely one digit then is than nothing or a number, in nats. Of 4,522 digits of MNIST's held-out writers
27 are misread with it and 28 without, six of these as nothing; of 300 pictures of two digits 297 are right by both."""


def held_to(
    wanted: Format,
    lattices: Sequence[Lattice],
    free: Sequence[Sequence[Path]],
    weighings: Sequence[Weighing],
    count: int,
) -> tuple[list[tuple[Path, ...]], bool]:
    """Return the ways through each line that have the format `wanted`, likeliest first, and whether all lines have any.

    `free` are the likeliest ways of any format. They stay where a line has none in the format, and
    where it says nothing.
    """
    held = [
        tuple(ways) if not ways[0].text else _inside(wanted, lattice, weighing, max(count, BEAM))
        for lattice, ways, weighing in zip(lattices, free, weighings, strict=True)
    ]
    found = [ways or tuple(others) for ways, others in zip(held, free, strict=True)]
    return found, all(held)


def as_one_digit(weighing: Weighing, paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return `paths` as they weigh, but with more for those that are one digit."""
    ways = weighing(paths)
    shares = [way.probability * math.exp(_ONE_DIGIT * (way.text in DIGITS)) for way in ways]
    left = 1.0 - sum(way.probability for way in ways)
    total = sum(shares) + max(0.0, left)
    more = (replace(way, probability=share / total) for way, share in zip(ways, shares, strict=True))
    return tuple(sorted(more, key=lambda way: -way.probability))


def _inside(wanted: Format, lattice: Lattice, weighing: Weighing, count: int) -> tuple[Path, ...]:
    """Return the readings of one line in the format, likeliest first.

    Where readings of other formats outweigh them by far, the ink denies the format, and what is
    returned is not likely.
    """
    found = {path.text: path for path in lattice.paths(count)} | {p.text: p for p in lattice.paths(count, wanted)}
    likely = weighing(tuple(found.values()))
    kept = [path for path in likely if wanted.complete(path.text)]
    inside = sum(path.probability for path in kept)
    total = inside + DOUBT * (1 - inside)
    return tuple(replace(path, probability=path.probability / total) for path in kept[:count])
