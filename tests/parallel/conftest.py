from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest

from tests.parallel.fault_suite import Row
from tests.shown import recorded

sys.path.append(str(Path(__file__).resolve().parents[1] / "toys"))


@pytest.fixture
def jobs():
    return import_module("job_toys")


@pytest.fixture
def calls(tmp_path):
    """Folder in which each call of a toy leaves a mark."""
    folder = tmp_path / "calls"
    folder.mkdir()
    return folder


def pytest_terminal_summary(terminalreporter):
    rows = recorded(terminalreporter, "fault")
    if rows:
        terminalreporter.section("faults that a job of the pool survived")
        terminalreporter.write_line("\n".join([Row.HEAD, Row.RULE, *rows]))
