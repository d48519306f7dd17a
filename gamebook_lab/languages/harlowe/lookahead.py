"""Looks ahead for closing marks in time linear in all, however many openings ask."""

from __future__ import annotations

import re
from typing import Final

_TAG_MARK: Final = re.compile("[\"'>]")


class Lookahead:
    """Remembers what was found, so that openings that share a closing (or have none) don't search again."""

    def __init__(self, text: str, stop: int) -> None:
        self._text, self._stop = text, stop
        self._found: dict[str, tuple[int, int]] = {}
        self._tag_mark = (0, -1)
        self._failed: set[int] = set()

    def find(self, needle: str, at: int, purpose: str = "") -> int:
        """Place of ``needle`` at or after ``at``; -1 if there is none.

        Searches that go forward at different paces each have a purpose, and a memory, of their own.
        """
        key = needle + purpose
        since, place = self._found.get(key, (at + 1, 0))
        if not (since <= at and (place == -1 or at <= place)):
            place = self._text.find(needle, at, self._stop)
            self._found[key] = (at, place)
        return place

    def quoted(self, quote: str, at: int) -> int:
        """Place of the unescaped ``quote`` at or after ``at``; -1 if there is none. Asked once per string."""
        text, stop = self._text, self._stop
        while True:
            place = text.find(quote, at, stop)
            if place == -1:
                return -1
            slash = text.find("\\", at, place)
            if slash == -1:
                return place
            at = slash + 2 if text[slash + 1 : slash + 2] != "\n" else slash + 1

    def tag_end(self, at: int) -> int:
        """End of the HTML tag whose name stops at ``at``: past the ``>`` outside quotes; -1 if there is none.

        A scan that fails remembers each quote that it met outside of quotes. A later scan that
        comes to one of these must fail as well; there are at most three ways to be at a place (outside,
        in double, in single quotes), so that all scans together take linear time.
        """
        opened: list[int] = []
        while True:
            mark = self._next_tag_mark(at)
            if mark != -1 and self._text[mark] == ">":
                return mark + 1
            closing = -1
            if mark != -1 and mark not in self._failed:
                opened.append(mark)
                closing = self.find(self._text[mark], mark + 1)
            if closing == -1:
                self._failed.update(opened)
                return -1
            at = closing + 1

    def _next_tag_mark(self, at: int) -> int:
        since, place = self._tag_mark
        if not (since <= at and (place == self._stop or at <= place)):
            match = _TAG_MARK.search(self._text, at, self._stop)
            since, place = self._tag_mark = at, match.start() if match else self._stop
        return place if place < self._stop else -1
