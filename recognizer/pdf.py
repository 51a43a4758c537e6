"""The pages of a PDF, drawn one at a time as gray pictures, by PDFium (the extra `recognizer[pdf]`)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recognizer.page import MOST_PIXELS, SHORTEST_SIDE, UnreadablePage
from recognizer.picture_header import MOST_PAGES

DOTS = 200
"""Dots an inch that pages are drawn at: handwriting 3 mm tall is 24 pixels then, and A4 has 4 million."""

MOST_PIXELS_OF_A_PAGE = MOST_PIXELS // 4
"""Pages that would have more are drawn smaller: A1 at `DOTS` has 31 million."""

_LONGEST_SIDE = 20_000  # pixels of a page: a strip of two and a half metres at `DOTS`
_POINTS = 72.0  # of an inch, the unit of a PDF's sizes
_BEGINNING = 1024  # bytes among which a PDF may begin, says its standard (ISO 32000-1, implementation note 13)
_PASSWORD = 4  # PDFium's number for a password that it lacks
_TURN = threading.Lock()  # PDFium serves one thread at a time, for all documents


def is_pdf(head: bytes) -> bool:
    """Tell whether a file that begins with `head` is a PDF."""
    return b"%PDF-" in head[:_BEGINNING]


def pdf_pages(data: bytes, name: str) -> Iterator[NDArray[np.uint8]]:
    """Yield the pages of a PDF as gray pictures (H, W), each drawn when it is asked for; errors call the file `name`.

    Raises
    ------
    UnreadablePage
        PDFium is not installed; the file is damaged, locked by a password, or has too many pages;
        a page cannot be drawn.
    """
    pdfium = _pdfium(name)
    with _TURN:
        try:
            document = pdfium.PdfDocument(data)
            count = len(document)
        except pdfium.PdfiumError as problem:
            raise _unreadable(name, getattr(problem, "err_code", None) == _PASSWORD) from None
    try:
        if not 0 < count <= MOST_PAGES:
            raise UnreadablePage(f"{name} has {count} pages, where 1 to {MOST_PAGES} are read: split it.")
        for number in range(count):
            with _TURN:
                try:
                    page = _drawn(document, number)
                except (pdfium.PdfiumError, ValueError, OverflowError, MemoryError):
                    raise UnreadablePage(f"Page {number + 1} of {name} cannot be drawn: save it again.") from None
            yield page
    finally:
        with _TURN:
            document.close()


def scale_of(width: float, height: float) -> float:
    """Return how many pixels a point of a page takes that is (width, height) points large.

    Raises
    ------
    ValueError
        No picture that can be read has such sides.
    """
    if not (0.0 < width < np.inf and 0.0 < height < np.inf):
        raise ValueError("a page without a size")
    most = (MOST_PIXELS_OF_A_PAGE / (width * height)) ** 0.5
    scale = min(DOTS / _POINTS, most, _LONGEST_SIDE / max(width, height))
    if min(width, height) * scale < SHORTEST_SIDE:
        raise ValueError("a page that is too narrow")
    return float(scale)


def _drawn(document: Any, number: int) -> NDArray[np.uint8]:
    page = document[number]
    try:
        bitmap = page.render(scale=scale_of(*page.get_size()), grayscale=True)
        try:
            return np.array(bitmap.to_numpy(), np.uint8)
        finally:
            bitmap.close()
    finally:
        page.close()


def _pdfium(name: str) -> Any:
    try:
        import pypdfium2
    except ImportError:
        raise UnreadablePage(
            f"{name} is a PDF, and what draws those is not installed: pip install 'recognizer[pdf]'."
        ) from None
    return pypdfium2


def _unreadable(name: str, locked: bool) -> UnreadablePage:
    if locked:
        return UnreadablePage(f"{name} is locked by a password: save it without one.")
    return UnreadablePage(f"{name} is a PDF that is damaged or cut short: save or download it again.")
