"""The parts that can be measured, each by a module of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks import accuracy, canvas, distortions, growth, many, rivals, stages, starts
from benchmarks.options import PARTS, Settings
from benchmarks.timing import Figures


@dataclass(frozen=True)
class Part:
    """What a part is called, how it is measured, and how its figures are told, in lines of Markdown."""

    title: str
    measure: Callable[[Settings], Figures]
    report: Callable[[Figures], Iterator[str]]


_MODULES = (stages, growth, rivals, starts, many, canvas, accuracy, distortions)
EVERY = {name: Part(module.TITLE, module.measure, module.report) for name, module in zip(PARTS, _MODULES, strict=True)}
