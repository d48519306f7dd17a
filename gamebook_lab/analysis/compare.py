"""``gb.compare``: one word for comparing things that belong together; what it does depends on what it is given.

Two versions of a story give a :class:`~gamebook_lab.analysis.diff.Diff`. Others register with
:data:`compare` (``@compare.register``) by the type of their first argument.
"""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from gamebook_lab.analysis.diff import Diff, diff
from gamebook_lab.analysis.explored import Explored, explore
from gamebook_lab.story.story import Story

__all__ = ["compare"]


@singledispatch
def compare(first: Any, second: Any, /, **options: Any) -> Any:  # noqa: ARG001 -- for those registered
    """Compare two versions of a story: ``gb.compare(old, new)``.

    Parameters
    ----------
    first, second
        Stories, or what was explored of them (which saves exploring).
    options
        For :func:`~gamebook_lab.analysis.explored.explore`, of stories.

    Returns
    -------
    Diff
        Passages and choices that changed for readers, endings' probabilities before and after, playthroughs lost
        and gained. Shows itself in a notebook; ``to_markdown()`` for a pull request.

    Raises
    ------
    TypeError
        If these cannot be compared.
    """
    raise TypeError(
        f"gb.compare takes two stories, or two explored ones, not {type(first).__name__} and {type(second).__name__}"
    )


@compare.register
def _stories(first: Story, second: Story | Explored, /, **options: Any) -> Diff:
    return diff(explore(first, **options), _explored(second, options))


@compare.register
def _spaces(first: Explored, second: Story | Explored, /, **options: Any) -> Diff:
    return diff(first, _explored(second, options))


def _explored(other: Story | Explored, options: dict[str, Any]) -> Explored:
    if isinstance(other, Explored):
        return other
    if isinstance(other, Story):
        return explore(other, **options)
    raise TypeError(f"a story is compared with a story, not with {type(other).__name__}")
