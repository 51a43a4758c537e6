from __future__ import annotations

import subprocess
import sys

from conftest import ROOT

SCRIPT = """
import os, sys
from recognizer.quiet import quiet_libraries
with quiet_libraries():
    os.write(2, b"a library's chatter\\n")
    print("our own word", file=sys.stderr)
print("afterwards", file=sys.stderr)
os.write(2, b"and native again\\n")
"""


def run(script: str, **streams: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-c", script], capture_output=True, cwd=ROOT, check=False, **streams)


def test_libraries_are_silent_and_python_is_not():
    assert run(SCRIPT).stderr.split(b"\n") == [b"our own word", b"afterwards", b"and native again", b""]


def test_an_exception_on_the_way_out_is_told():
    assert run(
        SCRIPT.replace("print(", "raise RuntimeError(", 1).replace(", file=sys.stderr)", ")", 1)
    ).stderr.endswith(b"RuntimeError: our own word\n")


def test_a_closed_standard_error_is_no_matter():
    shell = (
        "import os; os.close(2)\nfrom recognizer.quiet import quiet_libraries\nwith quiet_libraries(): print('done')"
    )
    assert run(shell).stdout.strip() == b"done"
