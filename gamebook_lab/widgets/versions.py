"""The other versions of a session's story: in its file, in another kernel, and as it was earlier.

Each can be compared, and put together with the story or brought back; that is an edit like others, and can be undone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from gamebook_lab.errors import WorkspaceError
from gamebook_lab.store.merge import Choice, Conflict, MergeResult
from gamebook_lab.store.rows import Rows, name_of
from gamebook_lab.story.story import Story
from gamebook_lab.widgets.story_file import StoryFile
from gamebook_lab.widgets.work import Work

__all__ = ["Versions"]


class Versions(ABC):
    """The part of a session that knows other versions of its story; a session sets these up."""

    _work: Work
    _file: StoryFile

    @abstractmethod
    def apply(self, edit: Callable[[Story], Story], *, label: str, origin: object = None) -> Story:
        """Make an edit."""

    def rows(self) -> Rows:
        """The whole story as its workspace would hold it, by uid."""
        with self._work.lock:
            return self._work.keeping.rows_of(self._work.story)

    def uid(self, passage: str | int) -> int | None:
        """Number of a passage in the workspace, by name or key; None if it has none yet."""
        return self._work.keeping.binding.uid(self._work.story.key(passage))

    def outside(self) -> MergeResult | None:
        """Compare the story with its file: what a merge of both would come to; None if the file was not changed outside.

        Raises
        ------
        FormatError, LimitError
            If the file can no longer be read.
        """
        return self._file.outside()

    def merge(self, choices: Mapping[int, Choice] | None = None, *, origin: object = None) -> None:
        """Put together this story and its file, which was changed outside; the file is not written by it.

        Parameters
        ----------
        choices
            How each conflict of :meth:`outside` is settled, by uid: ``ours``, ``theirs`` or ``both``.
        origin
            Whoever asks for it.

        Raises
        ------
        ConflictError
            If a conflict is not settled, such as one that has come since.
        FormatError, LimitError
            If the file can no longer be read.
        """
        self._file.merge(choices or {}, origin=origin)

    def settle(self, conflict: Conflict, choice: Choice, *, origin: object = None) -> None:
        """End a conflict with another kernel: leave theirs, put ours there, or ours below theirs.

        That is an edit like others, and can be undone; what the conflict held stays in the workspace.

        Raises
        ------
        WorkspaceError
            If the workspace cannot be written.
        """
        workspace = self._work.workspace
        if workspace is None or conflict.id is None:
            return
        now = self._work.keeping.rows_of(self._work.story, [conflict.uid]).get(conflict.uid)
        row = replace(conflict, theirs=now).settled(choice)
        if row != now:
            self.apply(
                lambda story: self._work.keeping.binding.adopted(story, {conflict.uid: row}),
                label="Settle conflict", origin=origin,
            )  # fmt: skip
        workspace.settle(conflict.id)

    def restore(
        self, revision: int | str, passages: Sequence[str | int] | None = None, *, origin: object = None
    ) -> Story:
        """Bring an earlier revision back, whole or in some passages; that is an edit like others, and can be undone.

        Parameters
        ----------
        revision
            Number or name of the revision, or name of a backup; 0 is the story as it was first opened.
        passages
            Names as they were then, or uids as the tables of revisions have them; the whole story without.
        origin
            Whoever asks for it.

        Raises
        ------
        WorkspaceError
            If there is no such revision, or it had no such passage.
        """
        workspace = self._work.workspace
        if workspace is None:
            raise WorkspaceError("this story has no file yet, so nothing was kept of it; save it first")
        rows = workspace.rows_of(revision)
        chosen: set[int] | None = None
        if passages is not None:
            uids = {name_of(row): uid for uid, row in rows.items()}
            chosen = {uids.get(each, -1) if isinstance(each, str) else each for each in passages}
            if unknown := [each for each in passages if isinstance(each, str) and each not in uids]:
                raise WorkspaceError(f"revision {revision} has no passage {unknown[0]!r}; diff(...) lists what it has")

        def put_back(story: Story) -> Story:
            now = self._work.keeping.rows_of(story)
            wanted = set(rows) | set(now) if chosen is None else chosen
            differing = {uid: rows.get(uid) for uid in wanted if rows.get(uid) != now.get(uid)}
            return self._work.keeping.binding.adopted(story, differing)

        return self.apply(
            put_back, label=f"Restore {'revision ' if isinstance(revision, int) else ''}{revision}", origin=origin
        )
