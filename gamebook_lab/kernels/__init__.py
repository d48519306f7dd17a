"""Numba: arrays in, arrays out. Knows no pandas and no story.

A graph is two arrays: ``indptr`` (int64, one more than there are nodes) and ``indices`` (int32): the edges of node ``v``
are ``indices[indptr[v]:indptr[v + 1]]``, in the order in which they are offered. An edge of -1 leads to nothing there
and is passed over. Self-loops and parallel edges are right: two choices may lead to one place. Whatever belongs to
edges (probabilities, costs) is an array as long as ``indices``. No kernel recurses, draws by chance, or writes
what it is given.
"""
