"""One alert, from when its first level is reached to when its last is left; and what silences it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Self

from gamebook_lab.telemetry.rules import AlertLevel

__all__ = ["Alert", "Silence"]


@dataclass(frozen=True, slots=True)
class Alert:
    """A rule's alert. Times are seconds since the epoch."""

    id: int
    rule: str
    group: str
    labels: Mapping[str, str]
    level: AlertLevel
    peak: AlertLevel
    value: float | None
    threshold: float | None
    summary: str
    started: float
    changed: float
    ended: float | None = None
    is_missing: bool = False
    """Whether it is about there being no data."""
    is_acknowledged: bool = False
    is_silenced: bool = False
    is_inhibited: bool = False
    session: str = ""

    @property
    def is_muted(self) -> bool:
        """Whether nobody is told of it now."""
        return self.is_silenced or self.is_inhibited

    @property
    def state(self) -> str:
        """``firing``, ``acknowledged``, ``no data`` or ``resolved``."""
        if self.ended is not None:
            return "resolved"
        return "acknowledged" if self.is_acknowledged else self.state_word

    @property
    def state_word(self) -> str:
        """The same, whether somebody looks after it or not."""
        return "resolved" if self.ended is not None else "no data" if self.is_missing else "firing"

    @property
    def line(self) -> str:
        """The same for people."""
        of = "".join(f", {name} {value}" for name, value in self.labels.items())
        word = self.level.word if self.state_word == "firing" else self.state_word
        return f"{word}: {self.summary} ({self.rule}{of})"

    def to_json(self) -> str:
        """As it is kept in the metrics file."""
        return json.dumps(asdict(self))

    @classmethod
    def of_json(cls, text: str) -> Self:
        """Read what :meth:`to_json` wrote."""
        held: dict[str, Any] = json.loads(text)
        return cls(**{**held, "level": AlertLevel(held["level"]), "peak": AlertLevel(held["peak"])})


@dataclass(frozen=True, slots=True)
class Silence:
    """Mutes the alerts that it matches, until its time is over.

    Parameters
    ----------
    matcher
        Patterns (``*``, ``?``) by ``rule``, ``group``, ``level`` or a label's name; all of them must fit.
    until
        Seconds since the epoch.
    """

    id: int
    matcher: Mapping[str, str] = field(hash=False)
    until: float
    comment: str = ""

    def mutes(self, alert: Alert) -> bool:
        """Tell whether an alert is matched."""
        known = {**alert.labels, "rule": alert.rule, "group": alert.group, "level": alert.level.word}
        return all(fnmatchcase(known.get(name, ""), pattern) for name, pattern in self.matcher.items())
