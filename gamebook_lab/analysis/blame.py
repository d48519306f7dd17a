"""Why a step of a log cannot have happened, said for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gamebook_lab.analysis.play_graph import PlayGraph
from gamebook_lab.engine.space import Space

__all__ = ["why_not"]

_MOST_NAMED: Final = 5


def why_not(space: Space, graph: PlayGraph, nodes: Sequence[int], passage: str) -> str:
    """Say why no reader in one of these states comes to a passage next.

    Parameters
    ----------
    space, graph
        The story's states.
    nodes
        Where the reader may be; none: at the beginning.
    passage
        Where the log says that the reader went.
    """
    story = space.story
    if passage not in story.keys_by_name:
        return f"the story has no passage {passage!r}"
    if not nodes:
        starts = sorted({graph.passages[graph.arrival[node]] for node in graph.starts.tolist()})
        return f"reading begins at {', '.join(map(repr, starts))}"
    here = sorted({graph.passages[graph.passage[node]] for node in nodes})
    where = " or ".join(map(repr, here[:_MOST_NAMED]))
    if all(graph.ends[node] for node in nodes):
        return f"play has stopped at {where}"
    choices = story.choices
    rows = choices[choices["passage_id"].isin(here) & (choices["target"] == passage)]
    conditions = [said for said in rows["condition"].tolist() if said]
    if conditions:
        return f"{where} leads to {passage!r} only if {conditions[0]}, which does not hold there"
    if len(rows):
        return f"a choice of {where} leads to {passage!r}, but it is not offered then"
    edges = [
        edge
        for node in nodes
        for edge in range(int(graph.indptr[node]), int(graph.indptr[node + 1]))
        if graph.indices[edge] >= 0
    ]
    targets = sorted({graph.passages[graph.arrival[graph.indices[edge]]] for edge in edges})
    more = f" and {len(targets) - _MOST_NAMED} more" if len(targets) > _MOST_NAMED else ""
    return f"no choice of {where} leads to {passage!r}: just to {', '.join(map(repr, targets[:_MOST_NAMED]))}{more}"
