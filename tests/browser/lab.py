"""Starts JupyterLab as a user does, for tests and benchmarks."""

from __future__ import annotations

import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 60


@dataclass
class Lab:
    """A running server and the page that shows it."""

    url: str
    folder: Path
    page: Page
    failures: list[str]


def private_environment(folder: Path) -> dict[str, str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("JUPYTER")}
    for name in ("CONFIG", "DATA", "RUNTIME"):
        environment[f"JUPYTER_{name}_DIR"] = str(folder / f"jupyter-{name.lower()}")
    environment["IPYTHONDIR"] = str(folder / "ipython")
    environment["PYTHONUNBUFFERED"] = "1"
    environment["GAMEBOOK_TELEMETRY"] = str(folder / "telemetry")
    environment["GAMEBOOK_AUTOSAVE"] = "off"  # files change when a test says so
    environment["GAMEBOOK_WATCH"] = "off"
    return environment


def _wait_for_url(process: subprocess.Popen[str]) -> str:
    """Read what the server prints until it says where it listens."""
    assert process.stdout is not None
    said: list[str] = []
    deadline = time.monotonic() + START_SECONDS
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while time.monotonic() < deadline:
            if not selector.select(timeout=1) and process.poll() is None:
                continue
            line = process.stdout.readline()
            said.append(line)
            found = re.search(r"http://127\.0\.0\.1:\d+/lab\S*token=\w+\S*", line)
            if found:
                return found.group()
            if not line and process.poll() is not None:
                break
    raise RuntimeError("JupyterLab did not start:\n" + "".join(said))


@contextmanager
def _running(arguments: list[str], folder: Path, work: Path) -> Iterator[str]:
    """Run ``gamebook`` until the body ends; gives the URL that it prints."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gamebook_lab", *arguments, "--no-browser"],
        cwd=work,
        env=private_environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield _wait_for_url(process)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


@contextmanager
def serve(story: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """Run ``gamebook lab`` on a copy of ``story`` in ``folder``; gives its URL and the copy."""
    work = folder / "work"
    work.mkdir(parents=True, exist_ok=True)
    copy = work / story.name
    shutil.copytree(story, copy) if story.is_dir() else shutil.copyfile(story, copy)
    with _running(["lab", copy.name], folder, work) as url:
        yield url, copy


@contextmanager
def serve_folder(folder: Path, command: Literal["lab", "dashboard"] = "lab") -> Iterator[tuple[str, Path]]:
    """Run ``gamebook lab`` without a story, or ``gamebook dashboard``; gives its URL and the folder that it shows."""
    work = folder / "work"
    work.mkdir(parents=True, exist_ok=True)
    with _running([command], folder, work) as url:
        yield url, work
