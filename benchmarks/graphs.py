"""Questions about graphs, side by side with scipy, igraph, rustworkx and networkx, in one run; best of several.

Run with ``python benchmarks/graphs.py [GEN.py]``: the generator of the peers' stories, without which the one beside the
project is taken. Peers that are not installed are left out: ``make peers`` installs them.
Every graph is built beforehand, by everyone, for one walk forwards and one backwards.
"""

from __future__ import annotations

import importlib
import json
import operator
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from gamebook_lab.kernels import components, csr, dominators, reach

GENERATOR = Path(__file__).resolve().parents[2] / "shared" / "peers" / "gen.py"
COMPARE = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
QUESTIONS = ("reached", "components", "to an ending", "dominators")
Peer = dict[str, Callable[[], int]]
"""What answers each question; the number that it gives must be the same for all."""


def best(work: Callable[[], Any], times: int = 15, most_seconds: float = 6.0) -> tuple[float, Any]:
    """Least seconds, and what came out; the first time, which may compile, is not counted."""
    result, least, began = work(), np.inf, time.perf_counter()
    for _ in range(times):
        begin = time.perf_counter()
        work()
        least = min(least, time.perf_counter() - begin)
        if time.perf_counter() - began > most_seconds:
            break
    return least, result


class Story:
    """States of a generated story, naively found, as a graph."""

    def __init__(self, data: dict[str, Any]) -> None:
        ways: list[list[tuple[int, list[Any], list[Any]]]] = [[] for _ in data["passages"]]
        for origin, target, condition, effects in data["choices"]:
            ways[origin].append((target, condition or [], effects or []))
        variables = data["vars"]
        first = (data["start"], *(each["init"] for each in variables))
        # without variables a passage is a state, those that nothing leads to among them
        states = [first] if variables else [(i,) for i in range(len(ways))]
        number = {state: i for i, state in enumerate(states)}
        origins, targets = [], []
        for state in states:
            for target, condition, effects in ways[state[0]]:
                if not all(COMPARE[op](state[1 + at], value) for at, op, value in condition):
                    continue
                after = [target, *state[1:]]
                for at, op, value in effects:
                    low, high = variables[at]["lo"], variables[at]["hi"]
                    after[1 + at] = value if op == "set" else min(high, max(low, after[1 + at] + value))
                origins.append(number[state])
                targets.append(-1 if target < 0 else number.setdefault(tuple(after), len(states)))
                if targets[-1] == len(states):
                    states.append(tuple(after))
        self.n = len(states)
        self.start = number[first]
        self.indptr, self.indices, _ = csr.from_edges(self.n, np.array(origins, np.int32), np.array(targets, np.int32))
        self.edges = [(a, b) for a, b in zip(origins, targets, strict=True) if b >= 0]
        is_ending = np.isin(np.arange(len(ways)), data["endings"])
        self.endings = np.flatnonzero(is_ending[[state[0] for state in states]]).astype(np.int32)


def ours(story: Story) -> Peer:
    start = np.array([story.start], np.int32)
    indptr, indices, _ = csr.transpose(story.indptr, story.indices)
    return {
        "reached": lambda: int(reach.reached(story.indptr, story.indices, start).sum()),
        "components": lambda: components.components(story.indptr, story.indices)[0],
        "to an ending": lambda: int(reach.reached(indptr, indices, story.endings).sum()),
        "dominators": lambda: int(
            (dominators.immediate_dominators(story.indptr, story.indices, story.start) >= 0).sum()
        ),
    }


def scipy(story: Story) -> Peer:
    sparse, csgraph = (importlib.import_module(f"scipy.{name}") for name in ("sparse", "sparse.csgraph"))
    n, edges = story.n, np.array(story.edges)
    graph = sparse.csr_matrix((np.ones(len(edges)), edges.T), shape=(n, n))
    ends = np.column_stack((np.full(len(story.endings), n), story.endings))
    turned = np.vstack((edges[:, ::-1], ends))
    back = sparse.csr_matrix((np.ones(len(turned)), turned.T), shape=(n + 1, n + 1))
    return {
        "reached": lambda: len(csgraph.breadth_first_order(graph, story.start, return_predecessors=False)),
        "components": lambda: csgraph.connected_components(graph, connection="strong")[0],
        "to an ending": lambda: len(csgraph.breadth_first_order(back, n, return_predecessors=False)) - 1,
    }


def igraph(story: Story) -> Peer:
    library = importlib.import_module("igraph")
    n = story.n
    graph = library.Graph(n, story.edges, directed=True)
    wider = library.Graph(n + 1, story.edges + [(int(end), n) for end in story.endings], directed=True)
    return {
        "reached": lambda: len(graph.subcomponent(story.start, mode="out")),
        "components": lambda: len(graph.connected_components(mode="strong")),
        "to an ending": lambda: len(wider.subcomponent(n, mode="in")) - 1,
        "dominators": lambda: sum(each >= 0 for each in graph.dominator(story.start, mode="out")) + 1,
    }


def rustworkx(story: Story) -> Peer:
    library = importlib.import_module("rustworkx")
    n = story.n
    graph, wider = library.PyDiGraph(), library.PyDiGraph()
    graph.add_nodes_from(range(n))
    graph.extend_from_edge_list(story.edges)
    wider.add_nodes_from(range(n + 1))
    wider.extend_from_edge_list(story.edges + [(int(end), n) for end in story.endings])
    return {
        "reached": lambda: len(library.descendants(graph, story.start)) + 1,
        "components": lambda: len(library.strongly_connected_components(graph)),
        "to an ending": lambda: len(library.ancestors(wider, n)),
        "dominators": lambda: len({*library.immediate_dominators(graph, story.start), story.start}),
    }


def networkx(story: Story) -> Peer:
    library = importlib.import_module("networkx")
    n = story.n
    graph = library.DiGraph(story.edges)
    graph.add_nodes_from(range(n))
    wider = library.DiGraph(story.edges + [(int(end), n) for end in story.endings])
    wider.add_nodes_from(range(n))
    return {
        "reached": lambda: len(library.descendants(graph, story.start)) + 1,
        "components": lambda: sum(1 for _ in library.strongly_connected_components(graph)),
        "to an ending": lambda: len(library.ancestors(wider, n)),
        "dominators": lambda: len({*library.immediate_dominators(graph, story.start), story.start}),
    }


def compare(story: Story) -> None:
    """Print each question's times, and how many times as long as ours each peer takes."""
    peers = {}
    for make in (ours, scipy, igraph, rustworkx, networkx):
        try:
            peers[make.__name__] = make(story)
        except ImportError:
            print(f"{make.__name__} is not installed")
    print(f"{'':14}" + "".join(f"{name:>20}" for name in peers))
    for question in QUESTIONS:
        found = {name: best(peer[question]) for name, peer in peers.items() if question in peer}
        assert len({answer for _, answer in found.values()}) == 1, (question, found)
        own = found["ours"][0]
        cells = (
            f"{found[name][0] * 1000:9.2f} ms x {found[name][0] / own:6.2f}" if name in found else f"{'-':>20}"
            for name in peers
        )
        print(f"{question:14}" + "".join(f"{cell:>20}" for cell in cells), flush=True)


def main() -> None:
    """Generate, compare, and solve."""
    generator = Path(sys.argv[1]) if sys.argv[1:] else GENERATOR
    if not generator.is_file():
        print("There is no generator beside the project: name its path")
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, generator, folder], check=True, stdout=subprocess.DEVNULL)
        story = Story(json.loads((Path(folder) / "G2.json").read_text()))
    compare(story)


if __name__ == "__main__":
    main()
