"""From a graph and what is asked for to the sequence of paths: where filters become parts of the graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypedDict

import numpy as np

from gamebook_lab.analysis.cut import Asked, Cut, cut_down
from gamebook_lab.analysis.numbering import Counted, Numbering
from gamebook_lab.analysis.paths import Paths
from gamebook_lab.analysis.play_graph import STOPS, PlayGraph, play_graph
from gamebook_lab.analysis.searched import Searched
from gamebook_lab.analysis.walks import walks_of
from gamebook_lab.engine.limits import n_bytes
from gamebook_lab.engine.playthrough import Playthrough
from gamebook_lab.engine.space import Space
from gamebook_lab.engine.stops import Stop
from gamebook_lab.errors import SettingsError, UnknownPassageError
from gamebook_lab.kernels.accelerate import Flags
from gamebook_lab.kernels.components import components, cyclic
from gamebook_lab.kernels.counts import CircleError

__all__ = ["Asks", "Filters", "Names", "numbering_of", "space_paths"]

Names = str | Iterable[str]
_MOST_NAMED: Final = 4
_SEARCH_STEPS: Final = 2_000_000_000


class Asks(TypedDict, total=False):
    """Keyword arguments that :class:`Filters` takes."""

    ending: Names | None
    stop: Names | None
    through: Names
    avoiding: Names
    max_choices: int | None
    simple: bool
    search_steps: int
    memory: str | int


@dataclass(frozen=True)
class Filters:
    """Which playthroughs. All that is given must hold.

    Parameters
    ----------
    ending
        Play stops in this passage, or in one of these.
    stop
        How play stops, or several: *ending* (by design), *dead end*, *stuck*, *missing passage*, *endless*. All without.
    through
        The reader comes through this passage, or through all of these, in any order; at most 12.
    avoiding
        The reader comes through none of these.
    max_choices
        The reader chooses at most so often. What the story does by itself is no choice.
    simple
        Nothing is met twice: no state of the story.
    search_steps
        How long is searched for simple ones where play can go round in circles, in edges tried; 2 billion take some
        20 seconds.
    memory
        Most memory for what is counted, such as ``"2GB"``.
    """

    ending: Names | None = None
    stop: Names | None = None
    through: Names = ()
    avoiding: Names = ()
    max_choices: int | None = None
    simple: bool = False
    search_steps: int = _SEARCH_STEPS
    memory: str | int = "2GB"

    def __post_init__(self) -> None:
        if self.max_choices is not None and self.max_choices < 0:
            raise ValueError(f"max_choices is {self.max_choices}: expected a number from 0 up")


def space_paths(space: Space, filters: Filters) -> Paths[Playthrough]:
    """Make the sequence of a story's playthroughs; see :meth:`~gamebook_lab.analysis.explored.Explored.paths`."""
    graph = play_graph(space)

    def passed(passage: int) -> tuple[Flags, Flags]:
        nodes, edges = _passed(graph, passage)
        name = graph.passages[passage]
        of_way = np.array([name in way.branch.passages for way in space.ways], np.bool_)
        edges[: space.n_edges] |= of_way[space.edge_way()] if of_way.size else False
        return nodes, edges

    def found(way: Playthrough) -> tuple[int, list[int]]:
        walks = walks_of(space, [way])
        return int(walks.start[0]), walks.edges.tolist()

    numbering = numbering_of(graph, filters, passed)
    title = space.story.metadata.title or "untitled"
    return Paths(graph, numbering, space.playthrough, found, title, space.is_exact, range(numbering.count))


def numbering_of(
    graph: PlayGraph, filters: Filters, passed: Callable[[int], tuple[Flags, Flags]] | None = None
) -> Numbering:
    """Cut a graph down to what is asked for, and number its ways.

    Parameters
    ----------
    passed
        Nodes and edges where the reader comes through a passage; by default where a node stands for it.

    Raises
    ------
    CircleError
        If there is no end to the ways.
    UnknownPassageError
        If the story has no such passage.
    """
    passed = passed or (lambda passage: _passed(graph, passage))
    good = graph.ends & (graph.stop != Stop.UNKNOWN)
    if filters.ending is not None:
        good &= np.isin(graph.passage, list(_rows(graph, filters.ending)))
    if filters.stop is not None:
        good &= np.isin(graph.stop, list(_stops(filters.stop)))
    avoided = [passed(row) for row in _rows(graph, filters.avoiding)]
    asked = Asked(
        graph.ends,
        good,
        tuple(passed(row) for row in _rows(graph, filters.through)),
        (np.logical_or.reduce([nodes for nodes, _ in avoided]), np.logical_or.reduce([edges for _, edges in avoided]))
        if avoided
        else None,
        filters.max_choices,
        n_bytes(filters.memory),
    )
    arrays = (graph.indptr, graph.indices, graph.clicks, graph.starts)
    cut = cut_down(*arrays, asked)
    if filters.simple and _may_return(graph, cut):
        return Searched(cut, filters.search_steps)
    if cut.on_circles.size:
        raise CircleError(_endless(graph, cut, filters))
    return Counted(cut, asked.most_bytes)


def _may_return(graph: PlayGraph, cut: Cut) -> bool:
    """Tell whether a way may come to a node of the graph twice."""
    is_there = np.zeros(graph.indices.size, np.bool_)
    is_there[cut.edge] = True
    indices = np.where(is_there, graph.indices, np.int32(-1))
    return bool(cyclic(graph.indptr, indices, *components(graph.indptr, indices)).any())


def _passed(graph: PlayGraph, passage: int) -> tuple[Flags, Flags]:
    nodes = (graph.arrival == passage) | (graph.passage == passage)
    at, passages, sure = graph.passes
    nodes[at[(passages == passage) & sure]] = True
    return nodes, np.zeros(graph.indices.size, np.bool_)


def _each(names: Names) -> Iterator[str]:
    return iter([names] if isinstance(names, str) else names)


def _rows(graph: PlayGraph, names: Names) -> Iterator[int]:
    for name in _each(names):
        if name not in graph.passages:
            raise UnknownPassageError(f"the story has no passage {name!r}")
        yield graph.passages.index(name)


def _stops(names: Names) -> Iterator[int]:
    numbers = {name: int(stop) for stop, name in STOPS.items()}
    for name in _each(names):
        if name not in numbers:
            raise SettingsError(f"expected a kind of stop, one of {', '.join(numbers)}; not {name!r}")
        yield numbers[name]


def _endless(graph: PlayGraph, cut: Cut, filters: Filters) -> str:
    names = list(dict.fromkeys(graph.passages[graph.passage[node]] for node in cut.on_circles.tolist()))
    where = ", ".join(map(repr, names[:_MOST_NAMED])) + (" and others" if len(names) > _MOST_NAMED else "")
    if filters.max_choices is not None:
        return (
            f"The story can go round in circles by itself, without a choice (in {where}), so there is no end to the paths:"
            " give simple=True for those that come to nothing twice."
        )
    return (
        f"Play can go round in circles (in {where}), so there is no end to the paths: give max_choices= for those with at"
        " most so many choices, or simple=True for those that come to nothing twice."
    )
