"""The only reader and writer of picture files: a file becomes gray pages as a person sees them.

Whatever OpenCV decodes is a picture: PNG, JPEG, BMP, TIFF with several pages, WebP, GIF, Netpbm, JPEG 2000, AVIF.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from recognizer.file import UnreadableFile, checked, read_file, shown, write_file
from recognizer.picture_header import MOST_PAGES, exif_orientation, is_whole, page_sizes, picture_kind

SHORTEST_SIDE = 8
"""The smallest width or height, in pixels, in which a digit can be told."""

MOST_PIXELS = 100_000_000
"""The largest page that is decoded: a sheet of A3 at 600 dots an inch has 70 million."""

MOST_PIXELS_OF_ALL_PAGES = 4 * MOST_PIXELS
MOST_BYTES = 500_000_000

_PIXELS_AT_ONCE = 20_000_000  # two sheets at 300 dots an inch
_LOOKED_AT = 1000  # pixels that the longer side of a picture is made to have before its colours are compared
_AROUND = 31  # pixels of it around a stroke
_FLAT = 16  # gray levels that pencil on gray paper differs by, at least: under these there is no ink in sight
_CLEARER = 3  # times the contrast of gray that a colour has where ink differs in nothing else
_EXIF = 0  # of cv2's ImageMetadataType, which the Python module does not name


class UnreadablePage(UnreadableFile):
    """A file that is no picture we can read; its message is one sentence that names it and says what to do."""


def load_pages(source: str | os.PathLike[str] | bytes, name: str = "") -> tuple[NDArray[np.uint8], ...]:
    """Return the pages of a picture file, given its path or its bytes: gray uint8 (H, W), 0 black, as a person sees it.

    EXIF orientation is applied and transparency laid on a ground that the ink stands out from. 16 bits become 8.
    Only TIFF has several pages; of an animation the first frame is read. Errors call the file `name`, or by its path.

    Raises
    ------
    UnreadablePage
        The file is missing, empty, no picture, damaged, cut short, or smaller or larger than what is read.
    """
    return tuple(pages_in(source, name))


def pages_in(source: str | os.PathLike[str] | bytes, name: str = "") -> Iterator[NDArray[np.uint8]]:
    """Yield what `load_pages` returns, each page decoded when it is asked for.

    Raises
    ------
    UnreadablePage
        As `load_pages`; where a later page is damaged, in its place.
    """
    name = shown(name or ("the picture" if isinstance(source, bytes) else source))
    if isinstance(source, bytes):
        data = checked(source, name, MOST_BYTES, UnreadablePage)
        _check_sizes(data, name)
    else:
        data = read_file(source, MOST_BYTES, UnreadablePage, inspect=lambda head: _check_sizes(head, name))
    if not (_check_sizes(data, name) and is_whole(data)):
        raise _damaged(data, name)
    try:
        for image in _decoded(data):
            yield _gray(image)
    except (cv2.error, ValueError, MemoryError):
        raise _damaged(data, name) from None


def gray_of(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture, (H, W) gray or (H, W, 3) in RGB order, as gray (H, W).

    Raises
    ------
    UnreadablePage
        It is something else, or has no pixels.
    """
    good = isinstance(picture, np.ndarray) and picture.dtype == np.uint8 and picture.size and picture.ndim >= 2
    if not good or picture.shape[2:] not in {(), (3,)}:
        was = f"{picture.shape} of {picture.dtype}" if isinstance(picture, np.ndarray) else type(picture).__name__
        raise UnreadablePage(f"A picture is (H, W) or (H, W, 3) of uint8, and this is {was}: convert it.")
    return picture if picture.ndim == 2 else _of_colour(picture[..., ::-1])


def save_picture(path: str | os.PathLike[str], picture: NDArray[np.uint8]) -> None:
    """Write a picture, (H, W) gray or (H, W, 3) in RGB order, in the format that the name's ending asks for.

    The file appears whole or not at all.

    Raises
    ------
    OSError
        The file cannot be written.
    ValueError
        The ending is none that OpenCV writes.
    """
    suffix = Path(path).suffix.lower()
    if not suffix or not cv2.haveImageWriter(f"x{suffix}"):
        raise ValueError(f"{shown(path)} does not end as a picture's name does: call it .png or .jpg.")
    good, encoded = cv2.imencode(suffix, _as_opencv_has_it(picture))
    if not good:
        raise ValueError(f"{shown(path)} cannot hold this picture: call it .png.")
    write_file(path, encoded.tobytes())


def as_png(picture: NDArray[np.uint8]) -> bytes:
    """Return a picture, (H, W) gray or (H, W, 3) in RGB order, as a PNG file."""
    return cv2.imencode(".png", _as_opencv_has_it(picture))[1].tobytes()


def _as_opencv_has_it(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return picture if picture.ndim == 2 else np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), np.uint8)


def _check_sizes(data: bytes, name: str) -> bool:
    """Tell whether the header's sizes, all of them good, are in `data`; raise UnreadablePage where one is not good."""
    if not picture_kind(data):
        raise UnreadablePage(f"{name} is not a picture that can be read: save it as PNG, JPEG, BMP, TIFF or WebP.")
    sizes = page_sizes(data)
    for width, height in sizes:
        if min(width, height) < SHORTEST_SIDE:
            raise UnreadablePage(
                f"{name} is {width} x {height} pixels, under the {SHORTEST_SIDE} x {SHORTEST_SIDE} that a digit needs: "
                "save a larger picture."
            )
        if width * height > MOST_PIXELS:
            raise UnreadablePage(
                f"{name} is {width} x {height} pixels, over the limit of {MOST_PIXELS // 1_000_000} million: "
                "scale it down or cut out the part to read."
            )
    if len(sizes) > MOST_PAGES or sum(width * height for width, height in sizes) > MOST_PIXELS_OF_ALL_PAGES:
        raise UnreadablePage(
            f"{name} has {len(sizes)} pages, over the limit of {MOST_PAGES} pages or "
            f"{MOST_PIXELS_OF_ALL_PAGES // 1_000_000} million pixels: split it."
        )
    return bool(sizes)


