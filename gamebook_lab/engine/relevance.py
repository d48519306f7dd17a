"""Which variables matter at all (slicing), and where one is dead (liveness): idea 3 of the design.

A variable matters if something offered depends on it, directly or through what is written to others. It is *live* at
a place if its value there may still come to matter on some way on. Both rest on the players' summaries, which say too
much rather than too little. The passages that may follow are only guessed: a move that was not foreseen is noticed by
the explorer, which then adds it and begins again. A forgotten variable reads as unknown, so even a
summary that said too little could make a verdict less sure, never wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from gamebook_lab.engine.limits import never_mind
from gamebook_lab.story.closure import closed
from gamebook_lab.story.play import HISTORY, PREVIOUS, TURNS, Detail, Player, Summary, visits_of

__all__ = ["Relevance", "relevance"]

_VISITS: Final = visits_of("")


@dataclass(frozen=True, eq=False)
class Relevance:
    """What matters in a story, and what the passages do with it."""

    variables: tuple[str, ...]
    """Those that are known beforehand to matter, sorted."""
    detail: Detail
    is_reduced: bool
    summaries: Mapping[str, Summary] = field(repr=False)
    _all_read: frozenset[str] = field(repr=False)
    _takes_all: bool = False

    def matters(self, variable: str) -> bool:
        """Answer :meth:`gamebook_lab.story.play.Turn.matters`."""
        if variable in self._all_read:
            return True
        return (self._takes_all or not self.is_reduced) and not _is_machinery(variable)

    def live(
        self, follows: Mapping[str, Iterable[str]], go_on: Callable[[], object] = never_mind
    ) -> tuple[dict[str, int], dict[str, int]]:
        """Work out which variables are live, as bits (the position in :attr:`variables`).

        Parameters
        ----------
        follows
            For each passage those that may follow it.
        go_on
            Called now and then; what it raises ends this.

        Returns
        -------
        tuple
            For each passage the live ones on arrival, and while it stands in front of the reader.

        Notes
        -----
        Again and again until nothing changes, what follows first: without circles each passage is looked at once.
        """
        bit = {name: 1 << at for at, name in enumerate(self.variables)}
        needed = {name: _needed(summary, bit, self.detail) for name, summary in self.summaries.items()}
        kills = {
            name: 0 if summary.reads_all else _bits(summary.kills, bit) for name, summary in self.summaries.items()
        }
        before: dict[str, list[str]] = {name: [] for name in self.summaries}
        for passage, nexts in follows.items():
            for name in nexts:
                if name in before:
                    before[name].append(passage)
        arriving = dict.fromkeys(self.summaries, 0)
        standing = dict.fromkeys(self.summaries, 0)
        order = _ends_first(self.summaries, follows)
        stale = set(order)
        while stale:
            for passage in order:
                if passage not in stale:
                    continue
                go_on()
                stale.remove(passage)
                out = 0
                for name in follows.get(passage, ()):
                    out |= arriving.get(name, 0)
                standing[passage] = needed[passage] | out
                new = standing[passage] & ~kills[passage]
                if new != arriving[passage]:
                    arriving[passage] = new
                    stale.update(before[passage])
        return arriving, standing


def _ends_first(names: Iterable[str], follows: Mapping[str, Iterable[str]]) -> list[str]:
    """Put each after all that may follow it, but where that goes round in circles."""
    left = dict.fromkeys(names)
    found = []
    while left:
        first, _ = left.popitem()
        path = [(first, iter(follows.get(first, ())))]
        while path:
            name, nexts = path[-1]
            following = next((each for each in nexts if each in left), None)
            if following is None:
                found.append(name)
                path.pop()
            else:
                del left[following]
                path.append((following, iter(follows.get(following, ()))))
    return found


def _needed(summary: Summary, bit: Mapping[str, int], detail: Detail) -> int:
    """What playing a passage may ask for: a value that only flows on is asked for wherever its target matters at all.

    Faint-variable liveness would forget more, but then the runs would meet unknown values, and decide either way where
    it makes no difference.
    """
    if summary.reads_all:
        return (1 << len(bit)) - 1
    names = summary.decides | summary.shows if detail == "text" else summary.decides
    return _bits(names, bit) | _bits((source for source, target in summary.flows if target in bit), bit)


def relevance(
    player: Player, names: Iterable[str], detail: Detail, *, reduce: bool, go_on: Callable[[], object] = never_mind
) -> Relevance:
    """Find what matters.

    Parameters
    ----------
    player
        Plays the story.
    names
        All of its passages.
    detail
        With ``text``, what is shown matters too.
    reduce
        False: whatever is an author's own matters, and machinery that anything reads.
    go_on
        Called now and then; what it raises ends this.
    """
    summaries = {}
    for name in names:
        go_on()
        summaries[name] = player.summary(name)
    everywhere = [*summaries.values(), player.summary(None)]
    seeds: set[str] = set()
    sources: dict[str, set[str]] = {}
    for summary in everywhere:
        seeds |= summary.decides
        if detail == "text" or not reduce:
            seeds |= summary.shows
        for source, target in summary.flows:
            sources.setdefault(target, set()).add(source)
    if not reduce:
        seeds |= {source for each in sources.values() for source in each}
    takes_all = any(summary.reads_all for summary in everywhere)
    if takes_all or not reduce:
        mentioned = {name for summary in everywhere for name in summary.writes} | set(sources)
        seeds |= {name for name in mentioned if not _is_machinery(name)}
    read = closed(seeds, sources)
    return Relevance(tuple(sorted(read)), detail, reduce, summaries, frozenset(read), takes_all)


def _bits(names: Iterable[str], bit: Mapping[str, int]) -> int:
    bits = 0
    for name in names:
        bits |= bit.get(name, 0)
    return bits


def _is_machinery(variable: str) -> bool:
    return variable in {TURNS, PREVIOUS, HISTORY} or variable.startswith(_VISITS)
