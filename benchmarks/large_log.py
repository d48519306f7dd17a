"""Counts a log of many events from Parquet under a memory limit: events a second, and the most memory that all processes took.

python benchmarks/large_log.py [EVENTS] [MEMORY]    10,000,000 events and 1GB by default
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

import gamebook_lab as gb
from gamebook_lab.analysis.explored import Explored
from gamebook_lab.analysis.large_logs import count_sessions
from gamebook_lab.analysis.play_graph import play_graph
from gamebook_lab.kernels.simulate import simulate
from gamebook_lab.parallel import WorkerPool

STORY = "\n\n".join(
    [
        f":: Room {at}\n[[Left {at}]] [[Right {at}]]\n\n:: Left {at}\n[[Room {at + 1}]] [[Room {at + 2}]]\n\n:: Right {at}\n[[Room {at + 1}]]"
        for at in range(40)
    ]
    + [":: Room 40\n[[Room 41]]", ":: Room 41\nThe end."]
).replace(":: Room 0", ":: Start", 1)
"""A story of 123 passages, some 60 steps long."""
BATCH = 20_000


def write_log(folder: Path, space: Explored, n_events: int) -> int:
    """Simulated readers' steps, a file for each 20,000 sessions; each file's steps mixed up in time."""
    graph = play_graph(space)
    names = np.array(graph.passages, dtype=object)
    written = first = 0
    while written < n_events:
        start, offsets, edges = simulate(
            graph.indptr,
            graph.indices,
            np.nan_to_num(graph.probability),
            graph.starts,
            graph.start_probability,
            BATCH,
            seed=7,
            first=first,
        )
        node = np.insert(graph.indices[edges], offsets[:-1], start)
        sizes = np.diff(offsets) + 1
        session = np.repeat(np.arange(first, first + BATCH), sizes)
        step = np.arange(node.size) - np.repeat(np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes)
        order = np.argsort(step, kind="stable")[: n_events - written]
        table = pa.table({
            "session": pa.array(np.char.add("s", session[order].astype(str))), "page": pa.array(names[graph.passage[node[order]]].tolist()),
            "step": step[order],
        })  # fmt: skip
        pq.write_table(table, folder / f"{first:09}.parquet", row_group_size=500_000)
        written, first = written + order.size, first + BATCH
    return written


class Peak:
    """Watches the memory of this process's children, the workers."""

    def __init__(self) -> None:
        self.most = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._stop.wait(0.2):
            total = 0
            for child in psutil.Process().children(recursive=True):
                try:
                    total += child.memory_info().rss
                except psutil.Error:
                    continue
            self.most = max(self.most, total)

    def end(self) -> int:
        self._stop.set()
        self._thread.join()
        return self.most


def main() -> None:
    """Write, count, print."""
    n_events = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    memory = sys.argv[2] if len(sys.argv) > 2 else "1GB"
    space = gb.explore(gb.parse_twee(STORY))
    with tempfile.TemporaryDirectory() as place:
        log = Path(place) / "log"
        log.mkdir()
        n = write_log(log, space, n_events)
        size = sum(path.stat().st_size for path in log.iterdir())
        print(f"{n:,} events in {len(list(log.iterdir()))} Parquet files, {size / 2**20:,.0f} MiB")
        peak, began = Peak(), time.perf_counter()
        with WorkerPool(memory_limit=memory, cpu_limit=1.0) as pool:
            counts = count_sessions(log, space, Path(place) / "work", pool=pool)
        seconds = time.perf_counter() - began
        print(
            f"counted in {seconds:.1f} s: {n / seconds:,.0f} events a second; limit {memory}, most memory of all workers {peak.end() / 2**20:,.0f} MiB"
        )
        print(f"{counts.n_sessions:,} sessions: {dict(counts.verdicts)}")
        began = time.perf_counter()
        count_sessions(log, space, Path(place) / "work")
        print(f"the same again, from finished shards: {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
