"""Sessions of real readers, replayed on the state graph: what fits, what cannot have happened and why, and hidden state.

Covers: verdicts on sessions, the likeliest states and edges of each. Does not cover: counts and tests over many readers
(:mod:`~gamebook_lab.analysis.readership`), logs larger than memory (:mod:`~gamebook_lab.analysis.large_logs`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd

from gamebook_lab.analysis.blame import why_not
from gamebook_lab.analysis.following import Followed, Follower
from gamebook_lab.analysis.replaying import follow, solve
from gamebook_lab.analysis.walks import Walks
from gamebook_lab.engine.space import Space
from gamebook_lab.formats.logs.schema import Sessions
from gamebook_lab.kernels.accelerate import Ints, Longs
from gamebook_lab.story import schema
from gamebook_lab.story.checks.suggest import Suggester
from gamebook_lab.story.problems import Problem, to_table
from gamebook_lab.story.story import Story

__all__ = ["MATCHES", "Matched", "match", "passage_rows"]

MATCHES: Final = (
    schema.Column("session_id", "str", "one sitting of one reader"),
    schema.Column("verdict", "str", "valid, valid with undo, ambiguous (several ways fit) or impossible"),
    schema.Column("n_steps", "int64", "steps in the log"),
    schema.Column("n_matched", "int64", "steps before the first that cannot have happened"),
    schema.Column("n_back", "int64", "steps by which the reader went back or began anew"),
    schema.Column("n_fits", "float64", "ways on the state graph that fit what was logged"),
    schema.Column("step", "Int64", "the step that cannot have happened; missing: all can"),
    schema.Column("passage_id", "object", "passage that it names"),
    schema.Column("why", "str", "why it cannot have happened; empty: all can"),
)
"""Columns of :attr:`Matched.table`."""


@dataclass(frozen=True, eq=False)
class Matched:
    """Sessions on the state graph."""

    space: Space
    sessions: Sessions
    table: pd.DataFrame
    """A row for each session. Columns in :data:`MATCHES`."""
    node: Ints
    """Of each row of ``sessions.table``: the likeliest node; -1 from the step on that cannot have happened."""
    walks: Walks
    """Of each session: the likeliest way as it stood at the end, what the reader took back left out."""
    edges: Longs
    """Every edge taken, those taken back included."""
    edge_row: Longs
    """Of each of these: the row of ``sessions.table`` that it led to."""
    found: tuple[Problem, ...] = field(default=())

    def __repr__(self) -> str:
        counts = ", ".join(f"{n:,} {verdict}" for verdict, n in self.table["verdict"].value_counts().items())
        return f"<Matched: {len(self.table):,} sessions: {counts}>"

    def __len__(self) -> int:
        return len(self.table)

    def problems(self) -> pd.DataFrame:
        """List passages of the log that the story does not have."""
        return to_table(self.found)

    def edge_counts(self) -> Longs:
        """How often each edge of the space was taken, as :meth:`ReaderModel.from_counts` takes it."""
        return np.bincount(self.edges, minlength=self.space.n_edges).astype(np.int64)


def match(
    space: Space, sessions: Sessions, *, renames: Mapping[str, str] | None = None, resumed: bool = False
) -> Matched:
    """Replay sessions on a story's state graph.

    Parameters
    ----------
    space
        The state graph; hidden state is weighed by its reader model.
    sessions
        What readers did.
    renames
        Passages that the log names otherwise: name in the log to name in the story. Names that differ just in case, spaces or
        punctuation are found without.
    resumed
        A session may begin anywhere, as where readers load an earlier game.

    Returns
    -------
    Matched
        The same whatever the order of sessions.

    Notes
    -----
    Linear in the number of steps, after the first session of each kind. Where several ways fit, the likeliest is taken by the
    Viterbi algorithm; steps taken back count, too.
    """
    follower = Follower(Followed.of(space))
    rows_of, found = passage_rows(space.story, sessions.table["passage_id"].unique().tolist(), renames or {})
    steps = sessions.table
    session, passage, choices, events = (
        steps[name].tolist() for name in ("session_id", "passage_id", "choice_id", "event")
    )
    bounds = _bounds(session)
    node = np.full(len(steps), -1, np.int32)
    rows: list[tuple[object, ...]] = []
    walks: list[tuple[int, list[int]]] = []
    edges: list[int] = []
    edge_row: list[int] = []
    for first, last in pairwise(bounds):
        followed = follow(
            follower, [rows_of[name] for name in passage[first:last]], choices[first:last], events[first:last], resumed
        )
        solved = solve(follower, followed)
        node[first : first + len(solved.nodes)] = solved.nodes
        for step, taken in enumerate(solved.edges):
            edges.extend(taken)
            edge_row.extend([first + step] * len(taken))
        walks.append(solved.walk())
        at = followed.failed
        if at is None:
            verdict = "ambiguous" if solved.n_fits > 1 else "valid with undo" if followed.n_back else "valid"
            why = ""
        else:
            verdict = "impossible"
            before = follower.sets[followed.sets[at - 1]] if at else ()
            why = why_not(space, follower.graph, before, passage[first + at])
        rows.append((
            session[first], verdict, last - first, len(followed.sets), followed.n_back, solved.n_fits, at,
            None if at is None else passage[first + at], why,
        ))  # fmt: skip
    table = schema.build(MATCHES, {column.name: [row[at] for row in rows] for at, column in enumerate(MATCHES)})
    return Matched(
        space,
        sessions,
        table,
        node,
        Walks.of(follower.graph, walks),
        np.array(edges, np.int64),
        np.array(edge_row, np.int64),
        found,
    )


def _bounds(session: list[str]) -> list[int]:
    changes = [at for at in range(1, len(session)) if session[at] != session[at - 1]]
    return [0, *changes, len(session)] if session else [0]


def passage_rows(
    story: Story, logged: Iterable[str], renames: Mapping[str, str]
) -> tuple[dict[str, int], tuple[Problem, ...]]:
    """Find the row of each name of a log in ``PlayGraph.passages``; -1 for those that the story does not have, which are problems."""
    names = {name: at for at, name in enumerate(story.passages["passage_id"].drop_duplicates())}
    alike: dict[str, list[str]] = {}
    for name in names:
        alike.setdefault(_bare(name), []).append(name)
    suggester = Suggester(names)
    rows: dict[str, int] = {}
    found: list[Problem] = []
    for each in logged:
        wanted = renames.get(each, each)
        same = alike.get(_bare(wanted), [])
        rows[each] = names.get(wanted, names[same[0]] if len(same) == 1 else -1)
        if rows[each] < 0:
            found.append(
                Problem("GB710", f"The log names {wanted!r}, which is no passage of the story", suggester.hint(wanted))
            )
    return rows, tuple(found)


def _bare(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum()) or name
