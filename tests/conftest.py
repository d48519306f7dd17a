"""Fixtures for all tests: where the corpora are, and tiny stories by purpose."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

import gamebook_lab as gb
from gamebook_lab.analysis.explored import Explored
from tests.scheduling import ByFile, urgency
from tests.shown import TABLE, print_tables

# The same examples every time, so that a green run stays green; `HYPOTHESIS_PROFILE=explore` looks further.
# No deadline: a busy machine is no bug.
settings.register_profile("steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("explore", max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# Nothing that a test makes records to the user's folder.
os.environ.setdefault("GAMEBOOK_TELEMETRY", "off")
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

ROOT = Path(__file__).resolve().parents[1]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """Tests that share costly fixtures run in one process (see ``tests/scheduling.py``)."""
    config.option.loadscopereorder = False  # not by the number of tests
    return ByFile(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several processes run the tests, begin with what takes longest."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: urgency(item.nodeid))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests have shown."""
    print_tables(terminalreporter)


@pytest.fixture
def show(record_property: Callable[[str, object], None]) -> Callable[[str, str], None]:
    """Have a table printed, under a title, when all tests are over."""
    return lambda title, text: record_property(TABLE, (title, text))


@pytest.fixture(scope="session")
def corpora() -> Path:
    """Folder of real stories that none of us wrote; tests read them in place."""
    folder = Path(os.environ.get("GAMEBOOK_CORPORA", ROOT.parent / "shared" / "corpora"))
    if not folder.is_dir():
        pytest.skip(f"no corpora: {folder.name} is not beside the project (set GAMEBOOK_CORPORA to its folder)")
    return folder


@pytest.fixture(scope="session")
def magium(corpora: Path) -> Path:
    """Twee file of a real story of 1,329 passages and 714,000 words."""
    return corpora / "twine" / "magium-books-1-2-as-twee" / "magium_b12.twee"


@pytest.fixture(scope="session")
def magium_space(magium: Path) -> Explored:
    """Everything that a reader of it can come to: explored once for all tests, which change nothing of it."""
    return gb.explore(gb.read_story(magium))


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Module ``toy_language``: a small language, installed like a package of someone else's, and ``toy_story``."""
    monkeypatch.syspath_prepend(ROOT / "tests" / "toys")
    return import_module("toy_language")
