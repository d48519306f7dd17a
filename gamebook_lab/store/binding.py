"""Which passage of an open story is which of its workspace, and where it stands.

A story counts its keys anew in each reading; a workspace's uids stay. The binding translates edits of a :class:`Story` to rows
of the workspace, and rows to a story. It belongs to one session, and is used under that session's lock.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from gamebook_lab.languages import registry
from gamebook_lab.store.edit import Document, Seed, new_number
from gamebook_lab.store.rows import (
    STORY,
    Row,
    Rows,
    decode,
    metadata_of,
    name_of,
    passage_rows,
    rank_of,
    story_row,
    text_of,
)
from gamebook_lab.story import schema
from gamebook_lab.story.story import Story

__all__ = ["Binding", "matched"]

_LEAST_GAP = 1e-6
"""Ranks closer than this are counted anew."""


class Binding:
    """Keys and uids of one story.

    Parameters
    ----------
    keys
        Every passage's key, in story order.
    uids
        Uid of each.
    ranks
        Rank of each, by uid.
    has_files
        Whether the column ``file`` is the author's, as in a folder.
    """

    def __init__(
        self, keys: Sequence[int], uids: Sequence[int], ranks: Mapping[int, float], *, has_files: bool
    ) -> None:
        self._uids = dict(zip(keys, uids, strict=True))
        self._keys = dict(zip(uids, keys, strict=True))
        self._ranks = dict(ranks)
        self._has_files = has_files
        self._before: dict[int, float] | None = None
        """Ranks before an edit that set some itself, until that is kept."""

    @classmethod
    def fresh(cls, story: Story, *, has_files: bool) -> Self:
        """Bind a story that was just read, whose file has no workspace yet: uids count from 1, as everywhere."""
        keys: list[int] = story.table.index.tolist()
        uids = range(1, len(keys) + 1)
        return cls(keys, uids, {uid: float(uid) for uid in uids}, has_files=has_files)

    def key(self, uid: int) -> int | None:
        """Key of a passage; None if this story never had it."""
        return self._keys.get(uid)

    def uid(self, key: int) -> int | None:
        """Uid of a passage; None if it was never bound."""
        return self._uids.get(key)

    # ---- story to rows

    def rows(self, story: Story, keys: Iterable[int] | None = None) -> Rows:
        """Rows of these passages; of all, and the story's own, without."""
        if keys is not None:
            return self._rows(story, keys, self._ranks)
        return {STORY: story_row(story), **self._rows(story, story.table.index.tolist(), self._ranks)}

    def seed(self, story: Story, fingerprint: str) -> Seed:
        """What a new workspace of this story begins with."""
        return Seed(
            self.rows(story), Document(fingerprint, tuple(self._uids[key] for key in story.table.index.tolist()))
        )

    def changes(self, old: Story, new: Story, keys: Collection[int]) -> dict[int, tuple[Row | None, Row | None]]:
        """Rows before and after an edit, for each uid that it changed.

        Parameters
        ----------
        old, new
            The story before and after.
        keys
            Keys of the passages that were added, removed or differ.
        """
        for key in keys:
            if key not in self._uids:
                uid = new_number()
                self._uids[key], self._keys[uid] = uid, key
        ranks, self._before = self._before, None
        moved: set[int] = set()
        if ranks is not None:
            moved = {self._keys[uid] for uid, rank in self._ranks.items() if ranks.get(uid) != rank}
        is_same_order = old.table.index.equals(new.table.index)
        ranks = ranks or (self._ranks if is_same_order else dict(self._ranks))
        moved |= set() if is_same_order else self.order(new.table.index)
        every = {*keys, *moved}
        before = self._rows(old, every, ranks)
        after = self._rows(new, every, self._ranks)
        pairs = {uid: (before.get(uid), after.get(uid)) for uid in {**before, **after}}
        for uid, (_, row) in pairs.items():
            if row is None:  # if it comes back, it goes between its neighbours of then
                self._ranks.pop(uid, None)
        if old.metadata is not new.metadata:
            pairs[STORY] = (story_row(old), story_row(new))
        return {uid: pair for uid, pair in pairs.items() if pair[0] != pair[1]}

    def _rows(self, story: Story, keys: Iterable[int], ranks: Mapping[int, float]) -> Rows:
        uids = {key: self._uids[key] for key in keys if key in self._uids}
        known = {key: ranks.get(uid, 0.0) for key, uid in uids.items()}
        found = passage_rows(story, known, known, has_files=self._has_files)
        return {self._uids[key]: row for key, row in found.items()}

    def order(self, keys: pd.Index) -> set[int]:
        """Have ranks follow the story's order; tells the keys whose rank is new.

        As few as possible change: a new passage goes between its neighbours. Where passages were moved, or there
        is no room, all are counted anew.
        """
        uids = list(map(self._uids.__getitem__, keys.tolist()))
        ranks = np.fromiter(map(self._ranks.get, uids, itertools.repeat(np.nan)), float, len(uids))
        is_waiting = np.isnan(ranks)
        if (np.diff(ranks[~is_waiting]) > 0).all():
            waiting = np.flatnonzero(is_waiting)
            if self._squeeze(ranks, waiting):
                self._ranks.update((uids[at], float(ranks[at])) for at in waiting.tolist())
                return set(keys[waiting].tolist())
        counted = {uid: float(rank) for rank, uid in enumerate(uids, 1)}
        moved = {uid for uid, rank in counted.items() if self._ranks.get(uid) != rank}
        self._ranks |= counted
        return {self._keys[uid] for uid in moved}

    @staticmethod
    def _squeeze(ranks: npt.NDArray[np.float64], waiting: npt.NDArray[np.intp]) -> bool:
        """Fill in the ranks of new passages, between their neighbours'; False if there is no room.

        Parameters
        ----------
        ranks
            By place in the story; NaN where a passage is new.
        waiting
            Those places, ascending.
        """
        if not len(waiting):
            return True
        for run in np.split(waiting, np.flatnonzero(np.diff(waiting) > 1) + 1):
            at, stop = int(run[0]), int(run[-1]) + 1
            low = ranks[at - 1] if at else None
            high = ranks[stop] if stop < len(ranks) else None
            if low is None:
                low = (1.0 if high is None else high) - len(run) - 1.0
            if high is None:
                high = low + len(run) + 1.0
            step = (high - low) / (len(run) + 1)
            if step < _LEAST_GAP:
                return False
            ranks[run] = low + step * np.arange(1, len(run) + 1)
        return True

    # ---- rows to story

    def adopted(self, story: Story, rows: Mapping[int, Row | None]) -> Story:
        """Make a story in which these passages are as the workspace has them; None: not there.

        Passages new to the story get new keys. Places in the file stay those of the last reading.
        """
        next_key, table = story.next_key, story.table
        come: dict[int, dict[str, Any]] = {}
        gone: set[int] = set()
        for uid, row in rows.items():
            if uid == STORY:
                continue
            key = self._keys.get(uid)
            if row is None:
                gone |= {key} if key is not None else set()
                continue
            if key is None:
                key, next_key = next_key, next_key + 1
                self._keys[uid], self._uids[key] = key, uid
            values = decode(row)
            self._ranks[uid] = float(values["rank"])
            come[key] = values
        changed = {*come, *(gone & set(table.index.tolist()))}
        if changed:
            table = self._table(table, come, gone)
        metadata = rows.get(STORY)
        facts = metadata_of(metadata) if metadata is not None else story.metadata
        made = story.with_table(table, changed, metadata=facts).with_next_key(next_key)
        if facts.format == story.metadata.format:
            return made
        language = (registry.for_format(facts.format) if facts.format else None) or story.language
        everything = made.with_table(table, table.index.tolist())
        return replace(everything, language=language)

    def edited(self, story: Story, rows: Mapping[int, Row | None]) -> Story:
        """Make the same story, but as an edit that is still to be kept: the next :meth:`changes` tells the ranks of before."""
        self._before = dict(self._ranks)
        return self.adopted(story, rows)

    def _table(self, table: pd.DataFrame, come: Mapping[int, dict[str, Any]], gone: set[int]) -> pd.DataFrame:
        known = table.index.isin(list(come))
        rest = table[~(known | table.index.isin(list(gone)))]
        if not come:
            return rest
        keys = list(come)
        lines = dict(zip(table.index[known].tolist(), table.loc[known, "line"].tolist(), strict=True))
        files = dict(zip(table.index[known].tolist(), table.loc[known, "file"].tolist(), strict=True))
        records = [
            {"file": files.get(key), "line": lines.get(key), **values} if not self._has_files
            else {"line": lines.get(key), **values}
            for key, values in come.items()
        ]  # fmt: skip
        data = {column.name: [_value(record, column.name) for record in records] for column in schema.PASSAGES}
        new = schema.build(schema.PASSAGES, data, index=pd.Index(keys, dtype="int64", name=table.index.name))
        both = pd.concat([rest, new]) if len(rest) else new
        ranks = np.fromiter((self._ranks[self._uids[key]] for key in both.index.tolist()), float, len(both))
        return both.iloc[np.argsort(ranks, kind="stable")]


