"""What it is to play a passage: the meeting point of ``languages`` (which run passages) and ``engine`` (which asks).

A :class:`Player` runs one passage at a time and never sees the rest of the state: it asks a :class:`Turn` for the
variables that it reads, tells it what it writes, and lets it decide what is left to chance or not known. So the engine
knows exactly which values a run depended on, and need not repeat it for states that agree on them (idea 2 of the
design). A player is deterministic: the same answers of the turn give the same page. It keeps nothing between calls;
pages and offers are values.

What a story's machinery remembers by itself (visits, turns, the passage before) are variables too, with names that no
author can write (:func:`visits_of`, :data:`TURNS`, :data:`PREVIOUS`, :data:`HISTORY`). They are written only where
:meth:`Turn.matters` says so, so that a story that never asks does not pay.

One walk through a story, on paper::

    player = story.language.player(story)
    player.begin(turn)                               # StoryInit, startup passages: writes $gold = 3
    page = player.enter(player.start, turn)          # reads $gold; page.offers: [Offer("Buy"), Offer("Leave")]
    player.click(page, page.offers[0], turn)         # its setter runs: writes $gold = 1, gives Move("Shop")
    player.enter("Shop", turn)                       # and so on

A click that stays in the passage (a reveal, a cycling link, ``<<linkreplace>>``) gives another :class:`Page`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, Protocol, TypeAlias, runtime_checkable

from gamebook_lab.story.frozen import UNSET, Value
from gamebook_lab.story.program import ChoiceKind, Span

__all__ = [
    "HISTORY", "PREVIOUS", "TURNS", "Assuming", "Detail", "Move", "Offer", "Page", "Place", "Player", "Preparing", "Summary", "Turn", "arrive", "leave",
    "visits_of",
]  # fmt: skip

Detail: TypeAlias = Literal["choices", "text"]
"""How much is kept: what can be chosen and where it leads, or also every variant of what is shown."""

TURNS: Final = "turns so far"
PREVIOUS: Final = "passage before"
HISTORY: Final = "passages so far"
"""Names of the passages visited, a tuple in order. Costly: ask for visits where that will do."""


def visits_of(passage: str) -> str:
    """Name of the variable that counts how often a passage was entered, this time included."""
    return f"visits of {passage}"


class Place(NamedTuple):
    """A stretch of a story's text."""

    passage: str
    span: Span


class Turn(Protocol):
    """What a run may ask, and tell. Names of variables are as :class:`~gamebook_lab.story.program.Access` has them.

    Temporary variables are the player's own affair and never come here.
    """

    @property
    def detail(self) -> Detail:
        """With ``choices``, parts that can neither offer, move nor write what matters need not (and should not) be run."""

    def matters(self, variable: str) -> bool:
        """Tell whether anything to come depends on this variable. What does not matter reads as unknown."""

    def read(self, variable: str) -> Value:
        """Value of a variable: :data:`~gamebook_lab.story.frozen.UNSET` if never written."""

    def write(self, variable: str, value: Value) -> None:
        """Give a variable a value, frozen and canonical: equal values must be :func:`~gamebook_lab.story.frozen.exact` the same."""

    def chance(self, weights: Sequence[int]) -> int:
        """Draw one of several outcomes, by positive whole weights; gives its index."""

    def either(self, n: int, what: str, place: Place) -> int:
        """Take one of ``n`` ways that a value which nobody knows, or a construct that is not modelled, may go."""

    def opaque(self, what: str, place: Place) -> None:
        """Note that something shown here is not modelled, though it can neither offer, move nor write."""

    def give_up(self, what: str, place: Place) -> None:
        """Note that what stands here goes too far to be followed (too deep, too often): it may lead anywhere."""

    def condition(self, place: Place, *, holds: bool) -> None:
        """Note how a condition came out: its place is that of a :class:`~gamebook_lab.story.program.Condition`."""

    def tick(self) -> None:
        """Count one step of work: called at every node, loop and call.

        Raises
        ------
        EndlessPassageError
            After too many; a player lets it pass through.
        """


class Offer(NamedTuple):
    """Something that the reader can click now."""

    place: Place
    """All of its markup: joins with ``passage_id``, ``start`` and ``stop`` of the ``choices`` table. Links that a loop or
    a widget makes share one."""
    label: str
    """As shown; empty where that is not modelled."""
    kind: ChoiceKind
    """``undo``, ``restart``, ``load`` and ``external`` are offered too, but nobody clicks them here."""
    token: Hashable = None
    """What the player must know to run the click (target, code, what its variables were). Equal offers behave equally."""


