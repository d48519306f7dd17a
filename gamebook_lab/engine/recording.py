"""Runs a passage in every way that it may go, and notes what the runs depended on.

A run that draws by chance, or decides on what nobody knows, is repeated with a growing prefix of answers, depth
first: all ways in all, each once. What a run reads is asked of :class:`Reads`, once for each variable, so that the
order in which variables are first read is the same whenever their values are (a decision tree, not a set of names).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from typing import Final, Generic, NamedTuple, TypeVar

from gamebook_lab.engine.idle import Went, without_idle
from gamebook_lab.engine.limits import never_mind
from gamebook_lab.errors import EndlessPassageError
from gamebook_lab.story.frozen import UNKNOWN, Value, exact
from gamebook_lab.story.play import Detail, Place
from gamebook_lab.story.program import Span

__all__ = [
    "MOST_OUTCOMES", "MOST_RUNS", "MOST_STEPS", "AllAsked", "Asked", "Reads", "RecordingTurn", "Run", "Unclear", "all_runs",
]  # fmt: skip

MOST_STEPS: Final = 200_000
"""Steps after which a run is taken for endless: some tenths of a second."""
MOST_OUTCOMES: Final = 1_024
"""Ways that one run may go; the others are left out, and the result says so."""

MOST_RUNS: Final = 20_000
"""Runs of one situation in all; then each has one way, and the result says so."""

T = TypeVar("T")


class Unclear(NamedTuple):
    """Something that keeps a result from being exact, or a text from being known."""

    what: str
    place: Place
    decides: bool
    """It was a decision (taken either way), not just something shown."""


class Asked(NamedTuple):
    """How a condition came out."""

    place: Place
    holds: bool
    is_sure: bool
    """False: runs that differ in it come to the same, so that nobody can tell them apart."""


AllAsked = dict[tuple[Place, bool], Asked]
"""Decisions by what they say; one dictionary for all runs of an exploration, so that it holds each of them once."""


@dataclass(slots=True)
class Reads:
    """What the runs of one situation read: each variable once, in order."""

    ask: Callable[[str], Value]
    """Value of a variable where the situation begins."""
    matters: Callable[[str], bool]
    detail: Detail
    values: dict[str, Value] = field(default_factory=dict)
    mattered: dict[str, bool] = field(default_factory=dict)
    """Answers of :meth:`Turn.matters`: the situation holds as long as they do."""
    unclear: dict[Unclear, None] = field(default_factory=dict)
    go_on: Callable[[], object] = never_mind
    """Called before every run; raises what is to end the exploration."""
    known: AllAsked = field(default_factory=dict)
    """Every decision so far."""
    n_runs: int = 0
    is_cut: bool = False
    """Some run had more ways to go than are tried, or was given up: what is not found may be there all the same."""
    passage: str = ""
    """Where the situation begins."""

    def cut(self, what: str, place: Place | None = None) -> None:
        """Note a limit that keeps something from being found; it is the whole situation's, if no place is given."""
        self.is_cut = True
        self.unclear[Unclear(what, place or Place(self.passage, Span(0, 0)), decides=True)] = None

    def read(self, variable: str) -> Value:
        """Value of a variable where the situation begins; unknown where it does not matter."""
        if not self.is_relevant(variable):
            return UNKNOWN
        if variable not in self.values:
            self.values[variable] = self.ask(variable)
        return self.values[variable]

    def is_relevant(self, variable: str) -> bool:
        """Tell whether a variable matters, and remember that it was asked."""
        known = self.mattered.get(variable)
        if known is None:
            known = self.mattered[variable] = self.matters(variable)
        return known


