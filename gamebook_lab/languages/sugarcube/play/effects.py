"""What a piece of a passage may do, gathered while it is compiled: it decides what need not be run, and the summary.

Temporary variables are among the names here; the summary leaves them out at its end. Passages that are included and
widgets that are called stand by name (``passage X``, ``widget x``): a passage is compiled without knowing the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

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
    """What a piece, and all that stands in it, may do."""

    offers: bool = False
    """It may offer, move, or do what nobody knows."""
    wild: bool = False
    """It may do what nobody knows."""
    decides: set[str] = field(default_factory=set)
    shows: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    flows: set[tuple[str, str]] = field(default_factory=set)
    uses: dict[str, set[str]] = field(default_factory=dict)
    """Passages and widgets that it may run, and what that depends on."""
    breaks: set[str] = field(default_factory=set)
    """What leaving a loop depends on."""
    prints: set[frozenset[str]] = field(default_factory=set)
    """What each value that it prints is made of: it may be markup."""
    holds: set[tuple[str, str]] = field(default_factory=set)
    """What is written of literals: their kinds (see :mod:`..shared.marks`), and where they go."""
    cuts: set[frozenset[str]] = field(default_factory=set)
    """What expressions are made of that take strings apart."""
    elements: bool = False
    """It opens an element that a selector may find."""
    habits: set[Habit] = field(default_factory=set)
    """What it can tell of values."""
    shown_habits: set[Habit] = field(default_factory=set)
    """The same for what in it is run only for its words."""

    def merge(self, other: Effect) -> None:
        """Take over what a part may do."""
        self.offers = self.offers or other.offers
        self.wild = self.wild or other.wild
        self.prints |= other.prints
        self.holds |= other.holds
        self.cuts |= other.cuts
        self.elements = self.elements or other.elements
        self.decides |= other.decides
        self.shows |= other.shows
        self.writes |= other.writes
        self.flows |= other.flows
        self.breaks |= other.breaks
        self.habits |= other.habits
        self.shown_habits |= other.shown_habits
        for name, under in other.uses.items():
            self.uses.setdefault(name, set()).update(under)

    def under(self, reads: set[str]) -> None:
        """Note that all of it depends on these variables."""
        if not reads:
            return
        if self.offers or self.wild:
            self.decides |= reads
        self.shows |= reads
        self.flows |= {(source, target) for source in reads for target in self.writes}
        for depends in self.uses.values():
            depends.update(reads)
        if self.breaks:
            self.breaks |= reads


def is_temporary(name: str) -> bool:
    """Tell whether a name is the passage's own affair."""
    return name[0] == "_" or name == "$args"
