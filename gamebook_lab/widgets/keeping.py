"""What a session keeps of its work in the story's workspace, and how it takes in what other kernels have kept.

Called under the session's lock, but for what says otherwise. Without a workspace (a story that has no file yet) it only knows
what differs from the beginning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from gamebook_lab.errors import EditError
from gamebook_lab.store.as_read import first_of, is_kept, pack
from gamebook_lab.store.binding import Binding, matched
from gamebook_lab.store.edit import Document, Edit, Kept, Kind, new_number
from gamebook_lab.store.merge import Choice, MergeResult, merge
from gamebook_lab.store.opening import (
    Opened,
    differing,
    document_of,
    has_files,
    index_of,
    open_story,
    taken_over,
    with_fingerprint,
)
from gamebook_lab.store.past import Stacks, Step
from gamebook_lab.store.patches import Patch, PatchError, back, forward
from gamebook_lab.store.rows import Row, Rows, without_rank
from gamebook_lab.store.workspace import Event, News, Workspace
from gamebook_lab.story.history import History, changed_keys
from gamebook_lab.story.story import Story
from gamebook_lab.widgets.notices import Notice

__all__ = ["Fetched", "Keeping"]


class Fetched(NamedTuple):
    """A step of an earlier sitting."""

    step: Step
    patches: list[Patch]


class Keeping:
    """The workspace's side of one session.

    Parameters
    ----------
    opened
        The story as its workspace has it.
    workspace
        None for a story that has no file.
    """

    def __init__(self, opened: Opened, workspace: Workspace | None) -> None:
        self.workspace = workspace
        self.binding: Binding = opened.binding
        self.base: Story = opened.base
        """The story as its file has it."""
        self._older, self._later = list(opened.stacks.done), list(opened.stacks.undone)
        self._read = opened.base
        self._base_rows: tuple[Story, dict[int, Row | None]] = (opened.base, {})
        self._waiting: Counter[int] = Counter()
        self._unsaved = set(opened.drafts)
        self._is_ordered_alike = True
        self._as_read: dict[str, bool] = {}
        """Fingerprint of the file as first read, and whether that is kept, once that is known."""
        self._ordered = opened.base.table.index, opened.base.table.index

    def follow(self, listener: Callable[[Event], None]) -> None:
        """Have a method told what is kept, for as long as its object lives."""
        if self.workspace is None:
            return
        read, is_folder = self._read, has_files(self._read)
        fingerprint = read.source.fingerprint if read.source is not None else ""
        self.workspace.listen(listener, lambda: Binding.fresh(read, has_files=is_folder).seed(read, fingerprint))

    @classmethod
    def nowhere(cls, story: Story) -> Keeping:
        """Keep nothing: the story has no file."""
        return cls(Opened(story, story, Binding.fresh(story, has_files=has_files(story))), None)

    # ---- what the file does not have

    @property
    def is_dirty(self) -> bool:
        """Whether the story differs from what its file has."""
        return bool(self._unsaved) or not self._is_ordered_alike

    def _differing(self, story: Story, keys: Collection[int]) -> set[int]:
        old, new = (self.binding.rows(each, keys) for each in (self.base, story))
        differing = {uid for uid in {**old, **new} if old.get(uid) != new.get(uid)}
        return differing | ({0} if story.metadata != self.base.metadata else set())

    def _note_unsaved(self, story: Story, changes: Mapping[int, tuple[Row | None, Row | None]]) -> None:
        """Compare what an edit has changed with what the file has."""
        for uid, (_, row) in changes.items():
            if without_rank(row) == without_rank(self._base_row(uid)):
                self._unsaved.discard(uid)
            else:
                self._unsaved.add(uid)
        self._compare_order(story)

    def _compare_order(self, story: Story) -> None:
        """Tell whether the passages that the file has too stand in its order; most edits leave all of them where they are."""
        old, new = self.base.table.index, story.table.index
        if not (old.is_(self._ordered[0]) and new.is_(self._ordered[1])):
            has_all_first = new[: len(old)].equals(old)
            self._is_ordered_alike = has_all_first or bool(old[old.isin(new)].equals(new[new.isin(old)]))
            self._ordered = old, new

    def _base_row(self, uid: int) -> Row | None:
        if self._base_rows[0] is not self.base:
            self._base_rows = (self.base, {})
        known = self._base_rows[1]
        if uid not in known:
            known[uid] = self.rows_of(self.base, [uid]).get(uid)
        return known[uid]

    def _compare(self, story: Story, keys: Collection[int]) -> None:
        uids = {self.binding.uid(key) for key in keys} | {0}
        self._unsaved = {uid for uid in self._unsaved if uid not in uids} | self._differing(story, keys)
        self._compare_order(story)

    # ---- this session's work

    def note(
        self, old: Story, new: Story, keys: Collection[int], *, kind: Kind, label: str, number: int, target: int | None
    ) -> None:
        """Have an edit kept."""
        changes = self.binding.changes(old, new, keys)
        self._note_unsaved(new, changes)
        if kind == "edit":
            self._later.clear()
        if self.workspace is not None and changes:
            self._keep(Edit(number, kind, label, changes, target))

    def _keep(self, edit: Edit) -> None:
        assert self.workspace is not None
        self._waiting.update(edit.changes.keys())
        self.workspace.keep(edit)

    def saved(self, old: Story, new: Story, number: int, *, now: Story | None = None) -> None:
        """Have it kept that the file holds the story.

        Parameters
        ----------
        old, new
            The story before and after it was written.
        number
            Of this revision.
        now
            The story as it is, if it was edited while it was written.
        """
        self.base = new
        self._unsaved, self._is_ordered_alike = set(), True
        self._ordered = new.table.index, new.table.index
        if now is not None:
            # The lines below an edit have moved in what was written; that is no difference to look at.
            self._compare(now, changed_keys(new if has_files(new) else old, now))
        if self.workspace is not None and self.workspace.exists_or_waits:
            changes = self.binding.changes(old, new, new.table.index.tolist() if has_files(new) else [])
            others = {uid: self._base_row(uid) for uid in self._unsaved}
            first = first_of(new)
            as_read = None
            if first is not None and first.fingerprint not in self._as_read:
                self._as_read = {first.fingerprint: is_kept(first)}
                if self._as_read[first.fingerprint]:
                    uids = [self.binding.uid(key) or new_number() for key in first.places]
                    as_read = partial(pack, first, uids)
            read = first.fingerprint if first is not None and self._as_read[first.fingerprint] else ""
            document = replace(document_of(new, self.binding), others=others, read=read)
            self._keep(Edit(number, "save", "Written to the file", changes, document=document, as_read=as_read))

    def moved(self, saved: Story) -> Keeping:
        """Keep on beside another file, to which the story was saved; all that was kept goes along.

        Raises
        ------
        OSError, apsw.Error
            If it cannot be copied.
        """
        assert saved.source is not None
        assert saved.source.path is not None
        stacks = Stacks(tuple(self._older), tuple(self._later))
        if self.workspace is None:
            workspace = Workspace(saved.source.path, index_of(saved))
            workspace.place.set_aside()
            opened = Opened(saved, saved, Binding.fresh(saved, has_files=has_files(saved)), stacks)
        else:
            workspace = self.workspace.copy_to(saved.source.path, index_of(saved))
            opened = Opened(saved, saved, self.binding, stacks)
            self.workspace.leave()
        workspace.start()
        return Keeping(opened, workspace)

    def reread(
        self, history: History, read: Story, *, choices: Mapping[int, Choice] | None = None
    ) -> tuple[Keeping, Story]:
        """Go on with the story as its file has it now, or with what a merge makes of both.

        Parameters
        ----------
        history
            The story as it is here.
        read
            As just read from the file.
        choices
            How each conflict of the merge is settled; without, the file's story takes the place of this one. Both can be
            undone.
        """
        assert self.workspace is not None
        result, binding = self.outside(history.story, read)
        merged = result.theirs if choices is None else result.resolved(choices)
        document = document_of(read, binding)
        done = (*self._older, *(Step(step.number, step.label) for step in history.steps))
        edits = taken_over(result.ours, result.theirs, document, merged)
        story = binding.adopted(read, differing(result.theirs, merged))
        stacks = Stacks((*done, *(Step(edit.number, edit.label) for edit in edits if edit.changes)))
        after = Keeping(
            Opened(story, read, binding, stacks, drafts=frozenset(differing(result.theirs, merged))), self.workspace
        )
        after._waiting = self._waiting
        for edit in edits:
            after._keep(edit)
        return after, story

    def outside(self, story: Story, read: Story) -> tuple[MergeResult, Binding]:
        """What a merge of this story and its file, as just read, would come to."""
        before = self.rows_of(self.base)
        order = [uid for key in self.base.table.index.tolist() if (uid := self.binding.uid(key)) is not None]
        binding = matched(read, before, order, is_same=False, has_files=has_files(read))
        return merge(before, self.rows_of(story), binding.rows(read)), binding

    # ---- passages in other sittings

    def lasting_id(self, key: int) -> str | None:
        """What tells a passage in every sitting, however it is called; None as long as nothing was kept."""
        uid = self.binding.uid(key)
        is_kept = self.workspace is not None and self.workspace.exists_or_waits
        return str(uid) if is_kept and uid is not None else None

    def key_of(self, lasting_id: str) -> int | None:
        """Key of the passage that had this :meth:`lasting_id`; None if there was none."""
        return self.binding.key(int(lasting_id)) if lasting_id.isdecimal() else None

    # ---- steps of earlier sittings

    @property
    def undo_label(self) -> str | None:
        """What can be undone before the history's own steps."""
        return self._older[-1].label if self._older else None

    @property
    def redo_label(self) -> str | None:
        """What can be made again after the history's own steps."""
        return self._later[-1].label if self._later else None

    def fetch(self, *, is_back: bool) -> Fetched | None:
        """Read the next step of an earlier sitting to undo, or to make again; None if there is none.

        Waits for the workspace, so it is called *without* the session's lock.

        Raises
        ------
        WorkspaceError
            If the workspace cannot be read.
        """
        steps = self._older if is_back else self._later
        if not steps or self.workspace is None:
            return None
        step = steps[-1]
        return Fetched(step, self.workspace.step(step.number))

    def undo(self, history: History, fetched: Fetched) -> History:
        """Take back a step of an earlier sitting.

        Raises
        ------
        EditError
            If a passage was changed elsewhere since; the step is then passed over.
        """
        story = self._story(history.story, fetched, self._older, is_back=True)
        return history.taken_back(fetched.step.label, fetched.step.number, story)

    def redo(self, history: History, fetched: Fetched) -> History:
        """Make a step of an earlier sitting again.

        Raises
        ------
        EditError
            As :meth:`undo`.
        """
        story = self._story(history.story, fetched, self._later, is_back=False)
        return history.made_again(fetched.step.label, fetched.step.number, story)

    def _story(self, story: Story, fetched: Fetched, steps: list[Step], *, is_back: bool) -> Story:
        if not steps or steps[-1] != fetched.step:  # another thread was quicker
            return story
        steps.pop()
        move = back if is_back else forward
        uids = {uid for part in fetched.patches for uid in part}
        rows: dict[int, Row | None] = dict.fromkeys(uids) | dict(self.rows_of(story, uids))
        try:
            for part in reversed(fetched.patches) if is_back else fetched.patches:
                for uid, change in part.items():
                    rows[uid] = move(rows[uid], change)
        except PatchError as error:
            label = fetched.step.label
            msg = f"{label!r} cannot be undone or made again, for {error}; Revisions shows both, and restores either"
            raise EditError(msg) from error
        return self.binding.edited(story, rows)

    def rows_of(self, story: Story, uids: Collection[int] | None = None) -> Rows:
        """Rows of these passages as the story has them; of all without."""
        rows = self.binding.rows(story) if uids is None or 0 in uids else {}
        if uids is None:
            return rows
        keys = [key for uid in uids if (key := self.binding.key(uid)) is not None]
        return {uid: row for uid, row in {**rows, **self.binding.rows(story, keys)}.items() if uid in uids}

    # ---- what was kept, here and elsewhere

    def adopted(self, news: News, story: Story) -> Story:
        """Take in what the workspace holds; gives the same story if that is what it is already.

        What waits to be kept goes first: it is merged when it is kept.
        """
        rows: dict[int, Row | None] = dict(news.rows)
        for kept in news.kept:
            self._waiting.subtract(kept.edit.changes.keys())
            rows |= _others(kept)
        self._waiting = +self._waiting
        if news.is_whole:
            rows |= {uid: None for uid in self.rows_of(story) if uid not in rows}
        rows = {uid: row for uid, row in rows.items() if uid not in self._waiting}
        if not rows:
            return story
        mine: Mapping[int, Row] = self.rows_of(story, rows)
        differing = {uid: row for uid, row in rows.items() if mine.get(uid) != row}
        return self.binding.adopted(story, differing) if differing else story

    def compare(self, story: Story, keys: Collection[int]) -> None:
        """Note that these passages were changed by somebody else."""
        self._compare(story, keys)

    def written_elsewhere(self, document: Document, story: Story) -> Story:
        """Take in that another kernel has written the file, which now holds what the workspace held then."""
        assert self.workspace is not None
        source = story.source
        if source is None or source.fingerprint == document.fingerprint:
            return story
        held = document.held(self.workspace.rows_at(document.seq))
        mine = self.rows_of(story)
        differing = {uid: held.get(uid) for uid in {**held, **mine} if held.get(uid) != mine.get(uid)}
        self.base = with_fingerprint(self.binding.adopted(story, differing), document.fingerprint)
        new = with_fingerprint(story, document.fingerprint)
        everything = {key for uid in differing if (key := self.binding.key(uid)) is not None}
        self._unsaved = set()
        self._compare(new, everything)
        return new