def _damaged(data: bytes, name: str) -> UnreadablePage:
    return UnreadablePage(
        f"{name} is a {picture_kind(data)} file that is damaged or cut short: save or download it again."
    )


def _decoded(data: bytes) -> Iterator[NDArray[np.generic]]:
    """Yield the pages as OpenCV decodes them, upright: any depth, 1, 3 (BGR) or 4 (BGRA) channels."""
    buffer = np.frombuffer(data, np.uint8)
    if picture_kind(data) == "TIFF":  # whose orientation OpenCV applies itself, with every flag
        for first, end in _blocks([width * height for width, height in page_sizes(data)]):
            good, pages = cv2.imdecodemulti(buffer, cv2.IMREAD_UNCHANGED, range=(first, end))
            if not good:
                raise ValueError("a page that cannot be decoded")
            yield from pages
        return
    image, kinds, blocks = cv2.imdecodeWithMetadata(buffer, cv2.IMREAD_UNCHANGED)
    if image is None:
        raise ValueError("a picture that cannot be decoded")
    exif = next((block.tobytes() for kind, block in zip(kinds, blocks, strict=True) if kind == _EXIF), b"")
    yield _upright(image, exif_orientation(exif))


def _blocks(pixels: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield [first, end) of pages to decode together, `_PIXELS_AT_ONCE`: OpenCV counts to the first of them."""
    first, held = 0, 0
    for number, size in enumerate(pixels):
        if held and held + size > _PIXELS_AT_ONCE:
            yield first, number
            first, held = number, 0
        held += size
    yield first, len(pixels)


def _upright(image: NDArray[np.generic], orientation: int) -> NDArray[np.generic]:
    """Return the picture turned and mirrored as EXIF orientation 1 to 8 asks, by the table of the EXIF standard."""
    if orientation >= 5:
        image = image.swapaxes(0, 1)
    if orientation in {2, 3, 6, 7}:
        image = image[:, ::-1]
    if orientation in {3, 4, 7, 8}:
        image = image[::-1]
    return image


def _gray(image: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Return a decoded picture as gray (H, W), transparency resolved."""
    eight = np.ascontiguousarray(_eight_bit(image))
    channels = 1 if eight.ndim == 2 else eight.shape[2]
    if channels == 1:
        return eight.reshape(eight.shape[:2])
    if channels == 3:
        return _of_colour(eight)
    if channels == 4:
        return _opaque(_of_colour(eight[..., :3]), eight[..., 3])
    raise ValueError(f"a picture of {channels} channels")


def _of_colour(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture in BGR order as gray; its clearest colour alone where ink is no darker or lighter than paper."""
    gray = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    seen = _contrast(gray)
    if seen < _FLAT:
        clearest = max((image[..., k] for k in range(3)), key=_contrast)
        if _contrast(clearest) >= _CLEARER * max(seen, _FLAT / 2):
            return np.ascontiguousarray(clearest)
    return gray


def _contrast(plane: NDArray[np.uint8]) -> float:
    """Return by how many gray levels the clearest strokes on `plane` differ from what is around them."""
    shrink = max(1.0, max(plane.shape) / _LOOKED_AT)
    size = max(1, round(plane.shape[1] / shrink)), max(1, round(plane.shape[0] / shrink))
    small = cv2.resize(plane, size, interpolation=cv2.INTER_AREA)
    apart = cv2.absdiff(small, cv2.blur(small, (_AROUND, _AROUND)))
    return float(np.partition(apart.ravel(), -1 - apart.size // 1000)[-1 - apart.size // 1000])


def _eight_bit(image: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Return any depth as 8 bits.

    Scanners store 10, 12 or 14 bits in 16: the highest bit in use becomes the highest of the eight. Other
    kinds of numbers are stretched from least to most, unless they lie from 0 to 1 as those of light do.
    """
    if image.dtype == np.uint8:
        return image.astype(np.uint8, copy=False)
    if image.dtype == np.uint16:
        deep = image.astype(np.uint16, copy=False)
        return np.right_shift(deep, max(int(deep.max()).bit_length() - 8, 0)).astype(np.uint8)
    light = np.nan_to_num(image.astype(np.float32), posinf=1.0, neginf=0.0)
    low, high = float(light.min()), float(light.max())
    if low < 0.0 or high > 1.0:
        light = (light - low) / (high - low or 1.0)
    return np.asarray(np.rint(light * 255.0), np.uint8)


def _opaque(gray: NDArray[np.uint8], alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the picture on a ground of one colour, black or white.

    Where most of the page is clear, what is there is ink, and the ground is what it stands out from;
    else what is there is paper with, say, round corners, and the ground continues it.
    """
    weight = float(alpha.mean()) / 255.0
    if weight in {0.0, 1.0}:
        return gray if weight else np.full_like(gray, 255)
    light = float((gray.astype(np.float32) * alpha).mean()) / 255.0 / weight > 127.0
    ground = 0 if (weight < 0.5) == light else 255
    mixed = gray.astype(np.uint16) * alpha + np.uint16(ground) * (255 - alpha.astype(np.uint16)) + 127
    return (mixed // 255).astype(np.uint8)
