"""What playing a passage may do: its effects, with what is shown around it, and without temporary variables."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from gamebook_lab.languages.sugarcube.play.effects import ALL_VISITS, THESE_VISITS, Effect, is_temporary
from gamebook_lab.story.play import HISTORY, PREVIOUS, TURNS, Summary, visits_of

if TYPE_CHECKING:
    from gamebook_lab.languages.sugarcube.play.player import SugarCubePlayer


def summary_of(player: SugarCubePlayer, passage: str | None) -> Summary:
    """Gather the summary of a passage, or of what comes before the first."""
    whole = Effect()
    whole.writes |= player.doing.writes
    whole.wild = whole.offers = player.doing.is_wild
    for name in player.around(passage):
        whole.merge(player.resolved(player.unit(name).effect))
    if any(map(player.may_lead, whole.prints)):  # and where nobody knows what is printed, it may be anything
        whole.decides |= whole.shows
        whole.writes |= set(player.variables)
    flows = _without_temporaries(whole.flows)
    decides = _traced(whole.decides, whole.flows)
    into_temporaries = {source for source, target in whole.flows if is_temporary(target)}
    shows = _traced(whole.shows | into_temporaries, whole.flows)
    taken = f"#choice {passage}"
    flows = {(taken if a == "#choice" else a, taken if b == "#choice" else b) for a, b in flows}
    decides, writes = ({taken if each == "#choice" else each for each in names} for names in (decides, whole.writes))
    writes = {name for name in writes if not is_temporary(name)}
    if passage is not None:
        counters = {visits_of(passage), TURNS, HISTORY}
        writes |= counters | {PREVIOUS}
        flows |= {(name, name) for name in counters}
    return Summary(
        decides=_visits(player, decides, passage),
        shows=_visits(player, shows, passage),
        flows=frozenset(
            (source, target)
            for each, target in flows
            for source in _visits(player, {each}, passage)
            if not is_temporary(target)
        ),
        writes=frozenset(writes),
        kills=frozenset() if whole.wild else _kills(player, passage),
        reads_all=whole.wild,
    )


def _kills(player: SugarCubePlayer, passage: str | None) -> frozenset[str]:
    """What is written at the top of the passages, before anything reads it."""
    found: set[str] = set()
    read: set[str] = set()
    for name in player.around(passage):
        for piece in player.unit(name).body.pieces:
            effect = player.resolved(piece.effect)
            reads = effect.decides | effect.shows | {source for source, _ in effect.flows}
            found |= piece.kills - read - reads - found
            read |= reads
    return frozenset(found)


def _traced(names: AbstractSet[str], flows: AbstractSet[tuple[str, str]]) -> set[str]:
    """Story variables among these, and those from which temporaries among them come."""
    sources: dict[str, list[str]] = {}
    for source, target in flows:
        sources.setdefault(target, []).append(source)
    found: set[str] = set()
    waiting, seen = list(names), set(names)
    while waiting:
        name = waiting.pop()
        if not is_temporary(name):
            found.add(name)
            continue
        new = [each for each in sources.get(name, ()) if each not in seen]
        seen.update(new)
        waiting.extend(new)
    return found


def _without_temporaries(flows: AbstractSet[tuple[str, str]]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    by_target: dict[str, set[str]] = {}
    for source, target in flows:
        if not is_temporary(target):
            by_target.setdefault(target, set()).add(source)
    for target, sources in by_target.items():
        found |= {(source, target) for source in _traced(sources, flows)}
    return found


def _visits(player: SugarCubePlayer, names: set[str], passage: str | None) -> frozenset[str]:
    """Names of machinery, where some visits are meant those of every passage."""
    found = set(names) - {"_"}
    if THESE_VISITS in found:
        found.discard(THESE_VISITS)
        found.add(visits_of(passage or ""))
    if ALL_VISITS in found:
        found.discard(ALL_VISITS)
        found.update(map(visits_of, player.places))
    return frozenset(found)
