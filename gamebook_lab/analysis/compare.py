"""``gb.compare``: one word for comparing things that belong together; what it does depends on what it is given.

Two versions of a story give a :class:`~gamebook_lab.analysis.diff.Diff`; a reading log and a story a
:class:`~gamebook_lab.analysis.reader_report.ReaderReport`. Others register with
:data:`compare` (``@compare.register``) by the type of their first argument.
"""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from gamebook_lab.analysis.diff import Diff, diff
from gamebook_lab.analysis.explored import Explored, explore
from gamebook_lab.analysis.reader_report import ReaderReport, reader_report
from gamebook_lab.formats.logs.schema import Sessions
from gamebook_lab.story.story import Story

__all__ = ["compare"]


@singledispatch
def compare(first: Any, second: Any, /, **options: Any) -> Any:  # noqa: ARG001 -- for those registered
    """Compare two versions of a story, ``gb.compare(old, new)``, or readers with a story, ``gb.compare(sessions, space)``.

    Parameters
    ----------
    first, second
        Stories, or what was explored of them (which saves exploring); the first may be :class:`Sessions`.
    options
        For :func:`~gamebook_lab.analysis.explored.explore`, of stories; ``renames=`` and ``resumed=`` for sessions.

    Returns
    -------
    Diff or ReaderReport
        Passages and choices that changed for readers, endings' probabilities before and after, playthroughs lost
        and gained. Shows itself in a notebook; ``to_markdown()`` for a pull request.

    Raises
    ------
    TypeError
        If these cannot be compared.
    """
    raise TypeError(
        f"gb.compare takes two stories, two explored ones, or sessions and a story, not {type(first).__name__} and {type(second).__name__}"
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


@compare.register
def _readers(first: Sessions, second: Story | Explored, /, **options: Any) -> ReaderReport:
    return reader_report(first, _explored(second, {}), **options)
