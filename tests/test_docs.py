"""What the documents show is what happens."""

from __future__ import annotations

import doctest
import re

import pytest
from conftest import ROOT

from recognizer.options import parser

DOCS = sorted((ROOT / "docs").glob("*.md"))
RUN = [path for path in DOCS if ">>>" in path.read_text("utf-8")]


@pytest.mark.parametrize(
    "path", [path for path in DOCS if ">>>" in path.read_text("utf-8")], ids=lambda path: path.name
)
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
