"""Writes paths on a pool, in a process of its own that may kill itself: for tests of what is left then."""

from __future__ import annotations

import os
import signal
import sys

import gamebook_lab as gb
from gamebook_lab.analysis import path_export
from gamebook_lab.parallel.pool import WorkerPool
from gamebook_lab.parallel.progress import Progress
from tests.analysis.written_stories import made, written


def main() -> None:
    """Write to a folder; kill this process once so many parts are done, if a number is given."""
    folder, n_done = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else None

    def kill(progress: Progress) -> None:
        if n_done is not None and progress.done >= n_done:
            os.kill(os.getpid(), signal.SIGKILL)

    space = gb.explore(written(made(4, circles=True), "SugarCube"), threads=1)
    path_export._MOST_PATHS = 16
    with WorkerPool(minimum=2, maximum=2, memory_limit="1GiB", cpu_limit=1.0) as pool:
        space.paths(max_choices=8).to_parquet(folder, pool=pool, progress=kill)


if __name__ == "__main__":
    main()
