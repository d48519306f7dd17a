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
        self._programs: dict[int, Program] = {}
        self._variables: dict[int, tuple[str, ...]] = {}
        self._mentions: dict[int, frozenset[str]] = {}

    def refresh(self, story: Story) -> None:
        """Read the programs that are new since the last time."""
        programs = story.programs
        for key in self._programs.keys() - programs.keys():
            del self._programs[key], self._variables[key], self._mentions[key]
        for key, program in programs.items():
            if self._programs.get(key) is not program:
                self._programs[key] = program
                self._variables[key] = tuple({access.variable: None for access in program.accesses})
                self._mentions[key] = frozenset(reference.name for reference in program.references)

    def variables(self) -> list[str]:
        """All variables, sorted."""
        return sorted({name for names in self._variables.values() for name in names}, key=str.casefold)

    def mentioned_by(self, name: str) -> list[int]:
        """Keys of the passages that name this one, ascending."""
        return sorted(key for key, mentions in self._mentions.items() if name in mentions)
