"""Order of a file's parts after an edit: passages as the table has them, everything else where it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

Part = TypeVar("Part")


def arrange(old: Sequence[tuple[int | None, Part]], new: Mapping[int, Part], places: Iterable[int]) -> list[Part]:
    """Put parts in order.

    Parameters
    ----------
    old
        Key and part as they stood; the key is None for what is no passage.
    new
        Part of each passage that is to be written.
    places
        Keys in the order to be written.

    Returns
    -------
    list
        The passages' parts in that order. What is no passage stays behind the passage that it stood
        behind (behind the nearest one before that is still there), or at the very beginning.
    """
    followers: dict[int | None, list[Part]] = {None: []}
    last: int | None = None
    for key, part in old:
        if key is None:
            followers[last].append(part)
        elif key in new:
            last = key
            followers[key] = []
    result = followers[None]
    for key in places:
        result.append(new[key])
        result += followers.get(key, ())
    return result
