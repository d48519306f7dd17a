"""Which of many sets of nodes lie ahead of each node, and which lie behind it on every way: 64 sets at a time.

Sets are given as one label for each node (its passage, its ending), -1 for none. An answer is a word for each node, whose
bit ``i`` stands for the label ``first + i``. Memory is 8 bytes a node whatever the number of labels, and time is one
walk of the graph for 64 labels, or a few where there are circles.
"""

from __future__ import annotations

import numpy as np

from gamebook_lab.kernels.accelerate import Ints, Longs, Words, kernel

__all__ = ["ahead", "behind"]


@kernel
def _bit(label: int, first: int) -> np.uint64:
    if first <= label < first + 64:
        return np.uint64(1) << np.uint64(label - first)
    return np.uint64(0)


@kernel
def ahead(indptr: Longs, indices: Ints, component: Ints, labels: Ints, first: int) -> Words:
    """Find which labels can be reached from each node, its own among them.

    Parameters
    ----------
    indptr, indices
        The graph.
    component
        Of each node, as :func:`~gamebook_lab.kernels.components.components` numbers them.
    labels
        Of each node; -1 for none.
    first
        The lowest of the 64 labels that are looked for.
    """
    n = component.size
    of_component = np.zeros(n + 1, np.uint64)
    # nodes by component, ends of the story first: what an edge leads to is done before, or in the same component
    place = np.zeros(n + 2, np.int64)
    for node in range(n):
        place[component[node] + 1] += 1
    for number in range(n):
        place[number + 1] += place[number]
    order = np.empty(n, np.int32)
    for node in range(n):
        order[place[component[node]]] = node
        place[component[node]] += 1
    for each in order:
        word = of_component[component[each]] | _bit(labels[each], first)
        for edge in range(indptr[each], indptr[each + 1]):
            if indices[edge] >= 0:
                word |= of_component[component[indices[edge]]]
        of_component[component[each]] = word
    found = np.empty(n, np.uint64)
    for node in range(n):
        found[node] = of_component[component[node]]
    return found


@kernel
def behind(indptr: Longs, indices: Ints, order: Ints, labels: Ints, first: int) -> Words:
    """Find which labels every way from the start to a node passes, its own among them.

    Parameters
    ----------
    indptr, indices
        The graph.
    order
        The nodes that can be reached, the start before all (of several starts: no label but their own is passed).
        The fewer edges lead backwards in it, the quicker.
    labels
        Of each node; -1 for none.
    first
        The lowest of the 64 labels that are looked for.

    Returns
    -------
    numpy.ndarray
        For each node; all bits where no way leads.
    """
    n = indptr.size - 1
    all_bits = ~np.uint64(0)
    found = np.full(n, all_bits)
    if not order.size:
        return found
    found[order[0]] = _bit(labels[order[0]], first)
    changed = True
    while changed:
        changed = False
        for node in order:
            word = found[node]
            for edge in range(indptr[node], indptr[node + 1]):
                target = indices[edge]
                if target >= 0:
                    after = found[target] & (word | _bit(labels[target], first))
                    if after != found[target]:
                        found[target] = after
                        changed = True
    return found
