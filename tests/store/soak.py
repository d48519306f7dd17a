"""The long form of the store's fault tests: ``make soak-store``.

Kills, power cuts, damages and two kernels at once, at the numbers that the project promises, and a line for each.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from gamebook_lab.store.places import place_of
from gamebook_lab.widgets.session import StorySession
from tests.store.conftest import TEXT
from tests.store.damaging import damage_and_open
from tests.store.editing import NAMES, Fault, forked, received
from tests.store.editing_together import edit_together
from tests.store.killing import kill_while_editing
from tests.store.power import cut_at_random


def two_kernels(path: Path, n_edits: int) -> str:
    """Two processes write into the same passages; every edit must be in a passage or in a conflict."""
    n = n_edits // 2
    parts = [forked(edit_together, path, name, n) for name in "ab"]
    for _, out in parts:
        received(out)
    for process, _ in parts:
        process.join()
    session = StorySession.open(path)
    assert session.workspace is not None
    held = [session.story.text(name) for name in NAMES]
    ours = session.workspace.run(lambda journal: list(journal.connection.execute("SELECT ours FROM conflicts")))
    session.workspace.close()
    text = " ".join([*held, *(row.decode() for (row,) in ours)])
    lost = [f"{name}{number}." for name in "ab" for number in range(n) if f"{name}{number}." not in text]
    assert not lost, f"lost: {lost[:10]}"
    return f"{2 * n} edits, 0 lost, {len(ours)} conflicts, each with both texts"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--scale",
        type=float,
        default=1.0,
        help="1: 200 kills and 50 with each other fault, 300 cuts, 60 damages, 1,000 edits",
    )
    scale = parser.parse_args().scale
    os.environ["GAMEBOOK_AUTOSAVE"] = "off"
    os.environ["GAMEBOOK_WATCH"] = "off"
    root = Path(tempfile.mkdtemp(prefix="gamebook-soak-"))
    os.environ["GAMEBOOK_STATE"] = str(root / "state")

    def story(name: str) -> Path:
        folder = root / name
        folder.mkdir()
        path = folder / "tiny.twee"
        path.write_text(TEXT, encoding="utf-8")
        return path

    def telling(total: int) -> Callable[[int], None]:
        """Says every tenth how far it is, to whoever waits."""
        step = max(1, total // 10)
        return lambda n: print(f"  {n} of {total}", file=sys.stderr, flush=True) if n % step == 0 else None  # noqa: T201

    def kills(n: int, fault: Fault = "") -> str:
        folder = f"kills {fault}".strip()
        acknowledged, n = kill_while_editing(story(folder), rounds=n, seed=11, fault=fault, tell=telling(n))
        return f"{n} kills, {acknowledged} edits acknowledged, 0 lost, 0 torn"

    def cuts(n: int) -> str:
        folder = root / "cuts"
        folder.mkdir()
        return f"{cut_at_random(folder, cuts=n, n_edits=120, seed=12, tell=telling(n))} power cuts, 0 acknowledged edits lost"

    def damages(n: int) -> str:
        path = story("damages")
        counts = damage_and_open(path, place_of(path), rounds=n, seed=13, tell=telling(n))
        return f"{counts['noticed']} damages noticed and mended, {counts['harmless']} harmless, 0 with a loss"

    suites: dict[str, Callable[[], str]] = {
        "kill -9": lambda: kills(round(200 * scale)),
        "and full disk": lambda: kills(round(50 * scale), "full disk"),
        "and read-only": lambda: kills(round(50 * scale), "read-only"),
        "and clock": lambda: kills(round(50 * scale), "clock"),
        "power": lambda: cuts(round(300 * scale)),
        "damage": lambda: damages(round(60 * scale)),
        "two kernels": lambda: two_kernels(story("two"), round(1_000 * scale)),
    }
    for name, run in suites.items():
        begun = time.perf_counter()
        print(f"{name:<14} {run()}  ({time.perf_counter() - begun:.0f} s)", flush=True)  # noqa: T201 -- its output
    shutil.rmtree(root)


if __name__ == "__main__":
    main()
