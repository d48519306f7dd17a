"""Which variants of each passage's text a reader can come to see: a verdict each, with a shortest way there.

Only with ``detail="text"``, which keeps apart what differs in nothing but words. What is shown after a click that reveals
more is a variant of its own.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from gamebook_lab.analysis.play_graph import play_graph, states_by_situation
from gamebook_lab.analysis.verdicts import VERDICT, Seen, summed_up
from gamebook_lab.engine.space import Space
from gamebook_lab.kernels.tally import summed
from gamebook_lab.story import schema
from gamebook_lab.story.play import Page

__all__ = ["TEXTS", "text_variants"]

TEXTS: Final = (
    schema.Column("passage_id", "str", "passage that the reader stands at"),
    schema.Column("text", "str", "what is shown, as far as it is modelled"),
    schema.Column("is_revealed", "bool", "only after a click in the passage; not counted in expected_visits"),
    *VERDICT,
)
"""Columns of :func:`text_variants`."""


def text_variants(space: Space) -> pd.DataFrame:
    """Say of each variant of a passage's text whether and how soon a reader can come to see it.

    Returns
    -------
    pandas.DataFrame
        A row for each variant that was met, in the order of passages in the story, then as first met. Columns in
        :data:`TEXTS`. What is not here cannot be seen, if the space is complete.

    Raises
    ------
    ValueError
        If the space was explored without its texts.
    """
    if space.detail != "text":
        raise ValueError('texts were not kept: explore(story, detail="text") keeps them')
    graph = play_graph(space)
    numbers = {name: at for at, name in enumerate(graph.passages)}
    variants: dict[tuple[int, str], int] = {}
    is_first: list[bool] = []
    states = states_by_situation(space)
    nodes, things, standing, shares = (
        [np.empty(0, np.int32)],
        [np.empty(0, np.int32)],
        [np.empty(0, np.int8)],
        [np.empty(0)],
    )
    for number, situation in enumerate(space.explorer.table.situations):
        place = space.places[space.explorer.table.situation_location[number]]
        here = place.passage if isinstance(place, Page) else place
        # of each variant: in how many branches it is shown, whether in a known one, and how likely at first sight
        shown: dict[int, tuple[int, bool, float]] = {}
        for branch in situation.branches:
            passage = numbers[branch.passages[-1] if branch.passages and branch.passages[-1] in numbers else here]
            for at, text in enumerate(dict.fromkeys(branch.texts)):
                thing = variants.setdefault((passage, text), len(variants))
                is_first += [False] * (len(variants) - len(is_first))
                is_first[thing] |= at == 0
                n, is_known, share = shown.get(thing, (0, False, 0.0))
                own = float(branch.weight) if at == 0 and branch.is_known else 0.0
                shown[thing] = (n + 1, is_known or branch.is_known, share + own)
        for thing, (n, is_known, share) in shown.items():
            size = states[number].size
            nodes.append(states[number])
            things.append(np.full(size, thing, np.int32))
            standing.append(np.full(size, 2 if n == len(situation.branches) else int(is_known), np.int8))
            shares.append(np.full(size, share))
    seen = Seen(np.concatenate(nodes), np.concatenate(things), np.concatenate(standing))
    expected = summed(seen.things, graph.flow.visits[seen.nodes] * np.concatenate(shares), len(variants))
    data: dict[str, list[object]] = {
        "passage_id": [graph.passages[passage] for passage, _ in variants],
        "text": [text for _, text in variants],
        "is_revealed": [not first for first in is_first],
    }
    order = np.argsort([passage for passage, _ in variants], kind="stable")
    return schema.build(TEXTS, {**data, **summed_up(graph, seen, expected)}).iloc[order].reset_index(drop=True)
