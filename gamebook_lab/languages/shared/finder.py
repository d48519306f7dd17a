"""Finds closing marks in a text, remembering which are not there.

A scanner that meets 100,000 opening marks and no closing one must not search the rest of the
text 100,000 times: what was not found from one place is not found from any later place.
"""

from __future__ import annotations

import re
from typing import Final


class Finder:
    """Searches one text from ever later places; what was found or not found is not sought again."""

    __slots__ = ("_known", "_patience", "text")

    _SCANS: Final = 4
    """How often the text's length may be scanned in vain before scans stop."""

    def __init__(self, text: str) -> None:
        self.text: Final = text
        self._known: dict[str | re.Pattern[str], tuple[int, int]] = {}
        """For each closer, from where it was sought last and where it was found (-1: nowhere)."""
        self._patience = self._SCANS * len(text) + 4096

    def find(self, closer: str | re.Pattern[str], start: int) -> int:
        """Place of the next ``closer`` from ``start`` on; -1 if there is none."""
        since, place = self._known.get(closer, (len(self.text) + 1, -1))
        if start >= since and (place < 0 or start <= place):
            return place
        if isinstance(closer, str):
            place = self.text.find(closer, start)
        else:
            match = closer.search(self.text, start)
            place = match.start() if match else -1
        self._known[closer] = (start, place)
        return place

    def line_end(self, start: int) -> int:
        """Where the line ends that ``start`` is on."""
        place = self.find("\n", start)
        return len(self.text) if place < 0 else place

    def spend(self, characters: int) -> None:
        """Note that a scan of so many characters found nothing to keep."""
        self._patience -= characters

    @property
    def is_exhausted(self) -> bool:
        """So much was scanned in vain that the rest is read without looking for that construct."""
        return self._patience < 0
