"""The process's one recorder, and what is asked of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from gamebook_lab.telemetry.notices import Notice
from gamebook_lab.telemetry.recording import Recorder
from gamebook_lab.telemetry.settings import Settings

__all__ = [
    "acknowledge",
    "alerts",
    "follow",
    "recorder",
    "relieve",
    "serve",
    "silence",
    "silences",
    "start",
    "stop",
    "watch",
]


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
        If it runs already with another folder.
    """
    raise NotImplementedError


def stop() -> None:
    """End recording; what was measured is written. Nothing happens if it does not run."""
    raise NotImplementedError


def recorder() -> Recorder | None:
    """The recorder that runs; None if none does."""
    raise NotImplementedError


def follow(process: str, pid: int) -> Callable[[], None]:
    """Have memory and CPU of another process recorded under a name (label ``process``) until it ends.

    Returns
    -------
    Callable
        Ends this.
    """
    raise NotImplementedError


def alerts(state: str | None = None, *, since: str | None = None, folder: str | Path | None = None) -> pd.DataFrame:
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
    raise NotImplementedError


def acknowledge(alert: int) -> None:
    """Say that somebody looks after an alert: it is not repeated. A rise of its level is told all the same.

    Raises
    ------
    TelemetryError
        If no alert of this ``id`` is in force.
    """
    raise NotImplementedError


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
    """
    raise NotImplementedError


def silences() -> pd.DataFrame:
    """List the silences in force: ``id``, ``matcher``, ``until`` (``datetime64[us, UTC]``), ``comment``."""
    raise NotImplementedError


def watch(callback: Callable[[Notice], object]) -> Callable[[], None]:
    """Be given every notice, on the notices' thread; one that raises or is slow holds up neither measuring nor other targets.

    Works before :func:`start` too. Returns a function that ends it.
    """
    raise NotImplementedError


def relieve(kind: str, callback: Callable[[], object]) -> Callable[[], None]:
    """Offer relief: ``callback`` is called, on a thread of its own, when a rule whose ``relief`` is ``kind`` asks for it.

    Kinds of the default rules: ``"memory"`` (drop caches), ``"workers"`` (use fewer). Works before :func:`start` too.
    Returns a function that ends it.
    """
    raise NotImplementedError


def serve(port: int = 0) -> str:
    """Let Prometheus read the process's metrics, on 127.0.0.1 only; give the address to scrape.

    Parameters
    ----------
    port
        0 takes a free one.
    """
    raise NotImplementedError
