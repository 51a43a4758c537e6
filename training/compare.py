"""Models side by side: which of a model's files is meant, what tells them apart, and the report on them all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from training.data import BadData
from training.evaluate import evaluate, trials
from training.mix import held_out
from training.report import write_report
from training.sources import VALIDATION, Sources


def compare(paths: Sequence[Path], found: Sources, out: Path, split: str = "test", limit: int | None = None) -> Path:
    """Measure the model in each of `paths` on the `split` of what was `found`; return the path of the report in `out`.

    Of each kind of handwriting at most `limit` glyphs are asked about.

    Raises
    ------
    BadData, ModelUnavailable
        Where there is nothing to ask about, or a file is no model.
    """
    corpus = found.load(lambda w: split == "test" or held_out(w, 0, VALIDATION), "test" if split == "test" else "train")
    over = trials(corpus, limit)
    if not over:
        raise BadData("The data holds nothing to test on: add data.")
    every = [evaluate(title, path, over) for title, path in titled(paths).items()]
    counts = ", ".join(f"{len(trial.labels):,} {trial.name}" for trial in over)
    by, unknown = ("", f"{found.unknown}. ") if found.unknown else ("by writers ", "")
    about = f"Measured on {counts}, all {by}of the {split} split, as written and unchanged. {unknown}"
    return write_report(every, over, out, f"{about}LiteRT runs on one core, Keras on all.")


def titled(paths: Sequence[Path]) -> dict[str, Path]:
    """Return each of `paths` once, by a title that no other has: the shortest end of the path that will do for all.

    That is the name without its ending if it can be, else with it, else with as many folders as it takes.
    """
    once = dict.fromkeys(path.absolute() for path in paths)
    deepest = max((len(path.parts) for path in once), default=0)
    for parts in range(1, deepest + 1):
        for bare in (True, False):
            titles = ["/".join((p.with_suffix("") if bare else p).parts[-parts:]) for p in once]
            if len(set(titles)) == len(once):
                return dict(zip(titles, once, strict=True))
    return {}
