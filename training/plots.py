"""Pictures of what a model is worth, drawn with Matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from training.evaluate import Answers, Evaluation, confusion, reliability, risk_at
from training.mix import Glyphs

GALLERY = 60  # misread glyphs that are shown
_CELL = 48, 36  # pixels of a glyph's place on a sheet, down and across: it and its head

mpl.use("Agg")


def curves(history: Sequence[Any], path: Path) -> None:
    """Draw loss and accuracies by epoch; of several trainings, those of an ensemble, one line each."""
    runs = history if isinstance(history[0], list) else [history]
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    loss, accuracy = figure.subplots(1, 2)
    for run in runs:
        epochs = [row["epoch"] for row in run]
        loss.plot(epochs, [row["loss"] for row in run], "o-", color="C0", markersize=3)
        for k, name in enumerate(n for n in run[0] if n not in ("epoch", "loss")):
            label = name if run is runs[0] else None
            accuracy.plot(epochs, [100 * row[name] for row in run], "o-", color=f"C{k}", markersize=3, label=label)
    _named(loss, "training loss", "epoch", "loss")
    _named(accuracy, "validation writers", "epoch", "accuracy, %")
    accuracy.legend()
    for axes in (loss, accuracy):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    figure.savefig(path)


def confusions(found: Answers, path: Path) -> None:
    """Draw which label was read as which; the errors in colour, on a scale of their own."""
    names, counts = confusion(found)
    wrong = counts * (1 - np.eye(len(names)))
    side = 1.6 + 0.36 * len(names)
    figure = Figure(figsize=(side, side), layout="constrained")
    axes = figure.subplots()
    axes.imshow(wrong, cmap="OrRd", vmax=max(1.0, float(wrong.max())))
    for (row, column), count in np.ndenumerate(counts):
        if count:
            dark = wrong[row, column] > 0.6 * wrong.max()
            axes.text(column, row, str(count), ha="center", va="center", fontsize=7, color="w" if dark else "k")
    shown = [name or "none" for name in names]
    axes.set_xticks(range(len(names)), shown)
    axes.set_yticks(range(len(names)), shown)
    _named(axes, found.trial.name, "read as", "written")
    figure.savefig(path)


def gallery(found: Answers, path: Path) -> None:
    """Draw the misread glyphs, those that the model was surest of first, each with what it is and was read as."""
    wrong = np.flatnonzero(~found.right)
    wrong = wrong[np.argsort(-found.confidence[wrong], kind="stable")][:GALLERY]
    heads = [f"{found.trial.labels[i]} as {found.read[i] or 'none'}\n{found.confidence[i]:.3f}" for i in wrong]
    title = f"{found.trial.name}: {len(wrong)} of {int((~found.right).sum())} misread"
    sheet([found.trial.glyphs[i] for i in wrong], heads, title, path)


def sheet(glyphs: Sequence[Glyphs], heads: Sequence[str], title: str, path: Path, across: int = 12) -> None:
    """Draw `glyphs` (28, 28) in rows of `across`, dark on light, each below its head of up to two lines."""
    rows = max(1, -(-len(glyphs) // across))
    page = np.full((rows * _CELL[0], across * _CELL[1]), 255, np.uint8)
    figure = Figure(figsize=(0.8 * across, 1.1 * rows + 0.4), layout="constrained")
    axes = figure.subplots()
    for place, (glyph, head) in enumerate(zip(glyphs, heads, strict=True)):
        top, left = place // across * _CELL[0], place % across * _CELL[1]
        page[top + _CELL[0] - 30 : top + _CELL[0] - 2, left + 4 : left + 32] = 255 - glyph
        axes.text(
            left + _CELL[1] / 2, top + _CELL[0] - 31, head, ha="center", va="bottom", fontsize=7, parse_math=False
        )
    axes.imshow(page, cmap="gray", vmin=0, vmax=255)
    axes.set_axis_off()
    axes.set_title(title)
    figure.savefig(path)


def reliabilities(every: Sequence[Answers], path: Path) -> None:
    """Draw how often answers of each confidence are right: on the diagonal, confidence keeps its word."""
    figure = Figure(figsize=(4.6, 4.4), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
    for found in every:
        bins = reliability(found)
        axes.plot([b["confidence"] for b in bins], [b["accuracy"] for b in bins], "o-", label=found.trial.name)
    _named(axes, "reliability", "confidence", "accuracy")
    axes.legend()
    figure.savefig(path)


def risks(every: Sequence[Evaluation], trial: str, path: Path) -> None:
    """Draw the share of errors left when only the surest answers are taken, for all models on one trial."""
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.subplots()
    for one in every:
        for found in one.answers:
            if found.trial.name == trial:
                risk = risk_at(found.confidence, found.right)
                axes.plot(100 * np.arange(1, len(risk) + 1) / len(risk), 100 * risk, label=one.title)
    _named(axes, f"risk against coverage, {trial}", "answered, %", "of these wrong, %")
    axes.legend()
    figure.savefig(path)


def _named(axes: Axes, title: str, across: str, up: str) -> None:
    axes.set_title(title)
    axes.set_xlabel(across)
    axes.set_ylabel(up)
