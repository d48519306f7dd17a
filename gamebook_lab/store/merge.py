"""Three-way merge by passage: what two sides made of one base, put together, and where they clash.

A passage that just one side changed is taken from that side. Where both changed a passage, its columns are told apart:
one side's new place on the map goes with the other's new text. Only what both changed differently is a conflict, and
a conflict never decides by itself: it holds both texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from gamebook_lab.store.diff import diff_rows
from gamebook_lab.store.rows import Row, Rows, canonical, decode, name_of, text_of

__all__ = ["Choice", "Conflict", "MergeResult", "merge", "merge_row"]

Choice = Literal["ours", "theirs", "both"]
"""How a conflict is settled; ``both`` puts our text below theirs."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A passage that both sides changed, in ways that exclude each other."""

    uid: int
    base: Row | None
    ours: Row | None
    theirs: Row | None
    columns: tuple[str, ...]
    """What both changed; ``passage`` if one side deleted what the other changed."""
    id: int | None = None
    """Number under which a workspace keeps it."""
    who: str = ""
    """Who made ours, where a workspace keeps it."""
    time: float = 0.0

    @property
    def name(self) -> str:
        """Name of the passage."""
        return name_of(self.ours) or name_of(self.theirs) or name_of(self.base) or "(the story itself)"

    @property
    def our_text(self) -> str | None:
        """Our text; None: we deleted it."""
        return None if self.ours is None else text_of(self.ours)

    @property
    def their_text(self) -> str | None:
        """Their text; None: they deleted it."""
        return None if self.theirs is None else text_of(self.theirs)

    def settled(self, choice: Choice) -> Row | None:
        """Row that a choice leads to."""
        merged, _ = merge_row(self.base, self.ours, self.theirs, prefer=choice)
        return merged


@dataclass(frozen=True, slots=True)
class MergeResult:
    """What a merge comes to."""

    base: Rows
    ours: Rows
    theirs: Rows
    merged: Rows
    """With their side of each conflict."""
    conflicts: tuple[Conflict, ...] = ()
    from_ours: frozenset[int] = field(default_factory=frozenset)
    """Uids that only we changed."""
    from_theirs: frozenset[int] = field(default_factory=frozenset)
    """Uids that only they changed."""

    @property
    def is_clean(self) -> bool:
        """Whether nothing is to be decided."""
        return not self.conflicts

    def changes(self) -> pd.DataFrame:
        """What merging would change in our story, by passage; as :func:`~gamebook_lab.store.diff.diff_rows`."""
        return diff_rows(self.ours, self.merged)

    def resolved(self, choices: Mapping[int, Choice]) -> Rows:
        """Merged story, each conflict settled.

        Parameters
        ----------
        choices
            For each conflict's uid.

        Raises
        ------
        KeyError
            If a conflict is left open.
        """
        rows = dict(self.merged)
        for conflict in self.conflicts:
            row = conflict.settled(choices[conflict.uid])
            if row is None:
                rows.pop(conflict.uid, None)
            else:
                rows[conflict.uid] = row
        return rows


def merge(base: Rows, ours: Rows, theirs: Rows) -> MergeResult:
    """Put together what two sides made of one story. Linear in the passages.

    Parameters
    ----------
    base
        The story that both began with.
    ours, theirs
        What has become of it.
    """
    merged: Rows = {}
    conflicts, only_ours, only_theirs = [], set(), set()
    for uid in {**ours, **theirs, **base}:
        before, mine, other = base.get(uid), ours.get(uid), theirs.get(uid)
        row, columns = merge_row(before, mine, other)
        if columns:
            conflicts.append(Conflict(uid, before, mine, other, columns))
        elif mine != before and other == before:
            only_ours.add(uid)
        elif other != before and mine == before:
            only_theirs.add(uid)
        if row is not None:
            merged[uid] = row
    return MergeResult(base, ours, theirs, merged, tuple(conflicts), frozenset(only_ours), frozenset(only_theirs))


def merge_row(
    base: Row | None, ours: Row | None, theirs: Row | None, *, prefer: Choice | None = None
) -> tuple[Row | None, tuple[str, ...]]:
    """Merge one passage, column by column.

    Returns
    -------
    tuple
        The row, with the preferred side (theirs without) of what clashes, and the names of the columns that clash.
        Where one side deleted what the other changed, the changed one is given unless the deleting side is preferred.
    """
    if theirs in (ours, base):
        return ours, ()
    if ours == base:
        return theirs, ()
    if ours is None or theirs is None:
        return _half(ours, theirs, prefer), ("passage",)
    before = {} if base is None else decode(base)
    mine, other = decode(ours), decode(theirs)
    clashes = []
    values: dict[str, Any] = {}
    for name in [*mine, *(name for name in other if name not in mine)]:
        was, my, their = before.get(name), mine.get(name), other.get(name)
        if their in (my, was):
            values[name] = my
        elif my == was or name == "rank":
            values[name] = their
        else:
            clashes.append(name)
            values[name] = _chosen(name, my, their, prefer)
    return canonical(values), tuple(clashes)


def _half(ours: Row | None, theirs: Row | None, prefer: Choice | None) -> Row | None:
    """One side deleted the passage: the text outlives, unless the deleting side was chosen."""
    if prefer == "ours":
        return ours
    if prefer == "theirs":
        return theirs
    return ours if theirs is None else theirs


def _chosen(name: str, mine: Any, other: Any, prefer: Choice | None) -> Any:
    if prefer == "both" and name == "text":
        return f"{other or ''}\n\n{mine or ''}"
    return mine if prefer == "ours" else other
