"""How a number is shown: in groups, as people write numbers of its format."""

from __future__ import annotations

import re

SPACE = " "

_LEADING = re.compile(r"([^\d]*)(\d+)(.*)", re.DOTALL)
_DATES = {8: (2, 2, 4), 6: (2, 2, 2)}
_PHONES = {7: (3, 4), 10: (3, 3, 4), 11: (1, 3, 3, 4)}
_QUARTERS = 4
_LONG = 6
"""Digits from which a code of so many digits is shown in fours."""


def grouped(text: str, format: str) -> str:
    """Return one line of `text` as it is shown where numbers of `format` are written; its digits stay as they are.

    Groups and marks that were written are kept. Amounts have their thousands parted; phone numbers,
    dates, times and long codes are parted where they were written without a break.
    """
    if format == "amount":
        return _LEADING.sub(lambda found: found[1] + _thousands(found[2]) + found[3], text, count=1)
    if not text.isdecimal():
        return text
    if format == "phone":
        return _parted(text, _PHONES.get(len(text), _blocks(len(text), 3)))
    if format == "date":
        year_first = len(text) == 8 and text[:2] in ("19", "20") and text[4:6] <= "12" and text[6:] <= "31"
        return _parted(text, (4, 2, 2) if year_first else _DATES.get(len(text), (len(text),)))
    if format == "time":
        return _parted(text, (2 - len(text) % 2, 2, 2))
    if format.startswith("digits:") and len(text) > _LONG:
        return _parted(text, _blocks(len(text), _QUARTERS))
    return text


def _thousands(digits: str) -> str:
    return _parted(digits, (len(digits) % 3, *(3,) * (len(digits) // 3))) if len(digits) > 3 else digits


def _blocks(count: int, size: int) -> tuple[int, ...]:
    """Return how to part `count` digits in groups of `size`, the last of which takes what would be one digit alone."""
    whole, rest = divmod(count, size)
    if not rest or not whole:
        return (size,) * whole + (rest,) * (rest > 0)
    return (*(size,) * (whole - 1), size + 1) if rest == 1 else (*(size,) * whole, rest)


def _parted(text: str, sizes: tuple[int, ...]) -> str:
    groups, at = [], 0
    for size in sizes:
        groups.append(text[at : at + size])
        at += size
    return SPACE.join(group for group in (*groups, text[at:]) if group)
