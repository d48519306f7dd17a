"""What can be watched of a session: its story, what is kept of it, what checks and exploring find, and what the author is told.

Callbacks are called outside of the session's lock, in the order of the changes.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from gamebook_lab.analysis.answers import Why
from gamebook_lab.errors import GamebookError
from gamebook_lab.store.workspace import State
from gamebook_lab.story.story import Story
from gamebook_lab.widgets.broadcast import Broadcast
from gamebook_lab.widgets.change import Change
from gamebook_lab.widgets.checker import Checked
from gamebook_lab.widgets.explorer import Explored
from gamebook_lab.widgets.findings import Findings
from gamebook_lab.widgets.notice_board import NoticeBoard
from gamebook_lab.widgets.notices import Notice

__all__ = ["Watched"]


class Watched:
    """The part of a session that others follow; a session sets these up."""

    _findings: Findings
    _board: NoticeBoard
    _kept: Broadcast[State]
    _changes: Broadcast[Change]

    def watch_kept(self, callback: Callable[[State], None]) -> Callable[[], None]:
        """Have ``callback`` told when edits are kept, or cannot be; returns a function that ends it."""
        return self._kept.watch(callback)

    def watch(self, callback: Callable[[Change], None], *, is_late: bool = False) -> Callable[[], None]:
        """Have ``callback`` called after every change; returns a function that ends it.

        One that is late is told after all others: what an author looks at for an edit comes before the toolbar.
        """
        return self._changes.watch(callback, is_late=is_late)

    def watch_checks(self, callback: Callable[[Checked], None]) -> Callable[[], None]:
        """Have ``callback`` told when a check of the story begins, is done, or failed; returns a function that ends it.

        Checks run on a background thread, only while somebody watches. A result that a newer
        story has overtaken is not reported.
        """
        return self._findings.checker.watch(callback)

    def watch_pauses(self, callback: Callable[[Story], None]) -> Callable[[], None]:
        """Have ``callback`` given the story when the author pauses for a moment; returns a function that ends it.

        Of a long story that is before its check begins. On a background thread, only while somebody watches the checks.
        """
        return self._findings.checker.watch_pauses(callback)

    def watch_problems(self, callback: Callable[[pd.DataFrame], None]) -> Callable[[], None]:
        """Have ``callback`` given the newest problems table, now if known and after every check and exploration."""
        return self._findings.watch_problems(callback)

    def watch_verdicts(self, callback: Callable[[Explored], None]) -> Callable[[], None]:
        """Have ``callback`` told what exploring the story shows; returns a function that ends it.

        Exploring begins after the checks, on a process of its own, only while somebody watches. Verdicts that a newer
        story has overtaken are not reported.
        """
        return self._findings.watch_verdicts(callback)

    def why(self, passage: str, answer: Callable[[Why | None], None]) -> bool:
        """Ask for the reason of the newest verdict on a passage; ``answer`` is called with it, on another thread.

        Returns
        -------
        bool
            False if there is no verdict yet.
        """
        return self._findings.explorer.why(passage, answer)

    def watch_notices(self, callback: Callable[[Notice], None]) -> Callable[[], None]:
        """Have ``callback`` called with what :meth:`report` is told, to show it; returns a function that ends it."""
        return self._board.watch(callback)

    def report(self, what: GamebookError | OSError | Notice) -> bool:
        """Tell the author what could not be done; returns whether anything shows it."""
        return self._board.report(what)

    @property
    def n_watchers(self) -> int:
        """Watchers of changes, problems and notices, to show that none is left behind."""
        return len(self._changes) + len(self._findings) + len(self._board) + len(self._kept)
