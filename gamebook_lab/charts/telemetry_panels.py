"""What each chart of the dashboard shows, once for all: the live widget, the figures and the report draw the same.

A panel's series are columns of the overview table (``telemetry.overview``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["PANELS", "PANEL_OF_GROUP", "Limit", "Panel", "Series", "panel"]

Level = Literal["warning", "critical", "maximum"]


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or the bars, of a panel."""

    column: str
    """Of the overview table."""
    label: str
    dash: Literal["solid", "dash", "dot", "dashdot"] = "solid"
    """A second sign beside the colour."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A line that should not be crossed."""

    value: float
    label: str
    """Stands at its end, so that it is not told by its colour alone."""
    level: Level = "critical"
    is_least: bool = False
    """Values should stay above it, not below."""

    def is_crossed(self, value: float) -> bool:
        """Whether a value is on the wrong side; one that is unknown (NaN) is not."""
        return value < self.value if self.is_least else value > self.value


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart."""

    key: str
    title: str
    unit: str
    """Of its values, as it stands behind a number; empty for counts."""
    about: str
    """What is measured, in a sentence."""
    series: tuple[Series, ...]
    limits: tuple[Limit, ...] = ()
    top: float | None = None
    """Least upper end of the axis; None to follow the data."""
    kind: Literal["lines", "bars"] = "lines"
    digits: int = 0
    """Decimal places of a value in words."""
    is_sparse: bool = False
    """Measured only now and then: a value without neighbours needs a dot to be seen."""


PANELS: Final = (
    Panel(
        "cpu", "Processor", "%", "Share of all cores that is busy: the whole machine, this notebook's Python, and its workers.",
        (Series("cpu_host", "machine"), Series("cpu_kernel", "notebook", "dash"), Series("cpu_workers", "workers", "dot")),
        (Limit(70, "limit"),), top=100,
    ),
    Panel(
        "memory", "Memory", "%", "Share of the memory there is that is taken, by all and by this notebook's Python; of the workers' the share of their limit.",
        (Series("memory_host", "machine"), Series("memory_kernel", "notebook", "dash"), Series("memory_workers", "workers", "dot")),
        (Limit(60, "warning", "warning"), Limit(70, "critical"), Limit(80, "maximum", "maximum")), top=100,
    ),
    Panel(
        "response", "Response time", "ms", "From a click or key to the painted answer: half of all, 95 and 99 of 100 are quicker. Echo: to Python and back, measured every second.",
        (Series("response_p50", "50 %"), Series("response_p95", "95 %", "dash"), Series("response_p99", "99 %", "dot"), Series("round_trip", "echo", "dashdot")),
        (Limit(100, "limit"),), top=120, is_sparse=True,
    ),
    Panel(
        "fps", "Frames", "/s", "Frames that the browser paints a second, while somebody looks or works.",
        (Series("fps", "mean"), Series("fps_lowest", "lowest", "dot")), (Limit(55, "at least", is_least=True),), top=70, is_sparse=True,
    ),
    Panel(
        "errors", "Errors", "/min", "Errors a minute, of every kind.",
        (Series("errors_per_minute", "errors"),), top=1, kind="bars", digits=1,
    ),
    Panel(
        "uptime", "Uptime", "%", "Share of the one-second probes that the notebook's Python answered in time.",
        (Series("uptime", "answered"),), (Limit(99.9, "at least", is_least=True),), top=101, digits=2,
    ),
    Panel(
        "workers", "Workers and queue", "", "Worker processes, tasks that run, and tasks that wait.",
        (Series("workers", "workers"), Series("tasks_running", "running", "dash"), Series("tasks_waiting", "waiting", "dot")),
        top=4,
    ),
)  # fmt: skip
"""In the order in which they are shown."""

PANEL_OF_GROUP: Final = {
    "memory": "memory", "cpu": "cpu", "response": "response", "browser": "fps", "errors": "errors", "uptime": "uptime",
    "pool": "workers", "breakers": "errors",
}  # fmt: skip
"""Chart that an alert of a group is about."""


def panel(key: str) -> Panel:
    """Find a panel by its key.

    Raises
    ------
    KeyError
        If there is none.
    """
    return next((each for each in PANELS if each.key == key), None) or _unknown(key)


def _unknown(key: str) -> Panel:
    raise KeyError(f"expected a panel of {', '.join(each.key for each in PANELS)}, not {key!r}")
