"""The same reading on more than one machine, as a Ray Data job: pictures in, Parquet out (the extra `recognizer[ray]`).

`python -m recognizer.ray_job SOURCE TARGET` reads a folder or a place in an object store. Ray
spreads the files over its machines, starts an actor a core that holds the model, reads again what a
lost machine had in hand, and writes the table; there is no scheduler of our own.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recognizer.file import UnreadableFile, kind_of, shown
from recognizer.inputs import inputs_of
from recognizer.options import format_of, positive_of, region_of, with_regions

if TYPE_CHECKING:
    import pyarrow as pa
    import ray.data

    from recognizer.formats import Format
    from recognizer.reading import Reading
    from recognizer.region import Region
    from recognizer.source import Page

BATCH = 16
"""Files that an actor takes at once: some hundred milliseconds of work, and a few megabytes."""

RETRIES = 3
"""How often files are read again whose actor died; then the job ends and tells of it."""

_CORE = 0.75  # of a core is set aside for an actor, which uses all of one: the rest is for reading and writing files
_ENDINGS = [
    *("png", "jpg", "jpeg", "bmp", "tif", "tiff", "webp", "gif", "avif", "jp2", "pbm", "pgm", "ppm"),
    *("pdf", "inkml"),
]


class Reader:
    """What an actor does: reads batches of files with a model that it opened once, on one core.

    `region` of each page is read alone and every line as `format` has it, where they are given.
    """

    def __init__(
        self,
        model: str | None = None,
        engine: str = "litert",
        region: Region | None = None,
        format: Format | None = None,
    ) -> None:
        import cv2

        from recognizer.recognize import Recognizer

        cv2.setNumThreads(1)
        self._recognizer = Recognizer.load(model, engine)
        self._region, self._format = region, format

    def __call__(self, files: pa.Table) -> pa.Table:
        """Return a row, as `columns_of_table` has them, for each file of a table that `_files_in` made."""
        import pyarrow as pa

        return pa.Table.from_pylist([self._row(file) for file in files.to_pylist()], schema=columns_of_table())

    def _row(self, file: dict[str, Any]) -> dict[str, Any]:
        """Return the row of one file."""
        from recognizer.answer import FAILURES, why_not
        from recognizer.reading import Reading, joined

        name = os.fsdecode(file["path"])
        reading, error = Reading(confidence=0.0), None
        try:
            reading = joined([self._reading(page) for page in _pages(file, name)])
        except FAILURES as problem:
            error = why_not(name, problem)
        return {"path": name.encode("utf-8", "backslashreplace").decode(), "error": error, **_told(reading)}

    def _reading(self, page: Page) -> Reading:
        from recognizer.region import part_of, placed

        read = self._recognizer.read(part_of(page, self._region), format=self._format)
        return placed(read, page, self._region)


def columns_of_table() -> pa.Schema:
    """Return the columns of the table: as `--json` has its keys, but for what can be told from them."""
    import pyarrow as pa

    symbol = pa.struct(
        [("label", pa.string()), ("confidence", pa.float64()), ("box", pa.list_(pa.int64())), ("line", pa.int64())]
    )
    return pa.schema(
        [
            ("path", pa.string()),
            ("text", pa.string()),
            ("number", pa.string()),
            ("confidence", pa.float64()),
            ("symbols", pa.list_(symbol)),
            ("error", pa.string()),
        ]
    )


def read_with_ray(
    source: str | list[str],
    workers: int | None = None,
    model: str | None = None,
    engine: str = "litert",
    region: Region | None = None,
    format: Format | None = None,
) -> ray.data.Dataset:
    """Return the readings of the files in `source`, folders or places in an object store, as a dataset of Ray.

    One row a file, in any order; a file that cannot be read has its `error`. `workers` actors of one
    core each read, as many as there are cores by default, as `Reader` says. Nothing is read before the dataset is
    used, say by its `write_parquet`.

    Raises
    ------
    UnreadableFile
        There is no file in the folders named.
    """
    import ray

    if not ray.is_initialized():
        ray.init(log_to_driver=False, include_dashboard=False)
    count = workers or max(1, int(ray.cluster_resources().get("CPU", 1)))
    return _files_in([source] if isinstance(source, str) else source).map_batches(
        Reader,
        fn_constructor_args=(model, engine, region, format),
        batch_size=BATCH,
        batch_format="pyarrow",
        compute=ray.data.ActorPoolStrategy(size=count),
        num_cpus=_CORE,
        max_restarts=-1,
        max_task_retries=RETRIES,
    )


def _files_in(places: Sequence[str]) -> ray.data.Dataset:
    """Return the files in `places`: of folders those that the command finds, to be opened where they are read.

    Ray finds those in an object store by their endings and brings their `bytes`. It would follow links to folders,
    in a circle too, and end the job at a name that is no UTF-8 or a file that is closed to it.
    """
    import ray

    if any("://" in place for place in places):
        return ray.data.read_binary_files(
            list(places), include_paths=True, file_extensions=_ENDINGS, num_cpus=1 - _CORE
        )
    found = list(inputs_of(places))
    if not any(not one.problem and kind_of(one.name) for one in found):
        missing = f"{shown(' '.join(places))} does not exist: check the path."
        raise UnreadableFile(next((one.problem for one in found if one.problem), missing))
    return ray.data.from_items(
        [
            {"path": os.fsencode(one.name), "place": os.fsencode(Path(one.name).absolute()), "problem": one.problem}
            for one in found
        ]
    )


def _pages(file: dict[str, Any], name: str) -> Iterator[Page]:
    """Yield the pages of a file that `_files_in` found."""
    from recognizer.source import pages_of

    if file.get("problem"):
        raise UnreadableFile(file["problem"])
    return pages_of(file["bytes"] if "bytes" in file else os.fsdecode(file["place"]), name)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the job with `arguments`, those of the process by default, and return its exit status."""
    options = _parser().parse_args(with_regions(sys.argv[1:] if arguments is None else arguments))
    try:
        import ray
    except ImportError:
        return _complain("Ray is not installed: pip install 'recognizer[ray]'.")
    try:
        how = (options.model, options.engine, options.region, options.format)
        readings = read_with_ray(options.source, options.workers, *how)
        readings.write_parquet(options.target, ray_remote_args={"num_cpus": 1 - _CORE})
    except UnreadableFile as problem:
        return _complain(str(problem))
    except (OSError, ValueError, ray.exceptions.RayError) as problem:
        return _complain(f"the job ended early ({str(problem).strip().splitlines()[-1]}).")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m recognizer.ray_job",
        description="Reads all pictures, PDF and drawings of a folder or of a place in an object store, with Ray.",
        epilog="Exit status: 0 the table is written, its column `error` telling what could not be read; 2 it is not.",
    )
    parser.add_argument("source", help="folder, or a place as s3://bucket/scans")
    parser.add_argument("target", help="folder or place for the Parquet files")
    parser.add_argument(
        "--workers", type=positive_of, metavar="N", help="actors, of one core each (default: one a core)"
    )
    parser.add_argument("--engine", default="litert", metavar="NAME", help="litert (default) or keras")
    parser.add_argument("--model", metavar="PATH", help="model file, at the same place on every machine")
    parser.add_argument(
        "--region", type=region_of, metavar="X,Y,W,H", help="read this field of each page alone, in pixels"
    )
    parser.add_argument("--format", type=format_of, metavar="F", help="read every line as a format, as recognizer does")
    return parser


def _told(reading: Reading) -> dict[str, Any]:
    return {
        "text": reading.text,
        "number": reading.number,
        "confidence": float(reading.confidence),
        "symbols": [
            {"label": s.label, "confidence": float(s.confidence), "box": [int(b) for b in s.box], "line": int(s.line)}
            for s in reading.symbols
        ],
    }


def _complain(sentence: str) -> int:
    print(f"recognizer: {sentence}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
