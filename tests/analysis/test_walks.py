"""Walks are arrays of playthroughs, and the way there leads back."""

from __future__ import annotations

import numpy as np
import pytest

from gamebook_lab.analysis.play_graph import play_graph
from gamebook_lab.analysis.walks import Walks, playthroughs, walks_of
from gamebook_lab.engine.exploration import play
from gamebook_lab.errors import PlayError
from tests.analysis.stories import space_of, to


def diamond():
    return space_of({"Start": to("Left", "Right"), "Left": to("End"), "Right": to("End"), "End": to()})


def all_edges(space):
    graph = play_graph(space)
    first = graph.indptr[0]
    return Walks.of(graph, [(0, [first, graph.indptr[1]]), (0, [first + 1, graph.indptr[2]]), (0, [first]), (0, [])])


def test_walks__nodes_passages_and_choices():
    walks = all_edges(diamond())
    assert [walks.passages(at) for at in range(4)] == [
        ["Start", "Left", "End"], ["Start", "Right", "End"], ["Start", "Left"], ["Start"],
    ]  # fmt: skip
    assert walks.n_choices.tolist() == [2, 2, 1, 0]
    assert walks.is_complete.tolist() == [True, True, False, False]
    offsets, nodes = walks.nodes()
    assert nodes[offsets[:-1]].tolist() == [0, 0, 0, 0]
    assert nodes[offsets[1:] - 1].tolist() == walks.last.tolist()
    assert walks.walk.tolist() == [0, 0, 1, 1, 2]


def test_take__keeps_order_asked_for():
    walks = all_edges(diamond())
    assert [walks.take(np.array([1, 3, 0])).passages(at)[-1] for at in range(3)] == ["End", "Start", "End"]
    assert len(walks.take(walks.is_complete)) == 2


def test_playthroughs__replay_and_lead_back():
    space = diamond()
    walks = all_edges(space)
    ways = list(playthroughs(space, walks))
    assert [play(space.story, way).places[-1] for way in ways[:2]] == ["End", "End"]
    back = walks_of(space, ways)
    assert back.edges.tolist() == walks.edges.tolist()
    assert back.start.tolist() == walks.start.tolist()


def test_walks_of__another_storys_playthrough_is_refused():
    other = space_of({"Start": to("Left", "Right", "Third"), "Left": to(), "Right": to(), "Third": to()})
    way = other.witness(3)
    with pytest.raises(PlayError, match="step 1"):
        walks_of(diamond(), [way])
