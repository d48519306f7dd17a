"""What was made on the way and still holds: definitions that reach nodes (*reaching definitions*), the shortest ways, and walks.

A definition is made by taking an edge, or before play begins, and holds until an edge unmakes it. Uses are asked at
nodes; a *meeting* is a definition that holds where it is used. Definitions are taken some at a time, as bits of a word;
the highest bit means that the node is reached at all.

Source: Aho, Lam, Sethi and Ullman, *Compilers* (2nd edition, 2006), section 9.2.4; here breadth first, so that the first
meeting is the nearest.
"""

# ruff: noqa: PLR0917 -- numba takes no keyword-only arguments

from __future__ import annotations

import numpy as np

from gamebook_lab.kernels.accelerate import Flags, Ints, Longs, Words, kernel

__all__ = ["AT_ONCE", "holding", "meetings", "way_holding"]

AT_ONCE = 63
"""Definitions that one word has room for."""


@kernel
def holding(
    indptr: Longs, indices: Ints, begun: Words, key: Ints, kept: Words, made: Words,
    node_key: Ints, asked: Longs, masks: Words, places: Ints, n_places: int,
) -> tuple[Words, Ints, Ints]:  # fmt: skip
    """Find the definitions that may hold at each node, and the nearest node of each place where each is used.

    Parameters
    ----------
    indptr, indices
        The graph.
    begun
        Of each node where play begins: the highest bit and definitions made before; 0 of others.
    key
        Of each edge: its row in ``kept`` and ``made``.
    kept, made
        What an edge lets pass, the highest bit always, and what it makes.
    node_key
        Of each node: its uses are ``asked[node_key]`` up to ``asked[node_key + 1]``, of ``masks`` and ``places``.
    masks, places
        Of each use: the definitions that serve it, and where it counts.
    n_places
        Number of places.

    Returns
    -------
    tuple
        Of each node: what may hold there. For each bit and place: steps of a shortest way that makes a definition and
        uses it there, and the node where it does; -1 if there is none.

    Notes
    -----
    A node is gone through once for each distance at which something more comes to hold there: 63 times at most, a few
    times in stories.
    """
    n = indptr.size - 1
    highest = np.uint64(1) << np.uint64(AT_ONCE)
    nothing = np.uint64(0)
    found = begun.copy()
    fresh = begun.copy()
    coming = np.zeros(n, np.uint64)
    steps = np.full((AT_ONCE, n_places), -1, np.int32)
    where = np.full((AT_ONCE, n_places), -1, np.int32)
    front, following = np.empty(n, np.int32), np.empty(n, np.int32)
    n_front = 0
    for node in range(n):
        if begun[node] != nothing:
            front[n_front] = node
            n_front += 1
    distance = 0
    while n_front:
        n_next = 0
        for node in front[:n_front]:
            here = fresh[node]
            for use in range(asked[node_key[node]], asked[node_key[node] + 1]):
                hit = here & masks[use]
                bit = 0
                while hit != nothing:
                    if hit & np.uint64(1) and where[bit, places[use]] < 0:
                        steps[bit, places[use]] = distance
                        where[bit, places[use]] = node
                    hit >>= np.uint64(1)
                    bit += 1
            for edge in range(indptr[node], indptr[node + 1]):
                target = indices[edge]
                if target < 0:
                    continue
                passed = here & kept[key[edge]]
                if here & highest:
                    passed |= made[key[edge]]
                passed &= ~found[target]
                if passed:
                    if coming[target] == nothing:
                        following[n_next] = target
                        n_next += 1
                    coming[target] |= passed
        front, following, n_front = following, front, n_next
        for node in front[:n_front]:
            fresh[node] = coming[node] & ~found[node]
            found[node] |= coming[node]
            coming[node] = nothing
        distance += 1
    return found, steps, where


