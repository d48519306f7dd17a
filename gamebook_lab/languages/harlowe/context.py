"""What a reader of the tree knows about where it is: conditions, the link that was clicked, what a value is for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from gamebook_lab.languages.harlowe import tree
from gamebook_lab.story.program import Condition, Slot, Span

MAX_EFFECTS: Final = 256
"""Assignments of one link that are listed."""

MAX_CHAIN: Final = 100
"""Hooks in a row of ``(else-if:)`` whose conditions are listed on those after them."""


@dataclass(slots=True)
class Click:
    """A link or clickable words, and what their hook was found to do."""

    span: Span
    label: str | None
    label_slot: Slot | None
    is_once: bool
    has_moved: bool = False
    effects: list[tuple[tuple[Condition, ...], str]] = field(default_factory=list)

    def effects_under(self, conditions: tuple[Condition, ...]) -> tuple[str, ...]:
        """Sources of the assignments so far that surely ran where these conditions hold."""
        return tuple(source for given, source in self.effects if conditions[: len(given)] == given)


class Where(NamedTuple):
    """Surroundings of a node."""

    conditions: tuple[Condition, ...] = ()
    click: Click | None = None
    """The innermost link whose hook this is."""
    is_target: bool = False
    """In the computed target of a link, so that what is read decides where it goes."""

    def under(self, *conditions: Condition) -> Where:
        """Surroundings with further conditions."""
        return self._replace(conditions=(*self.conditions, *conditions)) if conditions else self


class Use(NamedTuple):
    """What the value of an expression is used for."""

    is_condition: bool = False
    flows_to: tuple[str, ...] = ()
    """Variables that the value is written to."""
    it: tree.Variable | None = None
    """What ``it`` means: the variable that is being written."""


@dataclass(slots=True)
class Chain:
    """Conditions of the hooks before, for an ``(else:)``; None where there is no such hook yet."""

    conditions: list[Condition] | None = None

    def extend(self, condition: Condition) -> None:
        """Add the condition of an ``(else-if:)``."""
        self.conditions = [*(self.conditions or ())[:MAX_CHAIN], condition]

    def otherwise(self) -> tuple[Condition, ...]:
        """Conditions under which none of them was shown."""
        return tuple(given._replace(is_negated=not given.is_negated) for given in self.conditions or ())
