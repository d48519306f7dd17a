"""The one rule engine: values in, alerts, notices and calls for relief out. Pure: time is given, nothing is sent or written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from gamebook_lab.errors import TelemetryError
from gamebook_lab.telemetry.alert import Alert, Silence
from gamebook_lab.telemetry.judging import Standing, is_at, judge
from gamebook_lab.telemetry.notices import Notice, Notifier
from gamebook_lab.telemetry.rules import AlertLevel, Rule
from gamebook_lab.telemetry.settings import Settings
from gamebook_lab.telemetry.snapshot import Labels

__all__ = ["Engine", "Step"]

_LEVELS: Final = {level.word: level for level in AlertLevel if level}
Fingerprint = tuple[str, Labels]
"""Rule and labels: there is one alert in force for each at most."""


@dataclass(frozen=True, slots=True)
class Step:
    """What came of one look."""

    changed: tuple[Alert, ...]
    """Alerts that began, changed their level or state, or ended."""
    notices: tuple[Notice, ...]
    reliefs: tuple[str, ...]
    """Kinds of relief that are asked for; again at every rise of a level."""


class Engine:
    """Judges values by rules, and keeps the alerts in force.

    Parameters
    ----------
    settings
        Its rules, and who mutes whom.
    new_id
        Gives each alert its number.
    session
        Whose alerts they are.
    """

    def __init__(self, settings: Settings, *, new_id: Callable[[], int] | None = None, session: str = "") -> None:
        self._settings: Final = settings
        self._new_id: Final = new_id or count(1).__next__
        self._session: Final = session
        self._notifier: Final = Notifier(settings.notices)
        self._standings: Final[dict[Fingerprint, Standing]] = {}
        self._alerts: Final[dict[Fingerprint, Alert]] = {}
        self._silences: tuple[Silence, ...] = ()

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """Alerts in force."""
        return tuple(self._alerts.values())

    @property
    def silences(self) -> tuple[Silence, ...]:
        """Silences, some of which may be over."""
        return self._silences

    def silence(self, silences: Iterable[Silence]) -> None:
        """Have these silences, and no others, from the next look on."""
        self._silences = tuple(silences)

    def acknowledge(self, number: int) -> Alert:
        """Note that somebody looks after an alert.

        Raises
        ------
        TelemetryError
            If it is not in force.
        """
        for key, alert in list(self._alerts.items()):
            if alert.id == number:
                self._alerts[key] = replace(alert, is_acknowledged=True)
                return self._alerts[key]
        there = ", ".join(str(alert.id) for alert in self.alerts) or "none"
        raise TelemetryError(f"no alert {number} is in force; there are {there}")

    def step(self, values: Mapping[str, Mapping[Labels, float | None]], now: float, wall: float) -> Step:
        """Look at the values of all rules.

        Parameters
        ----------
        values
            By rule and labels; None where there is none. What was there at the last look and is not now has none either.
        now
            Seconds of a monotonic clock: an alert must not end because a clock was set.
        wall
            Seconds since the epoch, for people.
        """
        changed: list[Alert] = []
        reliefs: list[str] = []
        for name, rule in self._settings.rules.items():
            found = dict(values.get(name, {}))
            known = {labels: None for rule_name, labels in self._standings if rule_name == name}
            for labels, value in {**known, **found}.items():
                before = self._alerts.get((name, labels))
                alert = self._judge((name, labels), rule, value, now, wall)
                if alert is not None:
                    changed.append(alert)
                    if rule.relief and alert.level > (before.level if before else 0) and _asks(rule, alert):
                        reliefs.append(rule.relief)
                if labels not in found and self._standings[name, labels] == Standing():
                    del self._standings[name, labels]  # a series that has ended, and nothing is left to say of it
        muted = self._mute(wall)
        ended = [alert for alert in changed if alert.ended is not None]
        notices = self._notifier.step([*self._alerts.values(), *ended], now, wall)
        kept = {alert.id: alert for alert in (*changed, *muted)}
        kept.update({alert.id: alert for alert in self._alerts.values() if alert.id in kept})
        return Step(tuple(kept.values()), tuple(notices), tuple(dict.fromkeys(reliefs)))

    def _judge(self, key: Fingerprint, rule: Rule, value: float | None, now: float, wall: float) -> Alert | None:
        before = self._standings.get(key, Standing())
        standing = self._standings[key] = judge(rule, before, value, now)
        alert = self._alerts.get(key)
        if not standing.level and not standing.is_missing:
            if alert is None:
                return None
            del self._alerts[key]
            return replace(alert, level=AlertLevel.NORMAL, value=value, changed=wall, ended=wall, is_missing=False)
        if alert is None:
            alert = self._begin(key, rule, wall)
        elif (standing.level, standing.is_missing) == (alert.level, alert.is_missing):
            self._alerts[key] = self._seen(rule, alert, value)
            return None
        risen = standing.level > alert.level
        made = replace(
            alert, level=standing.level, peak=max(alert.peak, standing.level), changed=wall,
            is_missing=standing.is_missing, is_acknowledged=alert.is_acknowledged and not risen,
        )  # fmt: skip
        made = self._alerts[key] = self._seen(rule, made, value)
        return made

    def _begin(self, key: Fingerprint, rule: Rule, wall: float) -> Alert:
        name, labels = key
        level = AlertLevel.NORMAL
        return Alert(
            self._new_id(), name, rule.group or name, dict(labels), level, level, None, None, "", wall, wall,
            session=self._session,
        )  # fmt: skip

    @staticmethod
    def _seen(rule: Rule, alert: Alert, value: float | None) -> Alert:
        threshold = rule.threshold(alert.level)
        if alert.is_missing:
            summary = f"{rule.metric} has not been measured for {rule.no_data_seconds:.0f} s"
        elif value is None:
            return alert
        else:
            said = {"value": rule.shown(value), "threshold": rule.shown(threshold)}
            summary = rule.summary.format_map(said) if rule.summary else f"{rule.metric} is at {said['value']}"
            if threshold is not None and not is_at(rule, value, threshold):  # a level is held for a while
                summary = f"{summary}, and getting better"
        return replace(alert, value=value, threshold=threshold, summary=summary)

    def _mute(self, wall: float) -> list[Alert]:
        """Find out who is silenced or inhibited, and give those for whom that changed."""
        silences = [silence for silence in self._silences if silence.until > wall]
        highest: dict[str, set[str]] = {}
        for alert in self._alerts.values():
            highest.setdefault(alert.group, set()).add(alert.level.word)
        changed = []
        for key, alert in self._alerts.items():
            muted = {word for level in highest[alert.group] for word in self._settings.notices.mutes.get(level, ())}
            is_silenced = any(silence.mutes(alert) for silence in silences)
            made = replace(alert, is_silenced=is_silenced, is_inhibited=alert.level.word in muted)
            if made != alert:
                self._alerts[key] = made
                changed.append(made)
        return changed


def _asks(rule: Rule, alert: Alert) -> bool:
    return alert.ended is None and alert.level >= _LEVELS[rule.relief_level]
