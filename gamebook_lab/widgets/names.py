"""Finds names to complete: of passages by what was typed, of variables in the programs that are known."""

from __future__ import annotations

from collections.abc import Iterable

from gamebook_lab.story.program import Program
from gamebook_lab.story.story import Story


def matching(names: Iterable[str], typed: str, *, limit: int = 50) -> list[str]:
    """Return names that fit what was typed: those that begin with it, then those that hold it.

    Case does not count. Each group keeps the order of ``names``; a name comes once.
    """
    wanted = typed.casefold().strip()
    begin: dict[str, None] = {}
    hold: dict[str, None] = {}
    for name in names:
        folded = name.casefold()
        if folded.startswith(wanted):
            begin[name] = None
        elif wanted in folded:
            hold[name] = None
        if len(begin) >= limit:
            break
    return [*begin, *hold][:limit]


class ProgramIndex:
    """Variables by passage and passages by the names they mention, read anew only where a program changed.

    Not locked: each widget has its own and asks it on one thread at a time.
    """

    def __init__(self) -> None:
        self._story: Story | None = None
        self._programs: dict[int, Program] = {}
        self._variables: dict[int, tuple[str, ...]] = {}
        self._mentions: dict[int, frozenset[str]] = {}
        self._mentioned: dict[str, set[int]] = {}
        """The mentions the other way round."""

    def refresh(self, story: Story) -> None:
        """Read the programs that are new since the last time."""
        if story is self._story:
            return
        self._story, programs = story, story.programs
        for key in self._programs.keys() - programs.keys():
            self._mention(key, frozenset())
            del self._programs[key], self._variables[key], self._mentions[key]
        for key, program in programs.items():
            if self._programs.get(key) is not program:
                self._programs[key] = program
                self._variables[key] = tuple({access.variable: None for access in program.accesses})
                self._mention(key, frozenset(reference.name for reference in program.references))

    def _mention(self, key: int, names: frozenset[str]) -> None:
        before = self._mentions.get(key, frozenset())
        for name in before - names:
            self._mentioned[name].discard(key)
        for name in names - before:
            self._mentioned.setdefault(name, set()).add(key)
        self._mentions[key] = names

    def variables(self) -> list[str]:
        """All variables, sorted."""
        return sorted({name for names in self._variables.values() for name in names}, key=str.casefold)

    def mentioned_by(self, name: str) -> list[int]:
        """Keys of the passages that name this one, ascending."""
        return sorted(self._mentioned.get(name, ()))
