"""Revisions: what was done, by whom and when; going back; and deciding between two texts."""

from __future__ import annotations

import threading
from typing import Any, Final

import pandas as pd

from gamebook_lab.errors import GamebookError, WorkspaceError
from gamebook_lab.store.diff import diff_rows
from gamebook_lab.store.merge import Conflict, MergeResult
from gamebook_lab.store.passage_past import Version
from gamebook_lab.store.workspace import State, Workspace
from gamebook_lab.widgets import revisions_messages as messages
from gamebook_lab.widgets.documents import safe_text
from gamebook_lab.widgets.notices import Notice
from gamebook_lab.widgets.open_sessions import Shown, session_of
from gamebook_lab.widgets.session import Change
from gamebook_lab.widgets.sight import CatchingUp
from gamebook_lab.widgets.text_change import shown, text_change

__all__ = ["RevisionsPane"]

MOST_ROWS: Final = 2_000
"""Revisions that one page may have."""
MOST_DIFFERENCES: Final = 200
"""Passages whose difference is shown; the others are counted."""


class RevisionsPane(CatchingUp):
    """List a story's revisions, show what each changed, and bring earlier ones back.

    Parameters
    ----------
    story
        A session, a story, or a path to open.

    Examples
    --------
    >>> gb.RevisionsPane("lighthouse.twee")                         # doctest: +SKIP
    """

    def __init__(self, story: Shown) -> None:
        super().__init__("revisions_pane")
        session = session_of(story)
        self.session = session
        self._outside: MergeResult | None = None
        self._selected = session.selected
        self._has_more = False
        """Revisions have come that the script does not know of."""
        self.hear({
            "hello": self._hello, "page": self._page, "look": self._look, "name": self._name,
            "restore": self._restore, "settle": self._settle, "merge": self._merge, "backup": self._backup,
            "reload": self._reload,
        })  # fmt: skip
        self.follow(session.watch(self._follow), session.watch_kept(self._kept))

    # ---- from the script

    def refuse(self, error: GamebookError | OSError) -> None:
        """Tell the author, and show how things stand."""
        self.session.report(error)
        self._send_situation()

    def _hello(self, _message: messages.Hello) -> None:
        self._compare_quietly()
        self._send_situation()

    def _page(self, message: messages.GetPage) -> None:
        most = max(1, min(message["most"], MOST_ROWS))
        workspace, session = self._workspace(), self.session
        name, rows, backups = None, [], None
        if workspace is not None:
            key = session.selected if message["is_passage"] else None
            uid = None if key is None else session.uid(key)
            if key is not None and uid is not None:
                name = session.story.name(key)
                rows = [_version_row(each) for each in workspace.versions(uid)[: most + 1]]
            else:
                rows = [_revision_row(row) for row in workspace.revisions(newest=most + 1).to_dict("records")]
            backups = workspace.backups()
        self.send(
            messages.Page(
                type="page", view=message["view"], passage=name, has_more=len(rows) > most, rows=rows[:most],
                backups=[] if backups is None else [_backup_row(row) for row in backups.to_dict("records")],
            )
        )  # fmt: skip

    def _look(self, message: messages.Look) -> None:
        workspace, revision = self._known(), message["revision"]
        if message["is_back"] or isinstance(revision, str):
            table = diff_rows(self.session.rows(), workspace.rows_of(revision))
        else:
            table = workspace.change(revision)
        self.send(
            messages.Looked(
                type="looked", view=message["view"], revision=revision, is_back=message["is_back"], n=len(table),
                rows=_differences(table),
            )
        )  # fmt: skip

    def _name(self, message: messages.Name) -> None:
        self._known().name(message["name"], message["revision"], message["note"])
        self.send(messages.Stale(type="stale"))

    def _restore(self, message: messages.Restore) -> None:
        uid = message.get("uid")
        self.session.restore(message["revision"], None if uid is None else [uid], origin=self)

    def _settle(self, message: messages.Settle) -> None:
        found = next((each for each in self._known().conflicts() if each.id == message["id"]), None)
        if found is not None:  # settled by the other kernel, else
            self.session.settle(found, message["choice"], origin=self)
        self._send_situation()

    def _merge(self, message: messages.Merge) -> None:
        self.session.merge({int(uid): choice for uid, choice in message["choices"].items()}, origin=self)
        self._outside = None
        self._send_situation()

    def _reload(self, _message: messages.Press) -> None:
        from gamebook_lab.formats import read_again

        self.session.load(read_again(self.session.story), origin=self)
        self._outside = None
        self._send_situation()

    def compare(self) -> bool:
        """Compare the story with its file, and show how a merge of both would come out; returns whether there is any to make.

        Raises
        ------
        FormatError, LimitError
            If the file can no longer be read.
        """
        self._outside = self.session.outside()
        self._send_situation()
        return self._outside is not None

    def _compare_quietly(self) -> None:
        try:
            self._outside = self.session.outside()
        except (GamebookError, OSError):  # the file is gone: saving will tell
            self._outside = None

    def _backup(self, _message: messages.Press) -> None:
        def make() -> None:
            try:
                made = self._known().backup()
                self.session.report(Notice(f"Backup {made.name} was made and tried out", "info"))
            except GamebookError as error:
                self.session.report(error)
            self.send(messages.Stale(type="stale"))

        threading.Thread(target=make, name="gamebook-backup-asked", daemon=True).start()

    def _workspace(self) -> Workspace | None:
        workspace = self.session.workspace
        return workspace if workspace is not None and workspace.exists else None

    def _known(self) -> Workspace:
        workspace = self._workspace()
        if workspace is None:
            raise WorkspaceError("nothing was kept of this story yet; it begins with the first edit")
        return workspace

    # ---- from the session

    def _follow(self, change: Change) -> None:
        with self._lock:
            if change.kind in ("save", "load", "elsewhere"):
                self._outside = None if change.kind != "elsewhere" else self._outside
                self._has_more = True
            elif change.selected == self._selected:
                return
            self._selected = change.selected
            self.keep_up()

    def _kept(self, state: State) -> None:
        if state.n_waiting == 0 or state.trouble is not None:
            with self._lock:
                self._has_more = True
                self.keep_up()

    def catch_up(self) -> bool:
        """Have the script ask for the revisions, if there are others, and say how things stand."""
        if self._has_more:
            self._has_more = False
            self.send(messages.Stale(type="stale"))
        workspace = self._workspace()
        if workspace is None:
            self._tell_situation(None)
        else:  # whose thread may be waiting for our lock
            workspace.soon(lambda: self._tell_situation(workspace))
        return True

    # ---- to the script

    def _send_situation(self) -> None:
        """Say how things stand, on the workspace's thread: so what is said last is newest. Not to be called under the lock."""
        workspace = self._workspace()
        if workspace is None:
            self._tell_situation(None)
        else:
            workspace.run(lambda _: self._tell_situation(workspace))

    def _tell_situation(self, workspace: Workspace | None) -> None:
        session, state = self.session, self.session.kept
        conflicts = [] if workspace is None else workspace.conflicts()
        outside = self._outside
        key = session.selected
        self.send(
            messages.Situation(
                type="situation", has_workspace=workspace is not None, n_waiting=state.n_waiting,
                trouble=state.trouble, is_dirty=session.is_dirty,
                place=None if workspace is None else str(workspace.place.folder),
                conflicts=[_conflict_row(each) for each in conflicts],
                outside=None if outside is None else messages.Outside(
                    changes=_differences(outside.changes()),
                    conflicts=[_conflict_row(each) for each in outside.conflicts],
                ),
                selected=None if key is None else session.story.name(key),
            )
        )  # fmt: skip


