"""Frames and answers in a real browser with the dashboard open: at rest, with updates, and with all cores busy.

    python benchmarks/dashboard_in_chromium.py [SECONDS]

SECONDS (12 without) is how long frames and the kernel's processor time are counted in each row. The answer is that of a
button beside the dashboard, pressed by a real mouse: from the press through Python to the end of the frame that paints the
change, by the browser's own clock. "All cores busy" runs one loop for each core at
nice 10, as the worker pool's processes are.
"""

from __future__ import annotations

import math
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import nbformat
import psutil
from nbformat.sign import NotebookNotary
from playwright.sync_api import Page, sync_playwright

from gamebook_lab.lab.notebook import DASHBOARD_NAME, dashboard_notebook
from tests.browser.lab import CHROMIUM, CHROMIUM_ARGUMENTS, private_environment, serve_folder

CLICKS = 40
CELL = """\
import ipywidgets
import gamebook_lab as gb

button, label = ipywidgets.Button(description="Count"), ipywidgets.Label("0")
button.on_click(lambda _: setattr(label, "value", str(int(label.value) + 1)))
dashboard = gb.Dashboard(300)
ipywidgets.VBox([ipywidgets.HBox([button, label]), dashboard])
"""
FRAMES = """(ms) => new Promise((done) => {
  const times = [];
  const tick = (now) => {
    times.push(now);
    if (now - times[0] < ms) return requestAnimationFrame(tick);
    const gaps = times.slice(1).map((time, at) => time - times[at]);
    done([1000 * gaps.length / (now - times[0]), gaps.filter((gap) => gap > 50).length, Math.max(...gaps)]);
  };
  requestAnimationFrame(tick);
})"""
CLICK = """async () => {
  const label = document.querySelector('.jp-OutputArea .widget-label');
  const before = label.textContent;
  const start = await new Promise((done) => addEventListener('pointerdown', (event) => done(event.timeStamp), { capture: true, once: true }));
  while (label.textContent === before && performance.now() - start < 5000) await new Promise(requestAnimationFrame);
  await new Promise((done) => {
    const channel = new MessageChannel(); // its turn comes when the frame is done
    channel.port1.onmessage = done;
    channel.port2.postMessage(null);
  });
  return label.textContent === before ? null : performance.now() - start;
}"""
HEAD = f"{'':<24}{'frames/s':>9}{'over 50 ms':>12}{'longest ms':>12}{'click p50 ms':>14}{'p95 ms':>8}{'n':>5}{'kernel, % of a core':>21}"


@contextmanager
def busy() -> Iterator[None]:
    """Keep every core busy, at a low priority."""
    code = "import os\nos.nice(10)\nwhile True: pass"
    loops = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def kernel_seconds() -> float:
    """Processor time of the kernel, which is a descendant of this process."""
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if any("kernel" in word and word.endswith(".json") for word in process.cmdline()):
                return sum(process.cpu_times()[:2])
    return math.nan


def row(page: Page, name: str, seconds: float) -> str:
    before = kernel_seconds()
    rate, n_long, longest = page.evaluate(FRAMES, seconds * 1000)
    share = 100 * (kernel_seconds() - before) / seconds
    found = []
    box = page.get_by_role("button", name="Count", exact=True).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for _ in range(CLICKS):
        page.mouse.move(x, y)
        page.evaluate(f"() => {{ window.gbTimed = ({CLICK})(); }}")
        page.mouse.click(x, y)
        found.append(page.evaluate("() => window.gbTimed"))
        page.wait_for_timeout(70)
    known = sorted(value for value in found if value is not None)
    if not known:
        return f"{name:<24}{rate:>9.1f}{n_long:>12}{longest:>12.0f}   no click was answered"
    p95 = known[min(len(known) - 1, int(0.95 * len(known)))]
    return f"{name:<24}{rate:>9.1f}{n_long:>12}{longest:>12.0f}{statistics.median(known):>14.0f}{p95:>8.0f}{len(known):>5}{share:>21.1f}"


def write_notebook(folder: Path) -> None:
    """Put our own cell into the notebook that ``gamebook dashboard`` opens."""
    os.environ.update(private_environment(folder))
    content = dashboard_notebook()
    content["cells"][0]["source"] = CELL
    notebook = nbformat.from_dict(content)
    (folder / "work").mkdir()
    nbformat.write(notebook, folder / "work" / DASHBOARD_NAME)
    NotebookNotary().sign(notebook)


def main() -> None:
    if CHROMIUM is None:
        print("no Chromium on this machine: nothing measured (`make chromium` installs Debian's)")
        return
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 12.0
    print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        write_notebook(folder)
        with serve_folder(folder, "dashboard") as (url, _):
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
            page = browser.new_page(viewport={"width": 1400, "height": 1300})
            page.goto(url)
            page.locator(".gb-chart-plot .main-svg").first.wait_for(timeout=120_000)
            page.wait_for_timeout(5000)
            print(HEAD)
            page.get_by_role("button", name="Pause").click()
            page.wait_for_timeout(2000)
            print(row(page, "dashboard paused", seconds))
            page.get_by_role("button", name="Go on").click()
            page.wait_for_timeout(2000)
            print(row(page, "updates once a second", seconds))
            with busy():
                page.wait_for_timeout(2000)
                print(row(page, "and all cores busy", seconds))
            browser.close()


if __name__ == "__main__":
    main()
