"""Random playthroughs of G4 (71,319 states), in choices per second: ours in bulk on the state graph, and inkjs.

Goal: 10 M choices a second. Ours is measured with every walk kept as an array of its edges; exploring the story, which it needs
once, is shown too. inkjs, an interpreter, plays the same story as ink: `make peers` installs it.

    python benchmarks/random_playthroughs.py [--walks 1000000] [--seconds 5]
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
from peers import NODE_MODULES, generated_story, generator

import gamebook_lab as gb
from gamebook_lab.analysis.play_graph import PlayGraph, play_graph
from gamebook_lab.kernels.simulate import simulate

INKJS = """
const ink = require(process.argv[1] + "/inkjs/dist/ink-full.js");
const text = require("fs").readFileSync(process.argv[2], "utf8");
const story = new ink.Compiler(text).Compile();
const began = performance.now(), stop = began + 1000 * Number(process.argv[3]);
let choices = 0, walks = 0;
while (performance.now() < stop) {
  story.ResetState();
  for (let step = 0; step < 10000; step += 1) {
    while (story.canContinue) story.Continue();
    if (!story.currentChoices.length) break;
    story.ChooseChoiceIndex(Math.floor(Math.random() * story.currentChoices.length));
    choices += 1;
  }
  walks += 1;
}
console.log(choices, walks, (performance.now() - began) / 1000);
"""


def ours(graph: PlayGraph, walks: int, threads: int) -> tuple[float, float]:
    """Choices per second, and choices a playthrough; best of three."""
    best, length = 0.0, 0.0
    for seed in range(3):
        began = time.perf_counter()
        _, offsets, edges = simulate(
            graph.indptr, graph.indices, np.nan_to_num(graph.probability), graph.starts, graph.start_probability, walks,
            seed=seed, threads=threads,
        )  # fmt: skip
        seconds = time.perf_counter() - began
        n_choices = int(graph.clicks[edges].sum())
        best, length = max(best, n_choices / seconds), n_choices / (offsets.size - 1)
    return best, length


def inkjs(ink: str, seconds: float) -> tuple[float, float] | str:
    """Choices per second, and choices a playthrough; or the reason why there are none."""
    if shutil.which("node") is None:
        return "no Node.js"
    if not (NODE_MODULES / "inkjs").is_dir():
        return "not installed (make peers)"
    command = ["node", "-e", INKJS, str(NODE_MODULES), ink, str(seconds)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    choices, walks, took = map(float, done.stdout.split())
    return choices / took, choices / walks


def main() -> None:
    """Measure both, and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--walks", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=5.0)
    options = parser.parse_args()
    gen = generator()
    if gen is None:
        print("no peers: set GAMEBOOK_PEERS to the folder of gen.py")
        return
    made = gen.stateful("G4", 107, 200, 6, [7], 8, 0.35, 0.45)
    began = time.perf_counter()
    graph = play_graph(gb.explore(generated_story(made)))
    print(f"explored once: {graph.n_states:,} states in {time.perf_counter() - began:.2f} s (with compiling)")
    ours(graph, 1_000, 1)
    rates = {}
    for threads in (1, len(os.sched_getaffinity(0))):
        rates[threads], length = ours(graph, options.walks, threads)
        print(
            f"{f'ours, {threads} thread(s)':24}{rates[threads] / 1e6:10.2f} M choices/s, {length:.1f} a playthrough; goal 10 M"
        )
    with tempfile.TemporaryDirectory() as folder:
        ink = Path(folder) / "G4.ink"
        gen.w_ink(made, str(ink))
        found = inkjs(str(ink), options.seconds)
    if isinstance(found, str):
        print(f"{'inkjs':24} not measured: {found}; elsewhere 0.036 M choices/s")
    else:
        print(
            f"{'inkjs':24}{found[0] / 1e6:10.4f} M choices/s, {found[1]:.1f} a playthrough: ours x {max(rates.values()) / found[0]:,.0f}"
        )


if __name__ == "__main__":
    main()
