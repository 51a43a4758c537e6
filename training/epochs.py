"""Epochs made ahead by a process of their own, which needs no network and so does not load one."""

from __future__ import annotations

import os
from collections.abc import Generator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, Protocol, TypeVar

import cv2

Epoch = TypeVar("Epoch", covariant=True)


class Maker(Protocol[Epoch]):
    """What makes epochs, each by its seed."""

    def epoch(self, seed: int) -> Epoch:
        """Return one epoch, the same for the same `seed`."""


def epochs(maker: Maker[Epoch], seeds: range) -> Generator[Epoch]:
    """Yield the epoch of each seed, made while whoever takes them is busy with the one before."""
    if not seeds:
        return
    with ProcessPoolExecutor(1, get_context("spawn"), _keep, (maker,)) as pool:
        coming: Future[Epoch] = pool.submit(_made, seeds[0])
        for seed in seeds:
            epoch = coming.result()
            if seed != seeds[-1]:
                coming = pool.submit(_made, seed + 1)
            yield epoch


_maker: Maker[Any]


def _keep(maker: Maker[Any]) -> None:
    global _maker
    _maker = maker
    cv2.setNumThreads(1)  # the other cores train
    if hasattr(os, "nice"):
        os.nice(1)


def _made(seed: int) -> Any:
    return _maker.epoch(seed)
