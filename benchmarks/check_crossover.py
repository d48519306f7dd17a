"""From how much text on is checking faster on two processes than on one?

Parses copies of one real or made-up story, on one process and on several, and prints a table. The
crossover is the constant CROSSOVER_CHARACTERS of gamebook_lab/parallel/checks.py.

    python benchmarks/check_crossover.py STORY [--workers 2] [--copies 1 2 4 8] [--repeats 3]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

import gamebook_lab as gb
from gamebook_lab.parallel import parsed
from gamebook_lab.story.story import Story


def copies(story: Story, number: int) -> Story:
    """Make a story of so many copies, with nothing parsed."""
    table = pd.concat([story.table] * number, ignore_index=True)
    table.index.name = "key"
    return Story(table, story.language, story.metadata)


def seconds(work: Callable[[Story], object], story: Story, number: int, repeats: int) -> float:
    """Measure the median of a few runs, each on a story that nothing is known of."""
    times = []
    for _ in range(repeats):
        fresh = copies(story, number)
        began = time.perf_counter()
        work(fresh)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("story", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--copies", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    story = gb.read_story(options.story)
    print(f"{'characters':>12} {'1 process s':>12} {f'{options.workers} processes s':>14} {'gain':>6}")
    for number in options.copies:
        one = seconds(lambda fresh: fresh.programs, story, number, options.repeats)
        several = seconds(lambda fresh: parsed(fresh, options.workers).programs, story, number, options.repeats)
        size = sum(map(len, copies(story, number).table["text"]))
        print(f"{size:12,} {one:12.2f} {several:14.2f} {one / several:6.2f}")


if __name__ == "__main__":
    main()