class Page(NamedTuple):
    """What the reader has in front of them."""

    passage: str
    offers: tuple[Offer, ...]
    """In the order in which they stand there."""
    goto: str | None = None
    """The story moves on to this passage by itself, before the reader can click anything."""
    text: str | None = None
    """With ``detail="text"``: the words shown, with single blanks and line breaks, no markup."""
    token: Hashable = None
    """Whatever else clicks depend on: temporary variables, say. Equal pages behave equally; keep it small and canonical."""
    n_around: int = 0
    """So many last lines of the text stand around the passage, in a caption or a sidebar."""


class Move(NamedTuple):
    """A click that leads to a passage, which may not exist."""

    passage: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What running a passage and clicking in it *may* do, whatever the values. Found without running anything.

    Slicing and liveness rest on it, so it may say too much (of all but ``kills``), never too little. Names of
    machinery (``visits of ...``) are among the variables. A condition is read by whatever stands under it.
    """

    decides: frozenset[str] = frozenset()
    """Read by something that what is offered, where it leads, or the end of a loop around that, depends on."""
    shows: frozenset[str] = frozenset()
    """Read by something that what is shown depends on, labels included."""
    flows: frozenset[tuple[str, str]] = frozenset()
    """Pairs ``(source, target)``: the value written to ``target`` may depend on that of ``source``, by conditions around
    the writing too. ``$x + 1`` written to ``$x`` flows from ``$x`` to ``$x``."""
    writes: frozenset[str] = frozenset()
    """May be written."""
    kills: frozenset[str] = frozenset()
    """Written on arrival whatever happens, before it is read. May say too little."""
    reads_all: bool = False
    """Code that is not understood may read or write any variable at all (and then the sets above need not list it)."""


@runtime_checkable
class Player(Protocol):
    """Plays one story: its language's interpreter with all of its passages read. Immutable once made.

    Whatever the text, no method raises, but for what the turn raises. What is not modelled is told the turn
    (:meth:`Turn.either`, :meth:`Turn.opaque`) or written as unknown; never guessed, never executed. Recursion of the
    story's own (a passage that includes itself, a widget that calls itself) ends at a bound: by
    :meth:`Turn.give_up`, and then as an endless passage.
    """

    @property
    def start(self) -> str | None:
        """Name of the passage where reading starts; None if there is none."""

    def begin(self, turn: Turn) -> None:
        """Run what the story runs before its first passage."""

    def enter(self, passage: str, turn: Turn) -> Page:
        """Arrive at an existing passage: count the visit, run it and what the story shows around it."""

    def click(self, page: Page, offer: Offer, turn: Turn) -> Page | Move:
        """Click one of a page's offers, of a kind that is clicked."""

    def summary(self, passage: str | None) -> Summary:
        """What playing a passage may do, what is included or shown around it among it; None: what ``begin`` may do."""

    def sources(self, passage: str | None) -> frozenset[str]:
        """Names of the passages whose text :meth:`enter` and :meth:`click` (None: :meth:`begin`) may run for this one."""

    def opaques(self, passage: str) -> tuple[tuple[str, Span], ...]:
        """What in this passage's own text is not modelled: its name and where it stands. Empty: modelled completely."""


@runtime_checkable
class Preparing(Protocol):
    """A player that has to read all texts of its story before it can answer anything."""

    def prepare(self, go_on: Callable[[], object]) -> None:
        """Read them all, which its answers would do at one go otherwise.

        ``go_on`` is called before each; what it raises ends this, and what was read by then is remembered.
        """


@runtime_checkable
class Assuming(Protocol):
    """A player whose runs rest on facts of the whole story, so that another passage's edit may change them."""

    def assumes(self, passage: str, detail: Detail) -> Hashable:
        """Tell those that runs of a passage rest on, beside the texts of its :meth:`Player.sources`."""


def arrive(turn: Turn, passage: str, cap: Callable[[str], int | None] | None = None) -> None:
    """Do what every story format does on arrival: count the visit and the turn, and note the way.

    Parameters
    ----------
    cap
        Gives where a counter may stop, because the story cannot tell higher counts apart; None where it may not.
    """
    for counter in (visits_of(passage), TURNS):
        if turn.matters(counter):
            before = turn.read(counter)
            if before is UNSET:
                before = 0
            most = None if cap is None else cap(counter)
            if isinstance(before, int) and (most is None or before < most):
                before += 1
            turn.write(counter, before)
    if turn.matters(HISTORY):
        so_far = turn.read(HISTORY)
        turn.write(
            HISTORY, (*so_far, passage) if isinstance(so_far, tuple) else (passage,) if so_far is UNSET else so_far
        )


def leave(turn: Turn, passage: str) -> None:
    """Note which passage is left. The player calls it in the run that moves (a click, or an ``enter`` that goes on by itself)."""
    if turn.matters(PREVIOUS):
        turn.write(PREVIOUS, passage)
