"""What the language could not read or does not model: GB301 malformed syntax, GB401 opaque code.

Opaque code is reported once per construct, at its first place: a story that calls one macro
5,000 times stays readable. A macro that the story itself defines is not reported.
"""

from __future__ import annotations

from collections.abc import Iterator

from gamebook_lab.story.checks.facts import Facts, Row, shown
from gamebook_lab.story.checks.marks import DEFINES, GARBLED, OPAQUE
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.program import Opaque

__all__ = ["check_opaque", "check_syntax"]


def check_syntax(facts: Facts) -> Iterator[Problem]:
    """Report whatever markup could not be read."""
    for row in facts.having(GARBLED):
        for message, (start, stop), hint in row.program.problems:
            yield Problem("GB301", f"In {shown(row.name)}: {message}", hint, key=row.key, start=start, stop=stop)


def check_opaque(facts: Facts) -> Iterator[Problem]:
    """Report each construct that is kept but not understood, once."""
    found: dict[tuple[str, bool], list[tuple[Row, Opaque]]] = {}
    for row in facts.having(OPAQUE):
        for opaque in row.program.opaques:
            if not (opaque.what.startswith("<<") and (DEFINES, _macro(opaque.what)) in facts.marks):
                found.setdefault((opaque.what, opaque.may_move), []).append((row, opaque))
    for (what, may_move), places in found.items():
        yield _problem(what, may_move, places)


def _problem(what: str, may_move: bool, places: list[tuple[Row, Opaque]]) -> Problem:
    row, first = places[0]
    message = f"{shown(what)} is kept but not understood"
    if len(places) > 1:
        n_passages = len({place.key for place, _ in places})
        message += f": {len(places)} places in {n_passages} passage{'s' if n_passages > 1 else ''}, here first"
    hint = "Nothing to do; analyses assume that it may change any variable"
    hint += " and lead to any passage." if may_move else "."
    return Problem("GB401", message, hint, key=row.key, start=first.span.start, stop=first.span.stop)


def _macro(what: str) -> str:
    """Reduce ``<<name ...>>`` to ``name``."""
    words = what.removeprefix("<<").removesuffix(">>").split(maxsplit=1)
    return words[0] if words else ""
