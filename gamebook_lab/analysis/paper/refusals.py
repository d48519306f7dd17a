"""What keeps a story from being printed as a gamebook, as coded rows: never a wrong book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pandas as pd

from gamebook_lab.engine.space import Space
from gamebook_lab.errors import GamebookError
from gamebook_lab.story.checks import tabled
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.story import Story

__all__ = ["PaperError", "refusals"]

_MOST_TOLD: Final = 3


class PaperError(GamebookError, ValueError):
    """A story cannot be played on paper.

    Parameters
    ----------
    story
        Which.
    problems
        What is in the way.
    """

    def __init__(self, story: Story, problems: Iterable[Problem]) -> None:
        found = list(problems)
        self.problems: pd.DataFrame = tabled(story, found)
        """Rows with code, passage, place and hint; columns as those of ``story.problems()``."""
        told = "; ".join(f"{each.code} {each.message}" for each in found[:_MOST_TOLD])
        more = f"; and {len(found) - _MOST_TOLD} more, see .problems" if len(found) > _MOST_TOLD else ""
        super().__init__(f"this story cannot be played on paper: {told}{more}")


def refusals(space: Space) -> Iterator[Problem]:
    """Find what is known to be in the way before anything is written."""
    story = space.story
    if not space.n_states and space.limit is None:
        yield Problem("GB103", "The story does not say where to start", "Set its first passage.")
    if space.limit is not None or space.explorer.is_cut:
        what = f"the limit of {space.limit}" if space.limit is not None else "the limit of ways that one passage may go"
        yield Problem(
            "GB803",
            f"Not everything that can happen was explored: {what} was reached; the most values have {_largest(space)}",
            "Give it more, or track less.",
        )
    for each in space.unclear:
        if each.decides:
            key = story.keys_by_name.get(each.place.passage, (None,))[0]
            text = story.text(key) if key is not None else ""
            source = " ".join(text[each.place.span.start : each.place.span.stop].split())[:120]
            yield Problem(
                "GB801",
                f"What happens hangs on something that is not modelled ({each.what}){': ' + source if source else ''}",
                "Write it with variables and conditions that are modelled, or leave it out of the paper version.",
                key=key,
                start=each.place.span.start,
                stop=each.place.span.stop,
            )


def _largest(space: Space) -> str:
    """Name the variables that make the state large."""
    counts = {name: len(values) - 1 for name, values in space.values_by_field.items()}
    worst = sorted(counts, key=lambda name: (-counts[name], name))[:_MOST_TOLD]
    return ", ".join(f"{name} ({counts[name]:,})" for name in worst) or "none"
