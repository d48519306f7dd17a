"""Counts, timings and levels of what the program does; knows no story.

>>> from gamebook_lab.telemetry import Registry
>>> registry = Registry()
>>> registry.counter("stories_read_total", format="twee").add()
>>> registry.snapshot().value("stories_read_total", format="twee")
1.0

Covers: metrics, and the registry that holds them. Sampling, alerts and export build on its snapshots.
"""

from __future__ import annotations

from typing import Final

from gamebook_lab.telemetry.metrics import Counter, Gauge, Histogram, Timer
from gamebook_lab.telemetry.registry import Registry
from gamebook_lab.telemetry.sketch import Sketch
from gamebook_lab.telemetry.snapshot import Distribution, Sample, Snapshot

__all__ = [
    "Counter",
    "Distribution",
    "Gauge",
    "Histogram",
    "Registry",
    "Sample",
    "Sketch",
    "Snapshot",
    "Timer",
    "metrics",
]

metrics: Final = Registry()
"""The process's own registry; tests make one of their own."""
