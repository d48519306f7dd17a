"""Exploring G3 (4,441,649 states, 10,585,717 transitions) with reduction off, beside SPIN where it is installed.

Needs the peers' generator: folder `shared/peers` beside the project, or GAMEBOOK_PEERS. SPIN runs as its authors advise
for plain reachability (-O2 -DSAFETY -DNOREDUCE -DNOFAIR); its time is what it prints itself, without compiling. Ours
counts everything from the story on: interpreting, exploring, the arrays of the graph, which SPIN does not make.

    python benchmarks/explore_g3.py [--threads 1 2] [--repeats 3]
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from types import ModuleType

from peers import generated_story, generator

from gamebook_lab.engine import exploration

STATES, TRANSITIONS = 4_441_649, 10_585_717


def spin(gen: ModuleType, made: dict, repeats: int) -> tuple[float, float] | None:
    """Measure SPIN: wall seconds as it prints them, and processor seconds; medians."""
    if not (shutil.which("spin") and shutil.which("gcc")):
        return None
    with tempfile.TemporaryDirectory() as folder:
        gen.w_promela(made, f"{folder}/G3.pml")
        flags = ["-O2", "-w", "-DSAFETY", "-DNOREDUCE", "-DNOFAIR", "-DMEMLIM=16000"]
        subprocess.run(["spin", "-a", "G3.pml"], cwd=folder, check=True, capture_output=True)
        subprocess.run(["gcc", *flags, "-o", "pan", "pan.c"], cwd=folder, check=True)
        wall, processor = [], []
        for _ in range(repeats):
            before = os.times()
            done = subprocess.run(
                ["./pan", "-E", "-m2000000", "-w24"], cwd=folder, check=True, capture_output=True, text=True
            )
            after = os.times()
            wall.append(float(re.search(r"elapsed time ([\d.]+)", done.stdout)[1]))
            processor.append(
                after.children_user + after.children_system - before.children_user - before.children_system
            )
        return statistics.median(wall), statistics.median(processor)


def ours(made: dict, threads: int, repeats: int, *, reduce: bool) -> tuple[float, float, object]:
    """Measure ours: wall and processor seconds; medians. The kernels are compiled before."""
    story, wall, processor = generated_story(made), [], []
    exploration.explore(story, max_states=10_000, threads=threads, reduce=reduce)
    for _ in range(repeats):
        clocks = time.perf_counter(), time.process_time()
        space = exploration.explore(story, threads=threads, reduce=reduce)
        wall.append(time.perf_counter() - clocks[0])
        processor.append(time.process_time() - clocks[1])
    return statistics.median(wall), statistics.median(processor), space


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    gen = generator()
    if gen is None:
        print("no peers: set GAMEBOOK_PEERS to the folder of gen.py")
        return
    made = gen.stateful("G3", 106, 200, 8, [7, 4, 2], 8, 0.35, 0.45)
    print(
        f"{'who':<28}{'states':>10}{'wall s':>8}{'cpu s':>8}{'M states/s wall':>17}{'per cpu s':>11}{'set B/state':>13}"
    )
    peer = spin(gen, made, options.repeats)
    if peer is None:
        print("SPIN: not measured here (no spin or gcc: make peers); elsewhere 1.1-1.3 M states/s, 91 B/state")
    else:
        print(
            f"{'SPIN':<28}{STATES:>10,}{peer[0]:>8.2f}{peer[1]:>8.2f}{STATES / peer[0] / 1e6:>17.2f}{STATES / peer[1] / 1e6:>11.2f}"
        )
    for threads in options.threads:
        for reduce in (False, True):
            wall, processor, space = ours(made, threads, options.repeats, reduce=reduce)
            assert reduce or (space.n_states, space.n_edges) == (STATES, TRANSITIONS)
            n, held = space.n_states, space.explorer.states
            size = (held.set_bytes + n * held.words.itemsize * held.words.shape[1]) / n
            name = f"ours, {threads} thread(s){', reduced' if reduce else ''}"
            print(
                f"{name:<28}{n:>10,}{wall:>8.2f}{processor:>8.2f}{n / wall / 1e6:>17.2f}{n / processor / 1e6:>11.2f}{size:>13.1f}"
            )
            if peer is not None and not reduce:
                print(
                    f"{'':<28}{peer[0] / wall:.1f} times SPIN by wall, {peer[1] / processor:.1f} times by processor time"
                )


if __name__ == "__main__":
    main()
