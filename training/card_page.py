"""The card of a model as a page to read, every value on it taken from the card itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from recognizer.risk import KEY, curve_of

LIMITS = (
    "It knows the digits and marks listed above, each written by itself as people write them in Latin script; letters, "
    "words and other scripts it does not read.",
    "It was trained and tested on handwriting of adults and high-school students from a few collections, on paper "
    "forms, tablets and cheques. Other hands, those of children among them, may be read worse.",
    "A class for what is no single symbol keeps other ink out; it is taught by examples and will not know all ink.",
    "A few labels of the pen collections are wrong (under 1 %), which counts against every model.",
    "Probabilities are calibrated on writers like those it was tested on. Where an error is costly, set "
    "`--min-confidence` and let a person look at what is held back.",
)
TEN_DIGITS = "It knows the ten digits alone: marks and other ink are read as digits, or left to the lattice's geometry."
AGAINST = "against float32"
"""Where the card of a smaller export has what it costs and saves."""

_TOLD = frozenset(
    {"labels", "name", "command", "seed", "data", "credit", "scores", "scores on test writers", "history", KEY, AGAINST}
)


def page(card: Mapping[str, Any], title: str) -> str:
    """Return the page (Markdown) on the model with this `card`, called `title`."""
    return "\n".join(
        (*_what(card, title), *_worth(card), *_risk(card), *_export(card), *_making(card), *_limits(card), "")
    )


def costs(card: Mapping[str, Any]) -> Iterator[str]:
    """Yield in lines what the export with this `card` costs and saves against the model itself."""
    measured = dict(card[AGAINST])
    small, full = measured.pop("bytes")
    yield f"{small / 1000:,.0f} kB instead of {full / 1000:,.0f}"
    quick, slow = measured.pop("milliseconds a digit")
    yield f"{quick:.3f} ms a digit instead of {slow:.3f}"
    for name, numbers in measured.items():
        yield (
            f"{name}: {100 * numbers['accuracy']:.2f} % right instead of {100 * numbers['accuracy in float32']:.2f}, "
            f"{100 * numbers['read the same']:.2f} % read the same, probabilities differ by at most "
            f"{numbers['largest difference of a probability']:.4f}"
        )


def _what(card: Mapping[str, Any], title: str) -> Iterator[str]:
    labels = " ".join(f"`{label}`" for label in card["labels"] if label)
    rest = ", and one class for what is no single symbol" if "" in card["labels"] else ""
    yield from (f"# Model card: {title}", "")
    yield f"It tells what a glyph of 28 x 28 pixels is: {labels}{rest}. Ink is 255 and paper 0, placed as in MNIST;"
    yield "out come probabilities, which the temperature below calibrates."
    yield ""
    for key in ("parameters", "multiply-adds", "temperature", "precision"):
        if key in card:
            yield f"- {key}: {_value(card[key])}"


def _worth(card: Mapping[str, Any]) -> Iterator[str]:
    found = card.get("scores on test writers") or card.get("scores") or {}
    if not found:
        return
    yield from ("", "## What it is worth", "", "On writers it was not trained on, and on whom nothing was chosen:", "")
    yield "| handwriting | glyphs | right | calibration error | before calibration |"
    yield "| --- | --- | --- | --- | --- |"
    for name, numbers in found.items():
        shares = [numbers[k] for k in ("accuracy", "calibration error", "calibration error before") if k in numbers]
        cells = [f"{100 * share:.2f} %" for share in shares] + ["-"] * (3 - len(shares))
        yield f"| {name} | {numbers['glyphs']:,} | {' | '.join(cells)} |"


def _risk(card: Mapping[str, Any]) -> Iterator[str]:
    points = curve_of(card)
    if not points:
        return
    yield from ("", "## How often it errs where it is sure", "", f"Measured on {card[KEY]['measured on']}. With 95 %")
    yield from ("certainty, all rows together, no more errors than these are among the accepted numbers:", "")
    yield from ("| confidence asked | numbers accepted | wrong among them, at most |", "| --- | --- | --- |")
    yield from (f"| {p.threshold:g} | {p.coverage:.1%} | {p.error:.2%} |" for p in points)


def _export(card: Mapping[str, Any]) -> Iterator[str]:
    if AGAINST in card:
        yield from ("", "## What this export costs", "", "Against the model itself, whose numbers are float32:", "")
        yield from (f"- {line}" for line in costs(card))


def _making(card: Mapping[str, Any]) -> Iterator[str]:
    yield from ("", "## How it was made", "", f"    {card.get('command', 'not known')}", "")
    if "data" in card:
        yield f"- data: {card['data']}"
    if "seed" in card:
        yield f"- seed: {card['seed']}"
    shown = {"parameters", "multiply-adds", "temperature", "precision"}
    yield from (f"- {key}: {_value(value)}" for key, value in card.items() if key not in _TOLD | shown)
    if "credit" in card:
        yield from ("", "## Credits", "", str(card["credit"]))


def _limits(card: Mapping[str, Any]) -> Iterator[str]:
    limits = LIMITS if "" in card["labels"] else (LIMITS[1], TEN_DIGITS, *LIMITS[3:])
    yield from ("", "## Limits", "", *(f"- {limit}" for limit in limits))


def _value(value: Any) -> str:
    """Return a value of a card in words: numbers grouped, tables as "key value" pairs."""
    if isinstance(value, Mapping):
        return ", ".join(f"{k} {_value(v)}" for k, v in value.items())
    if isinstance(value, list):
        return "; then ".join(map(_value, value))
    return f"{value:,}" if isinstance(value, int) else str(value)
