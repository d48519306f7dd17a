"""From a story to its state graph: plans an exploration, and begins again where it went where nobody foresaw."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

import numpy as np

from gamebook_lab.engine.cache import Known, expected_widths, keep_widths, known_at
from gamebook_lab.engine.explorer import Explorer, Plan, UnforeseenError
from gamebook_lab.engine.limits import LimitReachedError, Limits, Progress, n_bytes, never_mind
from gamebook_lab.engine.playthrough import Played, Playthrough, replay
from gamebook_lab.engine.relevance import Relevance, relevance
from gamebook_lab.engine.retracing import Retraced, retrace
from gamebook_lab.engine.situations import Branch
from gamebook_lab.engine.space import Space
from gamebook_lab.engine.stops import Stop
from gamebook_lab.kernels.explore import count_edges
from gamebook_lab.story.bulk import unscanned
from gamebook_lab.story.checks.ends import check_ends
from gamebook_lab.story.checks.facts import Facts
from gamebook_lab.story.play import Assuming, Detail, Page, Player, Preparing
from gamebook_lab.story.program import ChoiceKind
from gamebook_lab.story.story import Story

__all__ = ["explore", "play", "retrace_all"]

_MOST_RESTARTS: Final = 12
"""Explorations that are begun again for a move not foreseen; after that, any passage may follow those that surprised."""
_MOST_FORESEEN: Final = 1 << 8
"""Values that a variable's field has room for before any is met, at most."""
_READ_AT_ONCE: Final = 1_000
_LEAVES: Final = frozenset({ChoiceKind.UNDO, ChoiceKind.RESTART, ChoiceKind.LOAD, ChoiceKind.EXTERNAL})


