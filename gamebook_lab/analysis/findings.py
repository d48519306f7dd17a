"""All verdicts on a story, answered at once."""

from __future__ import annotations

from gamebook_lab.analysis.answers import MOST_VALUES, Findings
from gamebook_lab.analysis.choice_classes import choice_classes
from gamebook_lab.analysis.endings import ending_probabilities
from gamebook_lab.analysis.lengths import playthrough_lengths, shortest_so_far
from gamebook_lab.analysis.problems import unplaced_problems
from gamebook_lab.analysis.verdicts import choice_verdicts, passage_verdicts
from gamebook_lab.engine.deciding import is_machinery
from gamebook_lab.engine.packing import FORGOTTEN
from gamebook_lab.engine.space import Space
from gamebook_lab.story.frozen import shown

__all__ = ["findings"]


def findings(space: Space) -> Findings:
    """Answer at once what is asked of every story."""
    passages = passage_verdicts(space)
    return Findings(
        passages,
        choice_verdicts(space),
        choice_classes(space),
        ending_probabilities(space),
        tuple(unplaced_problems(space, passages)),
        space.unclear,
        space.is_complete,
        space.is_exact,
        space.limit,
        space.n_states,
        space.n_explored,
        _values(space),
        playthrough_lengths(space) if space.is_complete else shortest_so_far(space),
    )


def _values(space: Space) -> dict[str, tuple[str, ...]]:
    """The first values of each variable that authors write; what its machinery counts is not among them."""
    found = {}
    for name, known in space.values_by_field.items():
        if not is_machinery(name):
            found[name] = tuple(shown(value) for value in known[FORGOTTEN + 2 : FORGOTTEN + 2 + MOST_VALUES + 1])
    return found
