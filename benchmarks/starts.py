"""From nothing to a number: whole processes, beside importing TensorFlow and beside Tesseract."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import costs
from benchmarks.options import Settings
from benchmarks.pages import files
from benchmarks.timing import Figures, number, ratio, table, told
from recognizer.classify import SHIPPED

TITLE = "From nothing to a number"
READING = "recognizer, a picture of ten digits"
TENSORFLOW = "import tensorflow"
TESSERACT = "tesseract, the same picture"
_KERAS = (
    "import keras, numpy; network = keras.saving.load_model({path!r}, compile=False);"
    "[network.predict(numpy.zeros((1, 28, 28, 1), 'float32'), verbose=0) for _ in range(10)]"
)
_NEEDS = {TENSORFLOW: "TensorFlow is not installed", TESSERACT: "Tesseract is not installed"}


def measure(settings: Settings) -> Figures:
    """Return what whole processes cost; of what is not installed, why there is nothing."""
    with TemporaryDirectory() as folder:
        commands = _commands(Path(folder))
        found = costs.in_turns(commands, max(1, settings.rounds // 4))
    ours = costs.seconds(found[READING])
    figures: Figures = {}
    for name, of in found.items():
        figures[name] = costs.summary(of) | {"times ours": ratio(costs.seconds(of), ours)}
    return figures | {name: {"skipped": why} for name, why in _NEEDS.items() if name not in commands}


def _commands(folder: Path) -> dict[str, list[str]]:
    """Return the commands to run, by what they are called; their inputs are put into `folder`."""
    picture, drawing = folder / "ten.png", folder / "ten.inkml"
    picture.write_bytes(next(files("picture", 10)))
    drawing.write_bytes(next(files("drawing", 10)))
    python = sys.executable
    commands = {
        "python alone": [python, "-c", ""],
        "import recognizer": [python, "-c", "import recognizer"],
        "the reader loaded": [python, "-c", "import recognizer; recognizer.Recognizer.load()"],
        READING: [python, "-m", "recognizer", str(picture)],
        "recognizer, a drawing of ten digits": [python, "-m", "recognizer", str(drawing)],
    }
    if find_spec("tensorflow"):
        quiet = "import os; os.environ['TF_CPP_MIN_LOG_LEVEL'] = '3';"
        commands[TENSORFLOW] = [python, "-W", "ignore", "-c", f"{quiet} import tensorflow"]
        keras = quiet + _KERAS.format(path=str(SHIPPED / "digits.keras"))
        commands["Keras, ten glyphs of 28 x 28 by predict"] = [python, "-W", "ignore", "-c", keras]
    if tesseract := shutil.which("tesseract"):
        commands[TESSERACT] = [
            *(tesseract, str(picture), "stdout", "--psm", "7"),
            *("-c", "tessedit_char_whitelist=0123456789"),
        ]
    return commands


def report(found: Figures) -> Iterator[str]:
    """Yield the lines of Markdown that tell what was `found`."""
    yield "Whole processes, started in turns: seconds (half of all rounds), of work on all cores together, peak memory."
    yield ""
    yield from table(["process", "s", "s of work", "MB", "times ours"], (_row(*one) for one in found.items()))


def _row(name: str, of: Figures) -> list[str]:
    if "skipped" in of:
        return [name, of["skipped"], "", "", ""]
    rest = (number(of[key]) if of[key] is not None else "not told here" for key in ("work", "MB"))
    return [name, told(of["seconds"]), *rest, f"{of['times ours']:.2f}"]
