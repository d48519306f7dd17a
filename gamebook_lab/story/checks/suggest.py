"""Finds existing names like a misspelt one, at a bounded cost however many names there are.

First names that are equal but for case, spaces and punctuation; else those that share the
most three-letter runs, compared by :mod:`difflib`. Runs that a great many names share say
little and are skipped, so a look-up costs the same in a story of 100,000 passages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from heapq import nsmallest
from typing import Final

__all__ = ["NearNames", "Suggester"]

_MOST_ASKED: Final = 100
_MOST_ANSWERS: Final = 1_000
_LONGEST_NAME: Final = 100
_MOST_SHARED: Final = 500
_CANDIDATES: Final = 12
_CUTOFF: Final = 0.7


class Suggester:
    """Suggests names for misspelt ones.

    Parameters
    ----------
    names
        The names that exist, or what is known of them already.
    """

    def __init__(self, names: Iterable[str] | NearNames) -> None:
        self._near = names if isinstance(names, NearNames) else NearNames().of(names)
        self._asked: set[str] = set()

    def nearest(self, name: str) -> tuple[str, ...]:
        """List up to three names like this one, the likeliest first.

        After 100 different questions the answer is always empty: a story with that many
        broken links needs something else than suggestions.
        """
        if name not in self._asked:
            if len(self._asked) >= _MOST_ASKED or len(name) > _LONGEST_NAME:
                return ()
            self._asked.add(name)
        return self._near.nearest(name)

    def hint(self, name: str) -> str:
        """Write the suggestions as a question; empty if there are none."""
        found = [f"'{near}'" for near in self.nearest(name)]
        return f"Did you mean {' or '.join(found)}?" if found else ""


@dataclass(frozen=True, slots=True, eq=False)
class NearNames:
    """What is known of all names: which are alike, and which have a run. Depends on nothing but the names, and not on their order."""

    names: frozenset[str] = frozenset()
    alike: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    runs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    answers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """To what was asked of these names before: the same names stay misspelt from one edit to the next."""

    def nearest(self, name: str) -> tuple[str, ...]:
        """List up to three of the names that are like this one, the likeliest first."""
        found = self.answers.get(name)
        if found is None:
            if len(self.answers) >= _MOST_ANSWERS:
                self.answers.clear()
            self.answers[name] = found = self._search(name)
        return found

    def _search(self, name: str) -> tuple[str, ...]:
        alike = self.alike.get(_bare(name))
        if alike is not None:
            return (min(alike),)
        shared = Counter[str]()
        for run in _runs(name):
            names = self.runs.get(run, ())
            if len(names) <= _MOST_SHARED:
                shared.update(names)
        likely = nsmallest(_CANDIDATES, shared, key=lambda candidate: (-shared[candidate], candidate))
        by_folded = {candidate.casefold(): candidate for candidate in likely}
        close = get_close_matches(name.casefold(), by_folded, n=3, cutoff=_CUTOFF)
        return tuple(by_folded[folded] for folded in close)

    def of(self, names: Iterable[str]) -> NearNames:
        """Learn these names instead; in time of those that differ, but for copying two dicts."""
        wanted = frozenset(names)
        gone, come = self.names - wanted, wanted - self.names
        if not gone and not come:
            return self
        return NearNames(
            wanted,
            _changed(self.alike, _by(gone, lambda name: [_bare(name)]), _by(come, lambda name: [_bare(name)])),
            _changed(self.runs, _by(gone, _runs), _by(come, _runs)),
        )


def _by(names: Iterable[str], said: Callable[[str], Iterable[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in names:
        if name and len(name) <= _LONGEST_NAME:
            for each in said(name):
                found.setdefault(each, []).append(name)
    return found


def _changed(
    index: Mapping[str, tuple[str, ...]], gone: Mapping[str, Collection[str]], come: Mapping[str, Iterable[str]]
) -> Mapping[str, tuple[str, ...]]:
    new = dict(index)
    for word in gone.keys() | come.keys():
        left = set(gone.get(word, ()))
        now = (*(name for name in new.pop(word, ()) if name not in left), *come.get(word, ()))
        if now:
            new[word] = now
    return new


def _bare(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum()) or name


def _runs(name: str) -> list[str]:
    """Three-letter runs, each once, as they come: a set's order differs from one process to the next."""
    padded = f"  {name.casefold()} "
    return list(dict.fromkeys(padded[i : i + 3] for i in range(len(padded) - 2)))
