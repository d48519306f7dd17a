"""What was found out, as plain data: it goes between processes, and widgets show it.

Whoever takes it in need not load what finds it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

    from gamebook_lab.engine.playthrough import Playthrough
    from gamebook_lab.engine.recording import Unclear
    from gamebook_lab.story.problems import Problem

__all__ = ["MOST_VALUES", "Blocked", "Findings", "Setter", "Stage", "Verdict", "Why"]

MOST_VALUES: Final = 24
"""Values that are told of one variable; one more says that there are more."""

Verdict = Literal["reachable", "unreachable", "unknown"]


class Stage(NamedTuple):
    """One stop on a way."""

    passage: str
    clicks: tuple[str, ...]
    """What is clicked there to move on; empty: the story moves on by itself, or the way ends here."""


class Setter(NamedTuple):
    """A variable of a condition, and passages that set it."""

    variable: str
    passages: tuple[str, ...]
    """At most a few."""
    n_passages: int


class Blocked(NamedTuple):
    """A choice that leads to the passage, and why nobody takes it."""

    passage: str
    """Where it stands."""
    start: int
    stop: int
    label: str
    condition: str
    """As in ``story.choices``; empty: none."""
    verdict: Verdict
    """Of the passage where it stands."""
    setters: tuple[Setter, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """The verdict on a passage, with its proof."""

    passage: str
    verdict: Verdict
    n_choices: int
    """Steps of the way."""
    way: tuple[Stage, ...]
    """A shortest way, its last stage the passage; empty: none was found."""
    witness: Playthrough | None
    """The same, to be played."""
    is_luck_only: bool
    blocked: tuple[Blocked, ...]
    """Choices that lead to the passage, where no way was found; at most 20."""
    n_blocked: int
    limit: str | None
    """Limit of the exploration that was reached."""
    n_states: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What an exploration found out. The tables are those of the functions of the same names."""

    passages: pd.DataFrame
    choices: pd.DataFrame
    classes: pd.DataFrame
    endings: pd.DataFrame
    problems: tuple[Problem, ...]
    """Without their places in files: see :func:`gamebook_lab.story.checks.tabled`."""
    unclear: tuple[Unclear, ...]
    is_complete: bool
    is_exact: bool
    limit: str | None
    n_states: int
    n_explored: int
    possible_values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For each variable that matters the values that it may have, as :func:`~gamebook_lab.story.frozen.shown` writes them; the
    first few."""
    lengths: pd.DataFrame | None = None
    """Where the space is not complete just the shortest that were found."""
