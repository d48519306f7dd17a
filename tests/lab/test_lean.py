"""What is left out while JupyterLab starts."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import subprocess, sys
def refuse(*what, **_):
    raise AssertionError(f"started {what}")
subprocess.Popen.__init__ = refuse
from gamebook_lab.lab import lean
asked, no_yarn = [], lean._no_yarn
def note(*what):
    asked.append(what)
    return no_yarn(*what)
lean._no_yarn = note
lean.start_lean()
import jupyterlab.labapp, jsonschema
assert asked, "JupyterLab asks no more, or another function: what start_lean replaces is to be looked at again"
assert "lark" not in sys.modules
checker = jsonschema.FormatChecker()
assert checker.conforms("2026-01-01", "date")
"""


def test_start_lean__starts_no_program_and_reads_no_grammar() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
