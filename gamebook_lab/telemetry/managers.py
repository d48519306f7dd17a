"""One group of alerts each, for those who look after one thing: thin views of the one rule engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final

import pandas as pd

from gamebook_lab.telemetry import process
from gamebook_lab.telemetry.notices import Notice
from gamebook_lab.telemetry.rules import AlertLevel, Rule
from gamebook_lab.telemetry.settings import Settings

__all__ = [
    "AlertManager",
    "BrowserAlertManager",
    "CpuAlertManager",
    "ErrorAlertManager",
    "MemoryAlertManager",
    "ResponseAlertManager",
    "UptimeAlertManager",
]


class AlertManager:
    """Alerts of one group, of the recorder that runs in this process.

    Parameters
    ----------
    group
        As in the rules; those of :data:`gamebook_lab.telemetry.rules.DEFAULT_RULES` have memory, cpu, response, browser,
        errors, uptime, breakers and pool.

    Raises
    ------
    ValueError
        If no rule is of this group.
    """

    GROUP: ClassVar[str] = ""

    def __init__(self, group: str | None = None) -> None:
        self.group: Final = group or self.GROUP
        if not self.rules:
            known = ", ".join(sorted({rule.group or name for name, rule in self._settings.rules.items()}))
            raise ValueError(f"no rule is of group {self.group!r}; there are {known}")

    @property
    def rules(self) -> dict[str, Rule]:
        """The group's rules, by name."""
        return {name: rule for name, rule in self._settings.rules.items() if (rule.group or name) == self.group}

    @property
    def thresholds(self) -> dict[str, dict[str, float]]:
        """Thresholds by rule and level."""
        return {
            name: {level.word: threshold for level in AlertLevel if (threshold := rule.threshold(level)) is not None}
            for name, rule in self.rules.items()
        }

    @property
    def level(self) -> AlertLevel:
        """The worst level in force; normal too if nothing is recorded."""
        running = process.recorder()
        found = running.in_force() if running is not None else ()
        return max((alert.level for alert in found if alert.group == self.group), default=AlertLevel.NORMAL)

    def alerts(self, state: str | None = None) -> pd.DataFrame:
        """Alerts of the group, as :func:`gamebook_lab.telemetry.alerts` gives them."""
        found = process.alerts(state)
        return found[found["group"] == self.group].reset_index(drop=True)

    def watch(self, callback: Callable[[Notice], object]) -> Callable[[], None]:
        """Be given the group's notices; returns a function that ends it."""
        return process.watch(lambda notice: callback(notice) if notice.group == self.group else None)

    def silence(self, for_: str | float = "2h", comment: str = "") -> int:
        """Send none of the group's notices for a while."""
        return process.silence({"group": self.group}, for_=for_, comment=comment)

    def acknowledge(self) -> None:
        """Say that somebody looks after all alerts of the group that are in force."""
        running = process.recorder()
        for alert in running.in_force() if running is not None else ():
            if alert.group == self.group:
                process.acknowledge(alert.id)

    @property
    def _settings(self) -> Settings:
        running = process.recorder()
        return running.settings if running is not None else Settings.read()


class MemoryAlertManager(AlertManager):
    """Memory of the machine and of the worker pool."""

    GROUP = "memory"


class CpuAlertManager(AlertManager):
    """Processors of the machine."""

    GROUP = "cpu"


class ResponseAlertManager(AlertManager):
    """Time from a click to what it changes on the screen."""

    GROUP = "response"


class BrowserAlertManager(AlertManager):
    """Frames a second, and pages that do not answer."""

    GROUP = "browser"


class ErrorAlertManager(AlertManager):
    """Error rate and error storms."""

    GROUP = "errors"


class UptimeAlertManager(AlertManager):
    """Missed probes of the kernel."""

    GROUP = "uptime"
