"""What a number is to look like: phone, date, amount, so many digits, or a regular expression over symbols.

The decoder asks a format two things: whether a text may still become one of its own, and whether it
is one. The first is partial matching (the library `regex` does it), so that a wrong turn is left
where it is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from recognizer.reading import DIGITS

_DAY, _MONTH = r"(0?[1-9]|[12]\d|3[01])", r"(0?[1-9]|1[0-2])"
_DAY2, _MONTH2, _YEAR = r"(0[1-9]|[12]\d|3[01])", r"(0[1-9]|1[0-2])", r"((19|20)?\d\d)"

NAMED = {
    "phone": (r"\+?(\d{1,3}[-./]?)?(\(\d{1,5}\)[-./]?)?\d{1,12}([-./]\d{1,8}){0,5}", 6, 15),
    "date": (
        rf"({_DAY}(?P<a>[-./]){_MONTH}|{_MONTH}(?P<b>[-./]){_DAY})([-./]{_YEAR}?)?"
        rf"|(19|20)\d\d(?P<c>[-./]){_MONTH}(?P=c){_DAY}"
        rf"|{_DAY2}{_MONTH2}{_YEAR}|{_MONTH2}{_DAY2}{_YEAR}|(19|20)\d\d{_MONTH2}{_DAY2}",
        2,
        8,
    ),
    "amount": (r"[-+]?#?\$?(\d{1,3}([.,]\d{3})+|\d+)([.,]\d\d?)?(\$|[.,]?-|=|#)?", 1, 15),
    "time": (r"([01]?\d|2[0-3])[:.][0-5]\d([:.][0-5]\d)?", 3, 6),
}
"""Formats by name: an expression over symbols without spaces, and the fewest and most digits."""

_COUNTED = re.compile(r"digits:(\d{1,3})(?:-(\d{1,3}))?")
_NAME = re.compile(r"[a-z]+(:.*)?")
_PATIENCE = 1.0  # seconds that one match may take: an expression that tries everything twice never ends


class BadFormat(ValueError):
    """What was asked for is no format; the message names it and says what is one."""


@dataclass(frozen=True)
class Format:
    r"""Texts that match `pattern` whole and hold `fewest` to `most` digits; a text is one line, without spaces.

    `check` may refuse a whole text that looks right: the place for checksums.

    >>> Format.of("date").complete("8/31/26"), Format.of("date").complete("31/31/26")
    (True, False)
    >>> Format.of("digits:5").viable("902"), Format.of(r"\d{4}-\d{4}").viable("12-")
    (True, False)
    >>> even = Format("even", r"\d+", check=lambda text: text[-1] in "02468")
    >>> even.complete("12"), even.complete("13")
    (True, False)
    """

    name: str
    pattern: str
    fewest: int = 0
    most: int | None = None
    check: Callable[[str], bool] | None = None

    def __post_init__(self) -> None:
        """Refuse an expression that cannot be compiled."""
        _compiled(self.pattern)

    @classmethod
    def of(cls, asked: str) -> Format:
        """Return the format called `asked`: a name, digits:N, digits:N-M (marks between them free), or an expression.

        Raises
        ------
        BadFormat
            It is none of these.
        """
        if asked in NAMED:
            return cls(asked, *NAMED[asked])
        if counted := _COUNTED.fullmatch(asked):
            fewest, most = int(counted[1]), int(counted[2] or counted[1])
            if not 1 <= fewest <= most:
                raise BadFormat(f"{asked}: expected digits:N or digits:N-M with 1 <= N <= M.")
            return cls(asked, r"\D*(\d\D*)*", fewest, most)
        if not asked or _NAME.fullmatch(asked):
            raise BadFormat(
                f"{asked!r} is no format: choose {', '.join(NAMED)}, digits:N, digits:N-M, "
                r"or give a regular expression over symbols, as \d{4}-\d{4}."
            )
        return cls(asked, asked)

    def viable(self, prefix: str) -> bool:
        """Say whether a text of this format may begin with `prefix`."""
        digits = sum(c in DIGITS for c in prefix)
        return (self.most is None or digits <= self.most) and _matches(self.pattern, prefix, True)

    def complete(self, text: str) -> bool:
        """Say whether `text` is one of this format."""
        digits = sum(c in DIGITS for c in text)
        counted = self.fewest <= digits and (self.most is None or digits <= self.most)
        return counted and _matches(self.pattern, text, False) and (self.check is None or self.check(text))


def is_format(name: str) -> bool:
    """Say whether `Format.of` knows a format called `name`."""
    try:
        Format.of(name)
    except BadFormat:
        return False
    return True


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> Any:
    import regex  # which only formats need

    try:
        return regex.compile(pattern)
    except regex.error as problem:
        raise BadFormat(f"{pattern!r} is no regular expression ({problem}).") from None


@lru_cache(maxsize=20_000)
def _matches(pattern: str, text: str, partial: bool) -> bool:
    try:
        return _compiled(pattern).fullmatch(text, partial=partial, timeout=_PATIENCE) is not None
    except TimeoutError:
        raise BadFormat(f"{pattern!r} takes too long to compare: write it without nested repetitions.") from None
