"""What a worker needs to open paths and name what is on them, as files of arrays that all workers on a machine share.

The arrays are mapped into memory: a graph of a gigabyte is there once, however many workers read it.

Workers import this module and :mod:`~gamebook_lab.analysis.path_rows`, and of the package only what these do: no story, no
language, no engine. That saves each of them 90 MB. Written by :mod:`~gamebook_lab.analysis.path_saving`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gamebook_lab.analysis.cut import Cut
from gamebook_lab.analysis.numbering import Counted, Numbering
from gamebook_lab.analysis.searched import Marks, Searched
from gamebook_lab.kernels.accelerate import Ints, Longs, Words

__all__ = ["CUT", "LABELS", "NAMES", "Labels", "Source", "load_source"]

CUT: Final = tuple(field.name for field in fields(Cut) if field.name != "is_unrolled")
LABELS: Final = ("indices", "passage", "stop", "words", "clicks", "offer")
NAMES: Final = "names.json"


@dataclass(frozen=True, eq=False)
class Labels:
    """What the graph's nodes and edges are called. Arrays by node or edge of the graph that the paths were cut out of."""

    indices: Ints
    passage: Ints
    """Of each node: position in ``names``."""
    stop: Ints
    words: Longs
    """Of each node: words read on coming there."""
    clicks: Ints
    offer: Ints
    """Of each edge: row in the table of choices."""
    names: tuple[str, ...]
    stops: tuple[str, ...]
    """What each kind of stop is called, by number."""


@dataclass(frozen=True, eq=False)
class Source:
    """Paths as files have them."""

    numbering: Numbering
    labels: Labels
    drawn: Words | None
    """Numbers of a sample, as rows of limbs."""


@lru_cache(maxsize=2)
def load_source(place: str) -> Source:
    """Read what :func:`~gamebook_lab.analysis.path_saving.save_source` wrote; kept for the next shard."""
    folder = Path(place)

    def array(name: str) -> npt.NDArray[Any]:
        # copy on write, and nobody writes: kernels need not be compiled again for arrays that may only be read
        mapped: npt.NDArray[Any] = np.load(folder / f"{name}.npy", mmap_mode="c", allow_pickle=False)
        return mapped.view(np.ndarray)

    names = json.loads((folder / NAMES).read_text(encoding="utf-8"))
    arrays: dict[str, Any] = {name: array(name) for name in CUT}
    cut = Cut(**arrays)
    numbering: Numbering
    if (folder / "marks_at.npy").exists():
        offsets, edges = array("marks_offsets"), array("marks_edges")
        ways = [
            (at, edges[low:high])
            for at, low, high in zip(
                array("marks_at").tolist(), offsets[:-1].tolist(), offsets[1:].tolist(), strict=True
            )
        ]
        numbering = Searched.of(cut, Marks(ways, int(names["count"]), array("marks_by_end")))
    else:
        numbering = Counted.of(cut, array("counts_offsets"), array("counts_limbs"))
    labels = Labels(
        **{name: array(f"label_{name}") for name in LABELS}, names=tuple(names["passages"]), stops=tuple(names["stops"])
    )
    drawn = array("drawn") if (folder / "drawn.npy").exists() else None
    return Source(numbering, labels, drawn)