def _others(kept: Kept) -> dict[int, Row | None]:
    """Passages that are not as the edit left them."""
    return {uid: row for uid, row in kept.rows.items() if row != kept.edit.changes[uid][1]}


def open_keeping(read: Story) -> tuple[Keeping, Story, list[Notice]]:
    """Find what a story's workspace has beyond its file; gives the story, and what the author should know.

    Parameters
    ----------
    read
        The story as just read from its file.

    Raises
    ------
    WorkspaceError
        If the workspace cannot be used.
    """
    assert read.source is not None
    assert read.source.path is not None
    workspace = Workspace.open(read.source.path, index_of(read))
    try:
        opened = open_story(workspace, read)
    except BaseException:
        workspace.close(wait=False)
        raise
    said = [Notice(words, "info") for words in workspace.said]
    return Keeping(opened, workspace), opened.story, [*said, *_said(opened)]


def _said(opened: Opened) -> list[Notice]:
    if opened.outside is not None:
        asked = "The file was changed outside, and there are edits here that it does not have. Nothing was written."
        return [Notice(asked, "conflict")]
    words: list[str] = []
    if opened.drafts:
        n = _passages(len(opened.drafts))
        words.append(f"Your work is here again: {n} with edits that the file does not have yet.")
    if opened.n_outside:
        words.append(f"The file was changed outside: {_passages(opened.n_outside)} taken over; Undo takes that back.")
    return [Notice(each, "info") for each in words]


def _passages(n: int) -> str:
    return f"{n} passage{'' if n == 1 else 's'}"
