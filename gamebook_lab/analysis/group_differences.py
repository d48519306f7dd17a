"""Do groups of readers differ? Tested by dealing the groups' names out at random, for each choice, passage and ending."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Final, Literal

import numpy as np
import pandas as pd

from gamebook_lab.analysis.endings import ending_groups
from gamebook_lab.analysis.matching import Matched
from gamebook_lab.analysis.play_graph import STOPS
from gamebook_lab.analysis.significance import adjusted
from gamebook_lab.engine.stops import Stop
from gamebook_lab.kernels.accelerate import Flags, Floats, Longs
from gamebook_lab.story import schema

__all__ = ["DIFFERENCES", "group_differences"]

DIFFERENCES: Final = (
    schema.Column("what", "str", "passage, choice or ending"),
    schema.Column("passage_id", "str", "passage; for a choice, the one that offers it"),
    schema.Column("label", "object", "of a choice; missing otherwise"),
    schema.Column("shares", "object", "share of sessions of each group, in the order of their names"),
    schema.Column("n_sessions", "object", "sessions of each group that could"),
    schema.Column("spread", "float64", "greatest share less the least"),
    schema.Column(
        "p_value", "float64", "probability of so great a difference if the groups were alike, by permutation"
    ),
    schema.Column("q_value", "float64", "false discovery rate at which it counts as found"),
)
"""Columns of :func:`group_differences`."""
What = Literal["passage", "choice", "ending"]


def group_differences(
    matched: Matched,
    group: Mapping[str, Hashable] | pd.Series,
    *,
    what: What = "choice",
    n_permutations: int = 1_999,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare groups of sessions.

    Parameters
    ----------
    matched
        Sessions on a story's state graph.
    group
        Group of each session, by ``session_id``; sessions without one are left out.
    what
        ``passage``: who came there. ``choice``: who took it, of those who stood before it. ``ending``: who ended there.
    n_permutations
        The least p-value is one by this number and one. The statistic is the chi-square of the table of groups.
    seed
        Of the permutations.

    Returns
    -------
    pandas.DataFrame
        Greatest evidence first. Columns in :data:`DIFFERENCES`.

    Raises
    ------
    ValueError
        If there are fewer than two groups.
    """
    said = matched.table["session_id"].map(dict(group.items()))
    keep = said.notna().to_numpy()
    codes, names = pd.factorize(said[keep], sort=True)
    if len(names) < 2:
        raise ValueError(f"two groups or more can be compared, and there is {list(names)}")
    labels, did, could = _facts(matched, what)
    did, could = did[keep], could[keep]
    is_open = could.any(axis=0) & did.any(axis=0) & ~(did == could).all(axis=0)
    labels = [label for label, open_ in zip(labels, is_open.tolist(), strict=True) if open_]
    did, could = did[:, is_open], could[:, is_open]
    rng = np.random.default_rng(seed)
    hits, total = _by_group(codes, len(names), did, could)
    seen = _chi_square(hits, total)
    above = np.ones(seen.size)
    for _ in range(n_permutations):
        above += _chi_square(*_by_group(rng.permutation(codes), len(names), did, could)) >= seen - 1e-9
    p = above / (n_permutations + 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.where(total > 0, hits / total, np.nan)
    found = schema.build(DIFFERENCES, {
        "what": [what] * seen.size, "passage_id": [passage for passage, _ in labels], "label": [label for _, label in labels],
        "shares": [tuple(column) for column in shares.T.tolist()], "n_sessions": [tuple(column) for column in total.astype(int).T.tolist()],
        "spread": np.nanmax(shares, axis=0) - np.nanmin(shares, axis=0) if seen.size else [], "p_value": p.tolist(), "q_value": adjusted(p).tolist(),
    })  # fmt: skip
    found.attrs["groups"] = tuple(names)
    return found.sort_values(["p_value", "spread"], ascending=[True, False], kind="stable").reset_index(drop=True)


def _facts(matched: Matched, what: What) -> tuple[list[tuple[str, str | None]], Flags, Flags]:
    """For each session and thing: whether the reader did it, and could have."""
    graph, n = matched.walks.graph, len(matched)
    of_row = np.repeat(np.arange(n), matched.table["n_steps"].to_numpy(np.int64))
    if what == "passage":
        names = list(graph.passages)
        did = np.zeros((n, len(names)), np.bool_)
        there = matched.node >= 0
        did[of_row[there], graph.passage[matched.node[there]]] = True
        return [(name, None) for name in names], did, np.ones_like(did)
    if what == "ending":
        keys, group = ending_groups(graph)
        did = np.zeros((n, len(keys)), np.bool_)
        done = matched.walks.is_complete
        did[np.flatnonzero(done), group[matched.walks.last[done]]] = True
        return (
            [(graph.passages[passage], STOPS[Stop(stop)]) for passage, stop in keys],
            did,
            np.repeat(done[:, None], len(keys), axis=1),
        )
    offers = graph.offers
    did = np.zeros((n, len(offers)), np.bool_)
    could = np.zeros_like(did)
    session = of_row[matched.edge_row]
    taken = graph.offer[matched.edges]
    did[session[taken >= 0], taken[taken >= 0]] = True
    here = graph.source[matched.edges]
    for node in np.unique(here).tolist():
        there_offers = graph.offer[int(graph.indptr[node]) : int(graph.indptr[node + 1])]
        could[np.ix_(np.unique(session[here == node]), np.unique(there_offers[there_offers >= 0]))] = True
    return list(zip(offers["passage_id"].tolist(), offers["label"].tolist(), strict=True)), did, could


def _by_group(codes: Longs, n_groups: int, did: Flags, could: Flags) -> tuple[Floats, Floats]:
    member = np.zeros((n_groups, codes.size))
    member[codes, np.arange(codes.size)] = 1.0
    return member @ did, member @ could


def _chi_square(hits: Floats, total: Floats) -> Floats:
    """Of each column: how far the groups' shares are apart, in units of chance."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share = hits.sum(axis=0) / total.sum(axis=0)
        terms = (hits - total * share) ** 2 / (total * share * (1.0 - share))
    found: Floats = np.nan_to_num(terms).sum(axis=0)
    return found
