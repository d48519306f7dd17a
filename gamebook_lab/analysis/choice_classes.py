"""What each choice is worth, proved on the state graph by comparing where it leads with what else is offered there.

``never available``
    It is offered in no state.
``reveals``
    It leads nowhere by itself: clicked, it changes nothing and only adds to the page.
``only``
    Wherever it is offered, nothing else is.
``fake``
    Whatever else is offered beside it leads to the very same state, and it says nowhere that it changes anything.
``flavour``
    The same, but it changes something: nothing that could make a difference later.
``delayed``
    What else is offered leads to the same passages, somewhere in another state: it may show later.
``divergent``
    Somewhere, what else is offered leads to another passage.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from gamebook_lab.analysis.bottlenecks import OFFER_NAMES, numbered_endings
from gamebook_lab.analysis.play_graph import PlayGraph, play_graph
from gamebook_lab.engine.space import OFFERS, Space
from gamebook_lab.kernels.accelerate import Words
from gamebook_lab.kernels.ahead import ahead
from gamebook_lab.kernels.offers import compare
from gamebook_lab.kernels.tally import bits
from gamebook_lab.story import schema
from gamebook_lab.story.program import ChoiceKind

__all__ = ["CHOICE_CLASSES", "choice_classes", "never_is_sure", "revealed"]

CHOICE_CLASSES: Final = (
    *OFFERS,
    schema.Column(
        "class_", "str", "never available, reveals, only, fake, flavour, delayed, divergent; unknown: not met so far"
    ),
    schema.Column(
        "is_dominated", "bool", "wherever else is a choice, another keeps all endings that it keeps, and more"
    ),
    schema.Column("n_states", "int64", "states in which it is offered"),
    schema.Column("n_alone", "int64", "states among them in which nothing else is offered"),
)
"""Columns of :func:`choice_classes`."""
_NAMES: Final = ("only", "fake", "delayed", "divergent")
_LEAVES: Final = frozenset({"undo", "restart", "load", "external", "include"})


def choice_classes(space: Space | PlayGraph, effects: pd.Series | None = None) -> pd.DataFrame:
    """Say of each choice what difference it makes.

    Parameters
    ----------
    space
        The state graph.
    effects
        Column ``effects`` of ``story.choices``; taken from the story if ``space`` is a space.

    Returns
    -------
    pandas.DataFrame
        A row for each offer that was met, as in the space's ``offers``; then one for each choice of the story that never
        was. Columns in :data:`CHOICE_CLASSES`.
    """
    choices = space.story.choices if isinstance(space, Space) else None
    if choices is not None:
        effects = choices["effects"]
    graph = play_graph(space)
    n = len(graph.offers)
    level, dominated, n_states, n_alone = compare(
        graph.indptr, graph.indices, graph.probability_alike, graph.offer, graph.arrival, _endings_ahead(graph), n
    )
    rows = graph.offers["choice"].tolist()
    classes = [_NAMES[each] for each in level.tolist()]
    if effects is not None:
        for at, row in enumerate(rows):
            if classes[at] == "fake" and not pd.isna(row) and effects.iloc[int(row)]:
                classes[at] = "flavour"
    data: dict[str, list[object]] = {name: graph.offers[name].tolist() for name in OFFER_NAMES}
    data |= {
        "class_": list(classes),
        "is_dominated": dominated.tolist(),
        "n_states": n_states.tolist(),
        "n_alone": n_alone.tolist(),
    }
    if choices is not None:
        assert isinstance(space, Space)
        met = {int(row) for row in rows if not pd.isna(row)}
        _append_never_met(data, choices, met, revealed(space), space)
    return schema.build(CHOICE_CLASSES, data)


def never_is_sure(space: Space, kind: str = "") -> bool:
    """Tell whether what was not met is never offered. Links that only show more words are left out unless texts are kept."""
    return space.is_complete and not (kind == ChoiceKind.REVEAL and space.detail == "choices")


def revealed(space: Space) -> dict[tuple[str, int, int], int]:
    """Offers that only add to the page, by passage and span: in how many states each is shown."""
    table = space.explorer.table.situations
    often = np.bincount(space.situation[space.situation >= 0], minlength=len(table)).tolist()
    found: dict[tuple[str, int, int], int] = {}
    for situation, n_states in zip(table, often, strict=True):
        places = {
            (each.offer.place.passage, *each.offer.place.span)
            for branch in situation.branches
            for each in branch.reveals
        }
        for place in places if n_states else ():
            found[place] = found.get(place, 0) + n_states
    return found


def _append_never_met(
    data: dict[str, list[object]],
    choices: pd.DataFrame,
    met: set[int],
    shown: dict[tuple[str, int, int], int],
    space: Space,
) -> None:
    is_left = ~choices["kind"].isin(_LEAVES).to_numpy()
    is_left[list(met)] = False
    rows = np.flatnonzero(is_left)
    left = {name: choices[name].iloc[rows] for name in OFFER_NAMES[:-1]}
    for name, column in left.items():
        data[name] += column.where(column.notna(), "").tolist()
    spans = zip(*(left[name].tolist() for name in ("passage_id", "start", "stop")), strict=True)
    n_states = [shown.get(span, 0) for span in spans]
    never = {kind: "never available" if never_is_sure(space, kind) else "unknown" for kind in left["kind"].unique()}
    data["choice"] += rows.tolist()
    data["class_"] += [
        "reveals" if often else never[kind] for often, kind in zip(n_states, left["kind"].tolist(), strict=True)
    ]
    data["is_dominated"] += [False] * rows.size
    data["n_states"] += n_states
    data["n_alone"] += [0] * rows.size


def _endings_ahead(graph: PlayGraph) -> Words:
    """A row of bits for each node: the passages with an ending that can be reached from it."""
    endings, ending = numbered_endings(graph)
    _, component = graph.components
    n_columns = max(1, -(-endings.size // 64))
    if n_columns == 1:
        return ahead(graph.indptr, graph.indices, component, bits(ending, 0))[:, None]
    found = np.empty((graph.n, n_columns), np.uint64)
    for column in range(n_columns):
        found[:, column] = ahead(graph.indptr, graph.indices, component, bits(ending, 64 * column))
    return found
