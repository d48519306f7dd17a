"""What telemetry costs: processor time of an idle process that records, as a share of one core, and what it writes.

    python benchmarks/telemetry_cost.py [--seconds 60]

Three processes one after the other: one that only sleeps, one that records what an idle lab has, and one in which an
author works and a pool runs (60 more series, 20 responses a second).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time

import psutil

SERIES = 60
RESPONSES = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--part", choices=["asleep", "idle", "busy"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        print(json.dumps(measured(options.part, options.seconds)))
        return
    print(
        f"{'process':<10}{'of one core':>12}{'ms a second':>13}{'tick p50 ms':>13}{'p95 ms':>8}{'series':>8}{'KiB/s':>9}"
    )
    for part in ("asleep", "idle", "busy"):
        command = [sys.executable, __file__, "--part", part, "--seconds", str(options.seconds)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        row = json.loads(done.stdout)
        print(
            f"{part:<10}{row['share']:>12.2%}{row['share'] * 1000:>13.2f}{row['p50'] * 1000:>13.2f}{row['p95'] * 1000:>8.2f}"
            f"{row['series']:>8}{row['written'] / 1024:>9,.1f}",
            flush=True,
        )


def measured(part: str, seconds: int) -> dict[str, float]:
    from gamebook_lab import telemetry

    with tempfile.TemporaryDirectory() as folder:
        if part != "asleep":
            telemetry.start(folder)
        if part == "busy":
            fill(telemetry.metrics)
        time.sleep(3)  # imports, the first rows of each series
        written = written_bytes()
        began, cpu = time.perf_counter(), time.process_time()
        for _ in range(seconds):
            if part == "busy":
                for _ in range(RESPONSES):
                    telemetry.metrics.timer("response_seconds", action="edit").observe(0.02)
            time.sleep(1)
        share = (time.process_time() - cpu) / (time.perf_counter() - began)
        grown = written_bytes() - written
        ticks = telemetry.metrics.timer("telemetry_tick_seconds").distribution()
        n_series = len(telemetry.metrics.snapshot().samples)
        telemetry.stop()
    return {
        "share": share,
        "p50": ticks.quantile(0.5) if ticks.n else 0.0,
        "p95": ticks.quantile(0.95) if ticks.n else 0.0,
        "series": n_series if part != "asleep" else 0,
        "written": grown / seconds,
    }


def fill(registry) -> None:  # noqa: ANN001
    for number in range(SERIES // 3):
        for name in ("worker_memory_bytes", "worker_cpu_cores", "worker_memory_share"):
            registry.gauge(name, worker=str(number)).set(number)


def written_bytes() -> int:
    """What this process has handed to the system to be written."""
    process = psutil.Process()
    return process.io_counters().write_chars if hasattr(process, "io_counters") else 0


if __name__ == "__main__":
    main()
