"""Epochs made ahead by a process of their own, which needs no network and so does not load one."""

from __future__ import annotations

import os
from collections.abc import Generator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from training.mix import Glyphs, Maker

Epoch = tuple[Glyphs, NDArray[np.int64]]


def epochs(maker: Maker, seeds: range) -> Generator[Epoch]:
    """Yield the epoch of each seed, made while whoever takes them is busy with the one before."""
    if not seeds:
        return
    with ProcessPoolExecutor(1, get_context("spawn"), _keep, (maker,)) as pool:
        coming: Future[Epoch] = pool.submit(_make, seeds[0])
        for seed in seeds:
            epoch = coming.result()
            if seed != seeds[-1]:
                coming = pool.submit(_make, seed + 1)
            yield epoch


_maker: Maker


def _keep(maker: Maker) -> None:
    global _maker
    _maker = maker
    if hasattr(os, "nice"):
        os.nice(1)


def _make(seed: int) -> Epoch:
    return _maker.epoch(seed)
