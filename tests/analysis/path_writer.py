"""Writes paths on a pool, slowly, in a process of its own: for tests that kill it."""

from __future__ import annotations

import sys
import time

import gamebook_lab as gb
from gamebook_lab.analysis import path_export
from gamebook_lab.parallel.pool import WorkerPool
from tests.analysis.written_stories import made, written


def slowly(progress):
    time.sleep(0.05)
    return progress


def main() -> None:
    space = gb.explore(written(made(4, circles=True), "SugarCube"), threads=1)
    path_export._MOST_PATHS = 16
    with WorkerPool(minimum=2, maximum=2, memory_limit="1GiB", cpu_limit=1.0) as pool:
        space.paths(max_choices=8).to_parquet(sys.argv[1], pool=pool, progress=slowly)


if __name__ == "__main__":
    main()
