"""What the parts of a passage may do, found without running them, and the :class:`Summary` that comes of it.

A *deed* is one part: the conditions that it stands under, what it reads, sets, offers, includes. What a passage includes
stays a name until a summary is asked for, since only the story knows what stands there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from gamebook_lab.story.circling import circling
from gamebook_lab.story.play import Summary, visits_of

__all__ = ["HERE", "NOTHING", "Deed", "Deeds", "Reach", "closure", "reach_of", "summarise"]

HERE: Final = "visits of the passage itself"
"""Stands for the count of the passage that was entered, in a text that may be included by many."""
NOTHING: Final[frozenset[str]] = frozenset()


class Deed(NamedTuple):
    """One part of a passage."""

    conditions: frozenset[str] = NOTHING
    """Variables that decide whether it is run."""
    decides: frozenset[str] = NOTHING
    """Variables read to offer or move: a computed target."""
    shows: frozenset[str] = NOTHING
    sets: tuple[tuple[str, frozenset[str]], ...] = ()
    """Variables that it may write, and what their new values depend on."""
    acts: bool = False
    """It may offer something or move."""
    includes: frozenset[str] = NOTHING
    """Passages that it may run in its place, or when it is clicked."""
    prints: bool = False
    """It shows a value that it reads: where a story's values hold markup, that may offer something."""

    def marked(self) -> Deed:
        """The same in a story whose values hold markup."""
        return self._replace(acts=True, decides=self.decides | self.shows) if self.prints else self


@dataclass(frozen=True, slots=True)
class Deeds:
    """Everything that a passage's own text may do."""

    parts: tuple[Deed, ...] = ()
    kills: frozenset[str] = NOTHING
    is_wild: bool = False
    """It holds code that may read or write anything."""

    @property
    def includes(self) -> frozenset[str]:
        """Passages that it may run as parts of itself."""
        return frozenset().union(*(part.includes for part in self.parts))


def closure(passage: str, deeds_of: Callable[[str], Deeds]) -> frozenset[str]:
    """The passage with all that it may include, and that these may, and so on."""
    found = {passage}
    waiting = [passage]
    while waiting:
        for each in deeds_of(waiting.pop()).includes - found:
            found.add(each)
            waiting.append(each)
    return frozenset(found)


class Reach(NamedTuple):
    """What a passage may do with all that it includes."""

    acts: bool
    writes: frozenset[str]


def reach_of(passage: str, deeds_of: Callable[[str], Deeds]) -> Reach:
    """Tell what a passage may do with all that it includes.

    One that may come to include itself acts: whether it ends decides whether anything follows.
    """
    names = closure(passage, deeds_of)
    parts = [part for each in names for part in deeds_of(each).parts]
    acts = any(part.acts for part in parts) or passage in circling({each: deeds_of(each).includes for each in names})
    return Reach(acts, frozenset(target for part in parts for target, _ in part.sets))


def summarise(passage: str, deeds_of: Callable[[str], Deeds], around: Iterable[str] = ()) -> Summary:
    """Sum up a passage, what it includes, and what is shown around it (names that ``deeds_of`` knows)."""
    under = _conditions({passage: NOTHING, **dict.fromkeys(around, NOTHING)}, deeds_of)
    decides: set[str] = set()
    shows: set[str] = set()
    flows: set[tuple[str, str]] = set()
    writes: set[str] = set()
    endless = circling({name: deeds_of(name).includes for name in under})
    for name, outer in under.items():
        for deed in deeds_of(name).parts:
            conditions = deed.conditions | outer
            shows |= conditions | deed.shows
            if deed.acts or not endless.isdisjoint(deed.includes):
                decides |= conditions | deed.decides
            for target, reads in deed.sets:
                writes.add(target)
                flows.update((source, target) for source in reads | conditions)
    return Summary(
        frozenset(_named(decides, passage)),
        frozenset(_named(shows, passage)),
        frozenset((_name(source, passage), target) for source, target in flows),
        frozenset(writes),
        deeds_of(passage).kills,
        any(deeds_of(name).is_wild for name in under),
    )


def _conditions(roots: Mapping[str, frozenset[str]], deeds_of: Callable[[str], Deeds]) -> dict[str, frozenset[str]]:
    """For everything that may be run, the conditions around its being included."""
    under = dict(roots)
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        for deed in deeds_of(name).parts:
            conditions = deed.conditions | deed.decides | under[name] if deed.includes else NOTHING
            for each in deed.includes:
                if each not in under or not conditions <= under[each]:
                    under[each] = under.get(each, NOTHING) | conditions
                    waiting.append(each)
    return under


def _named(names: Iterable[str], passage: str) -> set[str]:
    return {_name(each, passage) for each in names}


def _name(name: str, passage: str) -> str:
    return visits_of(passage) if name == HERE else name
