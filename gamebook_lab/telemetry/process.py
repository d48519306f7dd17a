"""The process's one recorder, and what is asked of it."""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from gamebook_lab.errors import TelemetryError
from gamebook_lab.telemetry import alert_store
from gamebook_lab.telemetry.alert import Alert
from gamebook_lab.telemetry.delivery import Watchers
from gamebook_lab.telemetry.home import folder_of, is_off, use
from gamebook_lab.telemetry.moments import When, epoch_of, seconds_of, times
from gamebook_lab.telemetry.notices import Notice
from gamebook_lab.telemetry.offers import RELIEFS
from gamebook_lab.telemetry.reading import opened
from gamebook_lab.telemetry.recording import Recorder
from gamebook_lab.telemetry.registry import metrics
from gamebook_lab.telemetry.settings import Settings

__all__ = [
    "acknowledge",
    "alerts",
    "recorder",
    "serve",
    "silence",
    "silences",
    "start",
    "stop",
    "watch",
]

_STATES: Final = ("firing", "acknowledged", "no data", "resolved")
_lock: Final = threading.RLock()
_watchers: Final = Watchers()
_recorder: Recorder | None = None
_address: str | None = None


def start(folder: str | Path | None = None, *, settings: Settings | None = None) -> Recorder:
    """Begin to record this process, once a second, on a thread of its own; again it just gives the recorder.

    Parameters
    ----------
    folder
        Where metrics, settings and logs are kept. By default that of the environment variable ``GAMEBOOK_TELEMETRY``, else
        ``telemetry`` in the user's data folder. Several processes may share one. ``GAMEBOOK_TELEMETRY=off`` has nothing
        recorded: the recorder that is given then does nothing.
    settings
        By default those of ``settings.toml`` in the folder.

    Raises
    ------
    SettingsError
        If the settings file is wrong.
    TelemetryError
        If it runs already with another folder or other settings.
    """
    global _recorder  # noqa: PLW0603  # there is one per process by definition
    with _lock:
        if _recorder is not None and _recorder.is_running:
            if folder is not None and folder_of(folder).resolve() != _recorder.folder.resolve():
                raise TelemetryError(f"{_recorder.folder} is recorded to already: telemetry.stop() first")
            if settings is not None and settings != _recorder.settings:
                raise TelemetryError("it records already, with other settings: telemetry.stop() first")
            return _recorder
        made = Recorder(folder_of(folder), settings, watchers=_watchers, reliefs=RELIEFS)
        if folder is None and is_off():
            return made
        made.start()
        atexit.register(stop)
        use(made.folder)
        _recorder = made
        return made


def stop() -> None:
    """End recording; what was measured is written. Nothing happens if it does not run."""
    global _recorder
    with _lock:
        ending, _recorder = _recorder, None
        use(None)
    if ending is not None:
        ending.stop()
        atexit.unregister(stop)


def recorder() -> Recorder | None:
    """The recorder that runs; None if none does."""
    return _recorder


def alerts(state: str | None = None, *, since: When | None = None, folder: str | Path | None = None) -> pd.DataFrame:
    """List alerts, those in force and those of the past.

    Parameters
    ----------
    state
        ``"firing"``, ``"acknowledged"``, ``"no data"`` (in force) or ``"resolved"``; all by default.
    since
        Only those that were in force after this moment, as in :func:`read`.
    folder
        Of another run; by default what this process's recorder knows, or the default folder if none runs.

    Returns
    -------
    pandas.DataFrame
        Newest first: ``id`` (int, for :func:`acknowledge`), ``rule``, ``group``, ``labels`` (dict), ``level`` (``warning``,
        ``critical``, ``maximum``; the highest it reached is ``peak_level``), ``state``, ``value`` (last), ``threshold`` (of its
        level), ``summary`` (for people), ``started``, ``changed``, ``ended`` (``datetime64[us, UTC]``; ``NaT`` while in force),
        ``is_silenced``, ``is_inhibited`` (by a higher alert of its group), ``session``.
    """
    if state is not None and state not in _STATES:
        raise ValueError(f"state is one of {', '.join(_STATES)}, not {state!r}")
    now = time.time()
    running = _recorder
    if running is not None and (folder is None or folder_of(folder).resolve() == running.folder.resolve()):
        found = running.alerts()
    else:
        with opened(folder) as connection:
            found = alert_store.kept_alerts(connection, now) if connection is not None else []
    after = epoch_of(since, now) if since is not None else 0.0
    return _table(
        [alert for alert in found if state in {None, alert.state} and (alert.ended is None or alert.ended >= after)]
    )