def explore(
    story: Story,
    *,
    detail: Detail = "choices",
    memory: str | int = "2GB",
    max_states: int | None = None,
    seconds: float | None = None,
    threads: int | None = None,
    reduce: bool = True,
    progress: Callable[[Progress], object] | None = None,
    stop: threading.Event | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Space:
    """Find every state that a reader can come to.

    Parameters
    ----------
    story
        What to explore.
    detail
        ``choices`` keeps what can be chosen and where it leads; ``text`` every variant of what is shown as well.
    memory
        Most memory that the states may take, such as ``"2GB"``.
    max_states, seconds
        Further limits, if any. At any limit the result is partial and says so.
    threads
        How many work at once; as many as there are processors by default. The result is the same.
    reduce
        False keeps variables that nothing depends on any more, to test against.
    progress
        Called now and then with how far it is.
    stop
        Set it from anywhere to stop early.
    clock
        What ``seconds`` are counted by: ``time.process_time`` counts those of the processor, for a process that may have to wait.

    Returns
    -------
    Space
        The state graph; ``is_exact`` and ``limit`` say how sure it is.

    Raises
    ------
    ValueError
        If a limit makes no sense.
    """
    if detail not in {"choices", "text"}:
        raise ValueError(f"detail is 'choices' or 'text', not {detail!r}")
    if threads is not None and threads < 1:
        raise ValueError(f"threads is a number from 1 on, not {threads!r}")
    limits = Limits(n_bytes(memory), max_states, seconds, stop, clock)
    inputs = _Inputs(story, detail, reduce, limits.check_stop)
    try:
        return _explored(inputs, limits, progress, threads or len(os.sched_getaffinity(0)))
    except LimitReachedError as reached:
        return _nothing_yet(inputs, limits, str(reached))


def _explored(inputs: _Inputs, limits: Limits, progress: Callable[[Progress], object] | None, threads: int) -> Space:
    """Explore, again and again while moves are not foreseen.

    Raises
    ------
    LimitReachedError
        If it is stopped before there are states.
    """
    inputs.read()
    follows: dict[str, frozenset[str]] | None = dict(inputs.follows) if inputs.reduce else None
    for n_restarts in range(2 * _MOST_RESTARTS):
        explorer = Explorer(inputs.plan(follows), limits, progress, threads)
        try:
            explorer.run()
        except UnforeseenError as error:
            assert follows is not None
            for passage, to in error.moves:
                foreseen = inputs.names if n_restarts >= _MOST_RESTARTS else {to}
                follows[passage] = follows.get(passage, frozenset()) | foreseen
        else:
            if explorer.limit == "memory" and expected_widths(inputs.lineage):
                # fields as wide as an earlier version's fill the memory sooner or later than this story's own: what is
                # partial must not depend on what was explored before
                keep_widths(inputs.lineage, {})
                continue
            if explorer.limit is None:
                keep_widths(inputs.lineage, explorer.fields.needed(len(explorer.table.locations)))
            return _space(inputs.story, inputs.relevance, explorer)
    explorer = Explorer(inputs.plan(None), limits, progress, threads)
    explorer.run()
    return _space(inputs.story, inputs.relevance, explorer)


def play(story: Story, playthrough: Playthrough) -> Played:
    """Play a playthrough back, with the values of all variables that matter, and check every step.

    Raises
    ------
    PlayError
        If the story does not offer what it takes.
    TypeError
        If it is no playthrough.
    """
    if not hasattr(playthrough, "steps"):
        what = type(playthrough).__name__
        raise TypeError(f"expected a Playthrough, such as a row's `witness`, paths[0] or suite[0], not a {what}")
    inputs = _Inputs(story, playthrough.detail, reduce=True)
    return replay(inputs.player, inputs.names, inputs.relevance, playthrough)


def retrace_all(story: Story, playthroughs: Iterable[Playthrough]) -> Iterator[Retraced]:
    """Play playthroughs of another version of the story, each as far as it goes; nothing raises."""
    inputs: dict[Detail, _Inputs] = {}
    for way in playthroughs:
        known = inputs.setdefault(way.detail, _Inputs(story, way.detail, reduce=True))
        yield retrace(known.player, known.names, known.relevance, way, known.judge)


class _Inputs:
    """What is worked out once for a story, however often exploration begins.

    For a long one this takes seconds: ``go_on`` is called all the while, and what it raises ends it. Texts that were read
    by then are remembered. No other limit ends it: whoever tries again, with more time, is to find it done.
    """

    def __init__(self, story: Story, detail: Detail, reduce: bool, go_on: Callable[[], object] = never_mind) -> None:
        self.story, self.detail, self.reduce, self._go_on = story, detail, reduce, go_on
        self.player: Player = story.language.player(story)
        self.names = frozenset(story.keys_by_name)
        self._assumes = self.player.assumes if isinstance(self.player, Assuming) else None

    def read(self) -> None:
        """Read every text, for its program and to be played: soon after one another, so that what both need is remembered."""
        keys, names = (column.tolist() for column in (self.story.table.index, self.story.table["passage_id"]))
        if isinstance(self.player, Preparing):
            self.player.prepare(self._go_on)
        for at, name in enumerate(unscanned(names)):
            if at % _READ_AT_ONCE == 0:
                self.story.parse(keys[at : at + _READ_AT_ONCE], go_on=self._go_on)
            self._go_on()
            self.player.sources(name)

    @cached_property
    def relevance(self) -> Relevance:
        return relevance(self.player, sorted(self.names), self.detail, reduce=self.reduce, go_on=self._go_on)

    @cached_property
    def follows(self) -> Mapping[str, frozenset[str]]:
        """For each passage those that its text, or what it shows, names."""
        table = self.story.table
        named: dict[str, set[str]] = {name: set() for name in self.names}
        for key, name in zip(table.index.tolist(), table["passage_id"].tolist(), strict=True):
            program = self.story.programs[key]
            named[name].update(each.name for each in program.references if each.is_required or each.may_lead)
            named[name].update(program.possible_names)
        found: dict[str, frozenset[str]] = {}
        for name in self.names:
            self._go_on()
            shown = self.player.sources(name) | {name}
            found[name] = frozenset().union(*(named.get(each, ()) for each in shown)) & self.names
        return found

    def plan(self, follows: Mapping[str, frozenset[str]] | None) -> Plan:
        what = self.relevance
        everything = (1 << len(what.variables)) - 1
        always = dict.fromkeys(self.names, everything)
        return Plan(
            player=self.player,
            names=self.names,
            detail=self.detail,
            matters=what.matters,
            variables=what.variables,
            live=(always, always) if follows is None else what.live(follows, self._go_on),
            follows=follows,
            known=self._known,
            judge=self.judge,
            widths={**self._foreseen, **expected_widths(self.lineage)},
        )

    @cached_property
    def _foreseen(self) -> Mapping[str, int]:
        """How wide each field is likely to get: a variable has as many values as there are expressions that it is set to."""
        given: dict[str, set[str]] = {}
        for program in self.story.programs.values():
            for access in program.accesses:
                if access.value is not None and not access.is_temporary:
                    given.setdefault(access.variable, set()).add(access.value)
        places = {"": max(1, (len(self.names) - 1).bit_length())}
        # two more numbers are for unknown and unset
        return places | {
            name: (min(max(1, len(given.get(name, ()))), _MOST_FORESEEN) + 1).bit_length()
            for name in self.relevance.variables
        }

    # ---- what is remembered

    @property
    def lineage(self) -> Hashable:
        """What a story and its edited versions have in common."""
        metadata = self.story.metadata
        return self.story.language.name, metadata.ifid, metadata.title, self.detail, self.reduce

    @cached_property
    def _digests(self) -> Mapping[str, bytes]:
        found: dict[str, bytes] = {}
        columns = (self.story.table[name].tolist() for name in ("passage_id", "tags", "text"))
        for name, tags, text in zip(*columns, strict=True):
            if name not in found:
                said = "\0".join((name, *tags, "", text)).encode("utf-8", "surrogatepass")
                found[name] = hashlib.sha256(said).digest()
        return found

    def _known(self, place: str | Page) -> Known:
        """What is known of a location from before, whatever the story was."""
        passage = place.passage if isinstance(place, Page) else place
        said = hashlib.sha256()
        # what may do anything may set any variable and lead anywhere: it rests on the whole story
        is_wild = self.player.summary(passage).reads_all
        for name in self._digests if is_wild else sorted(self.player.sources(passage) | {passage}):
            said.update(self._digests.get(name, b"missing"))
        assumed = self._assumes(passage, self.detail) if self._assumes is not None else None
        key: Hashable = (self.story.language.name, self.detail, place, said.digest(), assumed)
        return known_at(key, self.relevance.matters)

    # ---- where reading stops

    @cached_property
    def _stops(self) -> tuple[frozenset[str], frozenset[str]]:
        """Dead ends, and passages whose text has ways on."""
        facts = Facts(self.story)
        dead = (problem.key for problem in check_ends(facts) if problem.code == "GB105" and problem.key is not None)
        going_on = (row.name for row in facts.rows if facts.ways(row))
        return frozenset(map(self.story.name, dead)), frozenset(going_on)

    def judge(self, branch: Branch) -> Stop:
        """Tell how play stops where nothing leads on."""
        if branch.is_endless:
            return Stop.ENDLESS
        if any(click.offer.kind in _LEAVES for click in branch.others):
            return Stop.ENDING
        dead, going_on = self._stops
        passage = branch.passages[-1]
        return Stop.DEAD_END if passage in dead else Stop.STUCK if passage in going_on else Stop.ENDING


def _nothing_yet(inputs: _Inputs, limits: Limits, limit: str) -> Space:
    """A space of no states: it was stopped while the story's text was still being read."""
    what = Relevance((), inputs.detail, inputs.reduce, {}, frozenset())
    plan = Plan(
        player=inputs.player, names=frozenset(), detail=inputs.detail, matters=what.matters, variables=(),
        live=({}, {}), follows={}, known=_nothing_known, judge=lambda _: Stop.UNKNOWN, widths={},
    )  # fmt: skip
    explorer = Explorer(plan, limits, None, 1)
    explorer.limit = limit
    explorer.states.close()
    return _space(inputs.story, what, explorer)


def _nothing_known(place: str | Page) -> Known:
    raise LookupError(f"nothing is known of {place!r}")


def _space(story: Story, what: Relevance, explorer: Explorer) -> Space:
    states, table = explorer.states, explorer.table
    indptr = np.empty(states.n + 1, np.int64)
    count_edges(states.situation[: states.n], table.n_ways(), indptr)
    chances: dict[int, float] = {}
    ways = [way for way in explorer.starts if way.to in explorer.plan.names]
    for way, state in zip(ways, explorer.initial, strict=True):
        chances[state] = chances.get(state, 0.0) + (float(way.weight) if way.is_known else np.nan)
    return Space(
        story, what, explorer, states.n,
        np.array(list(chances), np.int32), np.array(list(chances.values()), np.float64),
        states.target[: states.n_edges], indptr,
    )  # fmt: skip
