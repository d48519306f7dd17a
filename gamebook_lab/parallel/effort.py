"""How hard work is tried: attempts, waits between them, time limits, and how much at a time."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Effort"]


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to try."""

    attempts: int = 3
    """Times that a shard which raises, or takes too long, is tried."""
    losses: int = 3
    """Times that a shard may lose its worker before it is set aside; all but the first time it was alone."""
    backoff_seconds: float = 0.2
    """Wait before the second attempt; it doubles from there, with up to a quarter more at random."""
    longest_backoff_seconds: float = 10.0
    shard_seconds: float | None = None
    """Time limit of one attempt."""
    job_seconds: float | None = None
    """Time limit of all, pauses included; what is finished then is kept."""
    in_flight: int = 16
    """Most shards that are handed in and not settled."""
    priority: int = 0

    def __post_init__(self) -> None:
        if min(self.attempts, self.losses, self.in_flight) < 1:
            raise ValueError("attempts, losses and in_flight are at least 1")

    def backoff(self, failures: int, draw: float) -> float:
        """Seconds to wait after a number of failures; ``draw`` is a random number from 0 to 1."""
        wait = self.backoff_seconds * 2.0 ** min(failures - 1, 60)
        return min(wait, self.longest_backoff_seconds) * (1 + draw / 4)
