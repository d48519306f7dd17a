"""Undo and redo without limit.

A :class:`History` keeps, for every step, just the rows that it changed, before and after; undo
puts those back into the story *as it is now*. So an old step costs as much memory as the
passages that it touched, and what belongs to the present stays as it is: the file that the
story was last saved to (``source``), the counter of keys, and everything derived of passages
that the step does not touch.

On writing, a format compares each passage, by key, with what its newest source holds. So undoing past a save and
saving again writes the passages that differ from the file, as it should.
"""

from __future__ import annotations

import secrets
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, fields, replace
from operator import ne
from typing import Any, NamedTuple, Self

import numpy as np
import pandas as pd

from gamebook_lab.errors import EditError
from gamebook_lab.story import schema
from gamebook_lab.story.edits.rows import with_cells
from gamebook_lab.story.language import Language
from gamebook_lab.story.metadata import Metadata
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.records import place_of, rows_of
from gamebook_lab.story.story import Story
from gamebook_lab.story.typing_groups import continues


class _Side(NamedTuple):
    """What a step's passages and the story's other facts are, before it or after it."""

    rows: Mapping[int, Passage]
    """By key, in story order."""
    places: tuple[int, ...]
    metadata: Metadata
    language: Language
    import_problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One edit as undo sees it."""

    label: str
    merge: Hashable
    before: _Side
    after: _Side
    number: int = field(default_factory=lambda: secrets.randbits(62))
    """Tells it from all others, also those of other processes."""

    @property
    def keys(self) -> frozenset[int]:
        """Keys of the passages that it added, removed or changed."""
        return frozenset(self.before.rows) | frozenset(self.after.rows)


@dataclass(frozen=True, eq=False, repr=False)
class History:
    """A story and the edits that led to it. Immutable: every method returns a new one.

    Parameters
    ----------
    story
        The story as it is now.

    Examples
    --------
    >>> history = History(story)                                                    # doctest: +SKIP
    >>> history = history.do("Rename passage", rename_passage(story, "A", "B"))     # doctest: +SKIP
    >>> history.undo().story.table.equals(story.table)                              # doctest: +SKIP
    True
    """

    story: Story
    _done: tuple[Step, ...] = ()
    _undone: tuple[Step, ...] = ()
    _saved: Step | None = None

    def __repr__(self) -> str:
        return f"<History of {self.story!r}: {len(self._done)} to undo, {len(self._undone)} to redo>"

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to make again."""
        return bool(self._undone)

    @property
    def undo_label(self) -> str | None:
        """What :meth:`undo` takes back; None: nothing."""
        return self._done[-1].label if self._done else None

    @property
    def redo_label(self) -> str | None:
        """What :meth:`redo` makes again; None: nothing."""
        return self._undone[-1].label if self._undone else None

    @property
    def steps(self) -> tuple[Step, ...]:
        """What can be taken back, the next one last."""
        return self._done

    @property
    def last(self) -> Step | None:
        """Step that :meth:`undo` takes back; None: nothing."""
        return self._done[-1] if self._done else None

    @property
    def next(self) -> Step | None:
        """Step that :meth:`redo` makes again; None: nothing."""
        return self._undone[-1] if self._undone else None

    @property
    def is_saved(self) -> bool:
        """Whether the story is as it was when the history began, or :meth:`saved` was last called.

        Told by the steps: typing a word and deleting it by hand is a change, undoing it is none.
        """
        return (self._done[-1] if self._done else None) is self._saved

    def do(self, label: str, story: Story, *, merge: Hashable = None, changed: frozenset[int] | None = None) -> Self:
        """Remember an edit.

        Parameters
        ----------
        label
            What it was, for the Undo button: ``Rename passage``.
        story
            What the edit made of ``self.story``. Its steps to redo are forgotten.
        merge
            Mark of edits that are typing. Consecutive ones with the same label and mark that change the text of the
            same single passage become one step per word: a step ends after the spaces behind a word, at a new line,
            where the writer goes elsewhere in the text, and between writing and deleting. A caller that sees pauses
            (a second or so) changes the mark there.
        changed
            What :func:`changed_keys` gives, if it is known already.
        """
        step = _step(label, merge, self.story, story, changed)
        if step is None:
            return replace(self, story=_present(story, self.story))
        done = self._done
        if done and done[-1] is not self._saved and not self._undone and _is_typed_on(done[-1], step):
            step, done = replace(step, before=done[-1].before, number=done[-1].number), done[:-1]
        return replace(self, story=_present(story, self.story), _done=(*done, step), _undone=())

    def undo(self) -> Self:
        """Take the last step back; the same if there is none.

        Raises
        ------
        EditError
            If somebody else has changed a passage since that the step has changed.
        """
        if not self._done:
            return self
        step = self._done[-1]
        _check(self.story, step.after, step.label)
        story = _patched(self.story, gone=step.after, come=step.before)
        return replace(self, story=story, _done=self._done[:-1], _undone=(*self._undone, step))

    def redo(self) -> Self:
        """Make the step again that was taken back last; the same if there is none.

        Raises
        ------
        EditError
            As :meth:`undo`.
        """
        if not self._undone:
            return self
        step = self._undone[-1]
        _check(self.story, step.before, step.label)
        story = _patched(self.story, gone=step.before, come=step.after)
        return replace(self, story=story, _done=(*self._done, step), _undone=self._undone[:-1])

    def without_last(self) -> Self:
        """Forget the last step, which cannot be taken back; the story stays as it is."""
        return replace(self, _done=self._done[:-1])

    def without_next(self) -> Self:
        """Forget the step that was taken back last, which cannot be made again."""
        return replace(self, _undone=self._undone[:-1])

    def followed(self, story: Story) -> Self:
        """Go on with what somebody else has made of the story; that is no step here."""
        return replace(self, story=_present(story, self.story))

    def taken_back(self, label: str, number: int, story: Story) -> Self:
        """Go on with a story from before a step that this history does not hold; it can be made again."""
        step = _step(label, None, story, self.story)
        if step is None:
            return self
        return replace(self, story=_present(story, self.story), _undone=(*self._undone, replace(step, number=number)))

    def made_again(self, label: str, number: int, story: Story) -> Self:
        """Go on with a story after a step that was taken back and that this history does not hold; it can be undone."""
        step = _step(label, None, self.story, story)
        if step is None:
            return self
        return replace(self, story=_present(story, self.story), _done=(*self._done, replace(step, number=number)))

    def saved(self, story: Story) -> Self:
        """Say that the story as it is now was saved, which made this of it.

        Parameters
        ----------
        story
            The same passages with the file, the places in it and the problems that they have now; undo and redo keep its
            source and its problems.
        """
        return replace(self, story=_present(story, self.story), _saved=self._done[-1] if self._done else None)


