"""Where the counters of a story, and its variables' numbers, may stop: see :mod:`gamebook_lab.story.bounds`."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

from gamebook_lab.languages.javascript.telling import Telling, bounds_of
from gamebook_lab.languages.shared.deeds import HERE
from gamebook_lab.story.bounds import Bounds
from gamebook_lab.story.play import TURNS, Detail, visits_of

__all__ = ["Numbers"]


class Numbers:
    """What all code of a story can tell of numbers, and what follows from it.

    Parameters
    ----------
    decides
        What code can tell that is run whatever is kept.
    shows
        What is told by what only shows words; of importance where these are kept.
    """

    def __init__(self, decides: Iterable[Telling], shows: Iterable[Telling]) -> None:
        told = frozenset(decides)
        self._told: Mapping[Detail, frozenset[Telling]] = {"choices": told, "text": told.union(shows)}
        self._bounds = {detail: bounds_of(found) for detail, found in self._told.items()}
        self._caps: dict[tuple[Detail, str], int | None] = {}

    def bounds(self, detail: Detail) -> Mapping[str, Bounds]:
        """Bounds of variables."""
        return self._bounds[detail]

    def cap(self, detail: Detail, counter: str) -> int | None:
        """Where a counter of visits or turns may stop; None: nowhere."""
        key = detail, counter
        if key not in self._caps:
            names = {counter} if counter == TURNS else {counter, HERE}
            told = [each._replace(name=counter) for each in self._told[detail] if each.name in names]
            found = bounds_of(told, [(counter, 1)]).get(counter)
            self._caps[key] = None if found is None else found.most
        return self._caps[key]

    def assumed(self, detail: Detail, passage: str, writes: frozenset[str]) -> Hashable:
        """What runs of a passage rest on that write these variables."""
        bounds = frozenset((name, each) for name, each in self._bounds[detail].items() if name in writes)
        return bounds, self.cap(detail, visits_of(passage)), self.cap(detail, TURNS)
