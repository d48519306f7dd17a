"""Typing that waits for nobody: edits at a fixed rate, and how long until each is made and is kept.

An edit begins when it is due, whether the one before is kept or not (open loop), so that a stall counts for all the edits
that it holds up. The story is a copy of the corpora's longest, or a generated one; with ``--busy`` every core computes meanwhile. A
run that falls more than ten seconds behind ends there, with the figures of what it has done, and fails.

    python benchmarks/store_open_loop.py --minutes 10 --busy
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from generated import generated_twee
from stories import MAGIUM, ROOT

from gamebook_lab.store.workspace import News
from gamebook_lab.story import edits
from gamebook_lab.telemetry import metrics
from gamebook_lab.widgets.session import StorySession

PROGRESS_SECONDS = 30.0
MOST_SECONDS_BEHIND = 10.0


def story_path() -> Path:
    return MAGIUM if MAGIUM.is_file() else ROOT / "data" / "lighthouse.twee"


def busy() -> None:
    while True:
        sum(number * number for number in range(10_000))


class Timed(StorySession):
    """Notes when each edit is kept."""

    kept_at: dict[int, float]

    def _take_in(self, news: News) -> None:
        now = time.perf_counter()
        for kept in news.kept:
            if kept.edit.label.isdigit():
                self.kept_at[int(kept.edit.label)] = now
        super()._take_in(news)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--rate", type=float, default=50.0, help="edits a second")
    parser.add_argument("--passages", type=int, help="of a generated story, in the place of the corpora's longest")
    parser.add_argument("--busy", action="store_true", help="keep every core busy meanwhile")
    parser.add_argument(
        "--nice", type=int, default=10, help="of what keeps them busy: 10, as the lab's own workers have"
    )
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="gamebook-bench-"))
    try:
        return run(options, folder)
    finally:
        shutil.rmtree(folder)


def run(options: argparse.Namespace, folder: Path) -> int:
    if options.passages:
        path = folder / "generated.twee"
        path.write_text(generated_twee(options.passages), encoding="utf-8")
    else:
        path = folder / story_path().name
        shutil.copyfile(story_path(), path)
    session = Timed.open(path)
    session.kept_at = {}
    stop = session.watch(lambda _: None)
    hogs = [multiprocessing.get_context("fork").Process(target=busy, daemon=True) for _ in range(os.cpu_count() or 1)]
    if options.busy:
        for hog in hogs:
            hog.start()
            os.setpriority(os.PRIO_PROCESS, hog.pid or 0, options.nice)
    due, made, took = type_on(session, round(options.minutes * 60 * options.rate), options.rate)
    is_behind = len(made) < len(due)
    are_kept = session.flush(60)
    stop()
    session.workspace.flush()
    for hog in hogs:
        if hog.is_alive():
            hog.terminate()
    size = session.workspace.place.file.stat().st_size
    session.workspace.close()
    kept = np.array([session.kept_at.get(number, np.nan) - due[number] for number in range(len(made))]) * 1_000
    where = f"{len(session.story):,} passages, {'all cores busy' if options.busy else 'machine otherwise idle'}"
    print(f"{len(made):,} edits at {options.rate:g} a second for {len(made) / options.rate / 60:.3g} min; {where}")
    print(told("from due to kept", kept))
    print(told("from due to made", (np.array(made) - due[: len(made)]) * 1_000))
    print(told("making one", np.array(took) * 1_000))
    saved = metrics.counter("saves_total", how="autosave").value
    print(f"workspace {size / 1e6:.1f} MB; the file was written {saved:.0f} times meanwhile")
    if is_behind or not are_kept or np.isnan(kept).any():
        print(f"FAILED: {'it fell behind' if is_behind else 'not all edits were kept'}")
        return 1
    return 0


def type_on(session: Timed, n: int, rate: float) -> tuple[np.ndarray, list[float], list[float]]:
    """Make edits when they are due; gives when each was due and was made, and how long making it took."""
    chance = random.Random(7)
    keys = session.story.table.index.tolist()
    due = time.perf_counter() + 0.5 + np.arange(n) / rate
    made: list[float] = []
    took: list[float] = []
    for number, moment in enumerate(due):
        if (wait := moment - time.perf_counter()) > 0:
            time.sleep(wait)
        if number % 200 == 0:  # the author goes on in another passage every four seconds
            key = chance.choice(keys)
        letter = chance.choice("etaoin shrdlu ")
        began = time.perf_counter()
        session.apply(
            lambda story, key=key, letter=letter: edits.set_text(story, key, story.text(key) + letter),
            label=str(number),
        )
        made.append(time.perf_counter())
        took.append(made[-1] - began)
        if (number + 1) % round(PROGRESS_SECONDS * rate) == 0:
            last = slice(-round(PROGRESS_SECONDS * rate), None)
            late = (np.array(made[last]) - due[: len(made)][last]) * 1_000
            print(f"  {(number + 1) / rate:5.0f} s  {told('from due to made', late)}", flush=True)
        if made[-1] - moment > MOST_SECONDS_BEHIND:
            break
    return due, made, took


def told(what: str, values: np.ndarray) -> str:
    quantiles = "  ".join(f"p{p} {np.nanpercentile(values, p):.1f}" for p in (50, 95, 99))
    return f"{what}, ms: {quantiles}  max {np.nanmax(values):.1f}"


if __name__ == "__main__":
    sys.exit(main())
