"""Probabilities of all endings of G2, G4 and G3 in one solve, beside Storm and scipy's sparse LU on the same arrays.

G2 has 100,000 passages and no variables, G4 71,319 states, G3 4,441,649. Storm (stormpy, which `make peers` installs) solves for the
distribution in the long run, which for absorbing states is that of where play ends; it reads the edges from a file, untimed.
Sparse LU gets so many seconds, in a process of its own, and is then given up. None of them is timed on building its matrix.

    python benchmarks/ending_probabilities.py [--stories G2 G4 G3] [--patience 60]
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
from peers import generated_story, generator

from gamebook_lab.analysis.play_graph import PlayGraph, play_graph
from gamebook_lab.engine import exploration
from gamebook_lab.engine.stops import Stop
from gamebook_lab.kernels.probabilities import expected_visits

STORM = {"G2": (0.821449, 0.08), "G4": (0.9487059, 0.10), "G3": (None, 22.0)}
"""Probability of any ending, and seconds, as measured elsewhere."""
LONG = 5.0
"""Seconds from which on once is enough: noise is small beside them."""


def made_of(gen: ModuleType, name: str) -> dict:
    """Generate one of the stories."""
    if name == "G2":
        return gen.g2("G2", 105, 100_000, 250_000)
    seed, integers, n = (106, [7, 4, 2], 8) if name == "G3" else (107, [7], 6)
    return gen.stateful(name, seed, 200, n, integers, 8, 0.35, 0.45)


def ours(graph: PlayGraph) -> tuple[float, float, float]:
    """Seconds, probability of any ending, and what is unaccounted for."""
    probability, source = np.nan_to_num(graph.probability), np.zeros(graph.n)
    source[graph.starts] = 1.0
    least = np.inf
    round_trip = np.array([0, 1, 3]), np.array([1, 0, -1], np.int32), np.array([1.0, 0.5, 0.5]), np.array([1.0, 0.0])
    expected_visits(*round_trip)  # compiles it
    for _ in range(3):
        began = time.perf_counter()
        flow = expected_visits(graph.indptr, graph.indices, probability, source)
        least = min(least, time.perf_counter() - began)
        if least > LONG:
            break
    ends = float(flow.visits[graph.ends].sum())
    return least, float(flow.visits[graph.stop == Stop.ENDING].sum()), abs(1.0 - ends - float(flow.caught.sum()))


def solve_directly(pipe: Connection, graph: PlayGraph) -> None:
    """Solve (I - P') visits = source by sparse LU; sends seconds and the probability of any ending."""
    from scipy.sparse import csr_array, eye_array
    from scipy.sparse.linalg import splu

    # what goes round for ever makes the matrix singular: it is cut off there, for LU alone
    probability = np.nan_to_num(graph.probability) * np.isfinite(graph.flow.visits)[graph.source]
    there = (graph.indices >= 0) & (probability > 0.0)
    shape = (graph.n, graph.n)
    began = time.perf_counter()
    stays = csr_array((probability[there], (graph.indices[there], graph.source[there])), shape=shape)
    source = np.zeros(graph.n)
    source[graph.starts] = 1.0
    try:
        visits = splu((eye_array(graph.n) - stays).tocsc()).solve(source)
    except RuntimeError as error:
        pipe.send(str(error))
        return
    pipe.send((time.perf_counter() - began, float(visits[graph.stop == Stop.ENDING].sum())))


def directly(graph: PlayGraph, patience: float) -> tuple[float, float] | str:
    """Solve by sparse LU in another process, which is stopped when it takes too long."""
    here, there = multiprocessing.Pipe()
    assert graph.flow.residual < 1.0  # solved before the fork
    worker = multiprocessing.get_context("fork").Process(target=solve_directly, args=(there, graph))
    worker.start()
    there.close()
    try:
        return here.recv() if here.poll(patience) else f"given up after {patience:.0f} s"
    except EOFError:
        return "it died: too little memory"
    finally:
        worker.kill()
        worker.join()


def storm(graph: PlayGraph) -> tuple[float, float, str] | str:
    """Seconds of Storm's for the distribution over all endings, the probability of any, and how ours differ, ending by ending.

    It reads the same edges from a file. Timed is what it does by default (to 1e-6); compared is what it gives to 1e-13.
    """
    try:
        import stormpy
    except ImportError:
        return "not installed (make peers)"
    probability = np.nan_to_num(graph.probability)
    taken = (graph.indices >= 0) & (probability > 0.0)
    # where nothing is taken, play stops: Storm wants a loop there
    stays = np.flatnonzero(np.bincount(graph.source[taken], minlength=graph.n) == 0)
    edges = (
        pd.DataFrame(
            {
                "source": np.concatenate((graph.source[taken], stays)),
                "target": np.concatenate((graph.indices[taken], stays)),
                "probability": np.concatenate((probability[taken], np.ones(stays.size))),
            }
        )
        .groupby(["source", "target"], as_index=False)["probability"]
        .sum()
    )
    with tempfile.TemporaryDirectory() as folder:
        transitions, labels = Path(folder) / "story.tra", Path(folder) / "story.lab"
        with transitions.open("w") as file:
            file.write("dtmc\n")
            edges.to_csv(file, sep=" ", header=False, index=False)
        labels.write_text(f"#DECLARATION\ninit\n#END\n{graph.starts[0]} init\n")
        model = stormpy.build_model_from_explicit(transitions, labels)
    began = time.perf_counter()
    found = stormpy.analysis.compute_steady_state_distribution(model)
    seconds = time.perf_counter() - began
    values = np.array(found.get_value_vector())
    precise = stormpy.environments.sound()
    precise.solver().native().precision = stormpy.Rational("1/10000000000000")
    began = time.perf_counter()
    exactly = np.array(
        stormpy.analysis.compute_steady_state_distribution(model, environment=precise).get_value_vector()
    )
    slowly = time.perf_counter() - began
    there = graph.ends
    greatest = [np.abs(graph.flow.visits[there] - each[there]).max() for each in (exactly, values)]
    said = (
        f"greatest difference over {there.sum():,} places where play stops: {greatest[0]:.1e} to its values at 1e-13 "
        f"({slowly:.2f} s), {greatest[1]:.1e} to those by default"
    )
    return seconds, float(values[graph.stop == Stop.ENDING].sum()), said


def main() -> None:
    """Solve each story both ways."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", nargs="+", default=["G2", "G4", "G3"], choices=list(STORM))
    parser.add_argument("--patience", type=float, default=60.0)
    options = parser.parse_args()
    gen = generator()
    if gen is None:
        print("no peers: set GAMEBOOK_PEERS to the folder of gen.py")
        return
    for name in options.stories:
        # every state as a peer has it: nothing is forgotten
        graph = play_graph(exploration.explore(generated_story(made_of(gen, name)), reduce=False, memory="8GB"))
        seconds, ending, missing = ours(graph)
        expected, elsewhere = STORM[name]
        print(
            f"{name}: {graph.n_states:,} states, any ending {ending:.13f} (Storm {expected}), unaccounted for {missing:.1e}"
        )
        print(f"  ours            {seconds:10.3f} s, all endings at once")
        found = directly(graph, options.patience)
        if isinstance(found, str):
            print(f"  scipy sparse LU {'-':>10}   {found}")
        else:
            print(
                f"  scipy sparse LU {found[0]:10.3f} s, x {found[0] / seconds:.1f}; differs by {abs(found[1] - ending):.1e}"
            )
        peer = storm(graph)
        if isinstance(peer, str):
            print(f"  Storm           {'-':>10}   {peer}; {elsewhere} s elsewhere")
        else:
            print(f"  Storm           {peer[0]:10.3f} s, x {peer[0] / seconds:.1f}; {peer[2]}")


if __name__ == "__main__":
    main()
