r"""Where reading stops: GB105 dead end, GB107 passage that only links to itself.

A passage that offers no way on is an *ending*, by design, unless something speaks against it:

- it has ways on, and every one is broken;
- it says nothing at all;
- the story marks its endings, by a tag (``end``, ``ending``, ``the-end``, ``ending-...``) or by
  closing with "THE END" or "Fin", and this one lacks the mark. Closing words count as the
  story's way of marking only where at least half of the passages without a way on have them.

A passage that offers to restart, undo or load is an ending too. Nothing is said of passages
that are shown inside others, nor of those whose code may move the reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from gamebook_lab.story.checks.facts import Facts, Row, shown, ways_of
from gamebook_lab.story.checks.marks import CLOSES, HALTS, INCLUDES, MUTE, TAGGED, TURNS, UNSAID
from gamebook_lab.story.checks.prose import closes, prose_of, says_anything
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.program import ChoiceKind

__all__ = ["check_ends", "ending_keys"]

_LEAVES: Final = frozenset({ChoiceKind.RESTART, ChoiceKind.UNDO, ChoiceKind.LOAD, ChoiceKind.EXTERNAL})
_Read: TypeAlias = tuple[Row, list[Row]]
"""A passage, and it with all that it includes."""


def check_ends(facts: Facts) -> Iterator[Problem]:
    """Report passages where the reader is stuck."""
    stops: list[_Read] = []
    for row, parts in _readable(facts, facts.keys_with(HALTS, INCLUDES, TURNS, UNSAID) | facts.naming_missing):
        ways = ways_of(parts)
        if not ways:
            if not any(choice.kind in _LEAVES for part in parts for choice in part.program.choices):
                stops.append((row, parts))
        elif all(choice.target is not None and choice.target not in facts.names for choice in ways):
            yield _stuck(row, f"Every link in {shown(row.name)} is broken", "Repair one of its links.")
        elif all(choice.target == row.name for choice in ways):
            yield Problem("GB107", f"{shown(row.name)} only links to itself", "Add a link that leads on.", key=row.key)
    yield from _check_stops(facts, stops)


def ending_keys(facts: Facts, stuck: frozenset[int]) -> list[int]:
    """List the passages where reading ends by design, in story order.

    Parameters
    ----------
    facts
        The story.
    stuck
        Keys of passages that were reported as dead ends or as empty.
    """
    readable = _readable(facts, facts.keys_with(HALTS, INCLUDES) - stuck)
    return [row.key for row, parts in readable if not ways_of(parts)]


def _readable(facts: Facts, keys: frozenset[int]) -> Iterator[_Read]:
    """Those of these passages that reading can stop at: not parts of others, and not moved on from by code."""
    if facts.is_led_by_furniture:
        return
    for row in facts.among(keys):
        if row.kind == "story" and row.name not in facts.included and row.text.strip():
            parts = facts.shown_in(row)
            if not any(part.program.may_move for part in parts):
                yield row, parts


def _check_stops(facts: Facts, stops: list[_Read]) -> Iterator[Problem]:
    """Judge the passages that offer nothing at all."""
    joined = [(row.key, list(prose_of(parts))) for row, parts in stops if row.program.includes]
    silent = facts.keys_with(MUTE).union(key for key, prose in joined if not says_anything(prose))
    closing = facts.keys_with(CLOSES).union(key for key, prose in joined if closes(prose))
    tagged = facts.keys_with(TAGGED)
    speaking = {row.key for row, _ in stops} - silent
    marked = speaking & (tagged | closing)
    are_marked = bool(tagged) or 2 * len(marked) >= len(speaking) > 0
    for row, _ in stops:
        if row.key in silent:
            yield _stuck(
                row, f"{shown(row.name)} shows no words and leads nowhere", "Add text, or a link that leads on."
            )
        elif are_marked and row.key not in marked:
            yield _stuck(
                row,
                f"{shown(row.name)} leads nowhere, and is not marked as an ending as others are",
                "Add a link that leads on, or mark it as the other endings are.",
            )


def _stuck(row: Row, message: str, hint: str) -> Problem:
    return Problem("GB105", message, hint, key=row.key)
