"""Finds what an author should know about a story, one small module per family of problems.

*Covers* what can be told from links and names alone. *Does not cover* conditions: a passage
counts as reachable if any chain of links leads there, and as endless only if it is so under no condition. *See also* ``story/problems.py`` for
the codes and ``story/problem_pages`` for what each means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Final

import pandas as pd

from gamebook_lab.story.checks.circles import check_circles
from gamebook_lab.story.checks.code import check_opaque, check_syntax
from gamebook_lab.story.checks.ends import check_ends
from gamebook_lab.story.checks.facts import Facts
from gamebook_lab.story.checks.links import check_links
from gamebook_lab.story.checks.names import check_duplicates, check_empty, check_start, check_zeros
from gamebook_lab.story.checks.places import placed
from gamebook_lab.story.checks.reach import check_reach
from gamebook_lab.story.checks.variables import check_variables
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.story import Story

__all__ = ["check", "check_passage", "tabled"]

_CHECKS: Final[tuple[Callable[[Facts], Iterator[Problem]], ...]] = (
    check_duplicates,
    check_start,
    check_links,
    check_reach,
    check_ends,
    check_circles,
    check_empty,
    check_zeros,
    check_variables,
    check_syntax,
    check_opaque,
)


_OF_PASSAGE: Final = (check_links, check_zeros, check_syntax)
"""Those that need nothing of other passages but their names."""


def check(story: Story, *, rest: Callable[[], None] | None = None) -> pd.DataFrame:
    """Find everything that an author should know.

    Parameters
    ----------
    story
        Parsed as far as it is not yet.
    rest
        Called every few hundred passages; may wait, to let others go first, or raise, to stop.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`gamebook_lab.story.schema.PROBLEMS`; errors first, then warnings, then
        remarks, each in story order.

    Notes
    -----
    Time and memory are linear in the story's passages, links and variable accesses.
    """
    facts = Facts(story, rest=rest)
    found = chain(story.import_problems, *(one(facts) for one in _CHECKS))
    return placed(story, found)


def check_passage(story: Story, key: int) -> list[Problem]:
    """Find what can be told of one passage by itself: broken links, malformed syntax, zero characters.

    The same problems as :func:`check` finds, but with no place in the file. Time is linear in the passage.
    """
    facts = Facts(story, only=key)
    return [problem for one in _OF_PASSAGE for problem in one(facts)]


def tabled(story: Story, problems: Iterable[Problem]) -> pd.DataFrame:
    """Make the table of problems that were found elsewhere: in the same order, each with its place in the file."""
    return placed(story, problems)
