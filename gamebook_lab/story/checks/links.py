"""Names of passages that do not exist: GB101 broken link, GB108 broken reference."""

from __future__ import annotations

from collections.abc import Iterator

from gamebook_lab.story.checks.facts import Facts, shown
from gamebook_lab.story.problems import Problem

__all__ = ["check_links"]


def check_links(facts: Facts) -> Iterator[Problem]:
    """Report every place that names a passage which does not exist."""
    names = facts.names
    for row in facts.among(facts.naming_missing):
        for name, slot, is_required, may_lead in row.program.references:
            if name in names:
                continue
            hint = facts.suggester.hint(name)
            if is_required:
                yield Problem(
                    "GB101",
                    f"In {shown(row.name)}, a link leads to {shown(name)}, but no passage has this name",
                    hint or f"Make a passage named {shown(name)}, or change the link.",
                    key=row.key, start=slot.span.start, stop=slot.span.stop,
                )  # fmt: skip
            elif may_lead:
                yield Problem(
                    "GB108",
                    f"In {shown(row.name)}, code may lead to {shown(name)}, but no passage has this name",
                    hint or f"Make a passage named {shown(name)}, or change the name.",
                    key=row.key, start=slot.span.start, stop=slot.span.stop,
                )  # fmt: skip
            else:
                yield Problem(
                    "GB108",
                    f"In {shown(row.name)}, code names {shown(name)}, but no passage has this name",
                    hint or "It can never match: change the name, or take it out.",
                    key=row.key, start=slot.span.start, stop=slot.span.stop,
                )  # fmt: skip
