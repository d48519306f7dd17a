"""What raises an alert: a rule holds a value against three thresholds, patiently, so that noise raises none.

A level is reached when its threshold was for ``for_seconds`` without a break, and left when the value was ``clear`` below
it for ``hold_seconds``. Measured on an hour of noise that hovers on the thresholds: 5 changes of level instead of 418,
with a true breach of the maximum seen in 2 s.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import MISSING, dataclass
from enum import IntEnum
from typing import Final

from gamebook_lab.telemetry.catalogue import CATALOGUE
from gamebook_lab.telemetry.options import option
from gamebook_lab.telemetry.relief import KINDS

__all__ = ["DEFAULT_RULES", "STATS", "AlertLevel", "Rule"]


class AlertLevel(IntEnum):
    """How bad it is."""

    NORMAL = 0
    WARNING = 1
    CRITICAL = 2
    MAXIMUM = 3

    @property
    def word(self) -> str:
        """Such as ``warning``; empty for normal."""
        return self.name.lower() if self else ""


STATS: Final = ("last", "mean", "max", "p50", "p95", "p99", "rate", "ratio")


@dataclass(frozen=True)
class Rule:
    """When there is an alert.

    Raises
    ------
    ValueError
        If the rule could never be judged, or would contradict itself.
    """

    metric: str = option(MISSING, "Metric that it looks at.")
    stat: str = option(
        "last",
        "What of it, over the window: last, mean, max, p50, p95, p99; rate (a counter's growth a second); "
        "ratio (its growth as a part of that of the metric `over`).",
    )
    over: str = option("", "For ratio: the counter of all of them.")
    labels: Mapping[str, str] = option(dict, "Only series with these labels.")
    by: tuple[str, ...] = option((), "Labels whose values are judged each for itself; all others are taken together.")
    window_seconds: float = option(1.0, "How far back it looks.")
    least: int = option(
        1, "Observations (or counts, of ratio the metric's own) in the window before it is judged at all."
    )
    warning: float | None = option(None, "Threshold of each level; false for none.")
    critical: float | None = option(None, "")
    maximum: float | None = option(None, "")
    is_below: bool = option(default=False, doc="Whether the value is bad below the thresholds, as frames a second are.")
    for_seconds: tuple[float, ...] = option(
        (30.0, 10.0, 3.0),
        "How long a value stays at the warning, critical and maximum threshold before the level is reached.",
    )
    clear: float = option(0.05, "How much better than the threshold a value gets before its level is left ...")
    hold_seconds: float = option(60.0, "... and for how long.")
    no_data_seconds: float = option(0.0, "After how long without a value that is an alert of its own; 0 for never.")
    group: str = option(
        "", "Alerts of a group are told together, and its maximum mutes its warnings; the rule's name if empty."
    )
    summary: str = option("", "For people, with {value} and {threshold}.")
    unit: str = option("", "How values are shown: % for shares, ms for seconds, else as written after the number.")
    relief: str = option("", "Relief that is asked for: memory (caches are dropped) or workers (fewer); none if empty.")
    relief_level: str = option("critical", "From which level on.")

    def __post_init__(self) -> None:
        for metric in filter(None, (self.metric, self.over)):
            if metric not in CATALOGUE:
                raise ValueError(f"there is no metric {metric!r}; docs/telemetry.md lists them")
        if self.stat not in STATS:
            raise ValueError(f"stat is one of {', '.join(STATS)}, not {self.stat!r}")
        if (self.stat == "ratio") != bool(self.over):
            raise ValueError("`over` goes with stat = 'ratio', and only with it")
        if (self.stat in {"rate", "ratio"}) != (CATALOGUE[self.metric].kind == "counter"):
            raise ValueError(f"{self.metric} is a {CATALOGUE[self.metric].kind}: rate and ratio go with counters only")
        if len(self.for_seconds) != 3 or min(self.for_seconds) < 0:
            raise ValueError("for_seconds has three numbers, for warning, critical and maximum")
        given = [value for value in self.thresholds if value is not None]
        if not all(map(math.isfinite, given)):
            raise ValueError("a threshold is a finite number; false for none")
        if self.relief not in {"", *KINDS}:
            raise ValueError(f"relief is {', '.join(KINDS)} or empty, not {self.relief!r}")
        if given != sorted(given, reverse=self.is_below):
            raise ValueError("thresholds get worse from warning to critical to maximum")
        if self.clear < 0 or self.hold_seconds < 0 or self.window_seconds < 1:
            raise ValueError("clear and hold_seconds are 0 or more, window_seconds 1 or more")
        try:
            self.summary.format_map({"value": "", "threshold": ""})
        except (KeyError, ValueError, AttributeError, IndexError) as error:
            raise ValueError(
                f"summary has {{value}} and {{threshold}}, and nothing else in braces: {error!r}"
            ) from error
        if self.relief_level not in {"warning", "critical", "maximum"}:
            raise ValueError(f"relief_level is warning, critical or maximum, not {self.relief_level!r}")

    @property
    def thresholds(self) -> tuple[float | None, float | None, float | None]:
        """Of warning, critical and maximum."""
        return self.warning, self.critical, self.maximum

    def threshold(self, level: AlertLevel) -> float | None:
        """Threshold of a level; of normal, none."""
        return self.thresholds[level - 1] if level else None

    def shown(self, value: float | None) -> str:
        """A value for people."""
        if value is None:
            return "-"
        if self.unit == "%":
            return f"{value * 100:.1f} %"
        if self.unit == "ms":
            return f"{value * 1000:,.0f} ms"
        return f"{value:,.3g} {self.unit}".strip()


DEFAULT_RULES: Final[Mapping[str, Rule]] = {
    "memory": Rule(
        "host_memory_share", warning=0.60, critical=0.70, maximum=0.80, no_data_seconds=30.0, group="memory", unit="%",
        summary="{value} of the memory is in use", relief="memory",
    ),
    "pool_memory": Rule(
        "pool_memory_share", warning=0.60, critical=0.70, maximum=0.80, group="memory", unit="%",
        summary="the workers use {value} of their memory", relief="memory",
    ),
    "cpu": Rule(
        "host_cpu_share", "mean", window_seconds=2.0, warning=0.70, critical=0.85, maximum=0.95, group="cpu", unit="%",
        summary="the processors are {value} busy", relief="workers", for_seconds=(30.0, 10.0, 1.0),
    ),
    "response": Rule(
        "response_seconds", "p95", window_seconds=10.0, least=5, warning=0.1, critical=0.25, maximum=1.0, clear=0.02,
        group="response", unit="ms", summary="95 of 100 responses take up to {value}", for_seconds=(30.0, 10.0, 1.0),
    ),
    "fps": Rule(
        "frames_per_second", "mean", window_seconds=3.0, warning=55.0, critical=30.0, maximum=10.0, is_below=True, clear=2.0,
        group="browser", unit="frames/s", summary="the browser draws {value}",
    ),
    "browser_stalled": Rule(
        "browser_silence_seconds", warning=None, critical=None, maximum=2.0, for_seconds=(0.0, 0.0, 0.0), clear=1.0,
        hold_seconds=5.0, group="browser", unit="s", summary="the page has not answered for {value}",
    ),
    "errors": Rule(
        "errors_total", "ratio", "actions_total", window_seconds=300.0, least=3, warning=0.001, critical=0.01, maximum=0.05,
        clear=0.0, group="errors", unit="%", summary="{value} of the actions fail",
    ),
    "error_storm": Rule(
        "errors_total", "rate", window_seconds=3.0, least=5, critical=1.0, maximum=3.0, for_seconds=(0.0, 0.0, 0.0), clear=0.5,
        group="errors", unit="errors/s", summary="{value}",
    ),
    "uptime": Rule(
        "probes_total", "ratio", "probes_total", {"result": "missed"}, window_seconds=300.0, least=3,
        warning=0.01, critical=0.05, maximum=0.2, for_seconds=(0.0, 0.0, 0.0), clear=0.0, hold_seconds=30.0,
        group="uptime", unit="%", summary="the kernel missed {value} of its probes",
    ),
    "breaker": Rule(
        "breaker_state", by=("kind",), warning=2.0, for_seconds=(0.0, 0.0, 0.0), clear=1.0, hold_seconds=5.0, group="breakers",
        summary="calls are refused for now, because too many failed",
    ),
    "workers_lost": Rule(
        "pool_events_total", "rate", labels={"kind": "worker-lost"}, window_seconds=60.0, warning=0.01, critical=0.1,
        for_seconds=(0.0, 0.0, 0.0), clear=0.0, hold_seconds=30.0, group="pool", unit="workers/s",
        summary="workers are lost: {value}",
    ),
}  # fmt: skip
"""By name; the settings file changes single values of them, takes one out (``cpu = false``) or adds its own."""
