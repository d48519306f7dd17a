"""What a piece of a passage may do, gathered while it is compiled: it decides what need not be run, and the summary.

Temporary variables are among the names here; the summary leaves them out at its end. Passages that are included and
widgets that are called stand by name (``passage X``, ``widget x``): a passage is compiled without knowing the others.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple, TypeVar

T = TypeVar("T")

ALL_VISITS: Final = "visits of *"
"""The visits of some passage that only running tells."""
THESE_VISITS: Final = "visits of ."
"""The visits of the passage where the reader is, whichever includes this text."""
ALL_PASSAGES: Final = "passage *"
"""Some passage that only running tells, as in ``<<include $room>>``."""


class Habit(NamedTuple):
    """What code can tell of a variable's value or of a counter: see :mod:`.habits`."""

    kind: Literal["set", "asked", "length", "order", "compared", "exact", "number", "step", "seen"]
    """What an array holds (and what of it is asked for), how much it holds, or in which order; a count next to a number, or
    all of it. A variable's number next to another, that it is moved up or down by one, or its value whatever that is."""
    name: str
    most: int = 0
    """The number that it is compared with; of a step, its sign."""
    item: str | None = None
    """What is asked for; None: what only running tells."""


@dataclass(slots=True)
class Effect:
    """What a piece, and all that stands in it, may do. Of most pieces most sets are empty, and the same one."""

    offers: bool = False
    """It may offer, move, or do what nobody knows."""
    wild: bool = False
    """It may do what nobody knows."""
    decides: frozenset[str] = frozenset()
    shows: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    flows: frozenset[tuple[str, str]] = frozenset()
    uses: dict[str, frozenset[str]] = field(default_factory=dict)
    """Passages and widgets that it may run, and what that depends on."""
    breaks: frozenset[str] = frozenset()
    """What leaving a loop depends on."""
    prints: frozenset[frozenset[str]] = frozenset()
    """What each value that it prints is made of: it may be markup."""
    holds: frozenset[tuple[str, str]] = frozenset()
    """What is written of literals: their kinds (see :mod:`..shared.marks`), and where they go."""
    cuts: frozenset[frozenset[str]] = frozenset()
    """What expressions are made of that take strings apart."""
    throws: bool = False
    """Code in it may throw an error, which counts where all of it is shown or nothing: in a widget."""
    elements: bool = False
    """It opens an element that a selector may find."""
    habits: frozenset[Habit] = frozenset()
    """What it can tell of values."""
    shown_habits: frozenset[Habit] = frozenset()
    """The same for what in it is run only for its words."""

    def merge(self, other: Effect) -> None:
        """Take over what a part may do."""
        self.offers = self.offers or other.offers
        self.wild = self.wild or other.wild
        self.prints = _joined(self.prints, other.prints)
        self.holds = _joined(self.holds, other.holds)
        self.cuts = _joined(self.cuts, other.cuts)
        self.throws = self.throws or other.throws
        self.elements = self.elements or other.elements
        self.decides = _joined(self.decides, other.decides)
        self.shows = _joined(self.shows, other.shows)
        self.writes = _joined(self.writes, other.writes)
        self.flows = _joined(self.flows, other.flows)
        self.breaks = _joined(self.breaks, other.breaks)
        self.habits = _joined(self.habits, other.habits)
        self.shown_habits = _joined(self.shown_habits, other.shown_habits)
        for name, under in other.uses.items():
            self.use(name, under)

    def use(self, name: str, under: AbstractSet[str] = frozenset()) -> None:
        """Note that it may run a passage or widget, depending on these variables."""
        self.uses[name] = self.uses.get(name, frozenset()) | under

    def under(self, reads: AbstractSet[str]) -> None:
        """Note that all of it depends on these variables."""
        if not reads:
            return
        if self.offers or self.wild:
            self.decides |= reads
        self.shows |= reads
        self.flows |= {(source, target) for source in reads for target in self.writes}
        for name in self.uses:
            self.uses[name] |= reads
        if self.breaks:
            self.breaks |= reads


def _joined(one: frozenset[T], other: frozenset[T]) -> frozenset[T]:
    if not other or one is other:
        return one
    return one | other if one else other


def is_temporary(name: str) -> bool:
    """Tell whether a name is the passage's own affair."""
    return name[0] == "_" or name == "$args"
