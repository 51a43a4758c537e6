"""What several test files need: the command as a user starts it, and how hypothesis looks for failures."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]

TIMES = int(os.environ.get("EXAMPLES_TIMES", "1"))
"""How many times more examples than usual are tried: then new ones in every run."""

# Else the same examples in every run and on every machine, however slow: a failure is a failure for all.
settings.register_profile("repeatable", derandomize=TIMES == 1, deadline=None, print_blob=TIMES > 1)
settings.load_profile("repeatable")


def examples(count: int) -> settings:
    """Try `count` examples, or as many times more as the environment asks for."""
    return settings(max_examples=count * TIMES)


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Let what tests start be interrupted: a run in the background ignores that, and so would they."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


Command = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def command() -> Command:
    """`python -m recognizer ARGUMENTS…` from the project's root, in a process of its own."""

    def run(*arguments: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        line = [sys.executable, "-m", "recognizer", *map(str, arguments)]
        return subprocess.run(line, input=stdin, capture_output=True, cwd=ROOT, timeout=120, check=False)

    return run


@pytest.fixture(scope="session")
def handwriting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of training data as the real one is laid out: small, and written by the scripted pen."""
    from training_data import write_data

    return write_data(tmp_path_factory.mktemp("handwriting"))
