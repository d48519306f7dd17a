"""What the widgets show of the verdicts on passages."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import pandas as pd

from gamebook_lab.analysis.answers import Findings
from gamebook_lab.story.problems import worst_first
from gamebook_lab.story.story import Story
from gamebook_lab.widgets.explorer import Explored

REACH: Final = ("unknown", "reachable", "luck", "unreachable", "ending", "locked")
"""What the map tells apart, by the number that it gets; shapes and colours are in ``map_colors.js``."""


class Verdict(NamedTuple):
    """What exploring says of one passage."""

    verdict: str = ""
    """reachable, luck (something is drawn by chance on every way), unreachable, unknown; empty: nothing is known yet."""
    shortest: int = -1
    """Steps of a shortest way there; -1: none is known."""
    expected_visits: float = -1.0
    """-1: not known; infinite: for ever."""


def verdicts(story: Story, findings: Findings | None) -> dict[int, Verdict]:
    """Verdict on each passage that readers are meant to come to, by key. Of several with one name it is the first's."""
    if findings is None:
        return {}
    table = findings.passages
    found = {}
    for name, verdict, shortest, is_luck, visits in zip(
        *(table[name].tolist() for name in ("passage_id", "verdict", "shortest", "is_luck_only", "expected_visits")),
        strict=True,
    ):
        keys = story.keys_by_name.get(name)
        if not keys:  # renamed since
            continue
        known = "luck" if is_luck and verdict == "reachable" else verdict
        steps = -1 if pd.isna(shortest) else int(shortest)
        seen = -1.0 if math.isnan(visits) or steps < 0 else visits
        found[keys[0]] = Verdict(known, steps, seen)
    return found


def reach(story: Story, findings: Findings | None) -> dict[int, str]:
    """For the map, what to tell of each passage: the first in this order that is true.

    It is unreachable, unknown, in some state with no ending ahead, an ending, reachable only after a draw of chance, reachable.
    """
    if findings is None:
        return {}
    table, endings = findings.passages, findings.endings
    locked = set(table.loc[table["n_soft_locked"] > 0, "passage_id"].tolist())
    ends = set(endings.loc[endings["stop"] == "ending", "passage_id"].tolist())
    found = {}
    judged = verdicts(story, findings)
    for name, keys in story.keys_by_name.items():
        if keys[0] not in judged:
            continue
        key, kind = keys[0], judged[keys[0]].verdict
        if kind in {"reachable", "luck"}:
            kind = "locked" if name in locked else "ending" if name in ends else kind
        found[key] = kind
    return found


def told(explored: Explored | None) -> str:
    """Say in a few words how far the exploration is, and how sure; empty: all is known."""
    if explored is None or (explored.status == "exploring" and explored.findings is None):
        return "exploring the story …"
    if explored.status == "unavailable":
        return "stories in this language cannot be explored"
    if explored.status == "failed" or explored.findings is None:
        return "exploring the story failed"
    found = explored.findings
    again = "exploring on … " if explored.status == "exploring" else ""
    if found.limit is not None:
        return f"{again}{found.n_states:,} states looked at, and not all: what is unknown may be reachable"
    if not found.is_exact:
        return f"{again}some code is not understood: see what is unknown"
    return again.strip()


def combined(checked: pd.DataFrame, explored: Explored | None) -> pd.DataFrame:
    """Put what exploring shows beside what the checks found, worst first."""
    if explored is None or explored.problems is None or explored.problems.empty:
        return checked
    return worst_first(checked, explored.problems)
