"""What the panes of facts share: a table of rows that follows the story, and leads to its passages."""

from __future__ import annotations

import logging
import threading
from typing import Any, TypedDict

from gamebook_lab.errors import GamebookError
from gamebook_lab.widgets.bundle import BundledWidget, bundle
from gamebook_lab.widgets.checker import Checked
from gamebook_lab.widgets.explorer import Explored
from gamebook_lab.widgets.open_sessions import Shown, session_of

__all__ = ["FactRow", "FactsPane"]

_log = logging.getLogger(__name__)


class FactRow(TypedDict):
    """One row. ``cells`` are text and numbers by column; a number sorts as such."""

    id: str
    cells: list[str | int | float | None]
    key: int | None
    """Passage to go to when the row is opened; None: its details are asked for."""


class FactsPane(BundledWidget):
    """A table of facts about the session's story, made anew after every check and exploration.

    Subclasses say which: :meth:`rows`, and what else the script may ask for: :meth:`asked`.

    Parameters
    ----------
    story
        What to show: a session, a story, or a path to open.
    stem
        Of the script.
    """

    def __init__(self, story: Shown, stem: str) -> None:
        super().__init__(**bundle(stem))
        self.session = session_of(story)
        self._lock = threading.RLock()
        self._explored: Explored | None = None
        self._sent: object = None
        self.on_msg(self._receive)
        self._stops = [self.session.watch_checks(self._checked), self.session.watch_verdicts(self._judged)]

    def close(self) -> None:
        """End it, leaving nothing behind."""
        for stop in self._stops:
            stop()
        self._stops = []
        super().close()

    def content(self, explored: Explored | None) -> dict[str, Any]:
        """Give what the script shows, as a message without its type."""
        raise NotImplementedError

    def asked(self, message: dict[str, Any]) -> None:
        """Answer anything else that the script says."""
        _log.warning("a pane of facts does not know the message %.200r", message)

    # ---- from the session

    def _checked(self, checked: Checked) -> None:
        if checked.status == "done":
            self._send_facts()

    def _judged(self, explored: Explored) -> None:
        self._explored = explored
        self._send_facts()

    def _send_facts(self, *, always: bool = False) -> None:
        with self._lock:
            content = self.content(self._explored)
            if always or content != self._sent:
                self._sent = content
                self.send({"type": "facts", **content})

    # ---- from the script

    def _receive(self, _widget: object, content: Any, _buffers: object) -> None:
        kind = content.get("type") if isinstance(content, dict) else None
        try:
            if kind == "hello":
                self._send_facts(always=True)
            elif kind == "select":
                span = content.get("span")
                self.session.select(content["key"], span=None if span is None else (span[0], span[1]), origin=self)
            else:
                self.asked(content)
        except GamebookError as error:  # gone meanwhile, or not a name
            self.session.report(error)
