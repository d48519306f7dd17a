"""All simple paths from the start to an ending, side by side with networkx, igraph, rustworkx and graphillion, in one run.

    python benchmarks/paths_peers.py [--gen GEN.py] [--repeats 3]

G1 is a graph without circles (115 passages, 2,188,468 paths), G1C one with (44 passages, 2,381,885 simple paths), G1L one
whose 2.4e135 paths can only be counted. Each figure is of a process of its own: seconds of the work alone (graphs are
built, and kernels compiled, beforehand), and what the process's memory grew by meanwhile. Peers that are not installed are
left out: ``pip install networkx igraph rustworkx graphillion``.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

GENERATOR = Path(__file__).resolve().parents[2] / "shared" / "peers" / "gen.py"
EXPECTED = {"G1": 2_188_468, "G1C": 2_381_885}
PEERS = ("networkx", "igraph", "rustworkx", "graphillion")
Made = tuple[int, list[tuple[int, int]], list[int]]
"""Number of passages, links between them, and endings; the start is 0."""


def read(file: Path) -> Made:
    """Read a story; links side by side are one."""
    story = json.loads(file.read_text())
    edges = sorted({(origin, target) for origin, target, *_ in story["choices"] if target >= 0})
    return len(story["passages"]), edges, story["endings"]


def networkx(made: Made) -> Callable[[], int]:
    import networkx as nx

    _, edges, endings = made
    graph = nx.DiGraph(edges)
    return lambda: sum(1 for _ in nx.all_simple_paths(graph, 0, set(endings)))


def igraph(made: Made) -> Callable[[], int]:
    import igraph

    n, edges, endings = made
    graph = igraph.Graph(n, edges, directed=True)
    return lambda: len(graph.get_all_simple_paths(0, to=endings))


def rustworkx(made: Made) -> Callable[[], int]:
    import rustworkx

    n, edges, endings = made
    graph = rustworkx.PyDiGraph()
    graph.add_nodes_from(range(n + 1))
    graph.extend_from_edge_list(edges + [(end, n) for end in endings])
    return lambda: len(rustworkx.digraph_all_simple_paths(graph, 0, n))


def graphillion(made: Made) -> Callable[[], int]:
    from graphillion import DiGraphSet

    n, edges, endings = made
    shifted = [(a + 1, b + 1) for a, b in edges] + [(end + 1, n + 1) for end in endings]

    def count() -> int:
        DiGraphSet.set_universe(shifted, traversal="as-is")
        return DiGraphSet.directed_st_paths(1, n + 1).len()

    return count


def numbering(made: Made) -> tuple[Any, Any]:
    """The same graph cut down, and the way it is searched."""
    from gamebook_lab.analysis.cut import Asked, cut_down
    from gamebook_lab.analysis.searched import Searched
    from gamebook_lab.kernels.csr import from_edges

    n, edges, endings = made
    origins, targets = (np.array(each, np.int32) for each in zip(*edges, strict=True))
    indptr, indices, _ = from_edges(n, origins, targets)
    ends = np.isin(np.arange(n), endings)
    asked = Asked(ends, ends)
    cut = cut_down(indptr, indices, np.ones(indices.size, np.int32), np.array([0], np.int32), asked)
    return cut, lambda: Searched(cut, 10**15)


def ours(made: Made) -> Callable[[], int]:
    """Go through every path, and write nothing."""
    _, searched = numbering(made)
    return lambda: searched().count


def ours_arrays(made: Made) -> Callable[[], int]:
    """Go through every path as arrays of edges, some at a time."""
    _, searched = numbering(made)

    def through() -> int:
        search = searched()
        return sum(block.first.size for block in search.blocks(0, search.count))

    return through


def ours_parquet(made: Made) -> Callable[[], int]:
    """Write every path to Parquet, in this process."""
    import gamebook_lab as gb

    n, edges, _ = made
    links: list[list[int]] = [[] for _ in range(n)]
    for origin, target in edges:
        links[origin].append(target)
    text = "\n".join(
        f":: P{at}\nSo it went.\n" + "\n".join(f"[[P{target}]]" for target in to) + "\n" for at, to in enumerate(links)
    )
    story = gb.parse_twee(f':: StoryData\n{{"ifid": "6F316E52-0C46-4A26-9586-5144651C053C", "start": "P0"}}\n\n{text}')
    paths = gb.link_paths(story, simple=True)

    def write() -> int:
        with tempfile.TemporaryDirectory() as folder:
            paths.to_parquet(folder)
        return paths.count

    return write


def counted(made: Made) -> Callable[[], int]:
    """Count exactly, without going through any."""
    from gamebook_lab.analysis.numbering import Counted

    cut, _ = numbering(made)
    return lambda: Counted(cut, 10**10).count


WORK: dict[str, Callable[[Made], Callable[[], int]]] = {
    "networkx": networkx,
    "igraph": igraph,
    "rustworkx": rustworkx,
    "graphillion (count)": graphillion,
    "ours, writing nothing": ours,
    "ours, as arrays": ours_arrays,
    "ours, Parquet": ours_parquet,
    "ours, exact count": counted,
}
STORIES = {
    "G1": tuple(WORK),
    "G1C": tuple(name for name in WORK if name != "ours, exact count"),
    "G1L": ("graphillion (count)", "ours, exact count"),
}


def measure(name: str, file: Path) -> None:
    """Do one piece of work in this process, and print what it took."""
    made = read(file)
    work = WORK[name](made)
    if name.startswith("ours"):
        WORK[name]((3, [(0, 1), (1, 2)], [2]))()  # compiled before
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.perf_counter()
    n = work()
    seconds = time.perf_counter() - begin
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(json.dumps({"paths": str(n), "seconds": seconds, "grown_mb": grown}))


def compare(file: Path, repeats: int) -> None:
    """Print a row for each way of doing it."""
    story = file.stem
    print(f"\n{story:<24}{'paths':>12}{'seconds':>10}{'M paths/s':>11}{'memory MB':>11}{'ours is x':>11}")
    found: dict[str, tuple[float, float, str]] = {}
    for name in STORIES[story]:
        package = name.split(" ")[0]
        if package in PEERS and importlib.util.find_spec(package) is None:
            print(f"{name:<24}{'not installed':>23}")
            continue
        runs = []
        for _ in range(1 if name == "networkx" else repeats):
            done = subprocess.run(
                [sys.executable, __file__, "--one", name, str(file)], check=True, capture_output=True, text=True
            )
            runs.append(json.loads(done.stdout))
        seconds = statistics.median(run["seconds"] for run in runs)
        found[name] = seconds, max(run["grown_mb"] for run in runs), runs[0]["paths"]
    own = found["ours, writing nothing" if story in EXPECTED else "ours, exact count"][0]
    for name, (seconds, grown, paths) in found.items():
        assert story not in EXPECTED or int(paths) == EXPECTED[story], (name, paths)
        shown = paths if len(paths) < 12 else f"{float(paths):.1e}"
        rate = f"{int(paths) / seconds / 1e6:.2f}" if story in EXPECTED else "-"
        print(f"{name:<24}{shown:>12}{seconds:>10.4f}{rate:>11}{grown:>11.1f}{seconds / own:>11.1f}", flush=True)


def main() -> None:
    """Generate the stories, and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gen", type=Path, default=GENERATOR)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        measure(options.one[0], Path(options.one[1]))
        return
    if not options.gen.is_file():
        print("There is no generator beside the project: name it with --gen")
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, options.gen, folder], check=True, stdout=subprocess.DEVNULL)
        for story in STORIES:
            compare(Path(folder) / f"{story}.json", options.repeats)


if __name__ == "__main__":
    main()
