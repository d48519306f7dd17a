"""How much an exploration may take."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from gamebook_lab.errors import SettingsError

__all__ = ["LimitReachedError", "Limits", "Progress", "n_bytes", "never_mind"]

_UNITS: Final = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "KI": 2**10, "MI": 2**20, "GI": 2**30}
_SIZE: Final = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,9})?) ?([KMG]?I?)B?", re.IGNORECASE)


def n_bytes(size: str | int) -> int:
    """Read an amount of memory, such as ``"2GB"`` or ``"512 MiB"``.

    Raises
    ------
    SettingsError
        If it is none.
    """
    if isinstance(size, int) and not isinstance(size, bool) and size > 0:
        return size
    match = _SIZE.fullmatch(size.strip()) if isinstance(size, str) else None
    found = int(float(match[1]) * _UNITS.get(match[2].upper(), 0)) if match is not None else 0
    if not found:
        raise SettingsError(f"memory is a number of bytes or a size such as '2GB' or '512MiB', not {size!r}")
    return found


def never_mind() -> None:
    """Ask nobody whether to go on."""


class LimitReachedError(Exception):
    """Ends an exploration; never leaves the engine."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an exploration is."""

    n_states: int
    n_waiting: int
    """States found and not looked at yet."""
    n_situations: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop; the clock runs from when this is made."""

    memory: int
    max_states: int | None = None
    seconds: float | None = None
    stop: threading.Event | None = None
    clock: Callable[[], float] = time.monotonic
    began: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "began", self.clock())

    def reached(self, n_states: int) -> str | None:
        """Name the limit that was reached, if any."""
        if self.stop is not None and self.stop.is_set():
            return "stopped"
        if self.seconds is not None and self.elapsed() >= self.seconds:
            return "seconds"
        if self.max_states is not None and n_states >= self.max_states:
            return "max_states"
        return None

    def check(self) -> None:
        """Raise if there is no time left, or if it is to stop."""
        limit = self.reached(0)
        if limit is not None:
            raise LimitReachedError(limit)

    def check_stop(self) -> None:
        """Raise if it is to stop, however much time is left."""
        if self.stop is not None and self.stop.is_set():
            raise LimitReachedError("stopped")

    def elapsed(self) -> float:
        """Seconds since the beginning."""
        return self.clock() - self.began
