"""Problem list: what the checks found, by severity and kind; a click goes to the place."""

from __future__ import annotations

import threading
from typing import Final

import pandas as pd

from gamebook_lab.errors import GamebookError
from gamebook_lab.story import schema
from gamebook_lab.widgets import problem_rows
from gamebook_lab.widgets.bundle import BundledWidget, bundle
from gamebook_lab.widgets.checker import Checked
from gamebook_lab.widgets.explorer import Explored
from gamebook_lab.widgets.open_sessions import Shown, session_of
from gamebook_lab.widgets.session import Change

MOST_ROWS: Final = 500
"""Rows that one message may ask for."""


class ProblemList(BundledWidget):
    """Problems of the session's story, kept up to date while the author writes.

    Parameters
    ----------
    story
        What to check: a session, a story, or a path to open.
    """

    def __init__(self, story: Shown) -> None:
        super().__init__(**bundle("problem_list"))
        session = session_of(story)
        self.session = session
        self._lock = threading.RLock()
        self._status = "checking"
        self._table: pd.DataFrame = schema.empty(schema.PROBLEMS)
        self._found: pd.DataFrame | None = None
        self._newest: Explored | None = None
        self._version = 0
        self._counts = _counts(self._table)
        self._selected = session.selected
        self._followers: set[str] = set()
        """Views that show the selected passage's problems alone."""
        self.hear(
            {
                "hello": lambda _: self._send_summary(), "page": self._send_page, "select": self._select,
                "follow": self._follow_selected,
            }
        )  # fmt: skip
        self.follow(
            session.watch(self._follow),
            session.watch_checks(self._checked),
            session.watch_verdicts(self._explored),
        )

    # ---- from the session

    def _checked(self, checked: Checked) -> None:
        with self._lock:
            self._status = checked.status
            if checked.table is not None and checked.table is not self._found:
                is_other = self._found is None or not checked.table.equals(self._found)
                self._found = checked.table
                if is_other:  # most keystrokes make no problem and move none
                    self._show(checked.table, self._newest)
            self._send_summary()

    def _explored(self, explored: Explored) -> None:
        with self._lock:
            before, self._newest = self._newest, explored
            if (None if before is None else before.problems) is not explored.problems:
                self._show(self._found, explored)
                self._send_summary()

    def _show(self, found: pd.DataFrame | None, explored: Explored | None) -> None:
        if found is not None:
            self._table = self.session.together(found, explored)
            self._counts = _counts(self._table)
            self._version += 1

    def _follow(self, change: Change) -> None:
        if self._followers and change.selected != self._selected:
            self._send_summary()

    # ---- from the script

    def _select(self, message: problem_rows.Select) -> None:
        start, stop = message["start"], message["stop"]
        span = None if start is None else (start, start if stop is None else stop)
        self.session.select(message["key"], span=span, origin=self)

    def refuse(self, error: GamebookError | OSError) -> None:
        """Tell the author, as of a passage that was deleted since the check."""
        self.session.report(error)

    def _follow_selected(self, message: problem_rows.Follow) -> None:
        with self._lock:
            if not message["is_on"]:
                self._followers.discard(message["view"])
            else:
                self._followers.add(message["view"])
                if self._selected != self.session.selected:
                    self._send_summary()

    # ---- to the script

    def _send_summary(self) -> None:
        with self._lock:
            self._selected = self.session.selected
            self.send(
                problem_rows.Summary(
                    type="summary",
                    status=self._status,
                    version=self._version,
                    severities=self._counts[0],
                    codes=self._counts[1],
                    selected=self._selected,
                )
            )

    def _send_page(self, message: problem_rows.GetPage) -> None:
        with self._lock:
            found = problem_rows.filtered(self._table, message["filter"])
            start = message["start"]
            rows = problem_rows.rows(found, start, min(message["stop"], start + MOST_ROWS))
            self.send(
                problem_rows.Page(
                    type="page", view=message["view"], version=self._version, filter=message["filter"],
                    n=len(found), start=start, rows=rows,
                )
            )  # fmt: skip


def _counts(table: pd.DataFrame) -> tuple[dict[str, int], list[problem_rows.CodeCount]]:
    return problem_rows.severity_counts(table), problem_rows.code_counts(table)