class RecordingTurn:
    """One run: a :class:`~gamebook_lab.story.play.Turn` that gives scripted answers, then the first of each kind."""

    __slots__ = (
        "_steps",
        "answers",
        "asked",
        "decided",
        "detail",
        "is_known",
        "options",
        "reads",
        "unclear",
        "weight",
        "written",
    )

    def __init__(self, reads: Reads, written: Mapping[str, Value], answers: Sequence[int] = ()) -> None:
        self.reads = reads
        self.detail: Detail = reads.detail
        self.written = dict(written)
        self.answers = list(answers)
        self.options: list[int] = []
        self.decided: list[Unclear | None] = []
        self.unclear: dict[Unclear, None] = {}
        self.asked: dict[Asked, None] = {}
        self.weight = Fraction(1)
        self.is_known = True
        self._steps = 0

    def matters(self, variable: str) -> bool:
        """Tell whether a variable matters."""
        return self.reads.is_relevant(variable)

    def read(self, variable: str) -> Value:
        """Value of a variable, as this run wrote it or as the situation has it."""
        if variable in self.written:
            return self.written[variable]
        return self.reads.read(variable)

    def write(self, variable: str, value: Value) -> None:
        """Note a value, if it matters."""
        if self.reads.is_relevant(variable):
            self.written[variable] = value

    def chance(self, weights: Sequence[int]) -> int:
        """Draw: as the answers say, then the first."""
        if len(weights) == 1:
            return 0
        answer = self._answer(len(weights), None)
        self.weight *= Fraction(weights[answer], sum(weights))
        return answer

    def either(self, n: int, what: str, place: Place) -> int:
        """Decide: as the answers say, then the first."""
        unclear = Unclear(what, place, n > 1)
        self.unclear[unclear] = None
        if n <= 1:
            return 0
        self.is_known = False
        return self._answer(n, unclear)

    def opaque(self, what: str, place: Place) -> None:
        """Note it."""
        self.unclear[Unclear(what, place, decides=False)] = None

    def give_up(self, what: str, place: Place) -> None:
        """Note that not all that may follow from here is found."""
        self.reads.cut(what, place)

    def condition(self, place: Place, *, holds: bool) -> None:
        """Note how a condition came out."""
        known = self.reads.known.get((place, holds))
        if known is None:
            known = self.reads.known[place, holds] = Asked(place, holds, is_sure=True)
        self.asked[known] = None

    def tick(self) -> None:
        """Count a step."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            self.reads.cut(f"code that runs for more than {MOST_STEPS:,} steps")  # it may end later all the same
            raise EndlessPassageError(f"a passage was stopped after {MOST_STEPS:,} steps: it may never end")

    def _answer(self, n: int, unclear: Unclear | None) -> int:
        self.tick()
        at = len(self.options)
        self.options.append(n)
        self.decided.append(unclear)
        if at == len(self.answers):
            self.answers.append(0)
        return self.answers[at]


class Run(NamedTuple, Generic[T]):
    """One way that a run went."""

    result: T | None
    """None: it did not end."""
    written: dict[str, Value]
    """Everything written since the situation began."""
    weight: Fraction
    """Probability of the drawn outcomes; the ways of an ``either`` count 1 each."""
    is_known: bool
    """False: some ``either`` had a hand in it, so that nobody knows how likely it is."""
    answers: tuple[int, ...]
    """What was drawn and decided, in order: with them the run goes this way again."""
    asked: tuple[Asked, ...] = ()
    """How conditions came out."""


def all_runs(reads: Reads, written: Mapping[str, Value], run: Callable[[RecordingTurn], T]) -> list[Run[T]]:
    """Run in every way, in the order of the answers; ways that come to the same are one.

    Parameters
    ----------
    reads
        Notes what the runs depend on.
    written
        What was written since the situation began.
    run
        Plays, given a turn.
    """
    prefix: list[int] | None = []
    runs: list[Run[T]] = []
    decided: list[tuple[Unclear | None, ...]] = []
    unclear: dict[Unclear, None] = {}
    while prefix is not None:
        if len(runs) == MOST_OUTCOMES or (runs and reads.n_runs >= MOST_RUNS):
            reads.cut(f"more than {MOST_OUTCOMES:,} ways that chance or what is not known may go")
            break
        reads.go_on()
        reads.n_runs += 1
        turn = RecordingTurn(reads, written, prefix)
        try:
            result = run(turn)
        except EndlessPassageError:
            result = None
        unclear.update(turn.unclear)
        runs.append(Run(result, turn.written, turn.weight, turn.is_known, tuple(turn.answers), tuple(turn.asked)))
        decided.append(tuple(turn.decided))
        prefix = _next_prefix(turn)
    if prefix is None and len(runs) > 1 and any(map(any, decided)):
        runs, deciding = _settled(runs, decided)
        unclear = {each if each in deciding else each._replace(decides=False): None for each in unclear}
    ways = _distinct(runs)
    if len(ways) == 1:  # whatever was decided, it made no difference
        unclear = {each._replace(decides=False): None for each in unclear}
    reads.unclear.update(unclear)
    return ways


def _settled(runs: list[Run[T]], decided: list[tuple[Unclear | None, ...]]) -> tuple[list[Run[T]], set[Unclear]]:
    """Leave out decisions that make no difference; gives the runs that are left, and the decisions that make one."""
    went = [Went(run, _outcome(run), run.weight, run.answers, what) for run, what in zip(runs, decided, strict=True)]
    left = without_idle(went)
    settled = [
        way.run._replace(is_known=not way.open, asked=reduce(_alike, (each.asked for each in way.alike), way.run.asked))
        for way in left
    ]
    return settled, {what for way in left for at in way.open if (what := way.decided[at]) is not None}


def _outcome(run: Run[T]) -> Hashable:
    return exact(run.result), frozenset((name, exact(value)) for name, value in run.written.items())


def _distinct(runs: list[Run[T]]) -> list[Run[T]]:
    if len(runs) == 1:
        return [runs[0]._replace(weight=Fraction(1), is_known=True)]
    found: dict[Hashable, Run[T]] = {}
    for run in runs:
        key = _outcome(run)
        same = found.setdefault(key, run)
        if same is not run:
            found[key] = same._replace(
                weight=same.weight + run.weight,
                is_known=same.is_known and run.is_known,
                asked=_alike(same.asked, run.asked),
            )
    ways = list(found.values())
    return [ways[0]._replace(weight=Fraction(1), is_known=True)] if len(ways) == 1 else ways


def _alike(first: tuple[Asked, ...], second: tuple[Asked, ...]) -> tuple[Asked, ...]:
    """Decisions of runs that come to the same: only what both decided is sure."""
    if first == second:
        return first
    both = {each for each in first if each in second}
    return tuple(dict.fromkeys(each if each in both else each._replace(is_sure=False) for each in (*first, *second)))


def _next_prefix(turn: RecordingTurn) -> list[int] | None:
    for at in range(len(turn.options) - 1, -1, -1):
        if turn.answers[at] + 1 < turn.options[at]:
            return [*turn.answers[:at], turn.answers[at] + 1]
    return None
