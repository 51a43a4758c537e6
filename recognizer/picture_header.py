"""What the first bytes of a picture file say: its kind, and the size of its pages before anything is decoded.

So a page that is too large costs no memory: a few kilobytes of PNG can claim gigabytes of pixels. Where a file states
its size twice, the larger one counts.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator

MOST_PAGES = 1000
"""How many pages of one file are looked at; a file that claims more is taken to have this many and one."""

_ORIENTATION, _WIDTH, _HEIGHT = 274, 256, 257  # tags of TIFF, and of EXIF, which is a TIFF without pages
_INTEGERS = {1: "B", 3: "H", 4: "I", 16: "Q"}  # TIFF's types of whole numbers
_PNG_PARTS = 8  # bytes before the first part
_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # the frame headers among JPEG's markers

Sizes = Iterator[tuple[int, int]]


def picture_kind(head: bytes) -> str:
    """Return which kind of picture begins with `head`, "" where it is none of those we read."""
    return next((kind for kind, (signature, _) in _KINDS.items() if signature.match(head)), "")


def page_sizes(data: bytes) -> tuple[tuple[int, int], ...]:
    """Return (width, height) in pixels of each page, as the header says; () where it is cut short or makes no sense.

    Only TIFF has several pages here: of animations the first frame is read. Sizes are before EXIF orientation.
    """
    kind = picture_kind(data)
    if not kind:
        return ()
    try:
        return tuple(_KINDS[kind][1](data))
    except (struct.error, ValueError, LookupError, OverflowError):
        return ()


def is_whole(data: bytes) -> bool:
    """Tell whether the parts of a file are all there, as far as it names their lengths before them.

    A decoder may take as much memory as a length asks for, gigabytes in four bytes, before it finds nothing there.
    """
    if picture_kind(data) != "PNG":
        return True
    place, part = _PNG_PARTS, b""
    while part != b"IEND" and place + 8 <= len(data):
        length, part = struct.unpack_from(">I4s", data, place)
        place += 12 + length
    return part == b"IEND" and place <= len(data)


def exif_orientation(exif: bytes) -> int:
    """Return 1 to 8, how the camera was held according to an EXIF block; 1, upright, where it does not say."""
    try:
        directory = next(_directories(exif.removeprefix(b"Exif\0\0")), {})
    except (struct.error, ValueError, OverflowError):
        return 1
    orientation = directory.get(_ORIENTATION, 1)
    return orientation if 1 <= orientation <= 8 else 1


def _png(data: bytes) -> Sizes:
    yield struct.unpack_from(">II", data, 16)


def _jpeg(data: bytes) -> Sizes:
    place = 2
    while True:
        while data[place + 1] == 0xFF:  # fill bytes may stand before a marker
            place += 1
        marker, length = struct.unpack_from(">xBH", data, place)
        if marker in _JPEG_SIZES:
            height, width = struct.unpack_from(">HH", data, place + 5)
            yield width, height
            return
        place += 2 + length


def _bmp(data: bytes) -> Sizes:
    old = struct.unpack_from("<I", data, 14)[0] == 12
    width, height = struct.unpack_from("<HH" if old else "<ii", data, 18)
    yield width, abs(height)


def _gif(data: bytes) -> Sizes:
    yield struct.unpack_from("<HH", data, 6)


def _webp(data: bytes) -> Sizes:
    form = data[12:16]
    if form == b"VP8X":
        yield 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    elif form == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        yield 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    else:
        width, height = struct.unpack_from("<HH", data, 26)
        yield width & 0x3FFF, height & 0x3FFF


def _tiff(data: bytes) -> Sizes:
    for directory in _directories(data):
        yield directory[_WIDTH], directory[_HEIGHT]


def _directories(data: bytes) -> Iterator[dict[int, int]]:
    """Yield {tag: whole number} of each page of a TIFF, classic or Big; the larger of two numbers for one tag."""
    order = "<" if data[:2] == b"II" else ">"
    big = struct.unpack_from(f"{order}H", data, 2)[0] == 43
    offset, count, entry = ("Q", "Q", "HHQ") if big else ("I", "H", "HHI")
    place = struct.unpack_from(order + offset, data, 8 if big else 4)[0]
    seen: set[int] = set()
    while place and place not in seen and len(seen) <= MOST_PAGES:
        seen.add(place)
        entries = struct.unpack_from(order + count, data, place)[0]
        place += struct.calcsize(order + count)
        found: dict[int, int] = {}
        for _ in range(entries):
            tag, form, _ = struct.unpack_from(order + entry, data, place)
            value_place = place + struct.calcsize(order + entry)
            if form in _INTEGERS and tag in {_ORIENTATION, _WIDTH, _HEIGHT}:
                found[tag] = max(found.get(tag, 0), struct.unpack_from(order + _INTEGERS[form], data, value_place)[0])
            place = value_place + struct.calcsize(order + offset)
        yield found
        place = struct.unpack_from(order + offset, data, place)[0]


def _netpbm(data: bytes) -> Sizes:
    text = re.sub(rb"#[^\r\n]*", b"", data[2:2000])
    named = dict(re.findall(rb"(WIDTH|HEIGHT)\s+(\d{1,9})", text))
    numbers = [named[b"WIDTH"], named[b"HEIGHT"]] if len(named) == 2 else text.split()[:2]
    yield int(numbers[0]), int(numbers[1])


def _jpeg2000(data: bytes) -> Sizes:
    sizes = [struct.unpack_from(">II", data, at.end() + 4) for at in re.finditer(rb"\xff\x4f\xff\x51", data)]
    boxes = [struct.unpack_from(">II", data, at.end()) for at in re.finditer(rb"ihdr", data)]
    yield _largest([*sizes, *((width, height) for height, width in boxes)])


def _avif(data: bytes) -> Sizes:
    yield _largest([struct.unpack_from(">II", data, at.end() + 4) for at in re.finditer(rb"ispe", data)])


def _largest(sizes: list[tuple[int, ...]]) -> tuple[int, int]:
    """Return the size that takes the most memory, of at least one."""
    width, height = max(sizes, key=lambda size: size[0] * size[1])
    return width, height


def _radiance(data: bytes) -> Sizes:
    found = re.search(rb"\n[-+]([XY]) (\d{1,9}) [-+][XY] (\d{1,9})\n", data[:4000])
    if found is not None:
        pair = int(found[2]), int(found[3])
        yield pair if found[1] == b"X" else pair[::-1]


_KINDS: dict[str, tuple[re.Pattern[bytes], Callable[[bytes], Sizes]]] = {
    "PNG": (re.compile(rb"\x89PNG\r\n\x1a\n"), _png),
    "JPEG": (re.compile(rb"\xff\xd8\xff"), _jpeg),
    "BMP": (re.compile(rb"BM.{12}[\x0c-\x80]\0\0\0", re.DOTALL), _bmp),
    "TIFF": (re.compile(rb"II[*+]\0|MM\0[*+]"), _tiff),
    "WebP": (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), _webp),
    "GIF": (re.compile(rb"GIF8[79]a"), _gif),
    "Netpbm": (re.compile(rb"P[1-7fF]\s"), _netpbm),
    "JPEG 2000": (re.compile(rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51"), _jpeg2000),
    "AVIF": (re.compile(rb".{4}ftypavi[fs]", re.DOTALL), _avif),
    "Radiance": (re.compile(rb"#\?R(ADIANCE|GBE)\s"), _radiance),
}
