"""The shape of the project: who imports whom, what is exported, what the files are called."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from importlib import import_module, metadata
from pathlib import Path

import pytest
from conftest import ROOT

import recognizer

PACKAGES = {
    "recognizer": set(),
    "training": {"recognizer"},
    "ui": {"recognizer"},
    "benchmarks": {"recognizer", "training"},
}
SAYS_NOTHING = {"utils", "util", "core", "helpers", "helper", "common", "misc", "base", "tools"}
EXPORTED = [
    "Drawing",
    "Explanation",
    "Format",
    "ModelUnavailable",
    "OutsidePage",
    "Reading",
    "Recognizer",
    "Stroke",
    "Symbol",
    "TooManyMarks",
    "UnreadableDrawing",
    "UnreadablePage",
    "load_drawing",
    "load_pages",
    "save_drawing",
]


def imported(path: Path) -> set[str]:
    """The top-level packages that a file imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add((node.module or "").partition(".")[0])
    return names


def loaded_by(*arguments: str) -> set[str]:
    """The modules that a fresh interpreter has loaded at its end."""
    script = "import sys; {}; print(*sys.modules, sep='\\n')".format("; ".join(arguments))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_run_one_way(package):
    files = list((ROOT / package).rglob("*.py"))
    assert files
    for path in files:
        assert not (imported(path) & set(PACKAGES)) - {package} - PACKAGES[package], path


def test_only_one_file_of_the_reader_imports_keras():
    heavy = {"keras", "tensorflow", "sklearn", "scipy", "matplotlib"}
    assert {path.name for path in (ROOT / "recognizer").rglob("*.py") if imported(path) & heavy} == {"model_file.py"}


def test_exported_names_are_these_and_all_there():
    assert sorted(recognizer.__all__) == EXPORTED
    assert dir(recognizer) == EXPORTED
    for name in EXPORTED:
        assert getattr(recognizer, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        recognizer.Nothing  # noqa: B018 - looking it up is the test


def test_importing_the_package_loads_nothing_heavy():
    assert not {"numpy", "cv2", "ai_edge_litert", "keras", "tensorflow"} & loaded_by("import recognizer.__main__")


def test_reading_loads_no_tensorflow():
    page = "numpy.full((60, 60), 255, numpy.uint8)"
    loaded = loaded_by("import numpy, recognizer", f"recognizer.Recognizer.load().read({page})")
    assert "ai_edge_litert" in loaded
    assert not {"keras", "tensorflow", "scipy", "sklearn", "matplotlib"} & loaded


def test_file_names_say_what_is_in_them():
    for package in PACKAGES:
        assert not {path.stem for path in (ROOT / package).rglob("*.py")} & SAYS_NOTHING


def test_the_version_is_one_and_has_its_changes_told():
    assert metadata.version("recognizer") == recognizer.__version__
    assert f"## {recognizer.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_console_scripts_lead_somewhere():
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert set(scripts) == {"recognizer", "recognizer-ui", "recognizer-train"}
    for target in scripts.values():
        module, _, function = target.partition(":")
        assert callable(getattr(import_module(module), function))


def test_the_package_says_that_it_is_typed():
    assert (ROOT / "recognizer" / "py.typed").exists()
