"""What an author should know that links alone do not tell: problems GB601 to GB605, proved on the state graph.

Nothing is reported unless all was explored: a passage not found so far may be found yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import pandas as pd

from gamebook_lab.analysis.choice_classes import never_is_sure, revealed
from gamebook_lab.analysis.loops import endless_loops
from gamebook_lab.analysis.play_graph import play_graph
from gamebook_lab.analysis.verdicts import passage_verdicts
from gamebook_lab.engine.space import Space
from gamebook_lab.engine.stops import Stop
from gamebook_lab.story.checks import tabled
from gamebook_lab.story.checks.facts import Facts, shown
from gamebook_lab.story.checks.reach import check_reach
from gamebook_lab.story.problems import Problem
from gamebook_lab.story.program import ChoiceKind
from gamebook_lab.story.story import Story

__all__ = ["space_problems", "unplaced_problems"]

_MOST_NAMED: Final = 4
_CLICKED: Final = frozenset({ChoiceKind.LINK, ChoiceKind.COMPUTED, ChoiceKind.RETURN})


def space_problems(space: Space) -> pd.DataFrame:
    """Find what only shows when conditions count.

    Returns
    -------
    pandas.DataFrame
        Columns as those of ``story.problems()``, to be shown beside them. If the space is not complete, just passages that
        were stopped because they do not end.
    """
    return tabled(space.story, unplaced_problems(space))


def unplaced_problems(space: Space, passages: pd.DataFrame | None = None) -> list[Problem]:
    """Find the same, without the lines in files, which whoever has the file can fill in by :func:`~gamebook_lab.story.checks.tabled`.

    Whoever has the verdicts on the passages already can give them.
    """
    if not space.is_complete:  # what never ends is found all the same
        return [each for each in _stops(space) if each.code == "GB605"]
    table = passage_verdicts(space) if passages is None else passages
    verdicts = dict(zip(table["passage_id"].tolist(), table["verdict"].tolist(), strict=True))
    return [*_blocked_passages(space, verdicts), *_blocked_choices(space, verdicts), *_stops(space), *_loops(space)]


def _blocked_passages(space: Space, verdicts: Mapping[str, str]) -> Iterator[Problem]:
    story = space.story
    unlinked = {problem.key for problem in check_reach(Facts(story))}
    leads = _leads(story)
    for name, verdict in verdicts.items():
        key = story.key(name)
        if verdict != "unreachable" or key in unlinked:
            continue
        leading = leads.get(name, [])
        message = f"No reader can come to {shown(name)}"
        if leading and all(verdicts.get(each) == "unreachable" for each in leading):
            yield Problem(
                "GB601",
                f"{message}: {shown(leading[0])} leads here, but no reader comes there either",
                f"See what keeps readers from {shown(leading[0])}.",
                key=key,
            )
        else:
            yield Problem(
                "GB601",
                f"{message}: the conditions on the way never hold together",
                "Look at the conditions of the choices that lead here, and where their variables are set.",
                key=key,
            )


def _leads(story: Story) -> dict[str, list[str]]:
    """For each passage those others that name it as a target."""
    leads: dict[str, list[str]] = {}
    choices = story.choices
    for source, target in zip(choices["passage_id"].tolist(), choices["target"].tolist(), strict=True):
        if isinstance(target, str) and source != target:
            leads.setdefault(target, []).append(source)
    return leads


def _blocked_choices(space: Space, verdicts: Mapping[str, str]) -> Iterator[Problem]:
    """Report conditional choices that no state offers, in passages that are read.

    Where something was offered whose place in the text is not a choice's, any choice of that passage might be meant.
    """
    story, offers = space.story, space.offers
    shown_more = revealed(space)
    unclear = set(offers.loc[offers["choice"].isna(), "passage_id"].tolist())
    clear = [name for name, verdict in verdicts.items() if verdict == "reachable" and name not in unclear]
    choices = story.choices
    is_guarded = choices["kind"].isin(_CLICKED) & (choices["condition"] != "") & choices["passage_id"].isin(clear)
    may_be = np.setdiff1d(np.flatnonzero(is_guarded), offers["choice"].dropna().to_numpy(np.int64))
    for choice in choices.iloc[may_be].to_dict("records"):
        place = (choice["passage_id"], choice["start"], choice["stop"])
        if place in shown_more or not never_is_sure(space, choice["kind"]):
            continue
        label = choice["label"] if isinstance(choice["label"], str) and choice["label"] else choice["target"]
        what = shown(label) if isinstance(label, str) else "this choice"
        yield Problem(
            "GB602",
            f"No reader is ever offered {what}: its condition never holds here",
            f"The condition is: {choice['condition'][:200]}",
            key=int(choice["key"]),
            start=int(choice["start"]),
            stop=int(choice["stop"]),
        )


def _stops(space: Space) -> Iterator[Problem]:
    graph = play_graph(space)
    for stop, code, message, hint in (
        (Stop.STUCK, "GB603", "A reader can get stuck in {}: no choice's condition holds",
         "Add a choice that is there whatever happened, or an else."),
        (Stop.ENDLESS, "GB605", "{} never comes to an end: its code goes round in circles",
         "Look for a loop without an end, or passages that lead to each other by themselves."),
    ):  # fmt: skip
        for passage in np.unique(graph.passage[graph.stop == stop]).tolist():
            name = graph.passages[passage]
            yield Problem(code, message.format(shown(name)), hint, key=space.story.key(name))


def _loops(space: Space) -> Iterator[Problem]:
    graph = play_graph(space)
    for loop in endless_loops(graph).to_dict("records"):
        name = graph.passages[int(graph.passage[loop["state"]])]
        names = loop["passages"]
        more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        yield Problem(
            "GB604",
            f"From {shown(name)} on, play can go round for ever and reach no ending: "
            + ", ".join(map(shown, names[:_MOST_NAMED]))
            + more,
            "Add a way out that can be taken there, or an ending.",
            key=space.story.key(name),
        )
