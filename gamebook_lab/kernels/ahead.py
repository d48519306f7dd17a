"""Which of many sets of nodes lie ahead of each node, and which lie behind it on every way: 64 sets at a time.

Sets are given as a word for each node, whose bit ``i`` says that the node is in the set ``i`` (passages, endings); so are
answers. Memory is 8 bytes a node, and time is one walk of the graph for 64 sets, or a few where there are circles.
"""

from __future__ import annotations

import numpy as np

from gamebook_lab.kernels.accelerate import Ints, Longs, Words, kernel

__all__ = ["ahead", "behind"]


@kernel
def ahead(indptr: Longs, indices: Ints, component: Ints, own: Words) -> Words:
    """Find which sets can be reached from each node, its own among them.

    Parameters
    ----------
    indptr, indices
        The graph.
    component
        Of each node, as :func:`~gamebook_lab.kernels.components.components` numbers them.
    own
        The sets of each node.
    """
    n = component.size
    of_component = np.zeros(n + 1, np.uint64)
    # nodes by component, ends of the story first: what an edge leads to is done before, or in the same component
    place = np.zeros(n + 2, np.int32)
    for node in range(n):
        place[component[node] + 1] += 1
    for number in range(n):
        place[number + 1] += place[number]
    order = np.empty(n, np.int32)
    for node in range(n):
        order[place[component[node]]] = node
        place[component[node]] += 1
    for each in order:
        word = of_component[component[each]] | own[each]
        for edge in range(indptr[each], indptr[each + 1]):
            if indices[edge] >= 0:
                word |= of_component[component[indices[edge]]]
        of_component[component[each]] = word
    found = np.empty(n, np.uint64)
    for node in range(n):
        found[node] = of_component[component[node]]
    return found


@kernel
def behind(indptr: Longs, indices: Ints, starts: Ints, order: Ints, own: Words) -> Words:
    """Find which sets every way from the starts to a node passes, its own among them.

    Parameters
    ----------
    indptr, indices
        The graph.
    starts
        Where ways begin.
    order
        The nodes that can be reached from there. The fewer edges lead backwards in it, the quicker.
    own
        The sets of each node.

    Returns
    -------
    numpy.ndarray
        For each node; all bits where no way leads.
    """
    n = indptr.size - 1
    all_bits = ~np.uint64(0)
    found = np.full(n, all_bits)
    for start in starts:
        found[start] = own[start]
    changed = True
    while changed:
        changed = False
        for node in order:
            word = found[node]
            for edge in range(indptr[node], indptr[node + 1]):
                target = indices[edge]
                if target >= 0:
                    after = found[target] & (word | own[target])
                    if after != found[target]:
                        found[target] = after
                        changed = True
    return found
