"""Sends the registry to an OpenTelemetry collector, on a thread of its own; an extra.

The registry has added up its distributions already, so the SDK's instruments are of no use: its data classes are filled
here, and its exporter sends them.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from gamebook_lab.errors import TelemetryError
from gamebook_lab.telemetry.catalogue import CATALOGUE
from gamebook_lab.telemetry.exposition import bounds_of, cumulative
from gamebook_lab.telemetry.prometheus import PREFIX
from gamebook_lab.telemetry.registry import Registry, metrics
from gamebook_lab.telemetry.snapshot import Sample

__all__ = ["push"]

_log: Final = logging.getLogger(__name__)


def push(
    endpoint: str = "http://127.0.0.1:4318", *, every_seconds: float = 10.0, registry: Registry = metrics
) -> Callable[[], None]:
    """Send all metrics to a collector time and again.

    Parameters
    ----------
    endpoint
        Of its OTLP over HTTP.
    every_seconds
        Time between two sendings.

    Returns
    -------
    Callable
        Sends a last time, and ends this.

    Raises
    ------
    ValueError
        If the endpoint is no address, or the seconds are not above 0.
    TelemetryError
        If the extra ``otel`` is not installed.
    """
    parts = urlsplit(endpoint)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"a collector's endpoint looks like http://127.0.0.1:4318, not {endpoint!r}")
    if every_seconds <= 0:
        raise ValueError(f"every_seconds is above 0, not {every_seconds!r}")
    try:
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    except ImportError as error:
        raise TelemetryError("OpenTelemetry needs the extra: pip install 'gamebook-lab[otel]'") from error
    exporter: Any = OTLPMetricExporter(endpoint=endpoint.rstrip("/") + "/v1/metrics", timeout=5)
    over = threading.Event()
    since = time.time_ns()

    def send() -> None:
        while True:
            is_over = over.wait(every_seconds)
            try:
                exporter.export(data_of(registry, since))
            except Exception as error:  # noqa: BLE001  # a collector that is away is no reason to end
                _log.info("metrics were not taken by the collector", extra={"code": type(error).__name__})
            if is_over:
                exporter.shutdown()
                return

    thread = threading.Thread(target=send, name="gamebook-otel", daemon=True)
    thread.start()

    def end() -> None:
        over.set()
        thread.join(10)

    return end


def data_of(registry: Registry, since: int) -> Any:
    """Everything that a registry holds, as OpenTelemetry's ``MetricsData``; ``since`` in nanoseconds since the epoch."""
    from opentelemetry.sdk.metrics.export import Metric, MetricsData, ResourceMetrics, ScopeMetrics
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope

    by_name: dict[str, list[Sample]] = {}
    for sample in registry.snapshot().samples:
        by_name.setdefault(sample.name, []).append(sample)
    found = []
    for name, samples in by_name.items():
        info = CATALOGUE.get(name)
        unit = {"seconds": "s", "bytes": "By", "share": "1"}.get(info.unit, info.unit) if info else ""
        found.append(Metric(PREFIX + name, info.meaning if info else "", unit, _points(samples, since)))
    scope = ScopeMetrics(InstrumentationScope("gamebook_lab"), found, "")
    resource = Resource.create({"service.name": "gamebook-lab"})
    return MetricsData([ResourceMetrics(resource, [scope], "")])


def _points(samples: list[Sample], since: int) -> Any:
    from opentelemetry.sdk.metrics.export import AggregationTemporality, Gauge, Histogram, NumberDataPoint, Sum

    now, total = time.time_ns(), AggregationTemporality.CUMULATIVE
    if samples[0].kind == "histogram":
        return Histogram([_histogram_point(sample, since, now) for sample in samples], total)
    points = [NumberDataPoint(dict(sample.labels), since, now, sample.value) for sample in samples]
    return Gauge(points) if samples[0].kind == "gauge" else Sum(points, total, is_monotonic=True)


def _histogram_point(sample: Sample, since: int, now: int) -> Any:
    from opentelemetry.sdk.metrics.export import HistogramDataPoint

    seen = sample.distribution
    assert seen is not None
    bounds = bounds_of(sample.name)
    counts = cumulative(seen, bounds)
    apart = [count - before for count, before in zip([*counts, seen.n], [0, *counts], strict=True)]
    return HistogramDataPoint(dict(sample.labels), since, now, seen.n, seen.sum, apart, bounds, seen.min, seen.max)
