"""Finds existing names like a misspelt one, at a bounded cost however many names there are.

First names that are equal but for case, spaces and punctuation; else those that share the
most three-letter runs, compared by :mod:`difflib`. Runs that a great many names share say
little and are skipped, so a look-up costs the same in a story of 100,000 passages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

__all__ = ["Suggester"]

_MOST_ASKED: Final = 100
_LONGEST_NAME: Final = 100
_MOST_SHARED: Final = 500
_CANDIDATES: Final = 12
_CUTOFF: Final = 0.7


class Suggester:
    """Suggests names for misspelt ones.

    Parameters
    ----------
    names
        The names that exist.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._alike, self._runs = _learnt(tuple(names))
        self._answers: dict[str, tuple[str, ...]] = {}

    def nearest(self, name: str) -> tuple[str, ...]:
        """List up to three names like this one, the likeliest first.

        After 100 different questions the answer is always empty: a story with that many
        broken links needs something else than suggestions.
        """
        if name not in self._answers:
            if len(self._answers) >= _MOST_ASKED or len(name) > _LONGEST_NAME:
                return ()
            self._answers[name] = self._search(name)
        return self._answers[name]

    def hint(self, name: str) -> str:
        """Write the suggestions as a question; empty if there are none."""
        found = [f"'{near}'" for near in self.nearest(name)]
        return f"Did you mean {' or '.join(found)}?" if found else ""

    def _search(self, name: str) -> tuple[str, ...]:
        alike = self._alike.get(_bare(name))
        if alike is not None:
            return (alike,)
        shared = Counter[str]()
        for run in _runs(name):
            names = self._runs.get(run, ())
            if len(names) <= _MOST_SHARED:
                shared.update(names)
        by_folded = {candidate.casefold(): candidate for candidate, _ in shared.most_common(_CANDIDATES)}
        close = get_close_matches(name.casefold(), by_folded, n=3, cutoff=_CUTOFF)
        return tuple(by_folded[folded] for folded in close)


@lru_cache(maxsize=1)
def _learnt(names: tuple[str, ...]) -> tuple[Mapping[str, str], Mapping[str, list[str]]]:
    """The first name of each that are alike, and names by their runs; kept, since few edits of a story rename anything."""
    alike: dict[str, str] = {}
    runs: dict[str, list[str]] = {}
    for name in names:
        if name and len(name) <= _LONGEST_NAME:
            alike.setdefault(_bare(name), name)
            for run in _runs(name):
                shared = runs.setdefault(run, [])
                if len(shared) <= _MOST_SHARED:
                    shared.append(name)
    return alike, runs


def _bare(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum()) or name


def _runs(name: str) -> list[str]:
    """Three-letter runs, each once, as they come: a set's order differs from one process to the next."""
    padded = f"  {name.casefold()} "
    return list(dict.fromkeys(padded[i : i + 3] for i in range(len(padded) - 2)))
