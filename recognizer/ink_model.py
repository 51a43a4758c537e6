"""Contrast -> that of ink alone, on paper whose pattern is as dark as a pencil: told by a network.

It saw handwriting of many people laid on the paper of cheques, so it tells strokes from hatching, waves and rules by
what they look like, as learnt binarization of documents does (J. Calvo-Zaragoza and A.-J. Gallego, A selectional
auto-encoder approach for document image binarization, Pattern Recognition 86, 2019).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from recognizer.contrast import Gray
from recognizer.engine import Run, network_from

ROWS, COLUMNS = 64, 192  # of the window that the network sees at a time, px
WRITING = (10.0, 64.0)  # px that writing stands tall which it knows
_MARGIN = 8  # px around the part of a window that is taken from it, where there are windows beside it
_AT_ONCE = 32  # windows: more would take memory and no less time


@dataclass(frozen=True, eq=False)
class InkModel:
    """The network, which `run`s on windows (n, ROWS, COLUMNS, 1) and gives logits (n, ROWS, COLUMNS).

    Safe to call from many threads.
    """

    run: Run
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def ink(self, contrast: Gray) -> Gray:
        """Return `contrast` (H, W) without what is no ink: its geometric mean with how much of each pixel is ink.

        Each knows what the other does not: the one how dark a stroke is, the other where there is one.
        """
        rows, columns = contrast.shape
        tall, wide = ROWS - 2 * _MARGIN, COLUMNS - 2 * _MARGIN
        down, across = -(-rows // tall), -(-columns // wide)
        over = (_MARGIN, down * tall - rows + _MARGIN), (_MARGIN, across * wide - columns + _MARGIN)
        windows = sliding_window_view(np.pad(contrast, over), (ROWS, COLUMNS))[::tall, ::wide]
        flat = windows.reshape(-1, ROWS, COLUMNS)
        logits = np.concatenate([self._logits(flat[i : i + _AT_ONCE]) for i in range(0, len(flat), _AT_ONCE)])
        inner = logits[:, _MARGIN:-_MARGIN, _MARGIN:-_MARGIN].reshape(down, across, tall, wide)
        page = inner.swapaxes(1, 2).reshape(down * tall, across * wide)[:rows, :columns]
        return np.asarray(np.rint(np.sqrt(255 * contrast.astype(np.float32) / (1 + np.exp(-page)))), np.uint8)

    def _logits(self, windows: Gray) -> NDArray[np.float32]:
        with self._lock:
            return self.run(windows.astype(np.float32)[..., None])


def load_ink_model(path: Path) -> InkModel:
    """Open the ink model in `path` (.tflite or .keras).

    Raises
    ------
    ModelUnavailable
        Where the file is missing or no such model, or what runs it is not installed.
    """
    return InkModel(network_from(path, (ROWS, COLUMNS, 1), (ROWS, COLUMNS), "ink"))
