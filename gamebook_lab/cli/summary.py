"""What a story amounts to, in a few numbers."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from gamebook_lab.story.checks.ends import ending_keys
from gamebook_lab.story.checks.facts import Facts
from gamebook_lab.story.problems import SEVERITIES
from gamebook_lab.story.story import Story
from gamebook_lab.story.words import word_counts

__all__ = ["Summary", "summarize"]


class Summary(NamedTuple):
    """Counts over a whole story."""

    n_passages: int
    """Of kind story: special passages, scripts and styles are left out."""
    n_words: int
    """Words of prose in them."""
    n_choices: int
    n_variables: int
    """Temporary ones are left out."""
    n_endings: int
    """Passages where reading ends by design, whatever happened: they have no way on. ``explore`` also finds those that
    have some, and end play where none is offered."""
    n_problems: dict[str, int]
    """By severity."""


def summarize(story: Story, problems: pd.DataFrame) -> Summary:
    """Count.

    Parameters
    ----------
    story
        What to count in.
    problems
        Its problems table.
    """
    facts = Facts(story)
    is_story = (story.table["kind"] == "story").to_numpy()
    severities = problems["severity"].value_counts()
    stuck = problems.loc[problems["code"].isin(["GB105", "GB106"]), "key"].dropna().tolist()
    return Summary(
        n_passages=int(is_story.sum()),
        n_words=int(word_counts(story).to_numpy()[is_story].sum()),
        n_choices=sum(len(row.program.choices) for row in facts.rows),
        n_variables=len(
            {access.variable for row in facts.rows for access in row.program.accesses if not access.is_temporary}
        ),
        n_endings=len(ending_keys(facts, frozenset(stuck))),
        n_problems={severity: int(severities.get(severity, 0)) for severity in SEVERITIES},
    )
