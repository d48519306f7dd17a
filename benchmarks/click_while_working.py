"""How quick a click in the Studio is while a job in the same kernel keeps all cores busy, beside the idle figure.

    python benchmarks/click_while_working.py [STORY]

Without a story: data/lighthouse.twee. The job is a real one on the real pool, with as many workers as there are cores, each
of them in pure Python all the time, and with the processor's cap lifted. Idle and working take turns, so that what else the
machine does weighs on both. A click is one of a real mouse, timed from the press to the end of the frame that paints the passage.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from jupyter_client import BlockingKernelClient
from playwright.sync_api import Page, sync_playwright
from studio_in_chromium import load, percentiles, times

from tests.browser.lab import CHROMIUM, CHROMIUM_ARGUMENTS, serve

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "lighthouse.twee"
TURNS = 3
CLICKS = 40
PATIENCE = 60
GOAL_MS = 100
DEFINED = """
from gamebook_lab.parallel.jobs import Job as _Job
from gamebook_lab.parallel.pool import WorkerPool as _Pool

def _burn(item):
    total = 0
    for number in range(3_000_000):
        total += number * item % 7
    return total

_pool = _Pool(minimum={cores}, maximum={cores}, cpu_limit=1.0)
"""
BEGUN = "_run = _Job('burn', _burn, range({first}, {first} + 100_000)).start(_pool, {folder!r})"
LOOK = "_s = _pool.status(); print(_s.host_cpu or 0.0, _s.own_cpu, _run.progress.done)"
BUSY_SHARE = 0.9
ENDED = "_run.cancel()"


class Kernel:
    """The kernel that the Studio's page talks to, reached beside the page."""

    def __init__(self, folder: Path) -> None:
        (file,) = (folder / "jupyter-runtime").glob("kernel-*.json")
        self._client = BlockingKernelClient(connection_file=str(file))
        self._client.load_connection_file()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=PATIENCE)

    def run(self, code: str) -> str:
        """Run a line, and give what it printed."""
        said: list[str] = []

        def hear(message: dict[str, dict[str, str]]) -> None:
            if message["header"]["msg_type"] == "stream":
                said.append(message["content"]["text"])

        reply = self._client.execute_interactive(code, timeout=PATIENCE, output_hook=hear, store_history=False)
        if reply["content"]["status"] != "ok":
            raise RuntimeError(reply["content"]["evalue"])
        return "".join(said)

    def close(self) -> None:
        self._client.stop_channels()


def work(kernel: Kernel, turn: int, folder: Path) -> None:
    """Start the job, and wait until it is under way and no core is idle."""
    kernel.run(BEGUN.format(first=turn * 1_000_000, folder=str(folder / f"jobs-{turn}")))
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        host_cpu, _, n_done = map(float, kernel.run(LOOK).split())
        if host_cpu >= BUSY_SHARE and n_done >= 4:
            return
        time.sleep(0.5)
    raise TimeoutError("the job never kept all cores busy")


def open_page(page: Page, url: str) -> None:
    page.goto(url)
    page.locator(".gb-map canvas").first.wait_for(timeout=120_000)
    page.locator(".cm-content").first.wait_for(timeout=120_000)
    page.get_by_role("tab", name="Table", exact=True).click()
    page.locator(".gb-table .slick-row").first.wait_for()
    page.wait_for_timeout(4000)


def measure(story: Path) -> bool:
    """Print the figures; tells whether the goal is met."""
    idle: list[float | None] = []
    working: list[float | None] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        serve(story, Path(folder)) as (url, _copy),
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        open_page(page, url)
        kernel = Kernel(Path(folder))
        kernel.run(DEFINED.format(cores=os.cpu_count()))
        times(page, "click", 10)
        for turn in range(TURNS):
            idle += times(page, "click", CLICKS)
            work(kernel, turn, Path(folder))
            working += times(page, "click", CLICKS)
            host_cpu, own_cpu, n_done = map(float, kernel.run(LOOK).split())
            print(
                f"  turn {turn + 1}: {host_cpu:.0%} of all cores in use, the workers use {own_cpu:.1f} of them, "
                f"{n_done:.0f} shards done; {load()}"
            )
            kernel.run(ENDED)
            page.wait_for_timeout(2000)
        kernel.run("_pool.close()")
        kernel.close()
        browser.close()
    print(f"  click in the table -> editor painted, idle     {percentiles(idle)}")
    print(f"  click in the table -> editor painted, working  {percentiles(working)}")
    known = sorted(value for value in working if value is not None)
    return len(known) == len(working) and known[int(0.95 * len(known))] < GOAL_MS


def main() -> None:
    if CHROMIUM is None:
        print("no Chromium on this machine: nothing measured (`make chromium` installs Debian's)")
        return
    story = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE
    print(f"{story.name}; {load()}")
    is_met = measure(story)
    print(f"  goal: working p95 < {GOAL_MS} ms: {'met' if is_met else 'NOT met'}")


if __name__ == "__main__":
    main()