@kernel
def way_holding(
    indptr: Longs, indices: Ints, starts: Ints, begun: Flags, key: Ints, makes: Flags, unmakes: Flags, goal: int
) -> tuple[int, Longs]:
    """Find a shortest way to a node on which one definition is made, and holds when it gets there.

    Parameters
    ----------
    indptr, indices, key
        The graph, and of each edge its row in ``makes`` and ``unmakes``.
    starts, begun
        Where play begins, and of each whether the definition is made before.
    makes, unmakes
        Whether an edge makes the definition, or another in its place.
    goal
        The node.

    Returns
    -------
    tuple
        Where the way begins, and its edges in order; -1 and no edges if there is none.
    """
    n = indptr.size - 1
    # a node a second time, with the definition holding, is n further on
    parent = np.full(2 * n, -2, np.int64)
    queue = np.empty(2 * n, np.int64)
    n_queue = 0
    for at in range(starts.size):
        place = starts[at] + (n if begun[at] else 0)
        if parent[place] == -2:
            parent[place] = -1
            queue[n_queue] = place
            n_queue += 1
    head = 0
    while head < n_queue and parent[n + goal] == -2:
        place = queue[head]
        head += 1
        holds = place >= n
        node = place - n if holds else place
        for edge in range(indptr[node], indptr[node + 1]):
            target = np.int64(indices[edge])
            if target < 0:
                continue
            if makes[key[edge]] or (holds and not unmakes[key[edge]]):
                target += n
            if parent[target] == -2:
                parent[target] = 2 * edge + (1 if holds else 0)
                queue[n_queue] = target
                n_queue += 1
    back = np.empty(n_queue + 1, np.int64)
    length = 0
    place = n + np.int64(goal)
    if parent[place] == -2:
        return -1, back[:0].copy()
    while parent[place] >= 0:
        edge = parent[place] // 2
        back[length] = edge
        length += 1
        node = np.searchsorted(indptr, edge, side="right") - 1
        place = node + (n if parent[place] % 2 else 0)
    return place % n, back[:length][::-1].copy()


@kernel
def meetings(
    start: Ints, offsets: Longs, edges: Longs, indices: Ints,
    begun_of: Longs, begun: Ints, key: Ints, made_of: Longs, made: Ints, variable: Ints, n_variables: int,
    node_key: Ints, asked: Longs, uses: Ints, places: Ints, n_places: int, known: Longs, found: Longs,
) -> int:  # fmt: skip
    """Follow walks, and note each meeting as it happens.

    Parameters
    ----------
    start, offsets, edges
        The walks; ``indices`` says where edges lead.
    begun_of, begun
        Definitions made before play begins at node ``i``: ``begun[begun_of[i]:begun_of[i + 1]]``.
    key, made_of, made
        The same for taking an edge, by its key.
    variable, n_variables
        Of each definition: what it is of. One of the same takes its place.
    node_key, asked, uses, places
        Uses of each node, by its key: what they are of, and where they count.
    n_places, known
        Definitions times ``n_places`` plus place, ascending, of the meetings to be noted.
    found
        Filled with three numbers for each meeting: position in ``edges`` of the step that came there (-1: none did, it is at
        the start), the walk, and the position in ``known``. May be too small, even empty.

    Returns
    -------
    int
        Number of meetings. A walk may have the same again and again.
    """
    last = np.full(n_variables, -1, np.int32)
    n_found = 0
    for walk in range(start.size):
        last[:] = -1
        node = start[walk]
        for at in range(begun_of[node], begun_of[node + 1]):
            last[variable[begun[at]]] = begun[at]
        edge = np.int64(-1)
        step = offsets[walk]
        while True:
            for use in range(asked[node_key[node]], asked[node_key[node] + 1]):
                definition = last[uses[use]]
                if definition >= 0:
                    meeting = np.int64(definition) * n_places + places[use]
                    row = np.searchsorted(known, meeting)
                    if row < known.size and known[row] == meeting:
                        if 3 * n_found + 2 < found.size:
                            found[3 * n_found] = edge
                            found[3 * n_found + 1] = walk
                            found[3 * n_found + 2] = row
                        n_found += 1
            if step == offsets[walk + 1]:
                break
            edge = step
            taken = edges[step]
            for at in range(made_of[key[taken]], made_of[key[taken] + 1]):
                last[variable[made[at]]] = made[at]
            node = indices[taken]
            step += 1
    return n_found
