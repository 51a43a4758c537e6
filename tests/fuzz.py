"""Files as nobody made them: samples of every format, cut, flipped and spliced; and a command that tries very many.

`python tests/fuzz.py --inputs 100000` reads so many files, one in `CROWDED` of them a whole page of
very many marks and the others damaged, in processes that may die of them. It tells what was read, what
was refused in a sentence, and whatever else happened: an exception, a death, more than `MOST_SECONDS`
of work, `KIB_MORE` of memory. Each input is named by a number that makes it again.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from time import process_time

import cv2
import numpy as np
from crowded import crowded
from test_pdf import pdf_of

from recognizer import Recognizer
from recognizer.batch import cores
from recognizer.drawing import load_drawing
from recognizer.file import UnreadableFile
from recognizer.page import load_pages
from recognizer.render import render_drawing
from recognizer.source import pages_of
from recognizer.workers import Workers

SAMPLES = Path(__file__).parents[1] / "sample_images"
MOST_SECONDS = 5.0
"""How long the processor may be busy with one input."""
KIB_MORE = 400_000
"""How much more memory than before the first input a process may ever have taken, KiB."""
CROWDED = 1000
"""One input in so many is a crowded page."""

_SIDES = (0, 1, 7, 8, 255, 256, 10_000, 65_535, 1 << 24, (1 << 31) - 1, (1 << 32) - 1)
_ENCODED = (".png", ".jpg", ".webp", ".bmp", ".tiff", ".pgm", ".ppm", ".gif", ".jp2", ".avif", ".hdr")


@cache
def specimens() -> tuple[bytes, ...]:
    """Whole files of every format that is read, small ones, so that many can be tried."""
    drawing = (SAMPLES / "90210-zip.inkml").read_bytes()
    page = cv2.resize(render_drawing(load_drawing(drawing)), (150, 60), interpolation=cv2.INTER_AREA)
    colour = np.dstack([page, page, 255 - page // 2])
    pictures = [page, colour, np.dstack([colour, 255 - page])]
    files = [drawing, cv2.imencode(".png", page.astype(np.uint16) * 257)[1].tobytes()]
    for ending in _ENCODED:
        for picture in pictures:
            try:
                done, data = cv2.imencode(ending, picture)
            except cv2.error:  # not every format has every number of channels
                continue
            if done:
                files.append(data.tobytes())
    files.append(cv2.imencodemulti(".tiff", [page, page.T.copy(), page])[1].tobytes())
    return (*files, pdf_of(page, page))


def file_of(seed: int) -> bytes:
    """Return the file of this number: a damaged one or a crowded page."""
    return damaged(seed) if (seed + 1) % CROWDED else crowded(seed // CROWDED)


def damaged(seed: int) -> bytes:
    """Return the damaged file of this number."""
    chance = random.Random(seed)
    data = bytearray(chance.choice(specimens()))
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        data = chance.choice(DAMAGES)(data, chance) or bytearray(b"\0")
    return bytes(data)


def _flip(data: bytearray, chance: random.Random) -> bytearray:
    data[_place(data, chance)] ^= 1 << chance.randrange(8)
    return data


def _overwrite(data: bytearray, chance: random.Random) -> bytearray:
    at = _place(data, chance)
    data[at : at + 4] = chance.choice(_SIDES).to_bytes(4, chance.choice(("big", "little")))
    return data


def _cut(data: bytearray, chance: random.Random) -> bytearray:
    return data[: chance.randrange(len(data))]


def _remove(data: bytearray, chance: random.Random) -> bytearray:
    at = _place(data, chance)
    del data[at : at + chance.randrange(1, 200)]
    return data


def _repeat(data: bytearray, chance: random.Random) -> bytearray:
    at = _place(data, chance)
    part = data[at : at + chance.randrange(1, 200)]
    return data[:at] + part * chance.choice((2, 2, 50)) + data[at:]


def _splice(data: bytearray, chance: random.Random) -> bytearray:
    other = chance.choice(specimens())
    return data[: chance.randrange(len(data))] + other[chance.randrange(len(other)) :]


DAMAGES: tuple[Callable[[bytearray, random.Random], bytearray], ...] = (
    *(_flip, _flip, _flip),
    *(_overwrite, _overwrite),
    *(_cut, _remove, _repeat, _splice),
)


def _place(data: bytearray, chance: random.Random) -> int:
    """Return a place, as often among the first bytes, where the sizes stand, as anywhere."""
    return chance.randrange(min(len(data), 64) if chance.random() < 0.5 else len(data))


def outcome(recognizer: Recognizer, data: bytes) -> str:
    """Read a file; return "read" or "refused", or in a few words what should never happen."""
    began = process_time()
    try:
        for page in pages_of(data, "it"):
            recognizer.read(page)
        said = "read"
    except UnreadableFile as problem:
        said = "refused" if "\n" not in str(problem) and len(str(problem)) < 400 else f"a long refusal: {problem}"
    except Exception as problem:  # which is what is looked for
        said = f"{type(problem).__name__}: {' '.join(str(problem).split())[:200]}"
    seconds = process_time() - began
    return said if seconds <= MOST_SECONDS else f"{said}, after {seconds:.1f} s"


# The command ----------------------------------------------------------------------------------------------------------


def begin() -> Callable[[int], str]:
    cv2.setNumThreads(1)
    assert load_pages(specimens()[1])
    recognizer = Recognizer.load()
    outcome(recognizer, specimens()[1])
    return partial(tried, recognizer, [peak()])


def tried(recognizer: Recognizer, highest: list[int], seed: int) -> str:
    said = outcome(recognizer, file_of(seed))
    more = peak() - highest[0]
    if more < KIB_MORE:
        return said
    highest[0] += more  # so that the next is not told for it
    return f"{said}, with {more >> 10} MiB more memory"


def peak() -> int:
    """Return the most memory that this process ever took, KiB; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> (10 if sys.platform == "darwin" else 0)


def lost(seed: int) -> str:
    return "the process died"


def elsewhere(seed: int) -> None:
    """No input is read by this process."""


def main() -> int:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the command does, before the processes begin
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--workers", type=int, default=cores())
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="write the inputs that failed there")
    options = parser.parse_args()
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    counts: Counter[str] = Counter()
    numbers = range(options.first, options.first + options.inputs)
    with Workers(options.workers, begin, lost) as workers:
        for seed, said in zip(numbers, workers.results(numbers, elsewhere), strict=True):
            counts[said if said in {"read", "refused"} else "failed"] += 1
            if said not in {"read", "refused"}:
                print(f"input {seed}: {said}", flush=True)
                if options.keep:
                    (options.keep / f"{seed}.bin").write_bytes(file_of(seed))
    print(", ".join(f"{count} {what}" for what, count in counts.most_common()))
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
