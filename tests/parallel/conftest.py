from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "toys"))

FAULT_TABLES = pytest.StashKey[list[str]]()


@pytest.fixture
def jobs():
    return import_module("job_toys")


@pytest.fixture
def calls(tmp_path):
    """Folder in which each call of a toy leaves a mark."""
    folder = tmp_path / "calls"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def fault_tables(request):
    """Tables that are printed when all tests are over."""
    return request.config.stash.setdefault(FAULT_TABLES, [])


def pytest_terminal_summary(terminalreporter, config):
    for table in config.stash.get(FAULT_TABLES, []):
        terminalreporter.section("faults that a job of the pool survived")
        terminalreporter.write_line(table)
