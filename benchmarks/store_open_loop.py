"""Typing that waits for nobody: edits at a fixed rate, and how long until each is kept.

An edit begins when it is due, whether the one before is kept or not (open loop), so that a stall counts for all the edits
that it holds up. The story is a copy of the corpora's longest; with ``--busy`` both cores compute meanwhile.

    python benchmarks/store_open_loop.py --minutes 10 --busy
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np

from gamebook_lab.store.workspace import News
from gamebook_lab.story import edits
from gamebook_lab.widgets.session import StorySession

ROOT = Path(__file__).resolve().parents[1]
MAGIUM = "twine/magium-books-1-2-as-twee/magium_b12.twee"


def story_path() -> Path:
    corpora = Path(os.environ.get("GAMEBOOK_CORPORA", ROOT.parent / "shared" / "corpora"))
    path = corpora / MAGIUM
    return path if path.exists() else ROOT / "data" / "lighthouse.twee"


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--rate", type=float, default=50.0, help="edits a second")
    parser.add_argument(
        "--busy", action="store_true", help="keep every core busy meanwhile, niced as the lab's own workers are"
    )
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="gamebook-bench-"))
    path = folder / story_path().name
    shutil.copyfile(story_path(), path)
    session = Timed.open(path)
    session.kept_at = {}
    stop = session.watch(lambda _: None)
    hogs = [multiprocessing.get_context("fork").Process(target=busy, daemon=True) for _ in range(os.cpu_count() or 1)]
    if options.busy:
        for hog in hogs:
            hog.start()
            os.setpriority(os.PRIO_PROCESS, hog.pid or 0, 10)
    chance = random.Random(7)
    keys = session.story.table.index.tolist()
    n = round(options.minutes * 60 * options.rate)
    begun = time.perf_counter() + 0.5
    due = [begun + number / options.rate for number in range(n)]
    key = chance.choice(keys)
    for number, moment in enumerate(due):
        if (wait := moment - time.perf_counter()) > 0:
            time.sleep(wait)
        if number % 200 == 0:  # the author goes on in another passage every four seconds
            key = chance.choice(keys)
        letter = chance.choice("etaoin shrdlu ")
        session.apply(
            lambda story, key=key, letter=letter: edits.set_text(story, key, story.text(key) + letter),
            label=str(number),
        )
    assert session.flush(60)
    stop()
    session.workspace.flush()
    late = np.array([session.kept_at[number] - due[number] for number in range(n)]) * 1_000
    for hog in hogs:
        if hog.is_alive():
            hog.terminate()
    size = session.workspace.place.file.stat().st_size
    session.workspace.close()
    where = f"{len(keys):,} passages, {'all cores busy' if options.busy else 'machine otherwise idle'}"
    print(f"{n:,} edits at {options.rate:g} a second for {options.minutes:g} min; {where}")
    print(
        "from due to kept, ms: "
        + "  ".join(f"p{p} {np.percentile(late, p):.1f}" for p in (50, 95, 99))
        + f"  max {late.max():.1f}"
    )
    print(f"workspace {size / 1e6:.1f} MB")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
