"""Makes very many objects that stay, without looking through them all again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

__all__ = ["unscanned"]

_EVERY: Final = 1_000

T = TypeVar("T")


def unscanned(items: Iterable[T]) -> Iterator[T]:
    """Give items, of each of which something is made that stays, such as the program of a passage.

    Python's cycle collector goes through all that there is each time that this has grown by a quarter. What is made of
    100,000 passages is millions of objects and never a cycle, and going through it took a good part of the time until it
    was set aside every 1,000 passages. It is all given back to the collector in the end, unless somebody else had set something aside
    before: there is no giving back a part.
    """
    is_ours = False
    try:
        for number, item in enumerate(items, 1):
            yield item
            if number % _EVERY == 0:
                is_ours = is_ours or not gc.get_freeze_count()
                gc.freeze()
    finally:
        if is_ours:
            gc.unfreeze()
