"""What the widgets show of the verdicts on passages."""

from __future__ import annotations

import math
from collections.abc import Mapping
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


class _Said(NamedTuple):
    """What is said of a passage in the table and on the map."""

    verdict: Verdict
    reach: str


class _Once:
    """What findings say of passages, by name: worked out once for all who show the same."""

    def __init__(self) -> None:
        self._last: tuple[Findings, Mapping[str, _Said]] | None = None

    def __call__(self, findings: Findings) -> Mapping[str, _Said]:
        last = self._last
        if last is None or last[0] is not findings:
            last = self._last = findings, _read(findings)
        return last[1]


_said: Final = _Once()


def _read(findings: Findings) -> Mapping[str, _Said]:
    table, endings = findings.passages, findings.endings
    ends = set(endings.loc[endings["stop"] == "ending", "passage_id"].tolist())
    shortest = table["shortest"].to_numpy("float64", na_value=math.nan).tolist()
    columns = (
        table[name].tolist() for name in ("passage_id", "verdict", "is_luck_only", "expected_visits", "n_soft_locked")
    )
    found = {}
    for steps, name, verdict, is_luck, visits, n_locked in zip(shortest, *columns, strict=True):
        known = "luck" if is_luck and verdict == "reachable" else verdict
        n_steps = -1 if math.isnan(steps) else int(steps)
        seen = -1.0 if math.isnan(visits) or n_steps < 0 else visits
        way = "locked" if n_locked else "ending" if name in ends else known
        found[name] = _Said(Verdict(known, n_steps, seen), way if verdict == "reachable" else known)
    return found


def ready(explored: Explored) -> None:
    """Work out beforehand what :func:`verdicts` and :func:`reach` ask for: of a long story it takes a while."""
    if explored.findings is not None:
        _said(explored.findings)


def verdicts(story: Story, findings: Findings | None) -> dict[int, Verdict]:
    """Verdict on each passage that readers are meant to come to, by key. Of several with one name it is the first's."""
    said = _said(findings) if findings is not None else {}
    return {keys[0]: said[name].verdict for name, keys in story.keys_by_name.items() if name in said}


def reach(story: Story, findings: Findings | None) -> dict[int, str]:
    """For the map, what to tell of each passage: the first in this order that is true.

    It is unreachable, unknown, in some state with no ending ahead, an ending, reachable only after a draw of chance, reachable.
    """
    said = _said(findings) if findings is not None else {}
    return {keys[0]: said[name].reach for name, keys in story.keys_by_name.items() if name in said}


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
