"""One run of a passage for a single playthrough: what is drawn and decided in it, and what is left to the reader.

Unlike the engine's runs (``recording``), which go every way, this one goes one way. Whoever plays says which, decision
by decision; where they have no answer yet the run is given up, and can be run again once they have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Final, Literal, NamedTuple, TypeAlias

from gamebook_lab.engine.recording import Reads, RecordingTurn
from gamebook_lab.engine.situations import Arrival
from gamebook_lab.story.frozen import UNKNOWN, UNSET, Value, exact, shown
from gamebook_lab.story.play import HISTORY, PREVIOUS, TURNS, Offer, Place, visits_of

__all__ = [
    "MOST_ALTERNATIVES", "MOST_TRIED_STEPS", "Alternative", "Decide", "DecidingTurn", "Decision", "Question", "Result", "UndecidedError", "all_of",
    "is_machinery", "told_apart",
]  # fmt: skip

MOST_ALTERNATIVES: Final = 24
"""Ways of one decision that are tried, to say what each comes to."""
MOST_TRIED_STEPS: Final = 20_000
"""Steps after which no more of them are tried: the reader waits for it."""
_MOST_NAMED: Final = 3
_LONGEST_WORDS: Final = 60
_VISITS: Final = visits_of("")


class Decision(NamedTuple):
    """Something that a run draws by chance, or that nobody knows."""

    kind: Literal["chance", "either"]
    weights: tuple[int, ...]
    """How likely each outcome is; of an ``either`` all are 1, which says nothing."""
    what: str = ""
    place: Place | None = None
    answer: int = 0

    def is_like(self, other: Decision) -> bool:
        """Tell whether another decision is the same but for its answer."""
        return self._replace(answer=0) == other._replace(answer=0)


class Alternative(NamedTuple):
    """One way that a decision may go."""

    effect: str
    """What it comes to, in words, as far as that tells it from the others; empty: that was not tried."""
    probability: Fraction | None
    """None: nobody knows."""


class Question(NamedTuple):
    """A decision that waits for the reader."""

    asked: Decision
    alternatives: tuple[Alternative, ...]
    """The first :data:`MOST_ALTERNATIVES`; ``len(asked.weights)`` says how many there are."""


class Result(NamedTuple):
    """What a run came to."""

    arrival: Arrival | None
    """None: it never ended."""
    written: dict[str, Value]


Decide: TypeAlias = Callable[[int, Decision], "int | None"]
"""Answers the decision of that number in a run; None: not yet."""


class UndecidedError(Exception):
    """A decision has no answer yet; passes through the player and ends the run."""

    def __init__(self, asked: Decision) -> None:
        super().__init__(asked.what)
        self.asked = asked


class DecidingTurn(RecordingTurn):
    """A turn that has each decision made as it comes."""

    __slots__ = ("_decide", "decisions")

    def __init__(self, reads: Reads, decide: Decide) -> None:
        super().__init__(reads, {})
        self.decisions: list[Decision] = []
        self._decide = decide

    @property
    def n_steps(self) -> int:
        """Steps of work so far."""
        return self._steps

    def chance(self, weights: Sequence[int]) -> int:
        """Draw."""
        return 0 if len(weights) == 1 else self._settle(Decision("chance", tuple(weights)))

    def either(self, n: int, what: str, place: Place) -> int:
        """Decide."""
        if n <= 1:
            super().opaque(what, place)
            return 0
        return self._settle(Decision("either", (1,) * n, what, place))

    def _settle(self, asked: Decision) -> int:
        self.tick()
        answer = self._decide(len(self.decisions), asked)
        if answer is None:
            raise UndecidedError(asked)
        answer = min(max(answer, 0), len(asked.weights) - 1)
        self.options.append(len(asked.weights))
        self.decisions.append(asked._replace(answer=answer))
        return answer


def all_of(values: Mapping[str, Value]) -> Reads:
    """Let a run read all values, and show all words."""
    return Reads(lambda name: values.get(name, UNSET), lambda _: True, "text")


def is_machinery(variable: str) -> bool:
    """Tell whether a story's machinery keeps this, and not its author."""
    return variable in {TURNS, PREVIOUS, HISTORY} or variable.startswith(_VISITS)


def told_apart(asked: Decision, results: Sequence[Result]) -> tuple[Alternative, ...]:
    """Say of each way of a decision what sets it apart: a value, a passage, an offer, or its words."""
    total = sum(asked.weights)
    places = [_came_to(each.arrival) for each in results]
    names = _differing([{name: exact(value) for name, value in each.written.items()} for each in results])
    names = [name for name in names if not is_machinery(name)][:_MOST_NAMED]
    alternatives = []
    for weight, place, result in zip(asked.weights, places, results, strict=False):
        parts = [place] if len(set(places)) > 1 else []
        if places.count(place) > 1:
            parts += [f"{name} = {_shown(result.written.get(name, UNSET))}" for name in names]
        probability = Fraction(weight, total) if asked.kind == "chance" else None
        parts = parts or _offers(result, results) or _words(result, results)
        alternatives.append(Alternative(", ".join(parts), probability))
    untried = asked.weights[len(results) : MOST_ALTERNATIVES]
    alternatives += [Alternative("", Fraction(each, total) if asked.kind == "chance" else None) for each in untried]
    return tuple(alternatives)


def _shown(value: Value) -> str:
    return "unknown" if value is UNKNOWN else shown(value)


def _differing(facets: Sequence[Mapping[str, object]]) -> list[str]:
    names = dict.fromkeys(name for each in facets for name in each)
    return [name for name in names if any(each.get(name) != facets[0].get(name) for each in facets)]


def _came_to(arrival: Arrival | None) -> str:
    if arrival is None:
        return "never ends"
    passage = arrival.goes_to or (arrival.page.passage if arrival.page else None)
    return f"to “{passage}”" if passage else "nowhere"


def _offers(result: Result, results: Sequence[Result]) -> list[str]:
    labels = [dict.fromkeys(offer.label for offer in _page_offers(each)) for each in results]
    everywhere = set(labels[0]).intersection(*labels)
    if all(each.keys() == labels[0].keys() for each in labels):
        return []
    own = [label for label in dict.fromkeys(offer.label for offer in _page_offers(result)) if label not in everywhere]
    return [f"offers “{label}”" for label in own[:_MOST_NAMED]] or ["offers nothing more"]


def _page_offers(result: Result) -> tuple[Offer, ...]:
    page = result.arrival.page if result.arrival else None
    return page.offers if page else ()


def _words(result: Result, results: Sequence[Result]) -> list[str]:
    texts = [(each.arrival.page.text or "") if each.arrival and each.arrival.page else "" for each in results]
    if all(text == texts[0] for text in texts):
        return ["makes no difference here"]
    page = result.arrival.page if result.arrival else None
    lines = (page.text or "").split("\n") if page else []
    others = set.intersection(*(set(text.split("\n")) for text in texts))
    own = next((line for line in lines if line not in others), "")
    return [f"“{own[:_LONGEST_WORDS]}{'…' if len(own) > _LONGEST_WORDS else ''}”" if own else "shows nothing more"]
