"""Variables: GB201 read but never set, GB202 set but never read.

Over all passages, special ones and scripts among them; temporary variables are looked at
passage by passage. One row per variable, at the first place. Where code that is not
understood names the variable, it may read and set it, and nothing is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, partial
from typing import Final, NamedTuple

from gamebook_lab.story.checks.facts import Facts, Row, shown
from gamebook_lab.story.checks.marks import ONE_SIDED, READS, SETS, TEMPORARY, WORD
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.program import Access, AccessKind

__all__ = ["check_variables"]

_WORD: Final = re.compile(r"\w+")


class _Use(NamedTuple):
    row: Row
    access: Access


def check_variables(facts: Facts) -> Iterator[Problem]:
    """Report variables that are only read or only set."""
    read, written = ({name for what, name in facts.marks if what == side} for side in (READS, SETS))
    names = {name for name in read ^ written if (WORD, _bare(name)) not in facts.marks}
    uses = (
        _Use(row, access)
        for row in facts.having(*((side, name) for side in (READS, SETS) for name in names))
        for access in row.program.accesses
        if not access.is_temporary and access.variable in names
    )
    yield from _one_sided(uses, "")
    yield from _check_temporary(facts)


def _check_temporary(facts: Facts) -> Iterator[Problem]:
    """Temporary variables live for one passage, and for what is shown in it.

    Code elsewhere may know one too, but has to name it with its sigil: a bare ``i`` is in every script.
    """
    is_shared = cache(partial(_is_shared, facts))
    for row in facts.having(ONE_SIDED):
        here = {word for what, word in facts.marks_of(row) if what == WORD}
        uses = (
            _Use(row, access)
            for access in row.program.accesses
            if access.is_temporary
            and (WORD, access.variable) not in facts.marks
            and _bare(access.variable) not in here
            and not is_shared(access.variable)
        )
        yield from _one_sided(uses, f" in {shown(row.name)}")


def _is_shared(facts: Facts, name: str) -> bool:
    """Tell whether other passages can see this temporary variable of a passage that has it."""
    rows = map(facts.row, facts.marks[TEMPORARY, name])
    return any(row.kind != "story" or row.name in facts.included or row.program.includes for row in rows)


def _one_sided(uses: Iterable[_Use], where: str) -> Iterator[Problem]:
    by_name: dict[str, dict[AccessKind, list[_Use]]] = {}
    for use in uses:
        by_name.setdefault(use.access.variable, {}).setdefault(use.access.kind, []).append(use)
    for name, kinds in by_name.items():
        if len(kinds) == 1:
            ((kind, places),) = kinds.items()
            yield _problem(name, kind, places, where)


def _problem(name: str, kind: AccessKind, places: list[_Use], where: str) -> Problem:
    first = places[0]
    often = "" if len(places) == 1 else f" ({len(places)} times, here first)"
    if kind is AccessKind.READ:
        code, message = "GB201", f"{shown(name)} is read{often}{where}, but never set"
        hint = "Set it before it is read, or correct its name."
    else:
        code, message = "GB202", f"{shown(name)} is set{often}{where}, but never read"
        hint = "Use it, or take it out."
    return Problem(code, message, hint, key=first.row.key, start=first.access.span.start, stop=first.access.span.stop)


def _bare(name: str) -> str:
    """Reduce a name to what code would call it: without sigil and fields (``$player.hp``: ``player``)."""
    found = _WORD.search(name.lstrip("$_@%"))
    return found[0] if found else name
