"""All verdicts on a story in one piece of plain data, to be sent between processes and shown."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from gamebook_lab.analysis.choice_classes import choice_classes
from gamebook_lab.analysis.endings import ending_probabilities
from gamebook_lab.analysis.problems import unplaced_problems
from gamebook_lab.analysis.verdicts import choice_verdicts, passage_verdicts
from gamebook_lab.engine.recording import Unclear
from gamebook_lab.engine.space import Space
from gamebook_lab.story.problems import Problem

__all__ = ["Findings", "findings"]


@dataclass(frozen=True, slots=True)
class Findings:
    """What an exploration found out. The tables are those of the functions of the same names."""

    passages: pd.DataFrame
    choices: pd.DataFrame
    classes: pd.DataFrame
    endings: pd.DataFrame
    problems: tuple[Problem, ...]
    """Without their places in files: see :func:`gamebook_lab.analysis.problems.placed`."""
    unclear: tuple[Unclear, ...]
    is_complete: bool
    is_exact: bool
    limit: str | None
    n_states: int
    n_explored: int


def findings(space: Space) -> Findings:
    """Answer at once what is asked of every story."""
    return Findings(
        passage_verdicts(space),
        choice_verdicts(space),
        choice_classes(space),
        ending_probabilities(space),
        tuple(unplaced_problems(space)),
        space.unclear,
        space.is_complete,
        space.is_exact,
        space.limit,
        space.n_states,
        space.n_explored,
    )
