"""Variables: GB201 read but never set, GB202 set but never read.

Over all passages, special ones and scripts among them; temporary variables are looked at
passage by passage. One row per variable, at the first place. Where code that is not
understood names the variable, it may read and set it, and nothing is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from gamebook_lab.story.checks.facts import Facts, Row, shown
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.program import Access, AccessKind

__all__ = ["check_variables"]

_WORD: Final = re.compile(r"\w+")


class _Use(NamedTuple):
    row: Row
    access: Access


def check_variables(facts: Facts) -> Iterator[Problem]:
    """Report variables that are only read or only set."""
    lasting = [_Use(row, access) for row in facts.each() for access in row.program.accesses if not access.is_temporary]
    everywhere = frozenset(word for row in facts.each() for word in _code_words(row))
    yield from _one_sided((use for use in lasting if _bare(use.access.variable) not in everywhere), "")
    yield from _check_temporary(facts, everywhere)


def _check_temporary(facts: Facts, everywhere: frozenset[str]) -> Iterator[Problem]:
    """Temporary variables live for one passage, and for what is shown in it.

    Code elsewhere may know one too, but has to name it with its sigil: a bare ``i`` is in every script.
    """
    shared = {
        access.variable for row in facts.each() if _shares(facts, row) for access in row.program.accesses
        if access.is_temporary
    }  # fmt: skip
    for row in facts.each():
        uses = [
            _Use(row, access)
            for access in row.program.accesses
            if access.is_temporary and access.variable not in shared and access.variable not in everywhere
        ]
        if uses:
            here = frozenset(_code_words(row))
            yield from _one_sided(
                (use for use in uses if _bare(use.access.variable) not in here), f" in {shown(row.name)}"
            )


def _shares(facts: Facts, row: Row) -> bool:
    """Tell whether other passages can see this one's temporary variables."""
    return row.kind != "story" or row.name in facts.included or bool(row.program.includes)


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


def _code_words(row: Row) -> Iterator[str]:
    """Give the words of all code of a passage that is not understood."""
    reached = 0
    for opaque in row.program.opaques:
        start = max(opaque.span.start, reached)
        if start < opaque.span.stop:
            reached = opaque.span.stop
            for word in _WORD.finditer(row.text, start, reached):
                yield word[0]
    if row.kind == "script" and not reached:
        yield from (word[0] for word in _WORD.finditer(row.text))
