"""Paths -> paths: whole texts weighed once more by what a number may look like, its grammar."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import pairwise

from recognizer.decode import Path
from recognizer.reading import DIGITS

UNPAIRED = -3.0  # nats for a bracket that opens or closes nothing
CROWDED = -2.0  # nats for two marks side by side that nobody writes so
DANGLING = -1.5  # nats for a mark at an end where it means nothing
LOPSIDED = -3.0  # nats for a slash after more than three digits or before more than four

_STAND_BESIDE = frozenset((")-", ")/", ").", "),", "):", "%=", "-(", "+(", "/(", "=(", "=$", "=-", "$(", "+$", "-$"))
_NEVER_FIRST = frozenset("/.,:%=)")
_NEVER_LAST = frozenset("/(+=$#")
_AROUND_SLASH = re.compile(r"(\d*)/(?=(\d*))")


def weighed(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return `paths` with their plausibility weighed in, likeliest first.

    What is not among them counts as plausible: the more of it there is, the less sure the rest.
    """
    weights = [path.probability * math.exp(plausibility(path.text)) for path in paths]
    total = sum(weights) + max(0.0, 1.0 - sum(path.probability for path in paths))
    again = (Path(p.text, p.steps, weight / total) for p, weight in zip(paths, weights, strict=True))
    return tuple(sorted(again, key=lambda p: -p.probability))


def plausibility(text: str) -> float:
    """Return the log-probability, in nats, that rules of writing add to `text`; 0 where none is broken.

    Brackets come in pairs, marks stand between digits, slashes part dates and fractions: so much
    holds of phone numbers, dates and amounts alike. A text of one symbol breaks no rule. The weights
    are set by hand and were checked on writers of the training split that neither classifier nor
    score had seen, that of slashes at a third and two thirds of its value only.
    """
    if len(text) < 2:
        return 0.0
    crowded = sum(
        a not in DIGITS and b not in DIGITS and a + b not in _STAND_BESIDE for a, b in pairwise(text.replace(" ", ""))
    )
    ends = (text[0] in _NEVER_FIRST) + (text[-1] in _NEVER_LAST)
    slashes = sum(len(before) > 3 or len(after) > 4 for before, after in _AROUND_SLASH.findall(text))
    return UNPAIRED * _unpaired(text) + CROWDED * crowded + DANGLING * ends + LOPSIDED * slashes


def _unpaired(text: str) -> int:
    open_, unpaired = 0, 0
    for c in text:
        if c == "(":
            unpaired += open_
            open_ = 1
        elif c == ")":
            unpaired += 1 - open_
            open_ = 0
    return unpaired + open_