def changed_keys(old: Story, new: Story) -> frozenset[int]:
    """Keys of passages that were added, removed, moved among the others, or differ in any column.

    If the new story came of the old one by a few edits, only what those have touched is looked at. Else linear in the passages.
    """
    if old.table is new.table:
        return frozenset()
    touched = new.may_differ(old)
    if touched is not None:
        before, after = old.records.of(touched), new.records.of(touched)
        return frozenset(key for key in touched if before.get(key) != after.get(key))
    return _compared(old.table, new.table)


def _compared(before: pd.DataFrame, after: pd.DataFrame) -> frozenset[int]:
    if not before.index.equals(after.index):
        places = after.index.get_indexer(before.index)
        if (np.diff(places[places >= 0]) < 0).any():
            return frozenset(before.index.tolist()) | frozenset(after.index.tolist())
        common = before.index[places >= 0]
        apart = frozenset(before.index[places < 0].tolist()) | frozenset(after.index.difference(common).tolist())
        return apart | _differing(before.loc[common], after.loc[common])
    return _differing(before, after)


def _differing(before: pd.DataFrame, after: pd.DataFrame) -> frozenset[int]:
    differs = np.zeros(len(before), dtype=bool)
    for column in schema.PASSAGES:
        old, new = before[column.name], after[column.name]
        if old.equals(new):
            continue
        if old.dtype == object:  # lists of the same objects are compared by identity first
            differs |= np.fromiter(map(ne, old.to_numpy().tolist(), new.to_numpy().tolist()), bool, len(old))
        else:
            are_missing = (old.isna() & new.isna()).to_numpy(dtype=bool)
            differs |= ~((old == new).fillna(value=False).to_numpy(dtype=bool) | are_missing)
    return frozenset(before.index[differs].tolist())


