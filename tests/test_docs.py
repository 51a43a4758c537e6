"""What the documents show is what happens."""

from __future__ import annotations

import doctest
import re
from importlib import import_module

import pytest
from conftest import ROOT

import recognizer
from recognizer.options import parser

DOCS = [ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
RUN = [path for path in DOCS if ">>>" in path.read_text("utf-8")]
SHOWING = [path for path in sorted((ROOT / "recognizer").glob("*.py")) if ">>>" in path.read_text("utf-8")]


@pytest.mark.parametrize("path", RUN, ids=lambda path: path.name)
def test_examples_of_a_document_do_what_they_say(path, monkeypatch):
    text = path.read_text("utf-8")
    for module in re.findall(r"^>>> import (\w+)", text, re.MULTILINE):
        pytest.importorskip(module)
    monkeypatch.chdir(ROOT)
    done = doctest.testfile(str(path), module_relative=False, encoding="utf-8")
    assert done.attempted > 5
    assert not done.failed


@pytest.mark.parametrize("path", [ROOT / "README.md", *DOCS], ids=lambda path: path.name)
def test_every_option_in_a_document_is_one_of_the_command(path):
    known = {option for action in parser()._actions for option in action.option_strings}
    for line in re.findall(r"^(?:.*\| )?recognizer (.+)$", path.read_text("utf-8"), re.MULTILINE):
        assert set(re.findall(r"(?<!\S)--[a-z-]+", line.partition("#")[0])) <= known, line


@pytest.mark.parametrize("path", [ROOT / "README.md", *DOCS], ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path):
    for place in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text("utf-8")):
        assert (path.parent / place).exists(), place


@pytest.mark.parametrize("path", SHOWING, ids=lambda path: path.name)
def test_examples_in_the_code_do_what_they_say(path, monkeypatch):
    monkeypatch.chdir(ROOT)
    done = doctest.testmod(import_module(f"recognizer.{path.stem}"))
    assert done.attempted
    assert not done.failed


def test_what_is_exported_stands_in_the_document_of_the_library():
    text = (ROOT / "docs" / "library.md").read_text("utf-8")
    table = text.partition("## What is exported")[2]
    told = {name for row in re.findall(r"^\|(.*?)\|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)}
    assert told == set(recognizer.__all__)


def test_every_file_in_the_map_is_there():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    folders = [ROOT / name for name in ("recognizer", "training", "ui", "tests", "docs", "benchmarks")]
    there = {path.name for folder in folders for path in folder.rglob("*.*")}
    named = re.findall(r"`(?:[a-z/]+/)?([a-z_]+\.py)`", text)
    assert len(named) > 30
    for name in named:
        assert name in there, name
