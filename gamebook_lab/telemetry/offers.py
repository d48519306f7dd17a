"""What other rooms offer to telemetry, before and whether or not anything is recorded; imports next to nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gamebook_lab.telemetry.relief import Reliefs

__all__ = ["FOLLOWED", "RELIEFS", "follow", "relieve"]

RELIEFS: Final = Reliefs()
"""The process's own."""
FOLLOWED: Final[dict[str, int]] = {}
"""Process ids by name."""


def follow(process: str, pid: int) -> Callable[[], None]:
    """Have memory and CPU of another process recorded under a name (label ``process``) until it ends.

    Returns
    -------
    Callable
        Ends this.
    """
    FOLLOWED[process] = pid

    def end() -> None:
        if FOLLOWED.get(process) == pid:
            FOLLOWED.pop(process, None)

    return end


def relieve(kind: str, callback: Callable[[], object]) -> Callable[[], None]:
    """Offer relief: ``callback`` is called, on a thread of its own, when a rule whose ``relief`` is ``kind`` asks for it.

    Kinds: ``"memory"`` (drop caches), ``"workers"`` (use fewer). Returns a function that ends it.

    Raises
    ------
    ValueError
        If no rule can ask for this kind.
    """
    return RELIEFS.offer(kind, callback)