def _revision_row(row: dict[Any, Any]) -> messages.RevisionRow:
    name, note = (value if isinstance(value := row.get(column), str) else None for column in ("name", "note"))
    return messages.RevisionRow(
        revision=int(row["revision"]), time=row["time"].timestamp(), who=row["who"], kind=row["kind"],
        label=row["label"], n_passages=int(row["n_passages"]), name=name, note=note,
    )  # fmt: skip


def _version_row(each: Version) -> messages.RevisionRow:
    return messages.RevisionRow(
        revision=each.revision, time=each.time, who=each.who, kind="edit", label=each.label, n_passages=1,
        name=each.name, note=None,
    )  # fmt: skip


def _backup_row(row: dict[Any, Any]) -> messages.BackupRow:
    return messages.BackupRow(
        name=row["name"], time=row["time"].timestamp(), revision=int(row["revision"]), size_bytes=int(row["size_bytes"])
    )


def _differences(table: pd.DataFrame) -> list[messages.Difference]:
    return [
        messages.Difference(
            uid=int(row["uid"]), name=safe_text(row["passage_id"]), change=row["change"], columns=row["columns"],
            pieces=text_change(row["old_text"], row["new_text"]),
        )
        for row in table.head(MOST_DIFFERENCES).to_dict("records")
    ]  # fmt: skip


def _conflict_row(conflict: Conflict) -> messages.ConflictRow:
    ours, theirs = (None if text is None else shown(text) for text in (conflict.our_text, conflict.their_text))
    return messages.ConflictRow(
        id=conflict.id or 0, uid=conflict.uid, name=safe_text(conflict.name), columns=", ".join(conflict.columns),
        who=conflict.who, time=conflict.time, ours=ours, theirs=theirs, pieces=text_change(theirs, ours),
    )  # fmt: skip
