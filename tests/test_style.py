"""Lint and types are part of the suite, so that one command tells whether a change is good."""

from __future__ import annotations

import subprocess
import sys

import pytest
from conftest import ROOT


@pytest.mark.parametrize("tool", [["ruff", "check", "."], ["mypy"]], ids=["ruff", "mypy"])
def test_the_tool_finds_nothing(tool):
    done = subprocess.run([sys.executable, "-m", *tool], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
