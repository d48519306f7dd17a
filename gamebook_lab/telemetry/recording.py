"""Writes down once a second what the process's registry holds, and has the rules look at it."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

import apsw

from gamebook_lab.errors import TelemetryError
from gamebook_lab.telemetry import alert_store
from gamebook_lab.telemetry.alert import Alert, Silence
from gamebook_lab.telemetry.alerting import Engine, Step
from gamebook_lab.telemetry.cell import Cell, cell_between
from gamebook_lab.telemetry.delivery import Courier, Watchers
from gamebook_lab.telemetry.instruments import Instrument, Machine, Processes
from gamebook_lab.telemetry.log_writing import begin_logging
from gamebook_lab.telemetry.probes import Probes, lost_seconds
from gamebook_lab.telemetry.registry import Registry, metrics
from gamebook_lab.telemetry.relief import Reliefs
from gamebook_lab.telemetry.rules import AlertLevel
from gamebook_lab.telemetry.settings import Settings
from gamebook_lab.telemetry.snapshot import Sample
from gamebook_lab.telemetry.window import Window, evaluate
from gamebook_lab.telemetry.writing import SeriesKey, Writer

__all__ = ["Recorder"]

_log: Final = logging.getLogger(__name__)
_MOST_PENDING: Final = 60
"""Seconds that wait to be written while the file is busy or the disk full; older ones are lost, and counted."""
_JITTER_SECONDS: Final = 0.05

Cells = list[tuple[SeriesKey, Cell]]


class Recorder:
    """Records one process; :func:`gamebook_lab.telemetry.start` makes the process's own.

    Parameters
    ----------
    folder
        Where metrics, settings and logs are.
    settings
        By default those of the folder.
    process
        What it is called in :func:`runs`.
    registry, watchers, reliefs, instruments, clock, wall
        What is recorded, who is told, who is asked for relief, what is read each second, monotonic seconds and seconds
        since the epoch; given by tests.

    Attributes
    ----------
    folder, settings
        As given.
    session
        Its id, in the metrics file and in the log.
    """

    def __init__(
        self,
        folder: Path,
        settings: Settings | None = None,
        *,
        process: str = "kernel",
        registry: Registry = metrics,
        watchers: Watchers | None = None,
        reliefs: Reliefs | None = None,
        instruments: Iterable[Instrument] | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.folder: Final = folder
        self.settings: Final = settings if settings is not None else Settings.read(folder)
        self.session: Final = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime(wall()))}-{secrets.token_hex(3)}"
        self.process: Final = process
        self._registry, self._clock, self._wall = registry, clock, wall
        self._watchers = watchers if watchers is not None else Watchers()
        self._reliefs = reliefs if reliefs is not None else Reliefs(registry)
        self._instruments: list[Instrument] = (
            list(instruments) if instruments is not None else [Machine(), Processes(process)]
        )
        self._lock: Final = threading.RLock()
        self._over: Final = threading.Event()
        self._thread: threading.Thread | None = None
        self._writer: Writer | None = None
        self._end_logging: Callable[[], None] | None = None

    @property
    def is_running(self) -> bool:
        """Whether it records."""
        return self._writer is not None

    def start(self) -> None:
        """Open the file and begin, on a thread of its own.

        Raises
        ------
        TelemetryError
            If the folder cannot be written to.
        """
        self.open()
        self._thread = threading.Thread(target=self._run, name="gamebook-telemetry", daemon=True)
        self._thread.start()

    def open(self) -> None:
        """Open the file, for :meth:`tick` to be called by hand."""
        now = self._wall()
        writer = self._new_writer(now)
        try:
            self._end_logging = begin_logging(
                self.folder, self.settings.log, self.session, now=now, registry=self._registry
            )
        except OSError as error:
            writer.close()
            raise TelemetryError(f"the log cannot be written to {self.folder}: {error}") from error
        self._engine = Engine(self.settings, new_id=self._new_id, session=self.session)
        self._engine.silence(alert_store.kept_silences(writer.connection, now))
        self._courier = Courier(self.settings.notices, self._watchers, registry=self._registry)
        self._window = Window(max((rule.window_seconds for rule in self.settings.rules.values()), default=1.0) + 2.0)
        self._probes = Probes(self._registry, self._clock)
        self._registry.counter("probes_total", result="missed").add(lost_seconds(writer.connection, self.process, now))
        self._before: dict[SeriesKey, Sample] = {
            (sample.name, sample.kind, sample.labels): sample
            for sample in self._registry.snapshot().samples
            if sample.name != "probes_total"
        }
        self._pending: deque[tuple[int, Cells]] = deque()
        self._newest = 0
        self._n_new_ids = 0
        self._writer = writer
        _log.info("recording begins", extra={"kind": self.process})

    def _new_writer(self, now: float) -> Writer:
        return Writer(
            self.folder, session=self.session, process=self.process, pid=os.getpid(), now=now,
            retention=self.settings.retention,
        )  # fmt: skip

    def stop(self) -> None:
        """Write what was measured, tell what is to be told, and end."""
        self._over.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        with self._lock:
            if self._writer is None:
                return
            self.tick(is_last=True)
            writer, self._writer = self._writer, None
            _log.info("recording ends", extra={"kind": self.process})
            with contextlib.suppress(apsw.Error):
                writer.tidy(self._newest + 1)
                writer.close()
        self._courier.close()
        if self._end_logging is not None:
            self._end_logging()

    def tick(self, *, is_last: bool = False) -> Step | None:
        """Do the work of one second: read, write, judge, tell. None if this second was written already, and others follow."""
        began = time.perf_counter()
        now, wall = self._clock(), self._wall()
        second = int(wall + _JITTER_SECONDS) - 1
        with self._lock:
            is_written = -5 < second - self._newest <= 0  # a clock that was set back is followed
            if self._writer is None or (is_written and not is_last):
                return None
            self._newest = second = self._newest + 1 if is_written else second
            if not is_written:
                self._probes.look()
            cells = self._measured()
            self._window.add(now, cells)
            self._pending.append((second, cells))
            values = {name: evaluate(rule, self._window, now) for name, rule in self.settings.rules.items()}
            step = self._engine.step(values, now, wall)
            self._write(self._writer)
            self._keep(self._writer, step.changed)
        self._tell(step)
        self._registry.timer("telemetry_tick_seconds").observe(time.perf_counter() - began)
        return step

    # ---- what is asked of it

    def in_force(self) -> tuple[Alert, ...]:
        """Alerts in force; costs nothing."""
        with self._lock:
            return self._engine.alerts if self.is_running else ()

    def alerts(self) -> list[Alert]:
        """Alerts in force and of the past, newest first."""
        with self._lock:
            held = {alert.id: alert for alert in self._engine.alerts} if self.is_running else {}
            kept = alert_store.kept_alerts(self._held(), self._wall()) if self.is_running else []
        past = [alert for alert in kept if alert.id not in held]
        return sorted([*held.values(), *past], key=lambda alert: -alert.id)

    def acknowledge(self, number: int) -> None:
        """See :func:`gamebook_lab.telemetry.acknowledge`."""
        with self._lock:
            self._held()
            alert = self._engine.acknowledge(number)
            assert self._writer is not None
            self._keep(self._writer, (alert,))
        _log.info("alert acknowledged", extra={"rule": alert.rule})

    def silence(self, matcher: dict[str, str], seconds: float, comment: str = "") -> Silence:
        """See :func:`gamebook_lab.telemetry.silence`."""
        rules = self.settings.rules
        if not any(
            fnmatchcase(name, matcher.get("rule", "*")) and fnmatchcase(rule.group, matcher.get("group", "*"))
            for name, rule in rules.items()
        ):
            groups = sorted({rule.group for rule in rules.values()})
            wanted = ", ".join(f"{name} {pattern!r}" for name, pattern in matcher.items())
            msg = f"no rule has {wanted}; rules are {', '.join(sorted(rules))}, in the groups {', '.join(groups)}"
            raise TelemetryError(msg)
        with self._lock:
            made = alert_store.add_silence(self._held(), matcher, self._wall() + seconds, comment)
            self._engine.silence([*self.silences(), made])
        _log.info("alerts silenced", extra={"seconds": seconds})
        return made

    def unsilence(self, number: int) -> None:
        """End a silence early.

        Raises
        ------
        TelemetryError
            If there is none of this number.
        """
        with self._lock:
            if not alert_store.end_silence(self._held(), number):
                raise TelemetryError(f"there is no silence {number}")
            self._engine.silence([one for one in self._engine.silences if one.id != number])

    def silences(self) -> list[Silence]:
        """Silences in force."""
        with self._lock:
            self._held()
            return [one for one in self._engine.silences if one.until > self._wall()]

    # ---- a second's work

    def _run(self) -> None:
        while not self._over.wait(1.0 - self._wall() % 1.0):
            try:
                self.tick()
            except Exception:  # noqa: BLE001  # measuring must go on, whatever a rule or a disk does
                _log.exception("a second of metrics went wrong")

    def _measured(self) -> Cells:
        """What happened since the last look."""
        for instrument in self._instruments:
            try:
                instrument(self._registry)
            except Exception:  # noqa: BLE001  # the others go on
                _log.exception("an instrument failed")
        samples = self._registry.snapshot().samples
        self._registry.gauge("telemetry_series").set(len(samples))
        before, self._before = self._before, {}
        # those that were there before stay; of the new ones, as many as there is room for
        room = self.settings.max_series - sum((one.name, one.kind, one.labels) in before for one in samples)
        cells: Cells = []
        for sample in samples:
            key: SeriesKey = (sample.name, sample.kind, sample.labels)
            if key not in before:
                if room <= 0:
                    self._registry.counter("telemetry_lost_total", cause="series").add()
                    continue
                room -= 1
            self._before[key] = sample
            cell = cell_between(before.get(key), sample)
            if cell is not None:
                cells.append((key, cell))
        return cells

    def _write(self, writer: Writer) -> None:
        try:
            if not writer.is_in_place():
                writer = self._anew(writer)
            while self._pending:
                second, cells = self._pending[0]
                writer.write(second, cells)
                self._pending.popleft()
        except (apsw.Error, TelemetryError) as error:
            if isinstance(error, apsw.NotADBError | apsw.CorruptError):
                with contextlib.suppress(apsw.Error, TelemetryError):
                    writer = self._anew(writer)  # what waits is written a second later
            if len(self._pending) > _MOST_PENDING:
                self._pending.popleft()
                self._registry.counter("telemetry_lost_total", cause="write").add()
                _log.warning("a second of metrics is lost", extra={"code": type(error).__name__})
        with contextlib.suppress(apsw.Error):
            self._registry.gauge("telemetry_stored_bytes").set(writer.size_bytes())

    def _anew(self, old: Writer) -> Writer:
        """Go on in a new file where the old one was deleted, replaced or damaged; alerts and silences in force go with it."""
        now = self._wall()
        with contextlib.suppress(apsw.Error):
            old.close()  # first: two connections to a file that is damaged are of no use to each other
        self._writer = writer = self._new_writer(now)
        self._keep(writer, self._engine.alerts)
        for one in self._engine.silences:
            alert_store.keep_silence(writer.connection, one)
        _log.warning("the metrics file was lost or damaged, and is begun anew")
        return writer

    def _keep(self, writer: Writer, alerts: Iterable[Alert]) -> None:
        for alert in alerts:
            with contextlib.suppress(apsw.Error):  # it is kept at its next change, and told all the same
                alert_store.keep(writer.connection, writer.id, alert)

    def _tell(self, step: Step) -> None:
        for alert in step.changed:
            extra = {
                "rule": alert.rule,
                "to": alert.level.word or "normal",
                "state": alert.state_word,
                "value": alert.value,
            }
            level = logging.WARNING if alert.level >= AlertLevel.CRITICAL else logging.INFO
            _log.log(level, "alert changed", extra=extra)
            self._registry.counter("alert_changes_total", rule=alert.rule, to=alert.level.word or "normal").add()
        if step.changed:
            for level in AlertLevel:
                n_firing = sum(one.level is level for one in self._engine.alerts)
                self._registry.gauge("alerts_firing", level=level.word or "no_data").set(n_firing)
        for kind in step.reliefs:
            self._reliefs.ask(kind)
        for notice in step.notices:
            self._courier.take(notice)

    def _new_id(self) -> int:
        assert self._writer is not None
        try:
            return alert_store.new_id(self._writer.connection, self._writer.id, self._wall())
        except apsw.Error:
            self._n_new_ids += 1
            return -self._n_new_ids  # while the file cannot be written

    def _held(self) -> apsw.Connection:
        if self._writer is None:
            raise TelemetryError("nothing is recorded now: telemetry.start() begins to")
        return self._writer.connection
