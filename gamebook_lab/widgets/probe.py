"""What the browser measures, taken into the process's metrics: response times, frames, round trips.

The script's half is ``shared/probe.js``. Every message that it has numbered is answered with ``_done`` after all that its
handler had to say; the script takes the frame after that as the moment when the answer is on the screen.

Covers: checking what the browser says, and naming the metrics. Does not cover: which widget sends (``bundle``).

What is recorded: ``response_seconds`` and ``kernel_seconds`` of each action, ``actions_total``, ``round_trip_seconds``,
``frames_per_second``, ``long_frame_seconds``, ``browser_silence_seconds``. Their meanings stand in ``telemetry.catalogue``.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable
from typing import Any, Final, TypedDict

from gamebook_lab.telemetry import Registry, metrics

__all__ = ["PROBE", "SILENCE", "Batch", "Done", "Silence", "action_of", "observe"]

PROBE: Final = "_probe"
"""Type of a batch, and the key under which a message carries its number."""
MOST_RESPONSES: Final = 200
MOST_LONG: Final = 100
MOST_ACTIONS: Final = 200
"""Actions that get a series of their own; widgets have some fifty."""
LONGEST_SECONDS: Final = 3600.0
FASTEST_FPS: Final = 1000.0
LEAST_SECONDS: Final = 0.25
"""Frames counted for a shorter time say nothing of a rate."""

_ACTION: Final = re.compile(r"[a-z_]{1,32}\.[a-z_]{1,32}")
_actions: set[str] = set()


class Batch(TypedDict):
    """What the browser has measured since the last batch."""

    type: str
    frames: int
    seconds: float
    """Time in which frames were counted."""
    long: list[float]
    """Seconds that each frame took that was long."""
    responses: list[tuple[str, float, float]]
    """Action, seconds to the painted answer, seconds of them in Python."""
    round_trip: float | None
    """Seconds that the last batch took to Python and back."""


class Done(TypedDict):
    """All that there was to say to a message has been said."""

    type: str
    id: str
    action: str
    seconds: float


class Silence:
    """How long a page that should tell something every second has told nothing: it hangs, or is gone.

    Parameters
    ----------
    clock
        Monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._heard_at: float | None = None

    def heard(self) -> None:
        """Note that a page told something."""
        self._heard_at = self._clock()

    def note(self, registry: Registry = metrics) -> None:
        """Record the silence; called every second while a page is expected to tell something."""
        if self._heard_at is None:
            self.heard()
        assert self._heard_at is not None
        registry.gauge("browser_silence_seconds").set(self._clock() - self._heard_at)

    def over(self, registry: Registry = metrics) -> None:
        """No page is expected to tell anything any more."""
        self._heard_at = None
        registry.gauge("browser_silence_seconds").set(0.0)


SILENCE: Final = Silence()
"""Of all pages of this process together."""


def action_of(widget: str, kind: object) -> str:
    """Name an action by its widget and message: ``studio.undo``; what no script of ours sends is ``other``.

    Parameters
    ----------
    widget
        Name of the widget's class, such as ``StoryMap``.
    kind
        The message's type.
    """
    if kind == PROBE:
        return PROBE
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", widget).lower()
    found = f"{name}.{kind}"
    if not _ACTION.fullmatch(found) or (found not in _actions and len(_actions) >= MOST_ACTIONS):
        return "other"
    _actions.add(found)
    return found


def observe(batch: Any, registry: Registry = metrics) -> None:
    """Take in what the browser says; whatever in it is no sensible figure is left out.

    Parameters
    ----------
    batch
        A :class:`Batch`, if the browser is honest.
    registry
        Where to.
    """
    for response in _list(batch.get("responses"))[:MOST_RESPONSES]:
        action, total, kernel = (*_list(response), None, None, None)[:3]
        if not isinstance(action, str) or action not in _actions or _seconds(total) is None:
            continue
        registry.timer("response_seconds", action=action).observe(total)
        if _seconds(kernel) is not None:
            registry.timer("kernel_seconds", action=action).observe(kernel)
    if (round_trip := _seconds(batch.get("round_trip"))) is not None:
        registry.timer("round_trip_seconds").observe(round_trip)
    _frames(batch, registry)


def _frames(batch: Any, registry: Registry) -> None:
    frames, seconds = _seconds(batch.get("frames")), _seconds(batch.get("seconds"))
    if frames is not None and seconds is not None and seconds >= LEAST_SECONDS:
        registry.histogram("frames_per_second").observe(min(frames / seconds, FASTEST_FPS))
    for value in _list(batch.get("long"))[:MOST_LONG]:
        if (long := _seconds(value)) is not None:
            registry.timer("long_frame_seconds").observe(long)


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _seconds(value: Any) -> float | None:
    """Give a number from nought to an hour; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if math.isfinite(value) and 0 <= value <= LONGEST_SECONDS else None
