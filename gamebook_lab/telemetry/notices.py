"""What is told of alerts."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Notice"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One message about the alerts of a group.

    Parameters
    ----------
    kind
        ``"firing"`` (a level was reached or left for another), ``"resolved"``, ``"no data"`` or ``"repeat"``.
    group
        What the alerts have in common, such as ``memory``.
    level
        Highest level among them: ``warning``, ``critical``, ``maximum``; empty if all are resolved.
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
