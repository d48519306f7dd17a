"""How deeply a story may nest what it writes, and what it runs.

Players and readers recurse as deeply as a story's text does. Python's usual limit of 1,000 calls would be met long
before these: a body takes several. Calls of Python functions need no stack of C's, so there is room for eight times as many.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final, NoReturn

from gamebook_lab.errors import EndlessPassageError

if TYPE_CHECKING:
    from gamebook_lab.story.play import Place, Turn

__all__ = ["MOST_NESTED", "MOST_WRITTEN", "end"]

MOST_WRITTEN: Final = 250
"""Hooks, macros or brackets inside each other that are read; what is deeper is told, and may do anything."""
MOST_NESTED: Final = 300
"""Bodies inside each other that are run, with passages shown in each other, widgets and macros that call themselves.
Beyond, the story formats themselves run out of stack, or soon do."""
_CALLS: Final = 8_000
"""Calls of Python functions for that. As many that go through C each time, by ``map`` or a generator, still fit into the 8 MiB that
a thread's stack usually has; by a key of ``sorted`` they don't, and the process would crash where it should raise. What recurses by one
is bounded otherwise: JavaScript's ``sort`` by the number of functions that may be called inside each other."""


if sys.getrecursionlimit() < _CALLS:  # for good: a limit that comes and goes would fail the other threads
    sys.setrecursionlimit(_CALLS)


def end(turn: Turn, what: str, place: Place) -> NoReturn:
    """Stop a run in which things stand in each other without end, or deeper than is followed."""
    turn.give_up(what, place)
    raise EndlessPassageError(what)