def acknowledge(alert: int) -> None:
    """Say that somebody looks after an alert: it is not repeated. A rise of its level is told all the same.

    Raises
    ------
    TelemetryError
        If no alert of this ``id`` is in force.
    """
    _running().acknowledge(alert)


def silence(matcher: str | Mapping[str, str], *, for_: str | float = "2h", comment: str = "") -> int:
    """Send no notices of some alerts for a while; they are shown and kept all the same.

    Parameters
    ----------
    matcher
        A rule (``"memory"``, ``"pool_*"``), or labels and patterns that all must fit: ``{"group": "memory", "level": "warning"}``;
        ``rule``, ``group`` and ``level`` count as labels.
    for_
        After which time it ends: ``"2h"``, or seconds.

    Returns
    -------
    int
        Its number; :meth:`Recorder.unsilence` ends it early.

    Raises
    ------
    TelemetryError
        If it fits no rule there is.
    """
    wanted = {"rule": matcher} if isinstance(matcher, str) else dict(matcher)
    if not wanted:
        raise ValueError("a silence says what it matches, such as 'memory' or {'group': 'cpu'}; '*' matches all")
    return _running().silence(wanted, seconds_of(for_), comment).id


def silences() -> pd.DataFrame:
    """List the silences in force: ``id``, ``matcher``, ``until`` (``datetime64[us, UTC]``), ``comment``."""
    found = _running().silences()
    return pd.DataFrame(
        {
            "id": pd.Series([one.id for one in found], dtype="int64"),
            "matcher": pd.Series([dict(one.matcher) for one in found], dtype="object"),
            "until": times([one.until for one in found]),
            "comment": pd.Series([one.comment for one in found], dtype="str"),
        }
    )


def watch(callback: Callable[[Notice], object]) -> Callable[[], None]:
    """Be given every notice, on the notices' thread; one that raises or is slow holds up neither measuring nor other targets.

    Works before :func:`start` too. Returns a function that ends it.
    """
    return _watchers.add(callback)


def serve(port: int = 0) -> str:
    """Let Prometheus read the process's metrics, on 127.0.0.1 only; give the address to scrape.

    Parameters
    ----------
    port
        0 takes a free one.
    """
    global _address  # noqa: PLW0603
    with _lock:
        if _address is None:
            from gamebook_lab.telemetry.prometheus import serve_registry

            _address = serve_registry(metrics, port)
        return _address


def _running() -> Recorder:
    if _recorder is None:
        raise TelemetryError("nothing is recorded now: telemetry.start() begins to")
    return _recorder


def _table(found: list[Alert]) -> pd.DataFrame:
    def column(name: str, dtype: str) -> pd.Series:
        return pd.Series([getattr(alert, name) for alert in found], dtype=dtype)

    return pd.DataFrame(
        {
            "id": column("id", "int64"),
            "rule": column("rule", "str"),
            "group": column("group", "str"),
            "labels": column("labels", "object"),
            "level": pd.Series([alert.level.word for alert in found], dtype="str"),
            "peak_level": pd.Series([alert.peak.word for alert in found], dtype="str"),
            "state": column("state", "str"),
            "value": column("value", "float64"),
            "threshold": column("threshold", "float64"),
            "summary": column("summary", "str"),
            "started": times([alert.started for alert in found]),
            "changed": times([alert.changed for alert in found]),
            "ended": times([alert.ended for alert in found]),
            "is_silenced": column("is_silenced", "bool"),
            "is_inhibited": column("is_inhibited", "bool"),
            "session": column("session", "str"),
        }
    )
