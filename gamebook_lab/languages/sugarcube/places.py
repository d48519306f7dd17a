"""Where in the passage a node stands, as the facts see it: what encloses it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple, Self

from gamebook_lab.story.program import ChoiceKind, Condition, Slot


class Way(NamedTuple):
    """A way on, found in what a click runs."""

    kind: ChoiceKind
    target: str | None
    slot: Slot | None
    conditions: tuple[Condition, ...]


@dataclass(slots=True)
class Click:
    """What a link's body does when the reader clicks; filled while the body is walked."""

    ways: list[Way] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Place:
    """What encloses a node."""

    conditions: tuple[Condition, ...] = ()
    click: Click | None = None
    is_shown: bool = True
    """Its words reach the screen."""

    def under(self, *conditions: Condition) -> Self:
        """The same place, inside more conditions."""
        return replace(self, conditions=self.conditions + conditions)

    def clicked(self, click: Click, *, is_shown: bool) -> Self:
        """Inside the body of a link."""
        return replace(self, click=click, is_shown=is_shown)

    def shown(self, is_shown: bool) -> Self:
        """The same place, with its words on the screen or not."""
        return replace(self, is_shown=is_shown)


def negated(condition: Condition) -> Condition:
    """The else part of a condition."""
    return condition._replace(is_negated=not condition.is_negated)