def _step(label: str, merge: Hashable, old: Story, new: Story, changed: frozenset[int] | None = None) -> Step | None:
    keys = changed_keys(old, new) if changed is None else changed
    before, after = _side(old, keys), _side(new, keys)
    if not keys and before[2:] == after[2:]:
        return None
    return Step(label, merge, before, after)


def _side(story: Story, keys: frozenset[int]) -> _Side:
    index = story.table.index
    places = sorted((place_of(index, key), key) for key in keys if key in index)
    found = story.records.of(keys)
    rows = {key: found[key] for _, key in places}
    return _Side(rows, tuple(place for place, _ in places), story.metadata, story.language, story.import_problems)


def _is_typed_on(last: Step, step: Step) -> bool:
    """Tell whether a step of typing goes on with the word of the one before."""
    if step.merge is None or (last.label, last.merge) != (step.label, step.merge):
        return False
    sides = (last.before, last.after, step.before, step.after)
    if len({tuple(side.rows) for side in sides}) != 1 or len(step.after.rows) != 1:
        return False
    first, then, as_found, now = (next(iter(side.rows.values())) for side in sides)
    if then.text != as_found.text:  # somebody else wrote between
        return False
    is_text_alone = replace(first, text="") == replace(then, text="") == replace(now, text="")
    return is_text_alone and last.before[2:] == step.after[2:] and continues(first.text, then.text, now.text)


def _present(story: Story, now: Story) -> Story:
    """Keep counting keys from where any story of this history has come to."""
    return story if story.next_key >= now.next_key else story.with_next_key(now.next_key)


def _check(story: Story, side: _Side, label: str) -> None:
    """Make sure that the passages of a step are as one of its sides has them.

    Raises
    ------
    EditError
        If somebody else has changed one since.
    """
    now = story.records.of(side.rows)
    if any(key not in now or _edited(now[key]) != _edited(row) for key, row in side.rows.items()):
        name = ", ".join(repr(row.passage_id) for row in list(side.rows.values())[:3])
        msg = f"{label!r} cannot be undone or made again: {name} was changed elsewhere since; see Revisions"
        raise EditError(msg)


def _edited(row: Passage) -> Passage:
    """What edits say of a passage: saving writes the file and the line, so that they say nothing of an edit."""
    return replace(row, file=None, line=None)


def _patched(story: Story, *, gone: _Side, come: _Side) -> Story:
    """Put one side of a step in the place of the other."""
    is_same_import = come.import_problems is gone.import_problems
    problems = story.import_problems if is_same_import else come.import_problems
    if come.language is story.language and (come.places, *come.rows) == (gone.places, *gone.rows):
        new = with_cells(story, _cells(gone.rows, come.rows), metadata=come.metadata)
    else:
        new = _with_rows(story, gone, come)
    if come.language is story.language and problems is story.import_problems:
        return new
    return replace(new, language=come.language, import_problems=problems)


def _cells(old: Mapping[int, Passage], new: Mapping[int, Passage]) -> dict[str, dict[int, Any]]:
    """Cells that differ, by column and key."""
    names = [each.name for each in fields(Passage) if each.name not in {"file", "line"}]
    columns = {
        name: {key: value for key, row in new.items() if (value := getattr(row, name)) != getattr(old[key], name)}
        for name in names
    }
    return {name: cells for name, cells in columns.items() if cells}


def _with_rows(story: Story, gone: _Side, come: _Side) -> Story:
    """Put passages into the story where others were, or were not."""
    table = story.table
    rest = table.drop(index=list(gone.rows))
    places = np.empty(len(rest) + len(come.rows), dtype=np.intp)
    is_come = np.zeros(len(places), dtype=bool)
    latest = np.arange(len(rest), len(places))  # there may be fewer passages than there were
    is_come[np.minimum(np.array(come.places, dtype=np.intp), latest)] = True
    places[~is_come] = np.arange(len(rest))
    places[is_come] = np.arange(len(rest), len(places))
    rows = rows_of(come.rows.values(), pd.Index(list(come.rows), dtype="int64", name=table.index.name))
    patched = pd.concat([rest, rows]).take(places)
    changed = {*gone.rows, *come.rows}
    if come.language is not story.language:
        changed.update(table.index.tolist())
    return story.with_table(patched, changed, metadata=come.metadata)
