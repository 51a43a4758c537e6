"""Runs the command in its arguments and prints what it cost, as JSON: seconds, seconds of work, peak memory in bytes.

`costs.cost_of` starts it in an interpreter of its own: Linux counts what the parent held when it forked
as the child's, so the parent has to be small.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from time import perf_counter

_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes, in which the system tells ru_maxrss


def main() -> int:
    """Run the command, print what it cost as the only line on standard output, and return its exit status."""
    began = perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
    work, peak = None, None
    if sys.platform == "win32":
        process.wait()
    else:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        work, peak = used.ru_utime + used.ru_stime, used.ru_maxrss * _UNIT
    print(json.dumps({"seconds": perf_counter() - began, "work": work, "peak": peak}))
    return process.returncode


if __name__ == "__main__":
    sys.exit(main())
