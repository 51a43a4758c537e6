"""Figures that anyone can repeat: `python -m benchmarks` measures and writes BENCHMARKS.md and benchmarks.json.

It stands beside the tests, not among them: tests say yes or no and are run always, this says how much and is run when
somebody wants to know. It is no part of what is installed; it needs the extra `dev` and the repository around it.
"""
