"""The history of the selected passage, under its text: what it was, how it differs from now, and bringing it back."""

from __future__ import annotations

from typing import Any, Final, Literal, TypedDict

from gamebook_lab.errors import EditError, GamebookError
from gamebook_lab.store.passage_past import Stretch, Version, stretches
from gamebook_lab.store.workspace import State
from gamebook_lab.story import edits
from gamebook_lab.widgets.bundle import BundledWidget, bundle
from gamebook_lab.widgets.change import Change
from gamebook_lab.widgets.documents import safe_text
from gamebook_lab.widgets.open_sessions import Shown, session_of
from gamebook_lab.widgets.text_change import text_change

__all__ = ["PassageHistory"]

MOST_ROWS: Final = 300
"""Stretches of work that are listed."""


class HistoryRow(TypedDict):
    """A stretch of work on the passage; times count seconds since the epoch."""

    revision: int
    began: float
    time: float
    who: str
    label: str
    n: int
    name: str | None
    is_now: bool
    """The passage says just this now."""


class History(TypedDict):
    """What was done to the selected passage, newest first."""

    type: Literal["history"]
    passage: str | None
    rows: list[HistoryRow]


class VersionShown(TypedDict):
    """One version: how it differs from the one before it, and from now. Pieces as in ``revisions_messages``."""

    type: Literal["version"]
    view: str
    revision: int
    came: list[tuple[str, str]]
    """From the version before to this one."""
    back: list[tuple[str, str]]
    """From the text as it is now to this one."""
    can_restore: bool


class PassageHistory(BundledWidget):
    """Lists what the selected passage was, and brings an earlier text back.

    Nothing is read before somebody opens it.

    Parameters
    ----------
    story
        A session, a story, or a path to open.
    """

    def __init__(self, story: Shown) -> None:
        super().__init__(**bundle("passage_history"))
        self.session = session_of(story)
        self._open_in: set[str] = set()
        """Views in which somebody has opened it."""
        self._listed: list[Stretch] = []
        """What was sent last; looking at one of it reads nothing again."""
        self._selected = self.session.selected
        self.hear({"open": self._open, "look": self._look, "restore": self._restore})
        self.follow(self.session.watch(self._follow), self.session.watch_kept(self._kept))

    def refuse(self, error: GamebookError | OSError) -> None:
        """Tell the author."""
        self.session.report(error)

    # ---- from the script

    def _open(self, message: dict[str, Any]) -> None:
        if message["is_open"]:
            self._open_in.add(message["view"])
            self._send_history()
        else:
            self._open_in.discard(message["view"])

    def _look(self, message: dict[str, Any]) -> None:
        found = next((each for each in self._listed if each.last.revision == message["revision"]), None)
        if found is None:
            self._send_history()  # typing has gone on in it
            return
        now, then = self._text() or "", found.last.text or ""
        self.send(
            VersionShown(
                type="version", view=message["view"], revision=found.last.revision,
                came=text_change(found.before, then), back=text_change(now, then),
                can_restore=found.last.text is not None and now != then,
            )
        )  # fmt: skip

    def _restore(self, message: dict[str, Any]) -> None:
        """Bring a text back; name, tags and place stay as they are."""
        key = self.session.selected
        found = next((each for each in self._versions() if each.revision == message["revision"]), None)
        if key is None or found is None or found.text is None:
            raise EditError("this version is not there any more; choose it again")
        text = found.text
        self.session.apply(
            lambda story: edits.set_text(story, key, text),
            label=f"Restore text of revision {found.revision}",
            origin=self,
        )

    # ---- from the session

    def _follow(self, change: Change) -> None:
        is_other, self._selected = change.selected != self._selected, change.selected
        if is_other or change.kind == "load":
            self._listed = []
            if self._open_in:
                self._send_history()

    def _kept(self, state: State) -> None:
        if self._open_in and state.n_waiting == 0:
            self._send_history()

    # ---- to the script

    def _send_history(self) -> None:
        key, now = self.session.selected, self._text()
        self._listed = stretches(self._versions())
        self.send(
            History(
                type="history", passage=None if key is None else safe_text(self.session.story.name(key)),
                rows=[_row(each, now) for each in self._listed[:MOST_ROWS]],
            )
        )  # fmt: skip

    def _text(self) -> str | None:
        story, key = self.session.story, self.session.selected
        return story.text(key) if key is not None and key in story.table.index else None

    def _versions(self) -> list[Version]:
        session, workspace = self.session, self.session.workspace
        uid = None if session.selected is None else session.uid(session.selected)
        return [] if workspace is None or uid is None or not workspace.exists else workspace.versions(uid)


def _row(each: Stretch, now: str | None) -> HistoryRow:
    last = each.last
    return HistoryRow(
        revision=last.revision, began=each.began, time=last.time, who=last.who, label=last.label, n=each.n,
        name=last.name, is_now=last.text == now,
    )  # fmt: skip
