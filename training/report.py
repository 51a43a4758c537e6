"""A folder that tells what models are worth: report.md to read, report.json to compute with, plots to look at."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from recognizer.file import write_file
from training import plots
from training.evaluate import Evaluation, Trial

_AMONG = (
    'In brackets the 95 % interval. After "of its kind": how many are right if the model may answer only what such '
    "glyphs can be, digits for digits, as a model of ten digits does anyway."
)

_DECIDED = ("mix", "data", "members", "of", "teacher", "precision")  # of a card, beside its name and recipe


def write_report(every: Sequence[Evaluation], over: Sequence[Trial], folder: Path, about: str) -> Path:
    """Write the report on `every` model, measured on the trials `over`, into `folder`; return report.md's path.

    `about` is a sentence on the data. Trials of labels that no model knows are left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = [trial.name for trial in over if any(trial.name in one.numbers["trials"] for one in every)]
    for name in names:
        plots.risks(every, name, folder / f"risk-{_file(name)}.png")
    text = ["# What the models are worth", "", about, "", *_comparison(every, names), "", _AMONG, *_seeds(every, names)]
    for name in names:
        text += ["", f"![risk against coverage on {name}](risk-{_file(name)}.png)"]
    for one in every:
        text += ["", *_model(one, folder)]
    numbers = {one.title: one.numbers for one in every}
    write_file(folder / "report.json", (json.dumps(numbers, indent=1) + "\n").encode())
    write_file(folder / "report.md", ("\n".join(text) + "\n").encode())
    return folder / "report.md"


def _comparison(every: Sequence[Evaluation], names: Sequence[str]) -> Iterator[str]:
    """Yield one table of all models side by side: accuracy with its 95 % interval, time, size."""
    heads = ["model", *names, "run by", "ms a digit", "ms, 64 at a time", "kB", "multiply-adds"]
    yield from _head(heads)
    for one in every:
        cells = [_share(one.numbers["trials"].get(name)) + _among(one.numbers["trials"].get(name)) for name in names]
        times = [one.numbers["milliseconds a digit"], one.numbers["milliseconds a digit, 64 at a time"]]
        work = one.numbers["multiply-adds"]
        size = f"{one.numbers['bytes'] / 1000:,.0f}"
        yield _row(
            [one.title, *cells, one.numbers["engine"], *(f"{t:.3f}" for t in times), size, f"{work:,}" if work else "-"]
        )


def _seeds(every: Sequence[Evaluation], names: Sequence[str]) -> Iterator[str]:
    """Yield a table of the models that were trained several times: mean and standard deviation over the seeds.

    Of the files that one training made, the first that is named counts.
    """
    groups: dict[str, dict[str, Evaluation]] = defaultdict(dict)
    for one in every:
        groups[_training(one)].setdefault(str(one.card.get("seed")), one)
    several = [group for group in groups.values() if len(group) > 1]
    if not several:
        return
    yield from ("", "## Over several seeds", "", *_head(["model", "seeds", *names, "files"]))
    for group in several:
        cells = []
        for trial in names:
            found = [g.numbers["trials"][trial] for g in group.values() if trial in g.numbers["trials"]]
            values = [100 * numbers["accuracy"] for numbers in found]
            spread = f" ± {np.std(values, ddof=1):.3f}" if len(values) > 1 else ""
            cells.append(f"{np.mean(values):.3f} %{spread}" if values else "-")
        first, titles = next(iter(group.values())), ", ".join(one.title for one in group.values())
        yield _row([str(first.card.get("name", first.title)), ", ".join(group), *cells, titles])


def _training(one: Evaluation) -> str:
    """Return what decided a model's training but for the seed, and the precision of its export."""
    decided = [one.card.get("name", one.title), *(one.card.get(key) for key in _DECIDED)]
    recipe = one.card.get("recipe")
    alike = {**recipe, "seed": None} if isinstance(recipe, dict) else recipe
    return json.dumps([*decided, alike], sort_keys=True)


def _model(one: Evaluation, folder: Path) -> Iterator[str]:
    """Yield the section of one model, its plots drawn on the way."""
    stem = _file(one.title)
    yield from (f"## {one.title}", "", *_provenance(one.card), "")
    if one.card.get("history"):
        plots.curves(one.card["history"], folder / f"{stem}-curves.png")
        yield from (f"![loss and accuracy by epoch]({stem}-curves.png)", "")
    if one.answers:
        plots.reliabilities(one.answers, folder / f"{stem}-reliability.png")
        yield from (f"![reliability]({stem}-reliability.png)", "")
    yield from _calibration(one.numbers["trials"])
    for found in one.answers:
        name, numbers = found.trial.name, one.numbers["trials"][found.trial.name]
        place = f"{stem}-{_file(name)}"
        plots.confusions(found, folder / f"{place}-confusion.png")
        yield from ("", f"### {name}", "", *_classes(numbers["classes"]), "", *_writers(numbers), "")
        yield f"![confusion matrix]({place}-confusion.png)"
        if numbers["errors"]:
            plots.gallery(found, folder / f"{place}-misread.png")
            yield from ("", f"![misread digits]({place}-misread.png)")


def _provenance(card: dict[str, Any]) -> Iterator[str]:
    told = {"made by": card.get("command"), "seed": card.get("seed"), "weights": card.get("epoch")}
    yield "; ".join(f"{name}: {value}" for name, value in told.items() if value is not None) or "No provenance."


def _calibration(trials: dict[str, Any]) -> Iterator[str]:
    yield from _head(["calibration error", "before the temperature", "after it"])
    for name, numbers in trials.items():
        before, after = numbers["calibration error before"], numbers["calibration error"]
        yield _row([name, f"{100 * before:.2f} %", f"{100 * after:.2f} %"])


def _classes(classes: dict[str, Any]) -> Iterator[str]:
    yield from _head(["class", "glyphs", "accuracy (95 % interval)"])
    for label, numbers in classes.items():
        yield _row([f"`{label}`", str(numbers["glyphs"]), _share(numbers)])


def _writers(numbers: dict[str, Any]) -> Iterator[str]:
    shares = ", ".join(f"{100 * float(q):g} %: {100 * a:.1f} %" for q, a in numbers["writer quantiles"].items())
    risks = ", ".join(f"{100 * float(c):g} %: {100 * r:.2f} %" for c, r in numbers["risk at coverage"].items())
    there = f"{numbers['writers']} writers; accuracy at quantiles of writers, from the worst read: {shares}."
    yield there if shares else "Who wrote these is not known."
    yield f"Errors among the surest answers, by the share answered: {risks}."


def _share(numbers: dict[str, Any] | None) -> str:
    if numbers is None:
        return "-"
    low, high = numbers["interval"]
    return f"{100 * numbers['accuracy']:.2f} % ({100 * low:.2f} to {100 * high:.2f})"


def _among(numbers: dict[str, Any] | None) -> str:
    if numbers is None or numbers["accuracy among its labels"] == numbers["accuracy"]:
        return ""
    return f", of its kind {100 * numbers['accuracy among its labels']:.2f} %"


def _head(cells: Sequence[str]) -> tuple[str, str]:
    return _row(cells), _row(["---"] * len(cells))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _file(name: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in name)
