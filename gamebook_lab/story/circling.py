"""What goes round in circles."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

__all__ = ["circling"]

_T = TypeVar("_T", bound=Hashable)


def circling(follows: Mapping[_T, Iterable[_T]]) -> frozenset[_T]:
    """Find those from which one can go on for ever: they are on a circle, or lead to one.

    Parameters
    ----------
    follows
        For each those that follow it; what is not among the keys is followed by nothing. Time is linear in all of them.

    >>> sorted(circling({"a": "bx", "b": "c", "c": "b", "d": "x"}))
    ['a', 'b', 'c']
    """
    before: dict[_T, list[_T]] = {}
    n_left: dict[_T, int] = {}
    for each, nexts in follows.items():
        found = list(nexts)
        n_left[each] = len(found)
        for follower in found:
            before.setdefault(follower, []).append(each)
    waiting = [each for each, n in n_left.items() if not n] + [each for each in before if each not in n_left]
    while waiting:
        for each in before.get(waiting.pop(), ()):
            n_left[each] -= 1
            if not n_left[each]:
                waiting.append(each)
    return frozenset(each for each, n in n_left.items() if n)
