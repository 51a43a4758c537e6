"""A pen for traces: strokes of a sample -> the ink of one glyph, drawn anew at any width."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from training.data import Trace

_FRACTION_BITS = 4  # sub-pixel places that OpenCV draws with


def extent(traces: Sequence[Trace]) -> tuple[Trace, Trace]:
    """Return the (low, high) corners, each (x, y), of all points of `traces`."""
    points = np.concatenate(traces)
    return points.min(0), points.max(0)


def draw(traces: Sequence[Trace], size: float, width: int) -> NDArray[np.uint8]:
    """Draw `traces` so that the longer side of their points is `size` px, with a pen of `width` px.

    Returns the ink (H, W), 0 is paper, with room for the pen around it.
    """
    low, high = extent(traces)
    scale = size / max(float((high - low).max()), 1e-9)
    margin = width // 2 + 2
    columns, rows = (np.ceil((high - low) * scale) + 2 * margin + 1).astype(int)
    ink = np.zeros((rows, columns), np.uint8)
    for trace in traces:
        mark(ink, (trace - low) * scale + margin, width)
    return ink


def mark(ink: NDArray[np.uint8], trace: Trace, width: int) -> None:
    """Draw one `trace`, in pixels, into `ink`; a trace without length is a dot."""
    points = np.round(trace * (1 << _FRACTION_BITS)).astype(np.int32)
    if len(points) == 1 or not np.ptp(points, axis=0).any():
        centre = int(points[0][0]), int(points[0][1])
        radius = max(1, (width << _FRACTION_BITS) // 2)
        cv2.circle(ink, centre, radius, 255, -1, cv2.LINE_AA, _FRACTION_BITS)
    else:
        cv2.polylines(ink, [points], False, 255, width, cv2.LINE_AA, _FRACTION_BITS)
