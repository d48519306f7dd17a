"""Why a passage can be reached, or cannot: a shortest way there, or the conditions that block."""

from __future__ import annotations

from typing import Final

import pandas as pd

from gamebook_lab.analysis.answers import Blocked, Setter, Stage, Why
from gamebook_lab.analysis.play_graph import play_graph
from gamebook_lab.analysis.verdicts import passage_verdicts
from gamebook_lab.engine.playthrough import Playthrough
from gamebook_lab.engine.space import Space
from gamebook_lab.story.program import AccessKind
from gamebook_lab.story.story import Story

__all__ = ["why"]

_MOST_BLOCKED: Final = 20
_MOST_SETTERS: Final = 8
_MOST_CHARACTERS: Final = 200


def why(space: Space, passage: str, verdicts: pd.DataFrame | None = None) -> Why | None:
    """Explain the verdict on a passage; None if it is no passage that readers come to.

    Parameters
    ----------
    space
        The state graph.
    passage
        Name of the passage.
    verdicts
        What :func:`~gamebook_lab.analysis.verdicts.passage_verdicts` says of the space, if that is known already.
    """
    table = passage_verdicts(space) if verdicts is None else verdicts
    rows = table[table["passage_id"] == passage].to_dict("records")
    if not rows:
        return None
    row = rows[0]
    state = row["state"]
    witness = None if state is None or state != state or not row["n_states"] else space.witness(int(state))  # noqa: PLR0124 -- nan
    blocked = () if witness is not None else _blocked(space, passage, table)
    return Why(
        passage=passage,
        verdict=row["verdict"],
        n_choices=0 if witness is None else len(witness),
        way=() if witness is None else _way(space, witness, int(state), passage),
        witness=witness,
        is_luck_only=bool(row["is_luck_only"]),
        blocked=tuple(blocked[:_MOST_BLOCKED]),
        n_blocked=len(blocked),
        limit=space.limit,
        n_states=space.n_states,
    )


def _way(space: Space, witness: Playthrough, state: int, passage: str) -> tuple[Stage, ...]:
    graph = play_graph(space)
    stages = [Stage(step.passage, tuple(pick.label for pick in step.picks)) for step in witness.steps]
    # a click that shows more of a passage is a step of its own, and has no passage of its own
    names = [graph.passages[int(graph.passage[at])] for at in _states(space, state)]
    stages = [Stage(stage.passage or name, stage.clicks) for stage, name in zip(stages, names[:-1], strict=True)]
    return (*stages, Stage(passage, ()))


def _states(space: Space, state: int) -> list[int]:
    found = [state]
    while space.parent[state] >= 0:
        state = int(space.parent[state])
        found.append(state)
    return found[::-1]


def _blocked(space: Space, passage: str, table: pd.DataFrame) -> list[Blocked]:
    story = space.story
    choices = story.choices[story.choices["target"] == passage]
    verdicts = dict(zip(table["passage_id"].tolist(), table["verdict"].tolist(), strict=True))
    found = []
    for choice in choices.to_dict("records"):
        name = choice["passage_id"]
        if name == passage:
            continue
        label = choice["label"] if isinstance(choice["label"], str) else ""
        found.append(
            Blocked(
                name, int(choice["start"]), int(choice["stop"]), label, choice["condition"][:_MOST_CHARACTERS],
                verdicts.get(name, "unknown"), _setters(story, int(choice["key"]), int(choice["start"])),
            )
        )  # fmt: skip
    found.sort(key=lambda each: each.verdict != "reachable")  # where readers come is where to look
    return found


def _setters(story: Story, key: int, start: int) -> tuple[Setter, ...]:
    """Variables that the choice's conditions read, and where each is set."""
    program = story.program(key)
    choice = next((each for each in program.choices if each.span.start == start), None)
    if choice is None or not choice.conditions:
        return ()
    spans = [condition.span for condition in choice.conditions]
    names = dict.fromkeys(
        access.variable
        for access in program.accesses
        if access.kind is AccessKind.READ and any(s.start <= access.span.start < s.stop for s in spans)
    )
    found = []
    for name in names:
        users = [
            other
            for other, each in story.programs.items()
            if any(access.variable == name and access.kind is AccessKind.WRITE for access in each.accesses)
        ]
        passages = tuple(story.name(other) for other in users[:_MOST_SETTERS])
        found.append(Setter(name, passages, len(users)))
    return tuple(found)
