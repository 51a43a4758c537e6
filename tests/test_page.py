from __future__ import annotations

import struct
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognizer.page import MOST_PIXELS, UnreadablePage, gray_of, load_pages, pages_in, save_picture
from recognizer.picture_header import page_sizes, picture_kind


def seven(height: int = 48, width: int = 64) -> np.ndarray:
    """A dark seven in the upper left of a light page."""
    page = np.full((height, width), 230, np.uint8)
    cv2.polylines(page, [np.array([[6, 6], [24, 6], [12, 30]], np.int32)], False, 20, 4)
    return page


def encoded(picture: np.ndarray, ending: str = ".png") -> bytes:
    return cv2.imencode(ending, picture)[1].tobytes()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of_size(width: int, height: int) -> bytes:
    """A PNG of nothing, a few bytes that claim any size."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def exif(orientation: int) -> bytes:
    """An EXIF block that says nothing but how the camera was held."""
    return b"MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHIHHI", 274, 3, 1, orientation, 0, 0)


def held(picture: np.ndarray, orientation: int) -> bytes:
    """A JPEG with that EXIF block."""
    block = b"Exif\0\0" + exif(orientation)
    jpeg = encoded(picture, ".jpg")
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + jpeg[2:]


LOSSLESS = [".png", ".bmp", ".tif", ".pgm", ".webp"]
ENDINGS = [".png", ".bmp", ".tif", ".ppm", ".pam", ".webp", ".jpg", ".jp2", ".avif", ".gif", ".hdr", ".pfm"]


@pytest.mark.parametrize("ending", LOSSLESS)
def test_every_lossless_format_gives_the_gray_page_back(ending):
    best = [cv2.IMWRITE_WEBP_QUALITY, 101] if ending == ".webp" else []
    (page,) = load_pages(cv2.imencode(ending, seven(), best)[1].tobytes())
    assert page.dtype == np.uint8
    np.testing.assert_array_equal(page, seven())


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_size_stands_in_the_header_of_every_format(ending):
    picture = np.dstack([seven()] * 3)
    data = encoded(picture / np.float32(255) if ending in {".hdr", ".pfm"} else picture, ending)
    assert picture_kind(data)
    assert page_sizes(data) == ((64, 48),)
    (page,) = load_pages(data)
    assert page.shape == (48, 64)
    assert page[20, 60] > page[6, 15] + 100


def test_colour_becomes_gray():
    blue_ink = np.full((20, 20, 3), 255, np.uint8)
    blue_ink[5:15, 5:15] = (180, 20, 10)
    (page,) = load_pages(encoded(blue_ink))
    assert page.shape == (20, 20)
    assert page[0, 0] == 255
    assert page[10, 10] < 60


@pytest.mark.parametrize("bits", [8, 10, 12, 16])
def test_the_highest_bit_in_use_of_sixteen_becomes_the_highest_of_eight(bits):
    deep = np.full((20, 20), 2**bits - 1, np.uint16)
    deep[5:15, 5:15] = 2**bits // 4
    (page,) = load_pages(encoded(deep))
    assert page[0, 0] == 255
    assert page[10, 10] == 64


def test_a_tiff_of_floating_point_is_stretched():
    light = np.full((20, 20), 1000.0, np.float32)
    light[5:15, 5:15] = -1000.0
    (page,) = load_pages(encoded(light, ".tif"))
    assert page[0, 0] == 255
    assert page[10, 10] == 0


def clear(picture: np.ndarray, alpha: np.ndarray) -> bytes:
    return encoded(np.dstack([picture, picture, picture, alpha]))


@pytest.mark.parametrize(("ink", "ground"), [(0, 255), (255, 0), (200, 0)])
def test_ink_on_nothing_stands_out_from_the_ground_it_is_laid_on(ink, ground):
    alpha = np.where(seven() < 128, 255, 0).astype(np.uint8)
    (page,) = load_pages(clear(np.full_like(alpha, ink), alpha))
    assert page[40, 60] == ground
    assert page[6, 15] == ink


@pytest.mark.parametrize("inverse", [False, True])
def test_paper_with_clear_corners_is_continued(inverse):
    picture = 255 - seven() if inverse else seven()
    alpha = np.full_like(picture, 255)
    alpha[-10:, -10:] = 0
    (page,) = load_pages(clear(picture, alpha))
    assert page[-1, -1] == (0 if inverse else 255)


def test_a_page_with_nothing_on_it_but_clearness_is_white():
    (page,) = load_pages(clear(seven(), np.zeros_like(seven())))
    assert page.min() == 255


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_as_the_camera_was_held(orientation):
    # OpenCV turns it itself where it is not asked for transparency: an independent account of the table.
    data = held(seven(), orientation)
    (page,) = load_pages(data)
    np.testing.assert_array_equal(page, cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE))


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_is_none_is_upright(orientation):
    (page,) = load_pages(held(seven(), orientation))
    assert page.shape == (48, 64)


def test_a_tiff_has_several_pages_of_their_own_sizes():
    pages = [seven(), seven(30, 40), 255 - seven()]
    data = cv2.imencodemulti(".tiff", pages)[1].tobytes()
    assert page_sizes(data) == ((64, 48), (40, 30), (64, 48))
    for page, wanted in zip(load_pages(data), pages, strict=True):
        np.testing.assert_array_equal(page, wanted)


@pytest.mark.parametrize("name", ["числа 数.png", "a'b\"c;$(x).png", "no ending"])
def test_names_of_every_kind_are_read(name, tmp_path):
    (tmp_path / name).write_bytes(encoded(seven()))
    assert len(load_pages(tmp_path / name)) == len(load_pages(str(tmp_path / name))) == 1


def test_a_page_just_within_the_limits_is_read():
    (page,) = load_pages(encoded(np.full((8, 8), 255, np.uint8)))
    assert page.shape == (8, 8)


REFUSED = {
    "empty": (b"", "is empty"),
    "text": (b"no picture, only words\n", "not a picture"),
    "1 x 1": (encoded(np.zeros((1, 1), np.uint8)), "1 x 1 pixels, under the 8 x 8"),
    "7 high": (encoded(np.zeros((7, 100), np.uint8)), "100 x 7 pixels, under the 8 x 8"),
    "30,000 x 30,000": (png_of_size(30_000, 30_000), "30000 x 30000 pixels, over the limit of 100 million"),
    "nothing inside": (png_of_size(20, 20), "damaged or cut short"),
    "half a PNG": (encoded(seven())[:150], "damaged or cut short"),
    "a PNG less its end": (encoded(seven())[:-12], "damaged or cut short"),
    "half a JPEG": (encoded(seven(), ".jpg")[:500], "damaged or cut short"),
    "only a signature": (b"\x89PNG\r\n\x1a\n", "damaged or cut short"),
    "half a TIFF": (encoded(seven(), ".tif")[:-60], "damaged or cut short"),
    "half a BMP": (encoded(seven(), ".bmp")[:600], "damaged or cut short"),
}


@pytest.mark.parametrize(("data", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_readable_picture_is_refused_in_one_sentence(data, reason, tmp_path, capfd):
    path = tmp_path / "bad.png"
    path.write_bytes(data)
    for source, name in ((path, str(path)), (data, "the picture")):
        with pytest.raises(UnreadablePage, match=reason) as refusal:
            load_pages(source)
        assert str(refusal.value).startswith(name)
        assert str(refusal.value).endswith(".")
    assert capfd.readouterr().out == ""


def test_missing_files_and_folders_are_refused(tmp_path):
    for path, reason in ((tmp_path / "none.png", "does not exist"), (tmp_path, "is a folder"), ("a\0b", "cannot be")):
        with pytest.raises(UnreadablePage, match=reason):
            load_pages(path)


def test_an_error_names_the_file_as_it_is_told_to_on_one_line():
    with pytest.raises(UnreadablePage, match=r"^two\\nlines\\x1b\[31m is empty"):
        load_pages(b"", name="two\nlines\x1b[31m")


@pytest.mark.parametrize("pages", [5, 2000])
def test_a_tiff_whose_pages_are_too_many_or_too_large_in_all_is_refused(pages):
    side = int(MOST_PIXELS**0.5) - 1 if pages < 1000 else 100
    directory = struct.pack("<HHHIIHHII", 2, 256, 4, 1, side, 257, 4, 1, side)
    size = len(directory) + 4
    data = b"II*\0\x08\0\0\0" + b"".join(directory + struct.pack("<I", 8 + size * (n + 1)) for n in range(pages))
    with pytest.raises(UnreadablePage, match="split it"):
        load_pages(data[:-4] + bytes(4))


def test_a_tiff_whose_pages_run_in_a_circle_has_an_end():
    directory = struct.pack("<HHHIIHHII", 2, 256, 4, 1, 20, 257, 4, 1, 20)
    assert page_sizes(b"II*\0\x08\0\0\0" + directory + struct.pack("<I", 8)) == ((20, 20),)


def test_a_tiff_whose_first_page_lies_beyond_all_memory_is_refused():
    with pytest.raises(UnreadablePage):
        load_pages(b"II+\0\x08\0\0\0" + b"\xff" * 8 + bytes(64))


def test_a_large_file_that_is_no_picture_is_not_read_whole(tmp_path, monkeypatch):
    path = tmp_path / "words.png"
    path.write_bytes(b"word " * 100_000)
    monkeypatch.setattr("recognizer.page.MOST_BYTES", 100_000)
    with pytest.raises(UnreadablePage, match="not a picture"):
        load_pages(path)
    path.write_bytes(encoded(seven()) + bytes(200_000))
    with pytest.raises(UnreadablePage, match="save a smaller one"):
        load_pages(path)


SEEDS = [
    encoded(np.dstack([seven()] * 3), ending) for ending in (".png", ".jpg", ".bmp", ".webp", ".gif", ".ppm", ".tif")
]


@settings(max_examples=300)
@given(st.sampled_from(SEEDS), st.integers(0, 4000), st.binary(max_size=6), st.integers(0, 6))
def test_any_change_to_a_file_gives_pages_or_a_refusal(seed, place, patch, dropped):
    place %= len(seed)
    data = seed[:place] + patch + seed[place + dropped :]
    try:
        pages = load_pages(data)
    except UnreadablePage as refusal:
        assert "\n" not in str(refusal)
    else:
        assert pages
        assert all(page.ndim == 2 and page.dtype == np.uint8 and page.size <= MOST_PIXELS for page in pages)


@given(st.binary(max_size=100))
def test_any_bytes_are_pages_or_a_refusal(data):
    with pytest.raises(UnreadablePage):
        load_pages(data)


def test_a_saved_picture_reads_back(tmp_path):
    path = tmp_path / "kept.png"
    save_picture(path, seven())
    np.testing.assert_array_equal(load_pages(path)[0], seven())
    red = np.zeros((20, 20, 3), np.uint8)
    red[..., 0] = 255
    save_picture(path, red)
    assert cv2.imread(str(path))[0, 0].tolist() == [0, 0, 255]
    assert [p.name for p in tmp_path.iterdir()] == ["kept.png"]


def test_a_picture_is_saved_only_under_a_picture_s_name(tmp_path):
    for name in ("page", "page.txt"):
        with pytest.raises(ValueError, match=r"call it \.png"):
            save_picture(tmp_path / name, seven())
    with pytest.raises(OSError, match="No such file"):
        save_picture(tmp_path / "none" / "page.png", seven())
    with pytest.raises(ValueError, match=r"call it \.png"):
        save_picture(tmp_path / "gray.gif", seven())
    assert not list(tmp_path.iterdir())


def test_the_pages_of_a_large_file_are_decoded_a_few_at_a_time(monkeypatch):
    pages = [np.full((20, 30 + i), 10 * i, np.uint8) for i in range(9)]
    data = cv2.imencodemulti(".tiff", pages)[1].tobytes()
    asked = []
    decode = cv2.imdecodemulti

    def noted(*arguments: object, range: tuple[int, int]) -> object:
        asked.append(range)
        return decode(*arguments, range=range)

    monkeypatch.setattr("recognizer.page._PIXELS_AT_ONCE", 2000)
    monkeypatch.setattr("cv2.imdecodemulti", noted)
    several = pages_in(data)
    assert np.array_equal(next(several), pages[0])
    assert asked == [(0, 3)]
    assert all(np.array_equal(page, held) for page, held in zip(several, pages[1:], strict=True))
    assert asked == [(0, 3), (3, 5), (5, 7), (7, 9)]


def test_a_part_of_a_png_that_claims_gigabytes_is_refused_before_it_is_decoded(monkeypatch):
    whole = encoded(np.full((20, 30), 255, np.uint8))
    place = whole.index(b"IDAT") - 4
    bomb = whole[:place] + b"\xff\xff\xff\xf0" + whole[place + 4 :]
    monkeypatch.setattr("cv2.imdecodeWithMetadata", lambda *arguments: 1 // 0)
    for data in (bomb, whole[:-1], whole[:place]):
        with pytest.raises(UnreadablePage, match="is a PNG file that is damaged or cut short"):
            load_pages(data)


WRONG = [np.zeros((9, 9)), np.zeros((0, 9), np.uint8), np.zeros(9, np.uint8), np.zeros((9, 9, 4), np.uint8), None]


@pytest.mark.parametrize("picture", WRONG, ids=["floats", "nothing", "a row", "four channels", "none"])
def test_what_is_no_picture_is_told_by_its_shape(picture):
    with pytest.raises(UnreadablePage, match=r"A picture is \(H, W\) or \(H, W, 3\) of uint8, and this is "):
        gray_of(picture)


RED_ON_GREEN = [(200, 60, 60), (60, 120, 60)], [(255, 0, 0), (0, 130, 0)], [(255, 150, 150), (175, 190, 175)]


@pytest.mark.parametrize(("ink", "paper"), RED_ON_GREEN, ids=["dull", "bright", "pale"])
def test_ink_that_differs_from_its_paper_in_colour_alone_is_seen(ink, paper):
    share = seven()[..., None] / 230
    page = np.rint(share * np.array(paper) + (1 - share) * np.array(ink)).astype(np.uint8)
    (seen,) = load_pages(encoded(page[..., ::-1]))
    assert np.array_equal(seen, gray_of(page))
    assert abs(int(seen[6, 15]) - int(seen[40, 50])) > 60
    assert abs(int(np.ptp(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)))) < 16


def test_colours_beside_ink_that_is_darker_change_nothing():
    page = np.full((60, 90, 3), 255, np.uint8)
    page[20:40, 30:60, 2] = 0  # a marker's yellow
    page[25:35, 40:44] = 0
    assert np.array_equal(gray_of(page), cv2.cvtColor(page, cv2.COLOR_RGB2GRAY))
