"""What was promised: the six objectives, as settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass
from typing import Final

from gamebook_lab.telemetry.catalogue import CATALOGUE
from gamebook_lab.telemetry.options import option

__all__ = ["DEFAULT_GOALS", "Goal"]


@dataclass(frozen=True)
class Goal:
    """One objective: a share of observations keeps to a threshold.

    Raises
    ------
    ValueError
        If it could never be judged.
    """

    metric: str = option(MISSING, "Metric that it is about: a gauge, a histogram, or a counter.")
    threshold: float = option(
        MISSING, "What an observation is held against; of a counter, its share of those of `over`."
    )
    is_below: bool = option(
        default=True,
        doc="Whether it shall stay below it, as memory and failures shall; frames a second and successes stay above.",
    )
    goal: float = option(0.99, "Share of the observations that shall keep to it; of a counter the threshold says it.")
    over: str = option("", "For a counter, of failures or of successes: the counter of all.")
    labels: Mapping[str, str] = option(dict, "Only series with these labels (of the metric, not of `over`).")
    stat: str = option("last", "What `current` shows of the last minute: last, mean, p50, p95 or p99.")
    unit: str = option("", "How values are shown: % for shares, ms for seconds, else as written after the number.")

    def __post_init__(self) -> None:
        for metric in filter(None, (self.metric, self.over)):
            if metric not in CATALOGUE:
                raise ValueError(f"there is no metric {metric!r}; docs/telemetry.md lists them")
        if (CATALOGUE[self.metric].kind == "counter") != bool(self.over):
            raise ValueError("a counter goes with `over`, the counter of all; no other metric does")
        if not 0 < self.goal < 1 or self.stat not in {"last", "mean", "p50", "p95", "p99"}:
            raise ValueError("goal is between 0 and 1; stat is last, mean, p50, p95 or p99")
        if self.over and not 0 < self.threshold < 1:
            raise ValueError("the threshold of a counter is a share between 0 and 1")

    @property
    def share(self) -> float:
        """Share of the observations that shall be good."""
        if not self.over:
            return self.goal
        return 1 - self.threshold if self.is_below else self.threshold

    def shown(self, value: float) -> str:
        """A value for people."""
        scale, unit = {"%": (100.0, "%"), "ms": (1000.0, "ms")}.get(self.unit, (1.0, self.unit))
        return f"{value * scale:.4g} {unit}".strip()

    @property
    def target(self) -> str:
        """What is promised, for people."""
        word = "below" if self.is_below else "above"
        if self.over:
            return f"{word} {self.shown(self.threshold)}"
        return f"{word} {self.shown(self.threshold)}, {self.goal * 100:.4g} % of the time"


DEFAULT_GOALS: Final[Mapping[str, Goal]] = {
    "memory": Goal("host_memory_share", 0.80, unit="%"),
    "cpu": Goal("host_cpu_share", 0.70, goal=0.95, stat="mean", unit="%"),
    "response": Goal("response_seconds", 0.100, goal=0.95, stat="p95", unit="ms"),
    "fps": Goal("frames_per_second", 55.0, is_below=False, goal=0.95, stat="mean", unit="frames/s"),
    "uptime": Goal("probes_total", 0.999, is_below=False, over="probes_total", labels={"result": "ok"}, unit="%"),
    "errors": Goal("errors_total", 0.001, over="actions_total", unit="%"),
}
"""By name."""
