"""The command `python -m benchmarks`: measures the parts one after the other and writes what is known after each.

Exit status 0: all was measured, or cannot be measured here; 1: some part failed; 2: the command itself was wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from time import perf_counter

from benchmarks.options import Settings, parser
from recognizer.file import UnreadableFile
from recognizer.quiet import quiet_libraries

_WRONG, _INTERRUPTED = 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments`, those of the process by default, and return its exit status."""
    options = parser().parse_args(arguments)
    try:
        from benchmarks.readme import NoFigures

        with quiet_libraries():
            return _run(options)
    except ModuleNotFoundError as problem:
        return _complain(f"{problem.name} is missing; install what it takes: pip install -e '.[dev]'.", _WRONG)
    except (UnreadableFile, NoFigures) as problem:
        return _complain(str(problem), _WRONG)
    except OSError as problem:
        name = problem.filename or options.out
        return _complain(f"{name} cannot be read or written ({problem.strerror or problem}).", _WRONG)
    except KeyboardInterrupt:
        return _complain("interrupted; the parts that are done are kept, and --resume goes on.", _INTERRUPTED)


def _run(options: argparse.Namespace) -> int:
    """Measure what `options` ask for, or write README anew, and return the exit status."""
    from benchmarks.circumstances import circumstances, is_of
    from benchmarks.readme import write_readme
    from benchmarks.report import write_report
    from benchmarks.results import load

    results, now = load(options.out), circumstances()
    if options.readme:
        write_readme(results)
        write_report(results, options.out)
        if strange := [part for part in results if not is_of(results[part], {"models": now["models"]})]:
            _say(f"{', '.join(strange)}: measured with other models than are shipped now; measure again.")
        return 0
    same = {key: now[key] for key in ("commit", "models")}
    wanted = [part for part in options.only if not (options.resume and is_of(results.get(part, {}), same))]
    settings = Settings(options.rounds, options.files, options.data)
    failures = 0
    for number, part in enumerate(wanted, 1):
        _say(f"{part} ({number} of {len(wanted)})")
        failures += _measure(part, settings, options)
    return 1 if failures else 0


def _measure(part: str, settings: Settings, options: argparse.Namespace) -> int:
    """Measure one part and write it down among what is kept by then; return 1 where it failed, else 0."""
    from benchmarks.circumstances import circumstances
    from benchmarks.costs import Failed, Skipped
    from benchmarks.parts import EVERY
    from benchmarks.report import write_report
    from benchmarks.results import load, save
    from benchmarks.timing import Figures
    from recognizer.engine import ModelUnavailable

    measured, began = circumstances(), perf_counter()
    try:
        result: Figures = {"figures": EVERY[part].measure(settings)}
    except Skipped as problem:
        _say(f"{part} is left out: {problem}.")
        if "figures" in load(options.out).get(part, {}):
            return 0
        result = {"skipped": str(problem)}
    except (Failed, ModelUnavailable, OSError) as problem:
        return _complain(f"{part} failed: {str(problem).rstrip('.')}.", 1)
    seconds = round(perf_counter() - began, 1)
    results = load(options.out) | {part: result | {"seconds": seconds, "measured": measured}}
    save(results, options.out)
    write_report(results, options.out)
    _say(f"{part} took {seconds:.0f} s")
    return 0


def _say(sentence: str) -> None:
    print(f"benchmarks: {' '.join(sentence.split())}", file=sys.stderr, flush=True)


def _complain(sentence: str, status: int) -> int:
    """Print one line on standard error and return the exit status that goes with it."""
    _say(sentence)
    return status


if __name__ == "__main__":
    sys.exit(main())
