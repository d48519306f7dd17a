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
from typing import Final

from gamebook_lab.story.checks.facts import Facts, Row, shown
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.program import ChoiceKind

__all__ = ["check_ends", "ending_keys"]

_LEAVES: Final = frozenset({ChoiceKind.RESTART, ChoiceKind.UNDO, ChoiceKind.LOAD, ChoiceKind.EXTERNAL})
_TAGS: Final = frozenset({"end", "ending", "the-end"})
_CLOSINGS: Final = frozenset({"the end", "fin"})
_CLOSING_LINES: Final = 3


def check_ends(facts: Facts) -> Iterator[Problem]:
    """Report passages where the reader is stuck."""
    stops = []
    for row in _readable(facts):
        ways = facts.ways(row)
        if not ways:
            if not facts.offers(row, _LEAVES):
                stops.append(row)
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
    return [row.key for row in _readable(facts) if row.key not in stuck and not facts.ways(row)]


def _readable(facts: Facts) -> Iterator[Row]:
    """Passages that reading can stop at: not parts of others, and not moved on from by code."""
    if facts.is_led_by_furniture:
        return
    for row in facts.each():
        if row.kind == "story" and row.name not in facts.included and row.text.strip() and not facts.may_move(row):
            yield row


def _check_stops(facts: Facts, stops: list[Row]) -> Iterator[Problem]:
    """Judge the passages that offer nothing at all."""
    silent = {row.key for row in stops if not _says_anything(facts, row)}
    speaking = [row for row in stops if row.key not in silent]
    marked = {row.key for row in speaking if _has_tag(row) or _closes(facts, row)}
    are_marked = any(_has_tag(row) for row in facts.rows) or 2 * len(marked) >= len(speaking) > 0
    for row in stops:
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


def _has_tag(row: Row) -> bool:
    return bool(row.tags) and any(tag in _TAGS or tag.startswith("ending-") for tag in map(str.lower, row.tags))


def _prose(facts: Facts, row: Row) -> Iterator[str]:
    for part in facts.shown_in(row):
        for start, stop in part.program.prose:
            yield part.text[start:stop]


def _says_anything(facts: Facts, row: Row) -> bool:
    return any(any(map(str.isalnum, prose)) for prose in _prose(facts, row))


def _closes(facts: Facts, row: Row) -> bool:
    """Tell whether one of the last lines of prose is "The End" or "Fin", or closes with THE END in capitals."""
    lines = [line for line in "\n".join(_prose(facts, row)).split("\n") if any(map(str.isalnum, line))]
    for line in lines[-_CLOSING_LINES:]:
        words = "".join(character if character.isalnum() else " " for character in line).split()
        if " ".join(words).casefold() in _CLOSINGS or words[-2:] == ["THE", "END"]:
            return True
    return False
