"""Ten million paths to Parquet on two workers under a memory limit, killed twice on the way: the bytes must be the same.

    python benchmarks/enumerate_survives.py [--paths 10000000] [--memory 1GiB] [--folder FOLDER]

The paths are those of a generated story (rows of passages, three links each). They are written undisturbed, and again by a
Python process that is killed (-9) when a third is done, and then by a notebook kernel that is killed when two thirds are
done; a last run finishes. ``--memory`` is for the workers together: 512 MiB for each of two. A worker takes a good
part of that before it does anything, most of it for the code of numba, pandas and Arrow.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
from jupyter_client import KernelManager

import gamebook_lab as gb
from gamebook_lab.analysis.path_export import PathExport
from gamebook_lab.analysis.paths import Paths
from gamebook_lab.parallel.pool import WorkerPool

CODE = """
import sys
sys.path.insert(0, {here!r})
from enumerate_survives import write
write({n}, {folder!r}, {memory!r})
"""
LAYERS = 16


def paths_of(n: int) -> Paths:
    """The first ``n`` paths over three links each, sixteen times."""
    parts = [
        ":: StoryData\n" + json.dumps({"ifid": "6F316E52-0C46-4A26-9586-5144651C053C", "start": "P0 0"}) + "\n",
        *(
            f":: P{layer} {at}\nSo it went on, for a while.\n"
            + "".join(f"[[P{layer + 1} {to}]]\n" for to in range(3) if layer < LAYERS)
            for layer in range(LAYERS + 1)
            for at in range(3)
        ),
    ]
    paths = gb.link_paths(gb.parse_twee("\n".join(parts)))
    return paths[:n]


def write(n: int, folder: str, memory: str) -> None:
    """Write them on two workers; goes on with what is there."""
    with WorkerPool(minimum=2, maximum=2, memory_limit=memory, cpu_limit=1.0) as pool:
        paths_of(n).to_parquet(folder, pool=pool)


def n_done(folder: Path) -> int:
    """Shards that are on the disk."""
    return len(list(folder.glob(".work/*/shards/[!.]*")))


def until(folder: Path, least: int) -> None:
    """Wait for so many shards."""
    while n_done(folder) < least:
        time.sleep(0.05)


class Watch:
    """The most memory that any worker had at once, and all processes together, in MB: sampled ten times a second."""

    def __init__(self) -> None:
        self.worker = self.all = 0.0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._end.wait(0.1):
            total = 0.0
            for process in psutil.Process().children(recursive=True):
                try:
                    size = process.memory_info().rss / 1e6
                    if "forkserver" in " ".join(process.cmdline()):
                        self.worker = max(self.worker, size)
                except psutil.Error:
                    continue
                total += size
            self.all = max(self.all, total)

    def end(self) -> str:
        """What it saw."""
        self._end.set()
        self._thread.join()
        return f"most memory of a worker {self.worker:.0f} MB, of all processes {self.all:.0f} MB"


def digests(folder: Path) -> dict[str, str]:
    """Hash every file that a person would see."""
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.glob("[!.]*"))}


def timed(what: str, n: int, folder: Path, memory: str) -> None:
    """Write, and print how long it took."""
    watch, begin = Watch(), time.perf_counter()
    code = CODE.format(here=str(Path(__file__).parent), n=n, folder=str(folder), memory=memory)
    subprocess.run([sys.executable, "-c", code], check=True)
    seconds = time.perf_counter() - begin
    print(f"{what}: {seconds:.1f} s, {n / seconds:,.0f} paths/s; {watch.end()}", flush=True)


def disturbed(n: int, folder: Path, memory: str, n_shards: int) -> None:
    """Kill a process in the first third, and a notebook's kernel in the second."""
    code = CODE.format(here=str(Path(__file__).parent), n=n, folder=str(folder), memory=memory)
    with subprocess.Popen([sys.executable, "-c", code]) as process:
        until(folder, n_shards // 3)
        os.kill(process.pid, signal.SIGKILL)
    print(f"killed the process after {n_done(folder)} of {n_shards} shards", flush=True)
    manager = KernelManager()
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=120)
    client.execute(code)
    until(folder, 2 * n_shards // 3)
    os.kill(manager.provisioner.pid, signal.SIGKILL)
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    manager.cleanup_resources()
    print(f"killed the kernel after {n_done(folder)} of {n_shards} shards", flush=True)


def main() -> None:
    """Write twice, one of them disturbed, and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--paths", type=int, default=10_000_000)
    parser.add_argument("--memory", default="1GiB")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as made:
        folder = Path(made)
        export = PathExport(paths_of(options.paths), folder / "estimate")
        n_shards = export.job.total() or 0
        print(f"{options.paths:,} paths, about {export.estimated_bytes / 1e6:,.0f} MB in {n_shards} shards", flush=True)
        timed("undisturbed", options.paths, folder / "undisturbed", options.memory)
        disturbed(options.paths, folder / "killed", options.memory, n_shards)
        timed("the rest", options.paths, folder / "killed", options.memory)
        one, other = digests(folder / "undisturbed"), digests(folder / "killed")
        parts = {name for name in one if name != "paths.json"}
        same = all(one[name] == other.get(name) for name in parts) and one.keys() == other.keys()
        print(f"{len(parts)} files: {'the same bytes' if same else 'DIFFERENT BYTES'}")
        sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()
