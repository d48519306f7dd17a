"""A story with all that a reader can come to, and every answer about it as a table.

>>> import gamebook_lab as gb                                    # doctest: +SKIP
>>> space = gb.explore(gb.read_story("lighthouse.twee"))         # doctest: +SKIP
>>> space.is_exact, space.n_states                               # doctest: +SKIP
>>> space.passages(), space.choices(), space.endings()           # doctest: +SKIP
>>> gb.play(space.story, space.way_to("Rescue"))                 # doctest: +SKIP
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Unpack

import pandas as pd

from gamebook_lab.analysis.play_graph import PlayGraph, graph_read_by, play_graph
from gamebook_lab.analysis.reader_model import UNIFORM, ReaderModel
from gamebook_lab.engine import exploration
from gamebook_lab.engine.space import Space
from gamebook_lab.errors import UnknownPassageError
from gamebook_lab.story import schema

if TYPE_CHECKING:
    from gamebook_lab.analysis.coverage import Ways
    from gamebook_lab.analysis.levels import LevelName
    from gamebook_lab.analysis.path_filters import Asks
    from gamebook_lab.analysis.paths import Paths
    from gamebook_lab.analysis.suites import Suite
    from gamebook_lab.analysis.walks import Walks
    from gamebook_lab.engine.limits import Progress
    from gamebook_lab.engine.playthrough import Playthrough
    from gamebook_lab.story.play import Detail
    from gamebook_lab.story.story import Story

__all__ = ["TABLES", "UNMODELLED", "Explored", "explore"]

TABLES: Final = (
    "passages", "choices", "endings", "lengths", "bottlenecks", "points_of_no_return", "loops", "variable_values", "unmodelled",
)  # fmt: skip
"""Methods of :class:`Explored` that give a table; ``texts`` is one more if texts were kept."""

UNMODELLED: Final = (
    schema.Column("passage_id", "str", "passage in whose text it stands"),
    schema.Column("start", "int64", "where it begins in that text", "characters"),
    schema.Column("stop", "int64", "where it ends in that text", "characters"),
    schema.Column("what", "str", "construct, or value, that is not modelled"),
    schema.Column("decides", "bool", "it may decide what is offered or where it leads: both ways were taken"),
)
"""Columns of :meth:`Explored.unmodelled`."""


@dataclass(frozen=True, eq=False, repr=False)
class Explored(Space):
    """A state graph with its answers as tables. Each is worked out when it is first asked for.

    Verdicts are *reachable*, *unreachable* and *unknown*; ``is_exact`` says whether anything was left open.
    """

    reader: ReaderModel = UNIFORM
    """Whose probabilities the tables give."""

    @cached_property
    def _graph(self) -> PlayGraph:
        return play_graph(self)

    def with_reader(self, reader: ReaderModel) -> Explored:
        """Have the same space read by others: probabilities, expected lengths and visits are then theirs.

        What can be reached does not change, and nothing is explored again.

        Raises
        ------
        UnknownChoiceError
            If the model has a weight for a choice that the story does not have.
        """
        other = replace(self, reader=reader)
        graph_read_by(self, other, reader)
        return other

    def passages(self) -> pd.DataFrame:
        """Say of each passage whether and how soon a reader can come to it, and how often one does."""
        from gamebook_lab.analysis.verdicts import passage_verdicts

        return passage_verdicts(self._graph)

    def choices(self) -> pd.DataFrame:
        """Say of each choice whether it can be taken, and what difference it makes (``class_``)."""
        from gamebook_lab.analysis.bottlenecks import OFFER_NAMES
        from gamebook_lab.analysis.choice_classes import choice_classes
        from gamebook_lab.analysis.verdicts import choice_verdicts

        classes, verdicts = choice_classes(self), choice_verdicts(self._graph)
        of_offer = [name for name in verdicts.columns if name not in OFFER_NAMES and name not in classes.columns]
        found = classes.join(verdicts[of_offer])  # rows of verdicts are the first of classes, in the same order
        verdict = {"never available": "unreachable", "reveals": "reachable", "unknown": "unknown"}
        found["verdict"] = found["verdict"].fillna(found["class_"].map(verdict))
        return found.fillna({"is_luck_only": False, "n_soft_locked": 0, "expected_visits": 0.0})

    def endings(self) -> pd.DataFrame:
        """Find where play stops: verdict, probability for its :attr:`reader`, number of playthroughs."""
        from gamebook_lab.analysis.endings import ending_probabilities
        from gamebook_lab.analysis.verdicts import ending_verdicts

        verdicts = ending_verdicts(self._graph)
        own = ["passage_id", "stop", "verdict", "shortest", "state", "is_luck_only"]
        return ending_probabilities(self._graph).merge(verdicts[own], on=["passage_id", "stop"], how="left")

    def problems(self) -> pd.DataFrame:
        """List the story's problems with those that only show when conditions count (GB601 to GB605), worst first.

        Columns as those of ``story.problems()``. If the space is not complete, just passages that never end are added.
        """
        from gamebook_lab.analysis.problems import space_problems
        from gamebook_lab.story.problems import worst_first

        return worst_first(self.story.problems(), space_problems(self))

    def lengths(self) -> pd.DataFrame:
        """Find the shortest, longest and expected length of playthroughs, in choices and words."""
        from gamebook_lab.analysis.lengths import playthrough_lengths

        return playthrough_lengths(self._graph)

    def bottlenecks(self) -> pd.DataFrame:
        """Find what every reader must pass."""
        from gamebook_lab.analysis.bottlenecks import bottlenecks

        return bottlenecks(self._graph)

    def points_of_no_return(self) -> pd.DataFrame:
        """Find choices after which some ending is out of reach."""
        from gamebook_lab.analysis.bottlenecks import points_of_no_return

        return points_of_no_return(self._graph)

    def loops(self) -> pd.DataFrame:
        """Find circles with no way out."""
        from gamebook_lab.analysis.loops import endless_loops

        return endless_loops(self._graph)

    def paths(self, **filters: Unpack[Asks]) -> Paths[Playthrough]:
        """Make the sequence of all complete playthroughs: counted and numbered, none of them held.

        Parameters
        ----------
        **filters
            ``ending``, ``stop``, ``through``, ``avoiding``, ``max_choices``, ``simple``, ``search_steps``, ``memory``: see
            :class:`~gamebook_lab.analysis.path_filters.Filters`.

        Returns
        -------
        Paths
            ``paths.count``, ``paths[k]``, ``paths.rank(way)``, ``paths.sample(n)``, ``paths.to_parquet(folder)`` ...

        Raises
        ------
        CircleError
            If play can go round in circles, and neither ``max_choices`` nor ``simple`` is given.
        UnknownPassageError
            If the story has no passage of a name that is given.
        """
        from gamebook_lab.analysis.path_filters import Filters, space_paths

        return space_paths(self, Filters(**filters))

    def simulate(self, n: int, seed: int = 0) -> Walks:
        """Let readers of the reader model play to the end, also where play can go round in circles.

        :meth:`Paths.simulate <gamebook_lab.analysis.paths.Paths.simulate>` is for those whose playthrough fits a filter.

        Parameters
        ----------
        n
            How many readers. One who has not come to an end after 10,000 steps is broken off there.
        seed
            The same seed gives the same readers, on any number of threads.
        """
        from gamebook_lab.analysis.readers_of_paths import readers

        return readers(self._graph, n, seed)

    def variable_values(self) -> pd.DataFrame:
        """List the values that each variable can have on arriving at each passage, as far as it still matters there."""
        from gamebook_lab.analysis.values import variable_values

        return variable_values(self)

    def texts(self) -> pd.DataFrame:
        """Say of each variant of a passage's text whether it can be seen; only with ``detail="text"``."""
        from gamebook_lab.analysis.texts import text_variants

        return text_variants(self)

    def unmodelled(self) -> pd.DataFrame:
        """List what keeps the answers from being exact: constructs not modelled that play came upon, each once."""
        rows = [(each.place.passage, *each.place.span, each.what, each.decides) for each in self.unclear]
        columns = list(zip(*rows, strict=True)) or [()] * len(UNMODELLED)
        return schema.build(UNMODELLED, {column.name: list(c) for column, c in zip(UNMODELLED, columns, strict=True)})

    def coverage(self, ways: Ways) -> pd.DataFrame:
        """Measure how much some playthroughs cover: see :func:`~gamebook_lab.analysis.coverage.coverage`."""
        from gamebook_lab.analysis.coverage import coverage

        return coverage(self, ways)

    def missed(self, ways: Ways) -> pd.DataFrame:
        """List what a reader can meet and some playthroughs don't, each with what is clicked on a shortest way there.

        Rows are those of :func:`~gamebook_lab.analysis.coverage.covered`, the nearest first.
        """
        from gamebook_lab.analysis.coverage import covered

        found = covered(self, ways, with_ways=True)
        missed = found[~found["is_covered"] & found["shortest"].notna()]
        return missed.sort_values("shortest", kind="stable").reset_index(drop=True)

    def test_suite(self, level: LevelName | Sequence[LevelName] = "choice", **options: Any) -> Suite:
        """Find few playthroughs that cover all that can be covered: see :func:`~gamebook_lab.analysis.suites.find_suite`."""
        from gamebook_lab.analysis.suites import find_suite

        return find_suite(self, level, **options)

    def playthroughs(self, ways: Ways) -> pd.DataFrame:
        """Measure single playthroughs: see :func:`~gamebook_lab.analysis.playthrough_table.playthrough_table`."""
        from gamebook_lab.analysis.playthrough_table import playthrough_table

        return playthrough_table(self, ways)

    def length_distribution(self, longest: int | None = None) -> pd.DataFrame:
        """Count playthroughs by their length, and say how likely each length is."""
        from gamebook_lab.analysis.length_distribution import length_distribution

        return length_distribution(self._graph, longest)

    def similarity(self, ways: Ways, by: LevelName = "choice") -> pd.DataFrame:
        """Compare playthroughs with each other: see :func:`~gamebook_lab.analysis.similarity.similarity`."""
        from gamebook_lab.analysis.similarity import similarity

        return similarity(self, ways, by)

    def branching(self) -> pd.DataFrame:
        """Say of each passage how much branches and comes together there."""
        from gamebook_lab.analysis.structure import branching

        return branching(self)

    def features(self) -> pd.DataFrame:
        """Measure the shape of the story: see :data:`~gamebook_lab.analysis.structure.FEATURES`."""
        from gamebook_lab.analysis.structure import features

        return features(self)

    def patterns(self) -> pd.DataFrame:
        """Say how well the story fits Ashwell's patterns: see :data:`~gamebook_lab.analysis.structure.PATTERNS`."""
        from gamebook_lab.analysis.structure import patterns

        return patterns(self)

    def way_to(self, passage: str) -> Playthrough:
        """Find a shortest playthrough to a passage; ``gb.play`` replays and checks it.

        Where it is drawn on arriving whether the passage is shown, the way takes one step more, which tells that it was.

        Raises
        ------
        UnknownPassageError
            If the story has no such passage, or no way there was found: the message says which.
        """
        self.story.key(passage)
        table = self.passages()
        found = table.loc[table["passage_id"] == passage, ["verdict", "state"]]
        if not len(found) or pd.isna(found["state"].iloc[0]):
            verdict = found["verdict"].iloc[0] if len(found) else "not a passage to be read"
            raise UnknownPassageError(f"no way leads to {passage!r}: it is {verdict}")
        state = int(found["state"].iloc[0])
        return self.witness(state, edge=self._edge_past(state, passage))

    def _edge_past(self, state: int, passage: str) -> int | None:
        """Where chance, or what nobody knows, decides on arriving whether a passage is shown: the next edge after it was."""
        situation = int(self.situation[state])
        branches = self.explorer.table.situations[situation].branches if situation >= 0 else ()
        if all(passage in branch.passages for branch in branches):
            return None
        edges = range(int(self.indptr[state]), int(self.indptr[state + 1]))
        return next((each for each in edges if passage in self.ways[self._way_of_edge[each]].branch.passages), None)


def explore(
    story: Story,
    *,
    detail: Detail = "choices",
    memory: str | int = "2GB",
    max_states: int | None = None,
    seconds: float | None = None,
    threads: int | None = None,
    progress: Callable[[Progress], object] | None = None,
    stop: threading.Event | None = None,
) -> Explored:
    """Find everything that a reader can come to, exactly, with a witness for each "yes".

    Parameters
    ----------
    story
        What to explore.
    detail
        ``choices`` keeps what can be chosen and where it leads; ``text`` every variant of what is shown as well.
    memory
        Most memory that the states may take, such as ``"2GB"``.
    max_states, seconds
        Further limits, if any. At any limit the answers are partial and say so.
    threads
        How many work at once; as many as there are processors by default. The answers are the same.
    progress
        Called now and then with how far it is.
    stop
        Set it from anywhere to stop early.

    Returns
    -------
    Explored
        The state graph and its tables.

    Raises
    ------
    ValueError
        If a limit makes no sense.
    """
    space = exploration.explore(
        story, detail=detail, memory=memory, max_states=max_states, seconds=seconds, threads=threads,
        progress=progress, stop=stop,
    )  # fmt: skip
    return Explored(*(getattr(space, field.name) for field in fields(Space)))
