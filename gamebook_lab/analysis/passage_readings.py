"""How many playthroughs or sessions come to each passage, whatever they are given as: what a map is coloured by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

import numpy as np

from gamebook_lab.analysis.coverage import Ways, as_walks
from gamebook_lab.analysis.matching import Matched
from gamebook_lab.analysis.meeting import distinct
from gamebook_lab.analysis.reader_report import ReaderReport
from gamebook_lab.analysis.suites import Suite
from gamebook_lab.analysis.walks import Walks
from gamebook_lab.engine.space import Space
from gamebook_lab.formats.logs.schema import Sessions
from gamebook_lab.kernels.csr import entries

__all__ = ["PassageReadings", "Readings", "passage_readings"]

Readings: TypeAlias = Ways | Suite | Sessions | Matched | ReaderReport
"""Playthroughs, a suite of them, a reading log, or that log beside a story."""


class PassageReadings(NamedTuple):
    """Who came where."""

    what: str
    """What is counted, in the plural: playthroughs or sessions."""
    total: int
    by_passage: dict[str, int]
    """Of each passage that any of them came to: how many did."""


def passage_readings(ways: Readings, space: Space | None = None) -> PassageReadings:
    """Count those that come to each passage.

    Parameters
    ----------
    ways
        Walks, playthroughs, a suite, a reading log, or what ``gb.compare`` makes of a log.
    space
        The state graph; only playthroughs that come one by one need it.

    Raises
    ------
    TypeError
        If they are something else, or the space is needed and missing.
    PlayError
        If a playthrough takes what the story does not offer.
    """
    if isinstance(ways, ReaderReport):
        ways = ways.matched
    if isinstance(ways, Matched):
        ways = ways.sessions
    if isinstance(ways, Sessions):
        table = ways.table[["session_id", "passage_id"]].dropna().drop_duplicates()
        counts = table["passage_id"].value_counts()
        return PassageReadings("sessions", int(ways.table["session_id"].nunique()), {
            str(name): int(n) for name, n in counts.items()
        })  # fmt: skip
    if isinstance(ways, Suite):
        ways = ways.walks
    if not isinstance(ways, Walks):
        if not isinstance(ways, Iterable):
            raise TypeError(f"expected playthroughs, a suite or a reading log, not {type(ways).__name__}")
        if space is None:
            raise TypeError("single playthroughs need the space that they were found in: space=")
        ways = as_walks(space, ways)
    return PassageReadings("playthroughs", len(ways), _of_walks(ways))


def _of_walks(walks: Walks) -> dict[str, int]:
    graph = walks.graph
    offsets, nodes = walks.nodes()
    walk = np.repeat(np.arange(len(walks), dtype=np.int64), np.diff(offsets))
    passing, passages, is_sure = graph.passes
    order = np.argsort(passing, kind="stable")
    order = order[is_sure[order]]
    first = np.concatenate(([0], np.cumsum(np.bincount(passing[order], minlength=graph.n))))
    position, at = entries(first, nodes)
    came = np.concatenate((walk, walk, walk[position]))
    there = np.concatenate((graph.arrival[nodes], graph.passage[nodes], passages[order[at]]))
    n = len(graph.passages)
    counts = np.bincount(distinct(came, there, n)[1], minlength=n)
    return {graph.passages[at]: int(counts[at]) for at in np.flatnonzero(counts).tolist()}
