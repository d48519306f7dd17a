"""Alerts and silences in the metrics file, so that their history outlives the process."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Final

import apsw

from gamebook_lab.telemetry.alert import Alert, Silence
from gamebook_lab.telemetry.database import rows_of
from gamebook_lab.telemetry.rules import AlertLevel

__all__ = ["add_silence", "end_silence", "keep", "keep_silence", "kept_alerts", "kept_silences", "new_id"]

_LIVE_SECONDS: Final = 10.0


def new_id(connection: apsw.Connection, writer: int, wall: float) -> int:
    """Take a number for an alert, which no other process has."""
    connection.execute("INSERT INTO alerts (writer, changed, ended, record) VALUES (?, ?, ?, '')", (writer, wall, wall))
    return connection.last_insert_rowid()


def keep(connection: apsw.Connection, writer: int, alert: Alert) -> None:
    """Write down an alert as it is now."""
    connection.execute(
        "INSERT OR REPLACE INTO alerts (id, writer, changed, ended, record) VALUES (?, ?, ?, ?, ?)",
        (alert.id, writer, alert.changed, alert.ended, alert.to_json()),
    )


def kept_alerts(connection: apsw.Connection, now: float) -> list[Alert]:
    """All alerts, newest first; those of a process that was lost ended with it."""
    rows = rows_of(
        connection,
        "SELECT a.record, a.ended, w.seen, w.is_stopped FROM alerts a LEFT JOIN writers w ON w.id = a.writer "
        "WHERE a.record <> '' ORDER BY a.id DESC",
    )
    found = []
    for record, ended, seen, is_stopped in rows:
        alert = Alert.of_json(record)
        is_live = seen is not None and not is_stopped and now - seen < _LIVE_SECONDS
        if ended is None and not is_live:
            alert = replace(alert, level=AlertLevel.NORMAL, ended=max(seen or 0.0, alert.changed))
        found.append(alert)
    return found


def add_silence(connection: apsw.Connection, matcher: dict[str, str], until: float, comment: str) -> Silence:
    """Write down a silence."""
    record = json.dumps({"matcher": matcher, "comment": comment})
    connection.execute("INSERT INTO silences (until, record) VALUES (?, ?)", (until, record))
    return Silence(connection.last_insert_rowid(), matcher, until, comment)


def keep_silence(connection: apsw.Connection, silence: Silence) -> None:
    """Write down a silence that was made in another file, under its number."""
    record = json.dumps({"matcher": dict(silence.matcher), "comment": silence.comment})
    connection.execute(
        "INSERT OR REPLACE INTO silences (id, until, record) VALUES (?, ?, ?)", (silence.id, silence.until, record)
    )


def end_silence(connection: apsw.Connection, number: int) -> bool:
    """Take a silence out; tell whether it was there."""
    connection.execute("DELETE FROM silences WHERE id = ?", (number,))
    return connection.changes() > 0


def kept_silences(connection: apsw.Connection, now: float) -> list[Silence]:
    """Silences that are in force."""
    rows = rows_of(connection, "SELECT id, until, record FROM silences WHERE until > ? ORDER BY id", (now,))
    return [Silence(row[0], json.loads(row[2])["matcher"], row[1], json.loads(row[2])["comment"]) for row in rows]
