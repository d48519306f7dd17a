"""Starts JupyterLab as a user does, for tests and benchmarks."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import Error, Page

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
SEEN = """() => [
  `focus: ${document.activeElement?.outerHTML.slice(0, 200)}`,
  ...[...document.querySelectorAll(".gb-root.gb-studio, .gb-dashboard, .jp-OutputArea")].map((each) => each.innerText.slice(0, 3000)),
].join("\\n")"""
OPEN_MS, SHOWN_MS, EXPLORED_MS = 120_000, 60_000, 300_000
"""Patience with what is opened, what is shown, and what exploring finds, which gives way to everything else on the machine."""
LOG_LINES = 60
"""Of the server, that a failed test shows."""


@dataclass
class Lab:
    """A running server and the page that shows it."""

    url: str
    folder: Path
    page: Page
    log: list[str]
    """What the server says."""
    failures: list[str] = field(default_factory=list)
    """Errors that no script has caught."""
    console: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.failures.append(str(error)))
        self.page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))

    def seen(self) -> str:
        """What can be seen of it, for whoever reads of a test that failed."""
        picture = self.folder / "failed.png"
        try:
            self.page.screenshot(path=picture)
            shown = self.page.evaluate(SEEN)
        except Error as error:
            shown = f"nothing: {error}"
        parts = [shown, f"screenshot: {picture}", *self.failures, *self.console[-20:], *self.log[-LOG_LINES:]]
        return "\n".join(part.rstrip() for part in parts)


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


class _Listener:
    """Reads what a server prints, to the end: a pipe that nobody reads gets full, and the server waits for that."""

    def __init__(self, process: subprocess.Popen[str], log: list[str]) -> None:
        self._process, self._log = process, log
        self._url = ""
        self._is_known = threading.Event()
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def url(self) -> str:
        """Where the server listens, as soon as it says so."""
        if not self._is_known.wait(OPEN_MS / 1000) or not self._url:
            raise RuntimeError("JupyterLab did not start:\n" + "".join(self._log))
        return self._url

    def close(self) -> None:
        """Read what there is left; the server has ended."""
        self._reading.join()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._log.append(line)
            found = re.search(r"http://127\.0\.0\.1:\d+/lab\S*token=\w+\S*", line)
            if found and not self._url:
                self._url = found.group()
                self._is_known.set()
        self._is_known.set()


@contextmanager
def _running(arguments: list[str], folder: Path, work: Path, log: list[str] | None) -> Iterator[str]:
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
    listener = _Listener(process, [] if log is None else log)
    try:
        yield listener.url()
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        listener.close()


@contextmanager
def serve(story: Path, folder: Path, log: list[str] | None = None) -> Iterator[tuple[str, Path]]:
    """Run ``gamebook lab`` on a copy of ``story`` in ``folder``; gives its URL and the copy. What it prints goes into ``log``."""
    work = folder / "work"
    work.mkdir(parents=True, exist_ok=True)
    copy = work / story.name
    shutil.copytree(story, copy) if story.is_dir() else shutil.copyfile(story, copy)
    with _running(["lab", copy.name], folder, work, log) as url:
        yield url, copy


@contextmanager
def serve_folder(
    folder: Path, command: Literal["lab", "dashboard"] = "lab", log: list[str] | None = None
) -> Iterator[tuple[str, Path]]:
    """Run ``gamebook lab`` without a story, or ``gamebook dashboard``; gives its URL and the folder that it shows."""
    work = folder / "work"
    work.mkdir(parents=True, exist_ok=True)
    with _running([command], folder, work, log) as url:
        yield url, work
