"""Which definitions reach which node: what may have been set last on some way there (reaching definitions).

Source: Aho, Lam, Sethi and Ullman, *Compilers* (2nd edition, 2006), section 9.2.4.
"""

# ruff: noqa: PLR0917 -- numba takes no keyword-only arguments

from __future__ import annotations

from gamebook_lab.kernels.accelerate import Ints, Longs, Words, kernel

__all__ = ["reaching"]


@kernel
def reaching(indptr: Longs, indices: Ints, order: Ints, begun: Words, key: Ints, kept: Words, made: Words) -> Words:
    """Find, for each node, the definitions that reach it, 64 at a time as bits.

    Parameters
    ----------
    indptr, indices
        The graph.
    order
        Its nodes, so that few edges lead backwards.
    begun
        Of each node: definitions made before play begins there.
    key
        Of each edge: its row in ``kept`` and ``made``.
    kept, made
        Definitions that an edge lets pass, and that it makes.

    Notes
    -----
    Goes round until nothing changes: once where there are no circles, and once more for each level of circles.
    """
    found = begun.copy()
    changed = True
    while changed:
        changed = False
        for node in order:
            for edge in range(indptr[node], indptr[node + 1]):
                target = indices[edge]
                if target >= 0:
                    passed = found[target] | (found[node] & kept[key[edge]]) | made[key[edge]]
                    if passed != found[target]:
                        found[target] = passed
                        changed = True
    return found
