"""All simple paths from the start to an ending, side by side with networkx, igraph, rustworkx and graphillion, in one run.

    python benchmarks/paths_peers.py [--gen GEN.py] [--repeats 3] [--seconds 15]

G1 is a graph without circles (115 passages, 2,188,468 paths), G1C one with (44 passages, 2,381,885 simple paths), G1L one
whose 2.4e135 paths can only be counted. Each figure is of a process of its own: seconds of the work alone (graphs are
built, and kernels compiled, beforehand), and what the process's memory grew by meanwhile. A way that takes longer than
``--seconds`` is stopped: one that gives path after path is then judged by those that it gave, of one that gives a list at
the end nothing but that is known. Peers that are not installed are left out: ``pip install networkx igraph rustworkx
graphillion``.

The simple paths of G1C are counted by going through them, without keeping any. graphillion counts them as a set (frontier
method), which takes about as long for very many as for few: we have nothing of the kind. Where there are no circles,
counting is exact at any number, and needs no going through.
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

Work = Callable[[], int | tuple[int, bool]]
"""Gives the number of paths; and whether they are all."""
GENERATOR = Path(__file__).resolve().parents[2] / "shared" / "peers" / "gen.py"
LIMIT = 15.0
"""Seconds of one piece of work, at most."""
EXPECTED = {"G1": 2_188_468, "G1C": 2_381_885}
STARTS = 20.0
"""Seconds for starting a process, importing, building graphs and compiling, on top."""
LONG = 3.0
"""Seconds from which once is enough."""
PEERS = ("networkx", "igraph", "rustworkx", "graphillion")
Made = tuple[int, list[tuple[int, int]], list[int]]
"""Number of passages, links between them, and endings; the start is 0."""


def read(file: Path) -> Made:
    """Read a story; links side by side are one."""
    story = json.loads(file.read_text())
    edges = sorted({(origin, target) for origin, target, *_ in story["choices"] if target >= 0})
    return len(story["passages"]), edges, story["endings"]


def networkx(made: Made) -> Work:
    import networkx as nx

    _, edges, endings = made
    graph = nx.DiGraph(edges)

    def count() -> tuple[int, bool]:
        n, stop = 0, time.perf_counter() + LIMIT
        for n, _ in enumerate(nx.all_simple_paths(graph, 0, set(endings)), 1):
            if n % 1_000 == 0 and time.perf_counter() > stop:
                return n, False
        return n, True

    return count


def igraph(made: Made) -> Work:
    import igraph

    n, edges, endings = made
    graph = igraph.Graph(n, edges, directed=True)
    return lambda: len(graph.get_all_simple_paths(0, to=endings))


def rustworkx(made: Made) -> Work:
    import rustworkx

    n, edges, endings = made
    graph = rustworkx.PyDiGraph()
    graph.add_nodes_from(range(n + 1))
    graph.extend_from_edge_list(edges + [(end, n) for end in endings])
    return lambda: len(rustworkx.digraph_all_simple_paths(graph, 0, n))


def graphillion(made: Made) -> Work:
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


def ours(made: Made) -> Work:
    """Go through every path, and write nothing."""
    _, searched = numbering(made)
    return lambda: searched().count


def ours_arrays(made: Made) -> Work:
    """Go through every path as arrays of edges, some at a time."""
    _, searched = numbering(made)

    def through() -> int:
        search = searched()
        return sum(block.first.size for block in search.blocks(0, search.count))

    return through


def ours_parquet(made: Made) -> Work:
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


def counted(made: Made) -> Work:
    """Count exactly, without going through any."""
    from gamebook_lab.analysis.numbering import Counted

    cut, _ = numbering(made)
    return lambda: Counted(cut, 10**10).count


WORK: dict[str, Callable[[Made], Work]] = {
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
    found = work()
    seconds = time.perf_counter() - begin
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    n, is_all = found if isinstance(found, tuple) else (found, True)
    print(json.dumps({"paths": str(n), "is_all": is_all, "seconds": seconds, "grown_mb": grown}))


def run(name: str, file: Path, seconds: float) -> dict[str, Any] | None:
    """Do one piece of work in a process of its own; None if it had to be stopped."""
    command = [sys.executable, __file__, "--seconds", str(seconds), "--one", name, str(file)]
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds + STARTS)
    except subprocess.TimeoutExpired:
        return None
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def compare(file: Path, repeats: int, seconds: float) -> None:
    """Print a row for each way of doing it."""
    story = file.stem
    print(f"\n{story:<24}{'paths':>12}{'seconds':>10}{'M paths/s':>11}{'memory MB':>11}{'ours is x':>11}")
    found: dict[str, dict[str, Any]] = {}
    for name in STORIES[story]:
        package = name.split(" ")[0]
        if package in PEERS and importlib.util.find_spec(package) is None:
            print(f"{name:<24}{'not installed':>23}")
            continue
        runs: list[dict[str, Any]] = []
        while len(runs) < repeats and (one := run(name, file, seconds)) is not None:
            runs.append(one)
            if one["seconds"] > LONG:
                break
        if not runs:
            print(f"{name:<24}{f'stopped after {seconds:.0f} s':>23}")
            continue
        found[name] = {
            "paths": runs[0]["paths"], "is_all": all(each["is_all"] for each in runs),
            "seconds": statistics.median(each["seconds"] for each in runs),
            "grown_mb": max(each["grown_mb"] for each in runs),
        }  # fmt: skip
    own = found["ours, writing nothing" if story in EXPECTED else "ours, exact count"]
    for name, row in found.items():
        assert story not in EXPECTED or not row["is_all"] or int(row["paths"]) == EXPECTED[story], (name, row)
        shown = row["paths"] if len(row["paths"]) < 12 else f"{float(row['paths']):.1e}"
        rate, own_rate = (float(each["paths"]) / each["seconds"] for each in (row, own))
        told = f"{rate / 1e6:.2f}" if story in EXPECTED else "-"
        part = "" if row["is_all"] else "  of them, then stopped"
        print(
            f"{name:<24}{shown:>12}{row['seconds']:>10.4f}{told:>11}{row['grown_mb']:>11.1f}{own_rate / rate:>11.1f}{part}",
            flush=True,
        )


def main() -> None:
    """Generate the stories, and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gen", type=Path, default=GENERATOR)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=LIMIT)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        globals()["LIMIT"] = options.seconds
        measure(options.one[0], Path(options.one[1]))
        return
    if not options.gen.is_file():
        print("There is no generator beside the project: name it with --gen")
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, options.gen, folder], check=True, stdout=subprocess.DEVNULL)
        for story in STORIES:
            compare(Path(folder) / f"{story}.json", options.repeats, options.seconds)


if __name__ == "__main__":
    main()
