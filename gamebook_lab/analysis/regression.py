"""Plays a saved suite on a story as it is now, and says what has changed, at which step.

*as before*: every step could be taken, came to the passages of before, and play stops as it did. *noted*: the same, but
a label or a passage's name is another. *changed*: something is not offered, leads elsewhere or ends otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import pandas as pd

from gamebook_lab.analysis.play_graph import STOPS
from gamebook_lab.analysis.suite_files import SavedSuite, SavedWay
from gamebook_lab.engine.exploration import retrace_all
from gamebook_lab.engine.retracing import Difference, Retraced
from gamebook_lab.engine.stops import Stop
from gamebook_lab.story import schema
from gamebook_lab.story.story import Story

__all__ = ["REPLAYED", "replay_suite"]

REPLAYED: Final = (
    schema.Column("playthrough", "int64", "its number in the suite, from 1 on"),
    schema.Column("status", "str", "as before, noted or changed"),
    schema.Column("step", "Int64", "step of the first change, or note; 0: the beginning; missing: there is none"),
    schema.Column("passage_id", "str", "passage where the reader is then; empty: none"),
    schema.Column("message", "str", "what is not as before; empty: nothing"),
    schema.Column("notes", "object", "tuple of further things to know, which are no change in play"),
    schema.Column("n_steps", "int64", "steps of the playthrough", "steps"),
)
"""Columns of :func:`replay_suite`."""


class _Change(NamedTuple):
    step: int
    passage: str
    message: str


def replay_suite(story: Story, suite: SavedSuite) -> pd.DataFrame:
    """Play a suite on a story, another version of the one it was made for.

    Returns
    -------
    pandas.DataFrame
        A row for each playthrough. Columns in :data:`REPLAYED`.

    Notes
    -----
    Nothing is explored: each step costs one run of a passage. A passage that is gone is taken for renamed if another
    one stands in its place in every playthrough, and play goes on from there as before.
    """
    names = frozenset(story.keys_by_name)
    found = list(retrace_all(story, (each.way for each in suite.ways)))
    renamed = _renamed(names, suite, found)
    rows = [_row(number, *each, renamed) for number, each in enumerate(zip(suite.ways, found, strict=True), 1)]
    return schema.build(REPLAYED, {column.name: [row[at] for row in rows] for at, column in enumerate(REPLAYED)})


def _expected(saved: SavedWay) -> list[str]:
    """Where the reader should be at each step, and at last."""
    steps = saved.way.steps
    here = [step.passage for step in steps]
    last = saved.leads_to[-1] if steps else saved.begins
    return [*here, last]


def _renamed(names: frozenset[str], suite: SavedSuite, found: list[Retraced]) -> dict[str, str]:
    """Passages that are gone, and the one that is met instead everywhere."""
    instead: dict[str, set[str]] = {}
    for saved, now in zip(suite.ways, found, strict=True):
        for before, after in zip(_expected(saved), now.passages, strict=False):
            if before and before not in names:
                instead.setdefault(before, set()).add(after)
    known = {name for saved in suite.ways for name in _expected(saved)}
    return {name: next(iter(others)) for name, others in instead.items() if len(others) == 1 and not others & known}


def _row(number: int, saved: SavedWay, now: Retraced, renamed: dict[str, str]) -> tuple[Any, ...]:
    change = _change(saved, now, renamed)
    notes = tuple(_notes(saved, now, renamed))
    n_steps = len(saved.way.steps)
    if change is not None:
        return number, "changed", change.step, change.passage, change.message, notes, n_steps
    return number, "noted" if notes else "as before", None, "", "", notes, n_steps


def _change(saved: SavedWay, now: Retraced, renamed: dict[str, str]) -> _Change | None:
    """The first thing that is not as before."""
    expected = _expected(saved)
    for at, (before, after) in enumerate(zip(expected, now.passages, strict=False)):
        before = renamed.get(before, before)  # noqa: PLW2901 -- under its new name
        if before and after != before:
            if at == 0:
                return _Change(0, after, f"the story begins at {after!r}, not at {before!r}")
            return _Change(at, now.passages[at - 1], _elsewhere(saved, now, at, before, after))
        drawn = next((each for each in now.differences if each.step == at and each.kind == "drawn"), None)
        if drawn is not None:
            return _Change(at, after, f"what is drawn is not what was: {drawn.found[0]}, not {drawn.expected}")
    if not now.is_through:
        last = now.differences[-1]
        here = now.passages[-1] if now.passages else ""
        return _Change(last.step, here, _why(last))
    ends = STOPS[now.stop] if now.stop is not Stop.GOES_ON else ""
    if ends != saved.ends:
        n, here = len(saved.way.steps), now.passages[-1]
        was, is_now = (f"play {f'stops ({each})' if each else 'goes on'}" for each in (saved.ends, ends))
        return _Change(n, here, f"{is_now} there; before, {was}")
    return None


def _elsewhere(saved: SavedWay, now: Retraced, step: int, before: str, after: str) -> str:
    other = next((each for each in now.differences if each.step == step and each.kind == "label"), None)
    if other is not None:  # what was clicked instead was not the same choice after all
        return f"{other.expected!r} is not offered; {other.found[0]!r} stands there, and leads to {after!r}"
    return f"{_said(saved, step)} leads to {after!r}, not to {before!r}"


def _said(saved: SavedWay, step: int) -> str:
    labels = [pick.label for pick in saved.way.steps[step - 1].picks]
    return " then ".join(repr(label) for label in labels) if labels else "the story moving on by itself"


def _why(last: Difference) -> str:
    there = ", ".join(repr(label) for label in last.found) or "nothing"
    if last.kind == "not offered":
        return f"{last.expected!r} is not offered; offered: {there}"
    if last.kind == "moves on":
        return f"the story moves on by itself to {there}, before {last.expected!r} can be chosen"
    if last.kind == "stays":
        return f"the story does not move on by itself; offered: {there}"
    if last.kind == "missing":
        return f"there is no passage {there}"
    return "the story never comes to an end there"


def _notes(saved: SavedWay, now: Retraced, renamed: dict[str, str]) -> Iterator[str]:
    for name in dict.fromkeys(_expected(saved)):
        if name in renamed:
            yield f"passage {name!r} is called {renamed[name]!r} now"
    for each in now.differences:
        if each.kind == "label":
            yield f"step {each.step}: {each.expected!r} reads {each.found[0]!r} now"
