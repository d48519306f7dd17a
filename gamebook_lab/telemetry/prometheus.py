"""The registry as Prometheus reads it; on this machine only, and only if it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from gamebook_lab.errors import TelemetryError
from gamebook_lab.telemetry.catalogue import CATALOGUE
from gamebook_lab.telemetry.exposition import bounds_of, cumulative
from gamebook_lab.telemetry.registry import Registry
from gamebook_lab.telemetry.snapshot import Sample

__all__ = ["PREFIX", "Exposed", "serve_registry"]

PREFIX: Final = "gamebook_"


def serve_registry(registry: Registry, port: int = 0) -> str:
    """Answer Prometheus on 127.0.0.1; give the address.

    Raises
    ------
    TelemetryError
        If the port is taken.
    """
    collected = CollectorRegistry(auto_describe=False)
    collected.register(Exposed(registry))
    try:
        server, _ = start_http_server(port, addr="127.0.0.1", registry=collected)
    except (OSError, OverflowError) as error:  # the second is of a number that is no port
        raise TelemetryError(f"port {port} cannot be listened on: {error}") from error
    return f"http://127.0.0.1:{server.server_port}/metrics"


class Exposed(Collector):
    """Gives a registry's metrics under names that begin with ``gamebook_``."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def collect(self) -> Iterator[Metric]:
        """Give all, as they are now."""
        families: dict[str, Metric] = {}
        for sample in self._registry.snapshot().samples:
            if sample.name not in families:
                families[sample.name] = _family(sample)
            _add(families[sample.name], sample)
        yield from families.values()


def _family(sample: Sample) -> Metric:
    info = CATALOGUE.get(sample.name)
    kind = {"counter": CounterMetricFamily, "gauge": GaugeMetricFamily, "histogram": HistogramMetricFamily}[sample.kind]
    labels = info.labels if info is not None else [name for name, _ in sample.labels]
    made: Metric = kind(PREFIX + sample.name, info.meaning if info is not None else "", labels=labels)
    return made


def _add(family: Metric, sample: Sample) -> None:
    held = dict(sample.labels)
    if isinstance(family, HistogramMetricFamily):
        labels = [held.get(name, "") for name in family._labelnames]  # noqa: SLF001  # the library has no other way
        seen = sample.distribution
        assert seen is not None
        bounds = bounds_of(sample.name)
        counts = zip([f"{bound:g}" for bound in bounds], cumulative(seen, bounds), strict=True)
        family.add_metric(labels, [*counts, ("+Inf", seen.n)], seen.sum)
    elif isinstance(family, CounterMetricFamily | GaugeMetricFamily):
        family.add_metric([held.get(name, "") for name in family._labelnames], sample.value)  # noqa: SLF001
