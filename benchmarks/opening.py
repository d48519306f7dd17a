"""How long until a story can be worked on: from the start of `gamebook lab` to a painted Studio, mark by mark.

    python benchmarks/opening.py [--repeats N] [STORY ...]

Without a story: Magium (where the corpora are) or a generated one of 1,400 passages, and one of 10,000. A browser is running already, as an
author's is; the page is asked for as soon as the server says where it is. One line a mark: seconds since the command was
started, of each run. The last mark is the Studio usable: its map and the text of a passage are painted.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil
from playwright.sync_api import Browser, Page, WebSocket, sync_playwright
from stories import each_story

from tests.browser.lab import CHROMIUM, CHROMIUM_ARGUMENTS, serve

REPEATS = 3
SEEN = {
    "page: JupyterLab is drawn": "#jp-main-dock-panel",
    "page: notebook is there": ".jp-Notebook .jp-Cell",
    "page: Studio is drawn": ".gb-studio",
    "page: text is painted": ".gb-editor .cm-line",
    "page: map has its passages": ".gb-map-foot span:first-child:not(:empty)",
}
"""Marks by the page's own clock: when something is first there."""
WATCH = """(seen) => {
  window.gbSeen = {};
  const look = () => {
    for (const [mark, selector] of Object.entries(seen)) {
      if (!(mark in window.gbSeen) && document.querySelector(selector)) window.gbSeen[mark] = (performance.timeOrigin + performance.now()) / 1000;
    }
    requestAnimationFrame(look);
  };
  look();
}"""
SAID = {
    "kernel: answers": ("framereceived", b"kernel_info_reply"),
    "page: cell is sent": ("framesent", b"execute_request"),
    "kernel: cell is begun": ("framereceived", b"execute_input"),
    "kernel: first widget is made": ("framereceived", b"comm_open"),
    "kernel: cell is done": ("framereceived", b"execute_reply"),
}
"""Marks by what goes over the kernel's web socket first."""


WORK = {"gamebook_lab lab": "server", "gamebook_lab.lab.kernel": "kernel", "chrom": "browser", "": "others"}
"""Whose processor seconds are counted, by a word of the process's command line."""


class Marks(dict[str, float]):
    """When each thing happened first, in seconds since the epoch."""

    def set(self, mark: str, moment: float | None = None) -> None:
        self.setdefault(mark, time.time() if moment is None else moment)

    def listen(self, socket: WebSocket) -> None:
        """Note what is said over a web socket of the page."""
        if not socket.url.partition("?")[0].endswith("/channels"):
            return
        self.set("page: asks for the kernel")
        for mark, (event, word) in SAID.items():
            socket.on(event, lambda said, mark=mark, word=word: self._hear(mark, word, said))  # type: ignore[call-overload]

    def _hear(self, mark: str, word: bytes, said: bytes | str) -> None:
        if word in (said if isinstance(said, bytes) else said.encode()):
            self.set(mark)


@contextmanager
def open_page(browser: Browser, marks: Marks) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.on("websocket", marks.listen)
    page.add_init_script(f"({WATCH})({SEEN})")
    yield page
    page.close()


def processor_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def opening(browser: Browser, story: Path, folder: Path) -> tuple[dict[str, float], dict[str, float]]:
    """Open it once; gives the marks, in seconds since the command was started, and who took how much of the processor until then."""
    marks = Marks()
    own = {process.pid: processor_seconds(process) for process in psutil.Process().children(recursive=True)}
    begun = time.time()
    with open_page(browser, marks) as page, serve(story, folder) as (url, _copy):
        marks.set("server: listens")
        page.goto(url, wait_until="commit")
        for selector in SEEN.values():
            page.locator(selector).first.wait_for(timeout=120_000, state="attached")
        marks.update(page.evaluate("() => window.gbSeen"))
        work = dict.fromkeys(WORK.values(), 0.0)
        for process in psutil.Process().children(recursive=True):
            said = " ".join(process.cmdline())
            what = next(what for word, what in WORK.items() if word in said)
            work[what] += processor_seconds(process) - own.get(process.pid, 0.0)
            if "gamebook_lab.lab.kernel" in said:
                marks.set("kernel: process is started", process.create_time())
    return {mark: moment - begun for mark, moment in marks.items()}, work


def measure(story: Path, repeats: int) -> None:
    print(f"\n{story.name}: seconds since `gamebook lab` was started; load {os.getloadavg()[0]:.1f}")
    with sync_playwright() as playwright:
        runs = []
        for _ in range(repeats):
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
            with tempfile.TemporaryDirectory() as folder:
                runs.append(opening(browser, story, Path(folder)))
            browser.close()
    first = runs[0][0]
    for mark in sorted({mark for marks, _ in runs for mark in marks}, key=lambda mark: first.get(mark, 0)):
        print(line(mark, [marks.get(mark) for marks, _ in runs]))
    print(line("usable", [max(marks.values()) for marks, _ in runs]))
    for what in WORK.values():
        print(line(f"processor seconds: {what}", [work[what] for _, work in runs]), flush=True)


def line(what: str, values: list[float | None] | list[float]) -> str:
    return f"  {what:<32}" + "".join(f"{'-':>8}" if value is None else f"{value:8.2f}" for value in values)


def main() -> None:
    if CHROMIUM is None:
        print("no Chromium on this machine: nothing measured (`make chromium` installs Debian's)")
        return
    each_story("How long until a story can be worked on.", measure, REPEATS)


if __name__ == "__main__":
    main()
