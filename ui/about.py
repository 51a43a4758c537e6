"""What is worth knowing of a model while one writes: a few lines, of a card that has many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

LIMITS = "other scripts, letters, words and the hands of children may be read wrong"


SHIPPED_NAME = "the shipped model"


def shipped_file() -> Path:
    """Return the file of the model that came with the program."""
    from recognizer.classify import SHIPPED

    return SHIPPED / "digits.tflite"


def is_shipped(file: Path) -> bool:
    """Return whether the model in `file` is one that came with the program."""
    return file.resolve().parent == shipped_file().resolve().parent


def about(card: Mapping[str, Any], file: Path | None) -> tuple[tuple[str, str], ...]:
    """Return what the model in `file` is, as (name, value), given its card: what it reads, how well, and what not."""
    return tuple((name, value) for name, value in _facts(card, file) if value)


def _facts(card: Mapping[str, Any], file: Path | None) -> Iterator[tuple[str, str]]:
    yield "name", SHIPPED_NAME if file is not None and is_shipped(file) else str(card.get("name", ""))
    if file is not None:
        yield "file", file.name
        yield "folder", str(file.parent)
    labels = [str(label) for label in card["labels"]]
    yield "reads", " ".join(label for label in labels if label)
    yield "tells other ink apart", "yes" if "" in labels else "no, it is read as digits"
    parameters = card.get("parameters")
    yield "size", f"{parameters:,} parameters" if isinstance(parameters, int) else ""
    yield "data", str(card.get("data", ""))
    yield from _scores(card.get("scores on test writers") or card.get("scores"))
    yield "limits", LIMITS
    yield "more", f"in {file.with_suffix('.json').name}" if file is not None else ""


def _scores(scores: object) -> Iterator[tuple[str, str]]:
    """Yield how much of each handwriting is right."""
    for name, numbers in scores.items() if isinstance(scores, Mapping) else ():
        accuracy = numbers.get("accuracy") if isinstance(numbers, Mapping) else None
        if isinstance(accuracy, int | float):
            glyphs = numbers.get("glyphs")
            of = f" of {glyphs:,}" if isinstance(glyphs, int) else ""
            yield f"right, {name}", f"{accuracy:.2%}{of}"
