"""What some things lead to, directly or through others."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

__all__ = ["closed"]

_T = TypeVar("_T", bound=Hashable)


def closed(seeds: Iterable[_T], follows: Mapping[_T, Iterable[_T]]) -> set[_T]:
    """The seeds, and all that follows from one of them by any number of steps.

    Time is linear in what is found and in what follows from it.

    >>> sorted(closed("a", {"a": "bc", "c": "ad", "x": "y"}))
    ['a', 'b', 'c', 'd']
    """
    found = set(seeds)
    waiting = list(found)
    while waiting:
        for each in follows.get(waiting.pop(), ()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found
