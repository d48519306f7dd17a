"""Thresholds, intervals, retention, log levels and targets of notices: one typed, documented file.

``settings.toml`` in the telemetry folder changes single values; what it does not say stays as it is. :meth:`Settings.write`
makes a file that has all of them, each with what it means.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from gamebook_lab.errors import SettingsError
from gamebook_lab.telemetry.goals import DEFAULT_GOALS, Goal
from gamebook_lab.telemetry.home import folder_of
from gamebook_lab.telemetry.options import option, to_toml, updated
from gamebook_lab.telemetry.retention import Retention
from gamebook_lab.telemetry.rules import DEFAULT_RULES, Rule

__all__ = ["FILE", "LogSettings", "NoticeSettings", "Settings"]

FILE: Final = "settings.toml"
_LEVELS: Final = ("debug", "info", "warning", "error", "critical")


@dataclass(frozen=True)
class LogSettings:
    """What is logged."""

    level: str = option("info", "The least level that is written: debug, info, warning, error or critical.")
    levels: Mapping[str, str] = option(dict, 'The same for parts: { "gamebook_lab.parallel" = "debug" }.')
    max_bytes: int = option(5_000_000, "Size from which a file is put aside and a new one begun.")
    n_files: int = option(3, "Files put aside that are kept, of each session.")
    keep_days: float = option(30.0, "Age from which the files of earlier sessions are removed.")

    def __post_init__(self) -> None:
        for level in (self.level, *self.levels.values()):
            if level not in _LEVELS:
                raise ValueError(f"a level is {', '.join(_LEVELS[:-1])} or {_LEVELS[-1]}, not {level!r}")
        if self.max_bytes < 10_000 or self.n_files < 1 or self.keep_days <= 0:
            raise ValueError("max_bytes is 10,000 or more, n_files 1 or more, keep_days above 0")


@dataclass(frozen=True)
class NoticeSettings:
    """Who is told of alerts, and how often."""

    targets: tuple[str, ...] = option(
        (),
        "Addresses as apprise takes them, such as mailto://... (needs the extra `notices`). They may hold passwords: keep this file to yourself.",
    )
    least_level: str = option("critical", "The least level that targets are told of: warning, critical or maximum.")
    group_seconds: float = option(5.0, "For how long notices wait for others of their group; maximum never waits.")
    repeat_seconds: float = option(
        14_400.0, "After how long an alert that is still in force, and not acknowledged, is told again."
    )
    mutes: Mapping[str, tuple[str, ...]] = option(
        lambda: {"maximum": ("warning",)},
        "While a group has an alert of a level, alerts of these levels in it are not told.",
    )
    attempts: int = option(3, "How often a target is tried.")
    timeout_seconds: float = option(10.0, "From when on an attempt counts as failed for the breaker.")

    def __post_init__(self) -> None:
        words = {"warning", "critical", "maximum"}
        for level in (self.least_level, *self.mutes, *(one for many in self.mutes.values() for one in many)):
            if level not in words:
                raise ValueError(f"a level is warning, critical or maximum, not {level!r}")
        if self.group_seconds < 0 or self.repeat_seconds <= 0 or self.attempts < 1 or self.timeout_seconds <= 0:
            raise ValueError(
                "group_seconds is 0 or more, repeat_seconds and timeout_seconds above 0, attempts 1 or more"
            )


@dataclass(frozen=True)
class Settings:
    """All settings. Immutable: ``dataclasses.replace`` makes another."""

    max_series: int = option(
        1_000, "Most series (name and labels) that are recorded; further ones are counted as lost."
    )
    retention: Retention = option(Retention, "For how long what is kept, and the most bytes of the metrics file.")  # noqa: RUF009  # a field
    log: LogSettings = option(LogSettings, "What is logged.")  # noqa: RUF009  # a field
    notices: NoticeSettings = option(NoticeSettings, "Who is told of alerts, and how often.")  # noqa: RUF009  # a field
    objectives: Mapping[str, Goal] = option(
        lambda: dict(DEFAULT_GOALS), "What is promised. `name = false` takes one out; a new name adds one."
    )
    rules: Mapping[str, Rule] = option(
        lambda: dict(DEFAULT_RULES), "What raises an alert. `name = false` takes one out; a new name adds one."
    )

    def __post_init__(self) -> None:
        if self.max_series < 1:
            raise ValueError(f"max_series is 1 or more, not {self.max_series}")

    @classmethod
    def of(cls, table: Mapping[str, Any], where: str = "settings") -> Self:
        """Take what a table says, and the defaults for all else.

        Raises
        ------
        SettingsError
            If a name, a type or a value is wrong; says which, and what it takes.
        """
        return updated(cls(), table, where)

    @classmethod
    def read(cls, folder: str | Path | None = None) -> Self:
        """Read ``settings.toml`` of a folder, by default the one that :func:`start` uses; the defaults if there is none.

        Raises
        ------
        SettingsError
            If it cannot be read, or is wrong.
        """
        file = folder_of(folder) / FILE
        try:
            text = file.read_text(encoding="utf-8")
        except FileNotFoundError:
            return cls()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{file} cannot be read: {error}") from error
        try:
            table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{file} is not TOML: {error}") from error
        return cls.of(table, str(file))

    def write(self, folder: str | Path | None = None, *, overwrite: bool = False) -> Path:
        """Write all settings, each with what it means, to ``settings.toml`` of a folder; gives the file.

        Raises
        ------
        SettingsError
            If there is one already and ``overwrite`` is not given, or it cannot be written.
        """
        file = folder_of(folder) / FILE
        if file.exists() and not overwrite:
            raise SettingsError(f"{file} is there already: pass overwrite=True to replace it")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.to_toml(), encoding="utf-8")
            file.chmod(0o600)  # targets may hold passwords
        except OSError as error:
            raise SettingsError(f"{file} cannot be written: {error}") from error
        return file

    def to_toml(self) -> str:
        """All settings as the text of a settings file."""
        return to_toml(self)
