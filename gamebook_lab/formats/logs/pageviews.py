"""Page views as web analytics export them: Matomo's visits with their actions, and Google Analytics 4 events.

Sources: Matomo's Live.getLastVisitsDetails (``idVisit``, ``visitorId``, ``actionDetails``), and the GA4 BigQuery export schema
(``event_name``, ``event_timestamp`` in microseconds, ``user_pseudo_id``, ``event_params``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import pandas as pd

from gamebook_lab.formats.logs.cells import RECORD

__all__ = ["ga4_cells", "is_ga4", "is_matomo", "matomo_cells"]

Records = Iterable[tuple[int, Mapping[str, Any]]]


def is_matomo(record: Mapping[str, Any]) -> bool:
    """Tell whether a record is a visit."""
    return isinstance(record.get("actionDetails"), list)


def is_ga4(record: Mapping[str, Any]) -> bool:
    """Tell whether a record is an event."""
    return "event_name" in record and "event_timestamp" in record


def matomo_cells(records: Records) -> pd.DataFrame:
    """Lay visits out, a row for each page of each; searches, downloads and the like are left out."""
    rows = [
        {
            RECORD: number,
            "session_id": str(visit.get("idVisit", "")),
            "reader_id": str(visit.get("userId") or visit.get("visitorId") or ""),
            "passage_id": _page(str(action.get("pageTitle") or ""), str(action.get("url") or "")),
            "time": str(action.get("timestamp", "")),
            "dwell_seconds": str(action.get("timeSpent", "")),
        }
        for number, visit in records
        for action in _dicts(visit.get("actionDetails"))
        if action.get("type", "action") == "action"
    ]
    return _cells(rows)


def ga4_cells(records: Records) -> pd.DataFrame:
    """Lay events out, a row for each ``page_view``."""
    rows = []
    for number, event in records:
        if event.get("event_name") != "page_view":
            continue
        said = _parameters(event)
        rows.append({
            RECORD: number,
            "session_id": ".".join(filter(None, (str(event.get("user_pseudo_id") or ""), said.get("ga_session_id", "")))),
            "reader_id": str(event.get("user_id") or event.get("user_pseudo_id") or ""),
            "passage_id": _page(said.get("page_title", ""), said.get("page_location", "")),
            "time": str(event.get("event_timestamp", "")),
        })  # fmt: skip
    return _cells(rows)


def _cells(rows: list[dict[str, object]]) -> pd.DataFrame:
    names = ("session_id", "reader_id", "passage_id", "time", "dwell_seconds")
    data: dict[str, list[str]] = {
        name: [str(row.get(name, "")) for row in rows] for name in names if not rows or name in rows[0]
    }
    cells = pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in data.items()})
    cells[RECORD] = pd.Series([row[RECORD] for row in rows], dtype="int64")
    return cells


def _dicts(values: object) -> Iterator[Mapping[str, Any]]:
    return (value for value in values if isinstance(value, dict)) if isinstance(values, list) else iter(())


def _parameters(event: Mapping[str, Any]) -> dict[str, str]:
    """Parameters as BigQuery nests them, or as plain columns."""
    found = {name: str(value) for name, value in event.items() if isinstance(value, (str, int, float))}
    for parameter in _dicts(event.get("event_params")):
        value = parameter.get("value")
        said = next((each for each in value.values() if each is not None), None) if isinstance(value, dict) else value
        if said is not None:
            found[str(parameter.get("key"))] = str(said)
    return found


def _page(title: str, address: str) -> str:
    """Name of a page: an address's fragment, where a story in one page keeps its passage; else the title; else the path."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return title or address
    return unquote(parts.fragment) or title or unquote(parts.path.rstrip("/").rsplit("/", 1)[-1]) or address
