"""What is told of alerts, to whom, and when: together, once, again after hours, and not at all where it is muted. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from gamebook_lab.telemetry.alert import Alert
from gamebook_lab.telemetry.rules import AlertLevel
from gamebook_lab.telemetry.settings import NoticeSettings

__all__ = ["Notice", "Notifier"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One message about the alerts of a group.

    Parameters
    ----------
    kind
        ``"firing"`` (a level was reached, or left for a lower one), ``"resolved"``, ``"no data"`` or ``"repeat"``.
    group
        What the alerts have in common, such as ``memory``.
    level
        Highest level among them: ``warning``, ``critical``, ``maximum``; empty if none is in force.
    title, text
        For people; text has a line for each alert.
    alerts
        Ids of the alerts.
    time
        Seconds since the epoch.
    """

    kind: str
    group: str
    level: str
    title: str
    text: str
    alerts: tuple[int, ...]
    time: float


@dataclass(slots=True)
class _Told:
    """What a group's readers know."""

    states: dict[int, tuple[str, AlertLevel]] = field(default_factory=dict)
    """State and level that were told last, by alert."""
    waiting_since: float | None = None
    told_at: float = 0.0


class Notifier:
    """Decides which notices go out. Times are of a monotonic clock, ``wall`` is since the epoch."""

    def __init__(self, settings: NoticeSettings) -> None:
        self._settings: Final = settings
        self._groups: Final[dict[str, _Told]] = {}

    def step(self, alerts: Iterable[Alert], now: float, wall: float) -> list[Notice]:
        """Look at all alerts in force, and those that ended since the last look."""
        by_group: dict[str, list[Alert]] = {}
        for alert in alerts:
            by_group.setdefault(alert.group, []).append(alert)
        made = (self._of_group(group, found, now, wall) for group, found in by_group.items())
        return [notice for notice in made if notice is not None]

    def _of_group(self, group: str, alerts: list[Alert], now: float, wall: float) -> Notice | None:
        told = self._groups.setdefault(group, _Told())
        news = [alert for alert in alerts if _is_news(alert, told.states.get(alert.id))]
        gone = [alert.id for alert in alerts if alert.ended is not None]
        if news:
            told.waiting_since = now if told.waiting_since is None else told.waiting_since
            is_urgent = any(alert.level is AlertLevel.MAXIMUM for alert in news)
            if not is_urgent and now - told.waiting_since < self._settings.group_seconds and not gone:
                return None
            made = _notice(_kind(news), group, news, wall)
        else:
            told.waiting_since = None
            loud = [
                alert for alert in alerts if alert.ended is None and not alert.is_muted and not alert.is_acknowledged
            ]
            loud = [alert for alert in loud if alert.id in told.states]
            made = None
            if loud and now - told.told_at >= self._settings.repeat_seconds:
                news, made = loud, _notice("repeat", group, loud, wall)
        if made is not None:
            told.waiting_since, told.told_at = None, now
            told.states.update({alert.id: (alert.state_word, alert.level) for alert in news})
        for number in gone:
            told.states.pop(number, None)
        return made


def _is_news(alert: Alert, told: tuple[str, AlertLevel] | None) -> bool:
    if alert.ended is not None:
        return told is not None and not alert.is_silenced
    if alert.is_muted:
        return False
    if told is None:
        return not alert.is_acknowledged
    is_same = told == (alert.state_word, alert.level)
    # Whoever looks after it wants to hear that it got worse, not that it wavers.
    return not is_same and (not alert.is_acknowledged or alert.level > told[1])


def _kind(news: list[Alert]) -> str:
    if all(alert.ended is not None for alert in news):
        return "resolved"
    return "no data" if all(alert.is_missing for alert in news if alert.ended is None) else "firing"


def _notice(kind: str, group: str, alerts: list[Alert], wall: float) -> Notice:
    ordered = sorted(alerts, key=lambda alert: (-alert.level, alert.id))
    highest = max((alert.level for alert in ordered if alert.ended is None), default=AlertLevel.NORMAL)
    first = ordered[0]
    more = f" (and {len(ordered) - 1} more)" if len(ordered) > 1 else ""
    word = {"resolved": "resolved", "no data": "no data", "repeat": f"still {highest.word}"}.get(kind, highest.word)
    text = "\n".join(alert.line for alert in ordered)
    return Notice(
        kind, group, highest.word, f"{word}: {first.summary}{more}", text, tuple(alert.id for alert in ordered), wall
    )
