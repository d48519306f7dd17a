"""Every metric there is: what it is called, counts and means.

A new metric gets a line here; a test fails on a name or label that is recorded and not listed. Labels have few values:
never a passage's name, a file or a reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from gamebook_lab.telemetry.snapshot import Kind

__all__ = ["CATALOGUE", "MetricInfo"]

Unit = Literal["", "bytes", "cores", "frames/s", "rows", "seconds", "share"]
"""A share is between 0 and 1; nothing means that things are counted."""


@dataclass(frozen=True, slots=True)
class MetricInfo:
    """What a metric is."""

    name: str
    kind: Kind
    unit: Unit
    meaning: str
    labels: tuple[str, ...] = ()


def _counter(name: str, meaning: str, *labels: str, unit: Unit = "") -> MetricInfo:
    return MetricInfo(name, "counter", unit, meaning, labels)


def _gauge(name: str, unit: Unit, meaning: str, *labels: str) -> MetricInfo:
    return MetricInfo(name, "gauge", unit, meaning, labels)


def _histogram(name: str, unit: Unit, meaning: str, *labels: str) -> MetricInfo:
    return MetricInfo(name, "histogram", unit, meaning, labels)


_ALL: Final = (
    # ---- the machine and its processes: instruments.py, once a second
    _gauge("host_cpu_share", "share", "Part of all processors that all programs use."),
    _gauge("host_memory_share", "share", "Part of the memory there is (the control group's, else the machine's) in use."),
    _gauge("host_memory_bytes", "bytes", "The same in bytes."),
    _gauge("cgroup_memory_bytes", "bytes", "Used in the control group, where one has a limit."),
    _gauge("cgroup_memory_share", "share", "The same as a part of its limit."),
    _gauge("cgroup_cpu_cores", "cores", "Processors that the control group uses."),
    _gauge("process_cpu_cores", "cores", "Processors that a process uses: kernel, explorer, cluster.", "process"),
    _gauge("process_memory_bytes", "bytes", "Memory that a process holds (resident).", "process"),
    _counter("probes_total", "Probes of the kernel, one a second: ok, or missed because it was stalled or gone.", "result"),
    # ---- what the author does and feels
    _histogram("response_seconds", "seconds", "From a click or key to what it changes on the screen.", "action"),
    _histogram("kernel_seconds", "seconds", "The kernel's part of that.", "action"),
    _histogram("round_trip_seconds", "seconds", "From the browser to the kernel and back."),
    _histogram("frames_per_second", "frames/s", "Animation frames drawn by the browser, counted each second."),
    _gauge("browser_silence_seconds", "seconds", "Since a page that is shown last answered; about 1 when all is well."),
    _histogram("long_frame_seconds", "seconds", "Frames that took longer than 50 ms."),
    _counter("actions_total", "What the author asked for: edits, saves, clicks.", "action"),
    _counter("errors_total", "What went wrong, by the class of the error.", "kind"),
    _counter("edits_total", "Changes of stories: edit, undo, redo, or load of another.", "kind"),
    _counter("edits_kept_total", "Edits written to the story's workspace, where a crash does not take them."),
    _histogram("keep_seconds", "seconds", "Writing a batch of edits to the workspace."),
    _counter("saves_total", "Stories written to their files: asked, or autosave.", "how"),
    _histogram("save_seconds", "seconds", "Writing a story to its file."),
    _counter("backups_total", "Backups made, and tried out."),
    _counter("backup_failures_total", "Backups that could not be made, or did not stand the trial."),
    _histogram("backup_seconds", "seconds", "Making a backup and trying it out."),
    # ---- the worker pool
    _gauge("pool_workers", "", "Workers there are."),
    _gauge("pool_workers_target", "", "Workers there shall be."),
    _gauge("pool_queue_length", "", "Tasks that wait."),
    _gauge("pool_running", "", "Tasks that workers have."),
    _gauge("pool_memory_bytes", "bytes", "Memory of all workers."),
    _gauge("pool_memory_share", "share", "The same as a part of the pool's limit."),
    _gauge("pool_cpu_cores", "cores", "Processors that the workers use."),
    _gauge("pool_spilled_bytes", "bytes", "Results that workers moved to disk."),
    _gauge("worker_memory_bytes", "bytes", "Memory of one worker; workers are numbered from 0.", "worker"),
    _gauge("worker_memory_share", "share", "The same as a part of its limit.", "worker"),
    _gauge("worker_cpu_cores", "cores", "Processors that one worker uses.", "worker"),
    _counter("pool_tasks_total", "Tasks that ended: done, failed, cancelled.", "result"),
    _counter("pool_events_total", "What happened to the pool: worker-lost, scaled, task-timeout ...", "kind", "cause"),
    # ---- jobs: long work in shards
    _gauge("jobs_running", "", "Jobs under way."),
    _counter("jobs_total", "Jobs that ended: done, or stopped.", "result"),
    _counter("job_shards_total", "Shards of a job, by what became of them.", "job", "status"),
    _counter("job_retries_total", "Attempts after the first.", "job"),
    _counter("job_written_bytes_total", "Bytes of results written.", "job", unit="bytes"),
    _histogram("job_shard_seconds", "seconds", "Work on one shard.", "job"),
    _counter("processor_shards_total", "Shards processed.", "processor"),
    _counter("processor_rows_in_total", "Rows taken in.", "processor", unit="rows"),
    _counter("processor_rows_out_total", "Rows given.", "processor", unit="rows"),
    _counter("processor_bytes_out_total", "Bytes given.", "processor", unit="bytes"),
    _counter("processor_errors_total", "Shards that failed, by the class of the error.", "processor", "code"),
    _histogram("processor_shard_seconds", "seconds", "Work on one shard.", "processor"),
    _gauge("breaker_state", "", "0 closed, 1 half open, 2 open.", "kind"),
    _counter("breaker_transitions_total", "Changes of a breaker's state.", "kind", "to"),
    _counter("breaker_refused_total", "Calls that a breaker refused.", "kind"),
    # ---- telemetry itself
    _histogram("telemetry_tick_seconds", "seconds", "Work of the recorder in one second."),
    _gauge("telemetry_series", "", "Series that are recorded."),
    _gauge("telemetry_stored_bytes", "bytes", "Size of the metrics file."),
    _counter("telemetry_lost_total", "Seconds that could not be written (write), and values of series beyond the limit (series).", "cause"),
    _gauge("alerts_firing", "", "Alerts by their level.", "level"),
    _counter("alert_changes_total", "Changes of an alert's level.", "rule", "to"),
    _counter("notices_total", "Notices by target and by what became of them: sent, failed, dropped.", "target", "result"),
    _counter("relief_total", "Relief that a rule asked for, by kind: done, or failed.", "kind", "result"),
)  # fmt: skip

CATALOGUE: Final = {info.name: info for info in _ALL}
"""By name."""
