"""One session on the state graph: step by step as far as it can have happened, then the likeliest states of it all.

The steps are a tree: where a reader goes back, what comes next goes on from an earlier step. States are chosen for the whole tree at
once (max-product, as Viterbi's algorithm does for a chain), so what comes later settles what was hidden before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gamebook_lab.analysis.following import Follower, Move

__all__ = ["Solved", "Steps", "follow", "solve"]


@dataclass(slots=True)
class Steps:
    """One session, step by step, as far as it can have happened."""

    sets: list[int]
    """Of each step: the set of states."""
    parent: list[int]
    """Of each step: the one that it goes on from; -1: a beginning."""
    moves: list[Move | None]
    """Of each step: how; None: a beginning, or back to an earlier step."""
    same: list[int]
    """Of each step: the earlier one that the reader went back to, itself otherwise."""
    n_back: int
    failed: int | None


def follow(
    follower: Follower, passages: list[int], choices: list[str | None], events: list[str], resumed: bool
) -> Steps:
    """Follow one session as far as it can have happened.

    Parameters
    ----------
    follower
        Follows it.
    passages
        Row of each step's passage; -1: the story has none of this name.
    choices
        What was chosen at each step, as the log names it; None: not logged.
    events
        ``visit``, ``back`` or ``restart``.
    resumed
        The first step may be anywhere.
    """
    done = Steps([], [], [], [], 0, None)
    way: list[int] = []
    for at, (passage, event) in enumerate(zip(passages, events, strict=True)):
        move: Move | None = None
        if passage >= 0 and way and event == "visit":
            move = follower.move(done.sets[way[-1]], passage, choices[way[-1]])
        if move is not None and move.to:
            _append(done, move.to, way[-1], move, at)
        elif (earlier := _earlier(passages, way, passage)) is not None and event != "restart":
            # it cannot follow, and the reader was there just before: taken back
            del way[earlier + 1 :]
            done.n_back += 1
            same = done.same[way.pop()]
            _append(done, done.sets[same], done.parent[same], None, same)
        elif passage >= 0 and (
            begun := follower.start(passage) or (follower.anywhere(passage) if resumed and not way else 0)
        ):
            done.n_back += bool(way)
            way = []
            _append(done, begun, -1, None, at)
        else:
            done.failed = at
            return done
        way.append(at)
    return done


def _append(done: Steps, number: int, parent: int, move: Move | None, same: int) -> None:
    done.sets.append(number)
    done.parent.append(parent)
    done.moves.append(move)
    done.same.append(same)


def _earlier(passages: list[int], way: list[int], passage: int) -> int | None:
    """Place on the way so far of the last step at a passage, before the newest."""
    return next((at for at in range(len(way) - 2, -1, -1) if passages[way[at]] == passage), None)


@dataclass(slots=True)
class Solved:
    """The likeliest states of one session: of each step its node and the edges that led there."""

    nodes: list[int]
    edges: list[tuple[int, ...]]
    parent: list[int]
    same: list[int]
    n_fits: float
    """Ways that fit what was logged."""

    def walk(self) -> tuple[int, list[int]]:
        """The way as it stood at the end: its first node and its edges."""
        if not self.nodes:
            return 0, []
        steps, at = [], self.same[len(self.nodes) - 1]
        while at >= 0:
            steps.append(at)
            at = self.same[self.parent[at]] if self.parent[at] >= 0 else -1
        steps.reverse()
        return self.nodes[steps[0]], [edge for step in steps for edge in self.edges[step]]


def solve(follower: Follower, done: Steps) -> Solved:
    """Choose the likeliest states: the steps are a tree, whose branches are what the reader took back."""
    n = len(done.sets)
    is_certain = all(
        (move.is_certain if move is not None else len(follower.sets[done.sets[at]]) == 1)
        for at, move in enumerate(done.moves)
        if done.same[at] == at
    )
    if is_certain:
        alone = [follower.sets[number][0] for number in done.sets]
        taken = [move.links[0][0].edges if move is not None else () for move in done.moves]
        return Solved(alone, taken, done.parent, done.same, 1.0)
    score = [np.zeros(len(follower.sets[number])) for number in done.sets]
    fits = [np.ones(len(follower.sets[number])) for number in done.sets]
    for at in range(n - 1, 0, -1):
        move = done.moves[at]
        if move is not None:
            parent = done.same[done.parent[at]]
            best = np.full(len(score[parent]), -np.inf)
            ways = np.zeros(len(score[parent]))
            for state, links in enumerate(move.links):
                for link in links:
                    best[link.origin] = max(best[link.origin], link.log_probability + score[at][state])
                    ways[link.origin] += fits[at][state]
            score[parent] += best
            fits[parent] *= ways
    nodes: list[int] = []
    edges: list[tuple[int, ...]] = []
    chosen: list[int] = []
    n_fits = 1.0
    for at in range(n):
        move = done.moves[at]
        way: tuple[int, ...] = ()
        if done.same[at] != at:
            state = chosen[done.same[at]]
        elif move is None:
            state = int(score[at].argmax())
            n_fits *= float(fits[at].sum())
        else:
            origin = chosen[done.same[done.parent[at]]]
            options = [
                (link.log_probability + score[at][state], state, link)
                for state, links in enumerate(move.links)
                for link in links
                if link.origin == origin
            ]
            _, state, link = max(options, key=lambda option: option[0])
            way = link.edges
        chosen.append(state)
        nodes.append(follower.sets[done.sets[at]][state])
        edges.append(way)
    return Solved(nodes, edges, done.parent, done.same, n_fits)
