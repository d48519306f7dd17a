"""All verdicts on a story, answered at once."""

from __future__ import annotations

from gamebook_lab.analysis.answers import Findings
from gamebook_lab.analysis.choice_classes import choice_classes
from gamebook_lab.analysis.endings import ending_probabilities
from gamebook_lab.analysis.problems import unplaced_problems
from gamebook_lab.analysis.verdicts import choice_verdicts, passage_verdicts
from gamebook_lab.engine.space import Space

__all__ = ["findings"]


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
