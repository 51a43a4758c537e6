"""The pen that writes by itself, with which tests and samples are written."""

from __future__ import annotations

from training.scripted_pen import FONT, Hand, write

__all__ = ["FONT", "Hand", "write"]
