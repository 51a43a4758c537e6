"""What docs/threats.md says of the project is so."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest
from conftest import ROOT

THREATS = ROOT / "docs" / "threats.md"
SOURCES = [path for package in ("recognizer", "training", "ui") for path in sorted((ROOT / package).rglob("*.py"))]
RUNS_CODE = {"dill", "joblib", "marshal", "pickle", "shelve", "yaml"}


def test_every_proof_that_is_named_is_a_test():
    named = set(re.findall(r"`(test_\w+)`", THREATS.read_text("utf-8")))
    tests = {
        node.name
        for path in (ROOT / "tests").glob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    assert len(named) > 30
    assert not named - tests


def calls(path: Path) -> list[tuple[str, ast.Call]]:
    """Every call in a file, with the name of what is called, as `np.load`."""
    nodes = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    return [(ast.unparse(node.func), node) for node in nodes]


def test_no_file_is_opened_that_could_hold_code():
    for path in SOURCES:
        tree = ast.parse(path.read_text("utf-8"))
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not RUNS_CODE & {name.partition(".")[0] for name in imported}, path
        for name, call in calls(path):
            given = {word.arg: ast.unparse(word.value) for word in call.keywords}
            assert name not in {"eval", "exec", "compile", "os.system", "os.popen"}, path
            assert given.get("shell", "False") == "False", path
            if name.endswith("np.load"):
                assert given["allow_pickle"] == "False", path


def test_networks_from_elsewhere_are_looked_into_before_they_are_opened():
    """`shipped` goes on with its own work alone."""
    opening = {path.name for path in SOURCES if any(name.endswith("load_model") for name, _ in calls(path))}
    assert opening == {"model_file.py", "networks.py"}


SPEAKING = {
    "a name of a tag": '<a\u0600\u2028b xmlns="x"/>',
    "what stands for a number": "<ink><trace>\x9b31m 2</trace></ink>",
    "what stands for a coordinate": "<ink><trace>1 2, \u202e\u200f</trace></ink>",
    "a name of an entity": "<ink>&\u202e;</ink>",
    "a width": '<ink><definitions><brush xml:id="b"><brushProperty name="width" value="\x9b2J"/></brush></definitions>'
    '<trace brushRef="#b">1 1</trace></ink>',
}


@pytest.mark.parametrize("text", SPEAKING.values(), ids=SPEAKING.keys())
@pytest.mark.parametrize("form", ["", "--json", "--csv"])
def test_text_of_a_drawing_cannot_speak_to_the_terminal(text, form, tmp_path, capsys):
    path = tmp_path / "drawing.inkml"
    path.write_text(text, encoding="utf-8")
    arguments = [form, str(path)] if form else [str(path)]
    assert import_module("recognizer.__main__").main(arguments) == 1
    told = capsys.readouterr()
    assert "cannot be read as InkML" in told.err
    for line in (*told.out.splitlines(), *told.err.splitlines()):
        assert line.isprintable()
