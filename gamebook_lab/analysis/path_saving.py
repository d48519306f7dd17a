"""Writes down what workers need to open paths: a folder named by a hash of what is in it, there whole or not at all."""

from __future__ import annotations

import json
import secrets
import shutil
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamebook_lab.analysis.lengths import words_on_arriving
from gamebook_lab.analysis.numbering import Counted
from gamebook_lab.analysis.path_source import CUT, LABELS, NAMES, Labels
from gamebook_lab.analysis.paths import Paths
from gamebook_lab.analysis.play_graph import STOPS, PlayGraph
from gamebook_lab.analysis.searched import Searched
from gamebook_lab.engine.stops import Stop
from gamebook_lab.kernels.accelerate import Words
from gamebook_lab.parallel.durable import sync_folder
from gamebook_lab.parallel.identity import content_hash

__all__ = ["labels_of", "save_source"]

_STOPS: Final = tuple(STOPS.get(Stop(number), "") for number in range(max(Stop) + 1))


def labels_of(graph: PlayGraph) -> Labels:
    """Take what names a graph's nodes and edges."""
    words = words_on_arriving(graph).astype(np.int64)
    return Labels(graph.indices, graph.passage, graph.stop, words, graph.clicks, graph.offer, graph.passages, _STOPS)


def save_source(paths: Paths[Any], folder: Path, drawn: Words | None) -> tuple[Path, str]:
    """Write what workers need into a folder of its own in ``folder``; gives its path and the hash of its content."""
    graph, numbering = paths.graph, paths.numbering
    arrays: dict[str, npt.NDArray[Any]] = {
        **{name: getattr(numbering.cut, name) for name in CUT},
        **{f"label_{name}": getattr(labels_of(graph), name) for name in LABELS},
    }
    if isinstance(numbering, Counted):
        arrays["counts_offsets"], arrays["counts_limbs"] = numbering.numbers
    elif isinstance(numbering, Searched):
        marks = numbering.marks
        sizes = [edges.size for _, edges in marks.ways]
        arrays["marks_at"] = np.array([at for at, _ in marks.ways], np.int64)
        arrays["marks_offsets"] = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
        arrays["marks_edges"] = np.concatenate([np.empty(0, np.int64), *(edges for _, edges in marks.ways)])
        arrays["marks_by_end"] = marks.by_end
    if drawn is not None:
        arrays["drawn"] = drawn
    names = {
        "passages": list(graph.passages),
        "stops": list(_STOPS),
        "count": str(numbering.count) if isinstance(numbering, Searched) else "",
    }
    key = content_hash(arrays, names)
    place = folder / f"source-{key[:16]}"
    if not place.is_dir():
        part = folder / f".source.{secrets.token_hex(4)}.part"
        part.mkdir(parents=True)
        for name, array in arrays.items():
            np.save(part / f"{name}.npy", array, allow_pickle=False)
        (part / NAMES).write_text(json.dumps(names), encoding="utf-8")
        try:
            part.rename(place)
        except OSError:  # another process was quicker
            shutil.rmtree(part)
        sync_folder(folder)
    return place, key
