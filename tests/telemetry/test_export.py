"""What other systems are given: Prometheus, Grafana, OpenTelemetry."""

from __future__ import annotations

import json
import re
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from gamebook_lab import telemetry
from gamebook_lab.errors import TelemetryError
from gamebook_lab.telemetry.catalogue import CATALOGUE
from gamebook_lab.telemetry.exposition import bounds_of, cumulative
from gamebook_lab.telemetry.prometheus import serve_registry
from tests.patience import PATIENCE


@pytest.fixture
def filled(registry):
    registry.counter("errors_total", kind="OSError").add(3)
    registry.counter("errors_total", kind='odd"\n\\').add(1)
    registry.gauge("host_cpu_share").set(0.25)
    for value in (0.004, 0.012, 0.0155, 0.02, 0.09, 0.4):
        registry.timer("response_seconds", action="edit").observe(value)
    return registry


def scraped(address):
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        return answer.read().decode()


def test_prometheus__reads_it(filled):
    address = serve_registry(filled)
    assert address.startswith("http://127.0.0.1:")
    families = {family.name: family for family in text_string_to_metric_families(scraped(address))}
    errors = {sample.labels["kind"]: sample.value for sample in families["gamebook_errors"].samples}
    assert errors == {"OSError": 3, 'odd"\n\\': 1}
    assert families["gamebook_host_cpu_share"].samples[0].value == 0.25
    assert families["gamebook_response_seconds"].documentation == CATALOGUE["response_seconds"].meaning
    buckets = {
        sample.labels["le"]: sample.value
        for sample in families["gamebook_response_seconds"].samples
        if sample.name.endswith("_bucket")
    }
    assert (buckets["0.016"], buckets["0.1"], buckets["+Inf"]) == (3, 5, 6)


def test_prometheus__port_that_is_taken(filled):
    port = int(serve_registry(filled).split(":")[2].split("/")[0])
    with pytest.raises(TelemetryError, match=f"port {port} cannot"):
        serve_registry(filled, port)


def test_buckets__include_a_frame_and_the_objective():
    assert {0.016, 0.1} <= set(bounds_of("response_seconds"))
    assert 55.0 in bounds_of("frames_per_second")


def test_buckets__never_fall(filled):
    seen = filled.timer("response_seconds", action="edit").distribution()
    counts = cumulative(seen, bounds_of("response_seconds"))
    assert counts == sorted(counts)
    assert counts[-1] == seen.n


def test_grafana__asks_for_what_there_is():
    board = json.loads((Path(__file__).parents[2] / "docs" / "grafana.json").read_text(encoding="utf-8"))
    queries = [target["expr"] for panel in board["panels"] for target in panel.get("targets", [])]
    assert len(queries) >= 12
    names = {re.sub(r"_bucket$", "", name) for query in queries for name in re.findall(r"gamebook_(\w+)", query)}
    assert names <= CATALOGUE.keys()
    assert {"response_seconds", "frames_per_second", "host_memory_share", "probes_total"} <= names


def test_opentelemetry__gets_all_kinds(filled):
    pytest.importorskip("opentelemetry.sdk")
    from gamebook_lab.telemetry.otel import data_of

    (scope,) = data_of(filled, 0).resource_metrics[0].scope_metrics
    by_name = {metric.name: metric for metric in scope.metrics}
    assert by_name["gamebook_errors_total"].data.is_monotonic
    assert by_name["gamebook_host_cpu_share"].data.data_points[0].value == 0.25
    (point,) = by_name["gamebook_response_seconds"].data.data_points
    assert (point.count, sum(point.bucket_counts)) == (6, 6)
    assert len(point.bucket_counts) == len(point.explicit_bounds) + 1
    assert by_name["gamebook_response_seconds"].unit == "s"


def test_opentelemetry__is_sent_to_a_collector(filled):
    pytest.importorskip("opentelemetry.exporter.otlp.proto.http")
    from http.server import BaseHTTPRequestHandler, HTTPServer
    from threading import Thread

    got = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self):
            got.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        end = telemetry.push(f"http://127.0.0.1:{server.server_port}", every_seconds=60, registry=filled)
        end()
        server.shutdown()
    assert [path for path, _ in got] == ["/v1/metrics"]


def test_push__endpoint_that_is_none():
    with pytest.raises(ValueError, match=r"looks like http://127\.0\.0\.1:4318, not 'nonsense'"):
        telemetry.push("nonsense")
