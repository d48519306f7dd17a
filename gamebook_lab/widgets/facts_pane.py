"""What the panes of facts share: a table of rows that follows the story, and leads to its passages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict

from gamebook_lab.errors import GamebookError
from gamebook_lab.widgets.checker import Checked
from gamebook_lab.widgets.explorer import Explored
from gamebook_lab.widgets.open_sessions import Shown, session_of
from gamebook_lab.widgets.quiet import QUIET
from gamebook_lab.widgets.threaded_pane import ThreadedPane

__all__ = ["FactRow", "FactsPane"]


class FactRow(TypedDict):
    """One row. ``cells`` are text and numbers by column; a number sorts as such."""

    id: str
    cells: list[str | int | float | None]
    key: int | None
    """Passage to go to when the row is opened; None: its details are asked for."""


class FactsPane(ThreadedPane):
    """A table of facts about the session's story, made anew after every check and exploration.

    Subclasses say which: :meth:`content`, and what else the script may ask for: :meth:`answers`.

    Parameters
    ----------
    story
        What to show: a session, a story, or a path to open.
    stem
        Of the script.
    """

    def __init__(self, story: Shown, stem: str) -> None:
        super().__init__(stem, "gamebook-facts")
        self.session = session_of(story)
        self._explored: Explored | None = None
        self._sent: object = None
        self._is_due = False
        """Facts are asked for, and nobody is at it yet."""
        self._is_new = False
        """A view has come that has none: they are sent even if they are those of before."""
        self.hear(self.answers())
        self.follow(self.session.watch_checks(self._checked), self.session.watch_verdicts(self._judged))

    def content(self, explored: Explored | None) -> dict[str, Any]:
        """Give what the script shows, as a message without its type."""
        raise NotImplementedError

    def answers(self) -> dict[str, Callable[[Any], object]]:
        """Handlers of what the script says, by type; subclasses add theirs."""
        return {"hello": lambda _: self._send_soon(is_new=True), "select": self._select}

    # ---- from the session

    def _checked(self, checked: Checked) -> None:
        if checked.status == "done":
            self._follow()

    def _judged(self, explored: Explored) -> None:
        self._explored = explored
        self._follow()

    def _follow(self) -> None:
        with self._lock:
            self.keep_up()

    def catch_up(self) -> bool:
        """Have the facts sent, if they are others."""
        self._send_soon()
        self._thread.submit(self.when_caught())
        return False

    def _send_soon(self, *, is_new: bool = False) -> None:
        """On a thread of its own: of tens of thousands of passages it takes longer than a callback may."""
        with self._lock:
            self._is_new |= is_new
            if not self._is_due:
                self._is_due = True
                self._thread.submit(self._send_facts)

    def _send_facts(self) -> None:
        with self._lock:
            self._is_due = False
            explored = self._explored
        with QUIET.giving_way():
            content = self.content(explored)
        with self._lock:  # only now: had it failed, the view would still have none
            is_new, self._is_new = self._is_new, False
        if is_new or content != self._sent:
            self._sent = content
            self.send({"type": "facts", **content})

    # ---- from the script

    def _select(self, message: dict[str, Any]) -> None:
        span = message.get("span")
        self.session.select(message["key"], span=None if span is None else (span[0], span[1]), origin=self)

    def refuse(self, error: GamebookError | OSError) -> None:
        """Tell the author: it is gone meanwhile, or not a name."""
        self.session.report(error)
