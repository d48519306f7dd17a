"""Measures what the program does, keeps it, judges it, and tells; knows no story.

>>> from gamebook_lab.telemetry import Registry
>>> registry = Registry()
>>> registry.counter("stories_read_total", format="twee").add()
>>> registry.snapshot().value("stories_read_total", format="twee")
1.0

**Measure.** Anyone counts in the process's registry: ``metrics.counter("saves_total").add()``,
``metrics.gauge("pool_workers").set(2)``, ``metrics.timer("response_seconds", action="edit").observe(0.012)``. What a
name means stands in :mod:`gamebook_lab.telemetry.catalogue`; a test refuses names that are not there.

**Keep.** :func:`start` begins to write everything down once a second; :func:`read`, :func:`series` and :func:`runs` give it
back as tables, of the run under way or of last week's.

**Judge.** :func:`objectives`, :func:`alerts`, :func:`tune`; the thresholds are a file, :class:`Settings`.

**Tell.** :func:`watch`, the log (:func:`logs`), apprise, Prometheus (:func:`serve`), OpenTelemetry.

Names are imported when first used: a worker that only counts loads neither pandas nor SQLite.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from gamebook_lab.telemetry.metrics import Counter, Gauge, Histogram, Timer
from gamebook_lab.telemetry.registry import Registry, metrics
from gamebook_lab.telemetry.sketch import Sketch
from gamebook_lab.telemetry.snapshot import Distribution, Sample, Snapshot

if TYPE_CHECKING:
    from gamebook_lab.telemetry.binding import bound
    from gamebook_lab.telemetry.log_reading import logs
    from gamebook_lab.telemetry.managers import (
        AlertManager,
        BrowserAlertManager,
        CpuAlertManager,
        ErrorAlertManager,
        MemoryAlertManager,
        ResponseAlertManager,
        UptimeAlertManager,
    )
    from gamebook_lab.telemetry.notices import Notice
    from gamebook_lab.telemetry.objective import objectives
    from gamebook_lab.telemetry.offers import follow, relieve
    from gamebook_lab.telemetry.otel import push
    from gamebook_lab.telemetry.process import (
        acknowledge,
        alerts,
        recorder,
        serve,
        silence,
        silences,
        start,
        stop,
        watch,
    )
    from gamebook_lab.telemetry.reading import read, runs, series
    from gamebook_lab.telemetry.recording import Recorder
    from gamebook_lab.telemetry.settings import Settings
    from gamebook_lab.telemetry.tuning import tune

__all__ = [
    "AlertManager",
    "BrowserAlertManager",
    "Counter",
    "CpuAlertManager",
    "Distribution",
    "ErrorAlertManager",
    "Gauge",
    "Histogram",
    "MemoryAlertManager",
    "Notice",
    "Recorder",
    "Registry",
    "ResponseAlertManager",
    "Sample",
    "Settings",
    "Sketch",
    "Snapshot",
    "Timer",
    "UptimeAlertManager",
    "acknowledge",
    "alerts",
    "bound",
    "follow",
    "logs",
    "metrics",
    "objectives",
    "push",
    "read",
    "recorder",
    "relieve",
    "runs",
    "series",
    "serve",
    "silence",
    "silences",
    "start",
    "stop",
    "tune",
    "watch",
]

_HOME: Final = {
    "AlertManager": "managers",
    "BrowserAlertManager": "managers",
    "CpuAlertManager": "managers",
    "ErrorAlertManager": "managers",
    "MemoryAlertManager": "managers",
    "ResponseAlertManager": "managers",
    "UptimeAlertManager": "managers",
    "Notice": "notices",
    "Recorder": "recording",
    "Settings": "settings",
    "acknowledge": "process",
    "alerts": "process",
    "bound": "binding",
    "follow": "offers",
    "logs": "log_reading",
    "objectives": "objective",
    "push": "otel",
    "read": "reading",
    "recorder": "process",
    "relieve": "offers",
    "runs": "reading",
    "series": "reading",
    "serve": "process",
    "silence": "process",
    "silences": "process",
    "start": "process",
    "stop": "process",
    "tune": "tuning",
    "watch": "process",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        # no module is called like one of these: importing it would put it in the function's place
        return getattr(import_module(f"gamebook_lab.telemetry.{_HOME[name]}"), name)
    raise AttributeError(f"module 'gamebook_lab.telemetry' has no attribute {name!r}")
