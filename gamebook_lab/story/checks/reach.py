"""GB104: passages that no chain of links leads to from the start.

A verdict *by any link*: conditions are taken as open. Passages that the story format runs or
shows by itself (kinds special, script, style) are starting points too. What a computed target
may come to counts as led to (see ``search``). Where there is a computed target, or code that is
not understood may move the reader, any passage could be reached after all, and the message says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from gamebook_lab.story.checks.facts import Facts, Row, shown
from gamebook_lab.story.checks.marks import COMPUTED, MENTIONS, MOVES
from gamebook_lab.story.checks.search import reached
from gamebook_lab.story.problems import Problem

__all__ = ["check_reach"]


def check_reach(facts: Facts) -> Iterator[Problem]:
    """Report story passages that no link leads to from the start; nothing if there is no start."""
    if facts.story.start_key is None:
        return
    keys = reached(facts)
    lost = list(facts.among(facts.places.keys() - keys))
    if not lost:
        return
    leads = _leads(lost)
    mentions = _mentions(facts, keys)
    is_open = not keys.isdisjoint(facts.keys_with(COMPUTED, MOVES))
    for row in lost:
        yield Problem("GB104", _message(row, leads.get(row.name), mentions.get(row.name), is_open), _HINT, key=row.key)


_HINT = "Link to it from a passage that the reader can reach, or delete it."


def _message(row: Row, lead: str | None, mention: str | None, is_open: bool) -> str:
    message = f"No link leads to {shown(row.name)} from the start"
    if lead is not None:
        message += f"; {shown(lead)} does, but no link leads there either"
    if mention is not None:
        message += f" (code in {shown(mention)} names it, and may lead there)"
    elif is_open:
        message += " (links with a computed target, or code, may still lead there)"
    return message


def _leads(lost: list[Row]) -> dict[str, str]:
    """Find, for each name, an unreachable passage (not itself) that leads to it."""
    leads: dict[str, str] = {}
    for row in lost:
        for name in row.leads:
            if name != row.name:
                leads.setdefault(name, row.name)
    return leads


def _mentions(facts: Facts, keys: set[int]) -> dict[str, str]:
    """Find, for each name, a passage within reach whose code merely names it."""
    mentions: dict[str, str] = {}
    for row in facts.having(MENTIONS):
        if row.key in keys:
            for reference in row.program.references:
                if not (reference.is_required or reference.may_lead):
                    mentions.setdefault(reference.name, row.name)
    return mentions
