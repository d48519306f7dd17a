"""Counting, opening, numbering and drawing the playthroughs of a real story, whose number has 82 digits.

    python benchmarks/paths_of_a_real_story.py [STORY] [--samples 1000000]

The story is Magium, books 1 and 2, of the corpora beside the project, or any other without circles. Kernels are compiled before.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from pathlib import Path

from stories import MAGIUM

import gamebook_lab as gb

N = 1_000
BATCH = 100_000


def main() -> None:
    """Print a line for each question."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("story", type=Path, nargs="?", default=MAGIUM)
    parser.add_argument("--samples", type=int, default=1_000_000)
    options = parser.parse_args()
    if not options.story.is_file():
        print("no corpora: set GAMEBOOK_CORPORA, or name a story")
        return
    space = gb.explore(gb.read_story(options.story))
    warm = space.paths()
    warm.ranks(warm.sample(2))
    warm.walks(0, 2)
    begin = time.perf_counter()
    paths = space.paths()
    count = paths.count
    print(f"exact count, {len(str(count))} digits: {time.perf_counter() - begin:.3f} s")
    draw = random.Random(1)
    numbers = [draw.randrange(count) for _ in range(N)]
    times, ways = [], []
    for number in numbers:
        begin = time.perf_counter()
        ways.append(paths[number])
        times.append(time.perf_counter() - begin)
    print(f"paths[k], {N:,} random k: median {statistics.median(times) * 1e3:.1f} ms, most {max(times) * 1e3:.1f} ms")
    begin = time.perf_counter()
    right = sum(paths.rank(way) == number for way, number in zip(ways, numbers, strict=True))
    print(f"rank(paths[k]) == k: {right:,} of {N:,}, {(time.perf_counter() - begin) / N * 1e3:.1f} ms each")
    begin = time.perf_counter()
    edges = drawn = 0
    for seed in range(-(-options.samples // BATCH)):
        walks = paths.sample(min(BATCH, options.samples - drawn), seed)
        drawn += len(walks)
        edges += walks.edges.size
    print(f"{drawn:,} uniform samples, {edges / drawn:.0f} edges each: {time.perf_counter() - begin:.1f} s")


if __name__ == "__main__":
    main()
