"""A mask of ink -> its patches: what hangs together, found once however many stages ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Labels = NDArray[np.int32]  # (H, W): the number of each pixel's patch, 0 is paper
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
        _, labels, stats, _ = cv2.connectedComponentsWithStats(self.mask.view(np.uint8), connectivity=8)
        return np.asarray(labels, np.int32), np.asarray(stats, np.int32)