def _value(record: Mapping[str, Any], name: str) -> Any:
    value = record.get(name)
    if name == "tags":
        return tuple(value or ())
    return {"text": "", "kind": "story", "is_start": False}.get(name) if value is None else value


def matched(story: Story, base: Rows, order: Sequence[int], *, is_same: bool, has_files: bool) -> Binding:
    """Bind a story that was read from a file to the workspace that the file has.

    Parameters
    ----------
    story
        As just read.
    base
        Rows of the workspace when the file was last read or written.
    order
        Uids in the order in which the file was then read.
    is_same
        Whether the file is still just that file.
    has_files
        Whether the column ``file`` counts.

    Notes
    -----
    In a file that changed, a passage is known by its name; one under another name by its text; any other is new. What
    the file does not order otherwise keeps its rank.
    """
    keys: list[int] = story.table.index.tolist()
    uids = list(order) if is_same and len(order) == len(keys) else _recognised(story, base, order)
    ranks = {uid: rank_of(base[uid]) for uid in uids if uid in base}
    binding = Binding(keys, uids, ranks, has_files=has_files)
    binding.order(story.table.index)
    return binding


def _recognised(story: Story, base: Rows, order: Sequence[int]) -> list[int]:
    names: dict[str, list[int]] = defaultdict(list)
    for uid in reversed([uid for uid in order if uid in base]):
        names[name_of(base[uid])].append(uid)
    found: list[int | None] = [
        names[name].pop() if names[name] else None for name in story.table["passage_id"].tolist()
    ]
    texts: dict[str, list[int]] = defaultdict(list)
    for uid in reversed([uid for left in names.values() for uid in left]):
        if text := text_of(base[uid]).strip():
            texts[text].append(uid)
    for index, text in enumerate(story.table["text"].tolist()):
        if found[index] is None:
            left = texts.get(str(text).strip())
            found[index] = left.pop() if left else new_number()
    return [uid for uid in found if uid is not None]
