"""A real JupyterLab, started as a user starts it, in a real Chromium."""

from __future__ import annotations

import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
START_SECONDS = 60
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(
                    pytest.mark.skip(reason="no Chromium on this machine (`make chromium` installs Debian's)")
                )


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    return {"executable_path": CHROMIUM, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, object]:
    return {"viewport": {"width": 1400, "height": 900}}


@dataclass
class Lab:
    """A running server and the page that shows it."""

    url: str
    folder: Path
    page: Page
    log: Path
    failures: list[str]


def _private_environment(folder: Path) -> dict[str, str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("JUPYTER")}
    for name in ("CONFIG", "DATA", "RUNTIME"):
        environment[f"JUPYTER_{name}_DIR"] = str(folder / f"jupyter-{name.lower()}")
    environment["IPYTHONDIR"] = str(folder / "ipython")
    environment["PYTHONUNBUFFERED"] = "1"
    return environment


def _wait_for_url(process: subprocess.Popen[str], log: Path) -> str:
    """Read what the server prints until it says where it listens."""
    assert process.stdout is not None
    deadline = time.monotonic() + START_SECONDS
    selector = selectors.DefaultSelector()
    selector.register(process.stdout, selectors.EVENT_READ)
    with log.open("a") as out:
        while time.monotonic() < deadline:
            if not selector.select(timeout=1) and process.poll() is None:
                continue
            line = process.stdout.readline()
            out.write(line)
            out.flush()
            found = re.search(r"http://127\.0\.0\.1:\d+/lab\S*token=\w+\S*", line)
            if found:
                return found.group()
            if not line and process.poll() is not None:
                break
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()}")


@pytest.fixture
def open_lab(
    tmp_path: Path, browser: Browser, browser_context_args: dict[str, object]
) -> Iterator[Callable[[Path], Lab]]:
    """Start ``gamebook lab STORY`` on a copy of the story, and open the page it prints."""
    processes: list[subprocess.Popen[str]] = []
    contexts = []

    def start(story: Path, **context: object) -> Lab:
        folder = tmp_path / f"lab{len(processes)}"
        folder.mkdir()
        copy = folder / story.name
        shutil.copytree(story, copy) if story.is_dir() else shutil.copyfile(story, copy)
        log = tmp_path / f"server{len(processes)}.log"
        process = subprocess.Popen(
            [sys.executable, "-m", "gamebook_lab", "lab", copy.name, "--no-browser"],
            cwd=folder,
            env=_private_environment(tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        processes.append(process)
        url = _wait_for_url(process, log)
        contexts.append(browser.new_context(**{**browser_context_args, **context}))  # type: ignore[arg-type]
        page = contexts[-1].new_page()
        failures: list[str] = []
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(url)
        return Lab(url, folder, page, log, failures)

    yield start
    for context in contexts:
        context.close()
    for process in processes:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
