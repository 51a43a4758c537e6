"""Holds the ways through a page's lines to a format: the likeliest that have it, and how sure that leaves us."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from recognizer.decode import BEAM, Lattice, Path
from recognizer.formats import Format

Weighing = Callable[[Sequence[Path]], tuple[Path, ...]]  # of whole readings, as in `recognizer.rescore`

DOUBT = 0.01
"""How much a reading outside the format counts against one inside. That a page has a format says much, as few texts
have it, but not all: if one page in ten is not what it is said to be and one text in ten has the format, it is this."""


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
