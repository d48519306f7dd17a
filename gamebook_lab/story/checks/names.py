"""Names and places to start: GB102 duplicate name, GB103 missing start, GB106 empty passage, GB509 zero character."""

from __future__ import annotations

from collections.abc import Iterator

from gamebook_lab.story.checks.facts import Facts, shown
from gamebook_lab.story.checks.marks import BLANK, ZERO
from gamebook_lab.story.passage import Passage
from gamebook_lab.story.problems import Problem

__all__ = ["check_duplicates", "check_empty", "check_start", "check_zeros"]


def check_duplicates(facts: Facts) -> Iterator[Problem]:
    """Report every passage whose name an earlier one has."""
    if len(facts.names) == len(facts.rows):
        return
    for name, keys in facts.resting(facts.names.items()):
        for key in keys[1:]:
            yield Problem(
                "GB102",
                f"Another passage is named {shown(name)} already{_place(facts.story.record(keys[0]))}",
                "Give one of the two a new name: links lead to just one of them.",
                key=key,
            )


def check_start(facts: Facts) -> Iterator[Problem]:
    """Report that the story starts nowhere."""
    if facts.story.start_key is not None:
        return
    declared = facts.story.metadata.declared_start
    if declared:
        yield Problem(
            "GB103",
            f"The story is to start at {shown(declared)}, but no passage has this name",
            facts.suggester.hint(declared) or "Set the start to a passage that exists.",
        )
    else:
        yield Problem(
            "GB103",
            "The story does not say where to start",
            "Name the first passage 'Start', or set the start in the story's settings.",
        )


def check_empty(facts: Facts) -> Iterator[Problem]:
    """Report story passages without any text."""
    for row in facts.having(BLANK):
        yield Problem(
            "GB106",
            f"The passage {shown(row.name)} has no text",
            "Write it, or delete it along with the links to it.",
            key=row.key,
        )


def check_zeros(facts: Facts) -> Iterator[Problem]:
    """Report passages with a zero character in their name, tags or text."""
    for row in facts.having(ZERO):
        at = row.text.find("\0")
        where = "" if at >= 0 else " in its name or tags"
        yield Problem(
            "GB509",
            f"{shown(row.name)} holds a zero character (NUL){where}",
            "Take it out: it cannot be seen, and other tools may refuse the file.",
            key=row.key, start=at if at >= 0 else None, stop=at + 1 if at >= 0 else None,
        )  # fmt: skip


def _place(first: Passage) -> str:
    if first.line is None:
        return ""
    return f" ({first.file}, line {first.line})" if first.file else f" (line {first.line})"
