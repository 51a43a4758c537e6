"""What a page costs as there is more and more on it."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.options import Settings
from benchmarks.pages import LINE, drawings, pictures
from benchmarks.timing import Figures, in_turns, number, spread, table, told
from recognizer import Recognizer

TITLE = "Cost as a page fills"
COUNTS = (1, 2, 5, 10, 20, 50, 100, 200)


def measure(settings: Settings) -> Figures:
    """Return the milliseconds of reading pages of more and more digits."""
    recognizer = Recognizer.load()
    rounds = max(1, settings.rounds // 2)
    found: Figures = {}
    for count in COUNTS:
        of_pictures = in_turns({"picture": recognizer.read}, pictures(count), rounds)
        of_drawings = in_turns({"drawing": recognizer.read}, drawings(count), rounds)
        found[str(count)] = {name: spread(times) for name, times in (of_pictures | of_drawings).items()}
    return found


def report(found: Figures) -> Iterator[str]:
    """Yield the lines of Markdown that tell what was `found`."""
    yield f"Reading pages that are new to the reader, {LINE} digits a line at most; ms (half of all rounds)."
    yield ""
    heads = ["digits", "picture, ms", "ms a digit", "drawing, ms", "ms a digit"]
    yield from table(heads, [[count, *_cells(int(count), of)] for count, of in found.items()])


def _cells(count: int, of: Figures) -> Iterator[str]:
    for kind in ("picture", "drawing"):
        yield told(of[kind])
        yield number(of[kind]["median"] / count)
