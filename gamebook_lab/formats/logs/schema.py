"""The tidy ``sessions`` table: what readers did, a row for each passage that one came to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from gamebook_lab.story.problems import Problem, to_table
from gamebook_lab.story.schema import Column

__all__ = ["EVENTS", "SESSIONS", "Sessions"]

SESSIONS: Final = (
    Column("session_id", "str", "one sitting of one reader"),
    Column("reader_id", "str", "the person; missing where the log names none"),
    Column("step", "int64", "0-based position in the session"),
    Column("passage_id", "str", "passage that the reader came to, as the log names it"),
    Column("choice_id", "object", "what was chosen there, as the log names it; missing: not logged"),
    Column("time", "datetime64[us, UTC]", "when the reader came there; missing: not logged"),
    Column("dwell_seconds", "float64", "time spent there; missing: not logged, or the last of a session", "seconds"),
    Column("event", "str", "visit, back (the reader went back to it) or restart (the reader began anew there)"),
)
"""Columns of the ``sessions`` table, sorted by session in order of appearance, then by step."""

EVENTS: Final = ("visit", "back", "restart")


@dataclass(frozen=True, eq=False)
class Sessions:
    """A reading log as a table, with everything about it that could not be read.

    Parameters
    ----------
    table
        Columns in :data:`SESSIONS`.
    found
        Rows that were left out or mended, as problems GB7xx.
    kind
        Name of the way in which the log was read, such as ``events``.
    facts
        What the log says of each session beside its steps: a column for each thing, ``session_id`` as index.
    """

    table: pd.DataFrame
    found: tuple[Problem, ...]
    kind: str
    facts: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __repr__(self) -> str:
        n = self.table["session_id"].nunique()
        return (
            f"<Sessions: {n:,} sessions, {len(self.table):,} steps, {len(self.found):,} problems, read as {self.kind}>"
        )

    def __len__(self) -> int:
        return int(self.table["session_id"].nunique())

    def problems(self) -> pd.DataFrame:
        """List what of the log was left out or mended. Columns in ``story.schema.PROBLEMS``; ``line`` is the record's."""
        return to_table(self.found)

    def where(self, keep: Callable[[pd.DataFrame], pd.Series]) -> Sessions:
        """Keep the sessions whose row of :attr:`facts` is flagged: ``log.where(lambda facts: facts["group"] == "free")``."""
        kept = self.facts.index[keep(self.facts).to_numpy(dtype=bool)]
        rows = self.table["session_id"].isin(kept)
        return Sessions(self.table[rows].reset_index(drop=True), self.found, self.kind, self.facts.loc[kept])
