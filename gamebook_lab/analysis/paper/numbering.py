"""Gives sections their numbers: shuffled by a seed, the start first, and no two linked ones beside each other."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Final

__all__ = ["numbers"]

_TRIES: Final = 60


def numbers(links: Sequence[frozenset[int]], seed: int) -> Mapping[int, int]:
    """Find a number for each section.

    Parameters
    ----------
    links
        For each section, counted from 0, those that it leads to. Section 0 is the start.
    seed
        The same seed gives the same numbers.

    Returns
    -------
    dict
        From 1 on. A small book whose sections are all linked with each other may need numbers that no section has.
    """
    n = len(links)
    near: list[set[int]] = [set() for _ in range(n)]
    for section, targets in enumerate(links):
        for other in targets - {section}:
            near[section].add(other)
            near[other].add(section)
    chance = random.Random(seed)  # noqa: S311 -- to shuffle, not to hide
    for gaps in range(n + 1):
        for _ in range(_TRIES):
            order = _shuffled(near, chance, gaps)
            if order is not None:
                return {section: at for at, section in enumerate(order, 1) if section >= 0}
    msg = "numbers with a gap after each section always do"
    raise AssertionError(msg)


def _shuffled(near: Sequence[set[int]], chance: random.Random, gaps: int) -> list[int] | None:
    """One try: take what fits beside the last one, and put what is left over where it fits. -1 is a number left out."""
    left = [*range(1, len(near)), *[-1] * gaps]
    chance.shuffle(left)
    order, put_off = [0], []
    for section in left:
        if _fit(order[-1], section, near):
            order.append(section)
        else:
            put_off.append(section)
    for section in put_off:
        places = [at for at in range(1, len(order) + 1) if _goes_at(order, at, section, near)]
        if not places:
            return None
        order.insert(chance.choice(places), section)
    while order[-1] < 0:
        order.pop()
    return order


def _fit(one: int, other: int, near: Sequence[set[int]]) -> bool:
    return one < 0 or other < 0 or other not in near[one]


def _goes_at(order: Sequence[int], at: int, section: int, near: Sequence[set[int]]) -> bool:
    return _fit(order[at - 1], section, near) and (at == len(order) or _fit(section, order[at], near))
