from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from conftest import Command
from test_command import PHONE, wanted

from recognizer.page import MOST_PIXELS, UnreadablePage, load_pages
from recognizer.pdf import DOTS, MOST_PIXELS_OF_A_PAGE, is_pdf, pdf_pages, scale_of
from recognizer.source import files_below, load_source, pages_of


def pdf_of(*pages: np.ndarray, dots: float = DOTS) -> bytes:
    """A PDF as a scanner makes it: each gray page a JPEG, as large as `dots` an inch make it."""
    objects: list[bytes] = []
    kids = []
    for page in pages:
        high, wide = page.shape
        picture = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()
        width, height = wide * 72 / dots, high * 72 / dots
        first = len(objects) + 3
        kids.append(b"%d 0 R" % first)
        paint = b"q %f 0 0 %f 0 0 cm /P Do Q" % (width, height)
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %f %f]/Contents %d 0 R/Resources<</XObject<</P %d 0 R>>>>>>"
            % (width, height, first + 1, first + 2),
            b"<</Length %d>>stream\n%s\nendstream" % (len(paint), paint),
            b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"
            b"/Filter/DCTDecode/Length %d>>stream\n%s\nendstream" % (wide, high, len(picture), picture),
        ]
    catalog = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate([*catalog, *objects], 1):
        places.append(len(data))
        data += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    return data + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        size,
        table,
        size,
        len(data),
    )


def gray(value: int, high: int = 100, wide: int = 160) -> np.ndarray:
    return np.full((high, wide), value, np.uint8)


@pytest.fixture(autouse=True)
def _pdfium():
    pytest.importorskip("pypdfium2", reason="the extra recognizer[pdf] is not installed")


def test_pages_are_drawn_as_large_as_they_were_scanned():
    first, second = load_source(pdf_of(gray(200), gray(90, 300, 200)))
    assert (first.shape, second.shape) == ((100, 160), (300, 200))
    assert abs(float(first.mean()) - 200) < 2
    assert abs(float(second.mean()) - 90) < 2
    assert first.dtype == np.uint8


def test_pages_are_drawn_when_they_are_asked_for():
    pages = pdf_pages(pdf_of(gray(200), gray(90)), "scan.pdf")
    assert next(pages).shape == (100, 160)
    pages.close()


def test_a_page_has_no_more_pixels_than_fit():
    assert scale_of(595, 842) == DOTS / 72
    wide, high = 14_400.0, 14_400.0
    assert wide * scale_of(wide, high) * high * scale_of(wide, high) <= MOST_PIXELS_OF_A_PAGE + 1 < MOST_PIXELS
    (page,) = load_source(pdf_of(gray(200), dots=0.5))
    assert 0.9 * MOST_PIXELS_OF_A_PAGE < page.size <= MOST_PIXELS_OF_A_PAGE + sum(page.shape)
    assert round(scale_of(20_000.0, 50.0) * 20_000) == 20_000
    for size in ((190_000.0, 17.0), (0.0, 10.0), (float("nan"), 10.0), (float("inf"), 10.0), (1e9, 1.0)):
        with pytest.raises(ValueError, match="a page"):
            scale_of(*size)


def test_a_pdf_is_known_by_its_beginning_and_a_picture_is_none(tmp_path):
    assert is_pdf(b"%PDF-1.7\n")
    assert is_pdf(b"a few bytes of a mail\n%PDF-1.7\n")
    assert not is_pdf(b"words about %PDF")
    (tmp_path / "scan").write_bytes(pdf_of(gray(200)))
    assert list(files_below(tmp_path)) == [tmp_path / "scan"]
    commented = cv2.imencode(".pgm", gray(200))[1].tobytes().replace(b"P5\n", b"P5\n#%PDF-1.7\n", 1)
    assert len(load_pages(commented)) == len(load_source(commented)) == 1


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", pdf_of(gray(200))[:300], pdf_of()], ids=["head", "cut", "no pages"])
def test_what_is_damaged_or_empty_is_refused_in_a_sentence(data):
    with pytest.raises(UnreadablePage, match=r"^scan\.pdf (is a PDF that is damaged|has 0 pages)"):
        load_source(data, "scan.pdf")


def test_a_page_that_cannot_be_drawn_is_refused_by_its_number():
    pages = pages_of(pdf_of(gray(200), gray(90, 4, 400)))
    assert next(pages).shape == (100, 160)
    with pytest.raises(UnreadablePage, match=r"^Page 2 of the document cannot be drawn"):
        next(pages)


def test_a_lock_is_told(monkeypatch):
    import pypdfium2

    def locked(data: bytes) -> None:
        raise pypdfium2.PdfiumError("Failed to load document (PDFium: Incorrect password error).", err_code=4)

    monkeypatch.setattr("pypdfium2.PdfDocument", locked)
    with pytest.raises(UnreadablePage, match=r"^scan\.pdf is locked by a password"):
        load_source(pdf_of(gray(200)), "scan.pdf")


def test_where_pdfium_is_missing_the_way_to_it_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(UnreadablePage, match=r"^scan\.pdf is a PDF.*pip install 'recognizer\[pdf\]'"):
        load_source(pdf_of(gray(200)), "scan.pdf")


def test_many_threads_take_their_turns():
    files = [pdf_of(gray(value), gray(value)) for value in range(50, 250, 10)]
    with ThreadPoolExecutor(4) as threads:
        loaded = list(threads.map(load_source, files))
    means = [[round(float(page.mean()), -1) for page in pages] for pages in loaded]
    assert means == [[value, value] for value in range(50, 250, 10)]


def test_the_number_on_each_page_of_a_pdf_is_read(command: Command, tmp_path):
    (tmp_path / "scan.pdf").write_bytes(pdf_of(*load_pages(PHONE), *load_pages(PHONE)))
    done = command(tmp_path / "scan.pdf")
    assert (done.returncode, done.stdout.decode().split()) == (0, [wanted(PHONE)] * 2)
