"""A mask of ink -> its patches: what hangs together, found once however many stages ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

_MOST_SHORT = 1 << 15  # patches that are numbered in 16 bits, in half the time: of four pixels, no two are patches

Mask = NDArray[np.bool_]
Labels = NDArray[np.int32] | NDArray[np.uint16]  # (H, W): the number of each pixel's patch, 0 is paper
Boxes = NDArray[np.int32]  # (patches, 4): x, y, width, height


@dataclass(frozen=True, eq=False)
class Patches:
    """The connected patches of ink of a `mask` (H, W), corners that touch included; they are numbered from 1 on."""

    mask: Mask

    @property
    def labels(self) -> Labels:
        """The number of each pixel's patch; 0 is paper."""
        return self._found[0]

    @property
    def boxes(self) -> Boxes:
        """The x, y, width and height of each patch."""
        return self._found[1][1:, : cv2.CC_STAT_AREA]

    @property
    def areas(self) -> NDArray[np.int32]:
        """The pixels of each patch."""
        return self._found[1][1:, cv2.CC_STAT_AREA]

    @cached_property
    def _found(self) -> tuple[Labels, NDArray[np.int32]]:
        """The labels, and OpenCV's statistics of them; all but the bounds of the ink is known to be paper.

        These begin at even pixels: OpenCV numbers patches by squares of two, and so in the order that
        they have on the whole page.
        """
        flat = self.mask.view(np.uint8)
        x, y, w, h = cv2.boundingRect(flat)
        left, top = x - x % 2, y - y % 2
        inside = np.s_[top : max(1, y + h), left : max(1, x + w)]
        kind = cv2.CV_16U if flat[inside].size < 4 * _MOST_SHORT else cv2.CV_32S
        _, found, stats, _ = cv2.connectedComponentsWithStats(flat[inside], connectivity=8, ltype=kind)
        labels = np.zeros(flat.shape, np.uint16 if kind == cv2.CV_16U else np.int32)
        labels[inside] = found
        stats[1:, :2] += left, top
        return labels, np.asarray(stats, np.int32)
