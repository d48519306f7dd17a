"""All verdicts on a story, answered at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from gamebook_lab.analysis.answers import MOST_VALUES, Findings
from gamebook_lab.analysis.choice_classes import choice_classes
from gamebook_lab.analysis.endings import ending_probabilities
from gamebook_lab.analysis.lengths import playthrough_lengths, shortest_so_far
from gamebook_lab.analysis.play_graph import play_graph
from gamebook_lab.analysis.problems import unplaced_problems
from gamebook_lab.analysis.verdicts import choice_verdicts, passage_verdicts
from gamebook_lab.engine.deciding import is_machinery
from gamebook_lab.engine.packing import FORGOTTEN
from gamebook_lab.engine.space import Space
from gamebook_lab.errors import StoppedError
from gamebook_lab.story.frozen import shown

__all__ = ["findings"]

_SHARED: Final = ("components", "flow", "distances", "is_sure", "is_certain", "is_locked")
"""What several answers rest on, of the state graph; each takes a walk of it or two."""


def findings(space: Space, *, stop: threading.Event | None = None) -> Findings:
    """Answer at once what is asked of every story.

    Parameters
    ----------
    space
        The state graph.
    stop
        Set it from anywhere to stop early.

    Raises
    ------
    StoppedError
        If it was stopped before all was answered.

    Notes
    -----
    It stops between its answers, and within those that take long.
    """

    def go_on() -> None:
        if stop is not None and stop.is_set():
            raise StoppedError("stopped before all verdicts were found; they can be asked for again")

    _share(space, go_on)
    passages = passage_verdicts(space)
    go_on()
    choices = choice_verdicts(space)
    go_on()
    classes = choice_classes(space)
    go_on()
    endings = ending_probabilities(space, go_on=go_on)
    go_on()
    problems = tuple(unplaced_problems(space, passages))
    go_on()
    lengths = (playthrough_lengths if space.is_complete else shortest_so_far)(space, go_on=go_on)
    go_on()
    return Findings(
        passages,
        choices,
        classes,
        endings,
        problems,
        space.unclear,
        space.is_complete,
        space.is_exact,
        space.limit,
        space.n_states,
        space.n_explored,
        _values(space),
        lengths,
    )


def _share(space: Space, go_on: Callable[[], object]) -> None:
    """Work out piece by piece what the first answer that needs it would work out at one go."""
    for of, names in ((space.story, ("passages", "choices")), (space, ("way_offer", "way_weights"))):
        for name in names:
            go_on()
            getattr(of, name)
    go_on()
    graph = play_graph(space)
    for name in _SHARED:
        go_on()
        getattr(graph, name)
    go_on()


def _values(space: Space) -> dict[str, tuple[str, ...]]:
    """The first values of each variable that authors write; what its machinery counts is not among them."""
    found = {}
    for name, known in space.values_by_field.items():
        if not is_machinery(name):
            found[name] = tuple(shown(value) for value in known[FORGOTTEN + 2 : FORGOTTEN + 2 + MOST_VALUES + 1])
    return found
