"""What the story does not say: where one response leads to several places, and which earlier choices may decide.

Decisions that part the same readers in the same way hang on one *hidden variable*. Whatever was chosen before may have set it; a
choice *decides* if all who chose alike there went on alike. Chance alone finds such choices, too, if there are few readers
and many choices, so each comes with the probability of that (a permutation test), corrected for the number of choices
tried (Benjamini and Hochberg 1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from gamebook_lab.analysis.matching import Matched
from gamebook_lab.analysis.significance import adjusted
from gamebook_lab.story import schema

__all__ = ["HIDDEN", "hidden_decisions"]

HIDDEN: Final = (
    schema.Column("variable", "int64", "number of the hidden variable, by where it first decides"),
    schema.Column("decisions", "object", "passages where it decides"),
    schema.Column("outcomes", "object", "where the first of them leads, most readers first"),
    schema.Column("n_readers", "object", "sessions that went to each of these"),
    schema.Column(
        "choice_passage", "object", "passage of an earlier choice; missing: no earlier choice shows any sign"
    ),
    schema.Column(
        "strength", "float64", "share of the variable that the choice explains: mutual information by entropy"
    ),
    schema.Column("p_value", "float64", "probability of so strong a tie by chance, by permutation"),
    schema.Column("q_value", "float64", "false discovery rate at which it counts as found"),
    schema.Column("verdict", "str", "decides (all who chose alike went on alike), associated, or no sign"),
)
"""Columns of :func:`hidden_decisions`."""
_LEVEL: Final = 0.05
_CLOSE: Final = 1e-9
Codes = npt.NDArray[np.int64]


def hidden_decisions(
    matched: Matched, *, n_permutations: int = 999, seed: int = 0, level: float = _LEVEL
) -> pd.DataFrame:
    """Find hidden variables, and the earlier choices that may set them.

    Parameters
    ----------
    matched
        Sessions on a story's state graph.
    n_permutations
        Of the test of each choice.
    seed
        Of the permutations: the same gives the same table.
    level
        False discovery rate at which a choice counts as found.

    Returns
    -------
    pandas.DataFrame
        Per variable: the choices that decide it, else those associated with it, else one row that says that there is no
        sign of any. Columns in :data:`HIDDEN`.
    """
    moves = _moves(matched)
    ambiguous = _ambiguous(matched)
    seen = moves[[key in ambiguous for key in zip(moves["passage"], moves["label"], strict=True)]]
    first = seen.drop_duplicates(["session", "passage"])
    outcomes = _wide(first, "target")
    when = _wide(first, "row")
    order = when.min().sort_values(kind="stable").index
    rows: list[dict[str, object]] = []
    for number, group in enumerate(_variables(outcomes[order])):
        decision = group[0]
        said = outcomes[decision].dropna()
        counts = said.value_counts()
        head: dict[str, object] = {
            "variable": number, "decisions": tuple(group), "outcomes": tuple(counts.index), "n_readers": tuple(counts.tolist()),
        }  # fmt: skip
        found = _tied(moves, said, when[decision], ambiguous, n_permutations, seed)
        deciding = [row for row in found if row["verdict"] == "decides" and float(str(row["q_value"])) <= level]
        tied = [row for row in found if float(str(row["q_value"])) <= level]
        nothing: dict[str, object] = {
            "choice_passage": None,
            "strength": np.nan,
            "p_value": np.nan,
            "q_value": np.nan,
            "verdict": "no sign",
        }
        rows += [head | row for row in (deciding or tied or [nothing])]
    return schema.build(HIDDEN, {column.name: [row[column.name] for row in rows] for column in HIDDEN})


def _wide(moves: pd.DataFrame, values: str) -> pd.DataFrame:
    """Lay moves out, a row for each session and a column for each passage; each pair occurs once at most."""
    return moves.set_index(["session", "passage"])[values].unstack()  # noqa: PD010 -- pivot_table would aggregate


def _moves(matched: Matched) -> pd.DataFrame:
    """Every step of a reader from one passage to the next: where, by which label, and where to."""
    graph = matched.walks.graph
    edges = matched.edges
    offers = graph.offer[edges]
    labels = np.array([*graph.offers["label"].astype(object).tolist(), ""], dtype=object)
    names = np.array(graph.passages, dtype=object)
    rows = matched.edge_row
    return pd.DataFrame({
        "session": matched.sessions.table["session_id"].to_numpy(dtype=object)[rows], "row": rows,
        "passage": names[graph.passage[graph.source[edges]]], "label": labels[offers],
        "target": names[graph.arrival[graph.indices[edges]]],
    })  # fmt: skip


def _ambiguous(matched: Matched) -> set[tuple[str, str]]:
    """Passages and labels of which one leads to several passages from one and the same state."""
    graph = matched.walks.graph
    labels = graph.offers["label"].astype(object).tolist()
    there = (graph.indices >= 0) & (graph.offer >= 0) & ~graph.by_chance
    edges = np.flatnonzero(there)
    table = pd.DataFrame(
        {
            "node": graph.source[edges],
            "label": [labels[offer] for offer in graph.offer[edges].tolist()],
            "target": graph.arrival[graph.indices[edges]],
        }
    )
    several = table.groupby(["node", "label"])["target"].nunique()
    return {(graph.passages[graph.passage[node]], label) for node, label in several[several > 1].index}


def _variables(outcomes: pd.DataFrame) -> list[list[str]]:
    """Group the decisions that part the same readers alike."""
    groups: dict[tuple[int, ...], list[str]] = {}
    for decision in outcomes.columns:
        groups.setdefault(tuple(_codes(outcomes[decision].tolist()).tolist()), []).append(str(decision))
    return list(groups.values())


def _codes(values: Sequence[object]) -> Codes:
    """Number values as they first come; what is missing has a number of its own."""
    return np.asarray(
        pd.factorize(pd.Series(list(values), dtype=object).where(lambda each: each.notna(), "\0missing"))[0], np.int64
    )


def _tied(  # noqa: PLR0917 -- one caller
    moves: pd.DataFrame, said: pd.Series, when: pd.Series, ambiguous: set[tuple[str, str]], n_permutations: int, seed: int
) -> list[dict[str, object]]:  # fmt: skip
    """Test every earlier choice; the strongest first."""
    before = moves[moves["session"].isin(said.index) & (moves["row"] < moves["session"].map(when))]
    before = before[[key not in ambiguous for key in zip(before["passage"], before["label"], strict=True)]]
    last = before.drop_duplicates(["session", "passage"], keep="last")
    taken = _wide(last.assign(option=last["label"] + "\0" + last["target"]), "option").reindex(said.index)
    goal = _codes(said.tolist())
    columns = [
        (str(name), _codes(taken[name].tolist())) for name in taken.columns if len(set(taken[name].dropna())) > 1
    ]
    if not columns or goal.max() == 0:
        return []
    rng = np.random.default_rng(seed)
    shuffles = np.stack([rng.permutation(goal) for _ in range(n_permutations)])
    entropy = _entropy(np.bincount(goal)[None, :])[0]
    rows: list[dict[str, object]] = []
    for name, codes in columns:
        strength = _information(codes, goal[None, :])[0] / entropy
        by_chance = _information(codes, shuffles) / entropy
        p = (1 + int((by_chance >= strength - _CLOSE).sum())) / (1 + n_permutations)
        verdict = "decides" if strength > 1 - _CLOSE else "associated"
        rows.append({"choice_passage": name, "strength": float(strength), "p_value": p, "verdict": verdict})
    for row, q in zip(rows, adjusted(np.array([row["p_value"] for row in rows], np.float64)).tolist(), strict=True):
        row["q_value"] = q
    return sorted(rows, key=lambda row: (-float(str(row["strength"])), float(str(row["q_value"]))))


def _entropy(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Of each row of counts, in nats."""
    shares = counts / np.maximum(counts.sum(axis=-1, keepdims=True), 1)
    found: npt.NDArray[np.float64] = -(shares * np.log(np.where(shares > 0, shares, 1.0))).sum(axis=-1)
    return found


def _information(codes: Codes, goals: Codes) -> npt.NDArray[np.float64]:
    """Mutual information of what was chosen with each row of goals, in nats."""
    n_codes, n_goals = int(codes.max()) + 1, int(goals.max()) + 1
    rows = np.arange(goals.shape[0])[:, None]
    joint = np.zeros((goals.shape[0], n_codes * n_goals), np.int64)
    np.add.at(joint, (rows, codes[None, :] * n_goals + goals), 1)
    table = joint.reshape(-1, n_codes, n_goals)
    return _entropy(table.sum(axis=2)) + _entropy(table.sum(axis=1)) - _entropy(joint)
